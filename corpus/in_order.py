"""Work shared out among several helpers, its results in the order in which it was given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from typing import TypeVar

Helper = TypeVar("Helper")
Piece = TypeVar("Piece")
Result = TypeVar("Result")


def in_order(
    pieces: Iterable[Piece],
    helpers: Sequence[Helper],
    work: Callable[[Helper, Piece], Result],
    *,
    stop: Callable[[], object] = lambda: None,
) -> Iterator[Result]:
    """``work(helper, piece)`` for each piece, each helper busy with one piece at a time.

    Pieces are taken from ``pieces`` as they are needed: results that wait for their turn are kept
    in memory, two a helper. What ``work`` raises is raised here. Where nobody wants any more
    results, or after an error, ``stop`` is called before the pieces under way are waited for.
    """
    free: SimpleQueue[Helper] = SimpleQueue()
    for helper in helpers:
        free.put(helper)

    def run(piece: Piece) -> Result:
        helper = free.get()
        try:
            return work(helper, piece)
        finally:
            free.put(helper)

    waiting: list[Future[Result]] = []
    pool = ThreadPoolExecutor(max_workers=max(1, len(helpers)))
    done = False
    try:
        for piece in pieces:
            waiting.append(pool.submit(run, piece))
            if len(waiting) > 2 * len(helpers):
                yield waiting.pop(0).result()
        while waiting:
            yield waiting.pop(0).result()
        done = True
    finally:
        if not done:
            stop()
        pool.shutdown(wait=True, cancel_futures=True)
