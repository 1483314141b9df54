"""Damaged files and strange questions: does anything break, hang or eat the memory?

    python -m benchmarks.fuzz [--seed 0] [--seconds 60 | --count 500] [--kind pdf] [--files DIR ...]

Files of every kind are damaged (``benchmarks.damage``), read as a refresh reads them and cut into
passages; questions are asked of a small store. Prints for each kind how many there
were, how many broke, were slow or were given up for their memory, and the worst time. Ends with 1
where anything broke. What went wrong is named by its number: ``--kind``, ``--seed`` and
``--first`` repeat it.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from assistant import Assistant
from benchmarks.damage import TESTS, Originals, damaged, originals, suffix
from corpus.errors import InputError
from corpus.reading import File, discover, limits
from corpus.reading.types import FileReading
from corpus.reading.workers import Worker
from corpus.sections import sections
from corpus.text import normalise

SLOW = 2.0  # seconds for one file or one question; none has a megabyte
_ROUND = 20  # of one kind before it is the next one's turn
_TOLD = 5  # of what went wrong, by kind

Try = Callable[[bytes], str]
"""Does what is done with one input; gives what went wrong: "", ``broke: …`` or ``memory``."""


@dataclass(slots=True)
class Tally:
    """What came of one kind."""

    count: int = 0
    broke: int = 0
    slow: int = 0
    memory: int = 0
    worst: float = 0.0
    worst_at: int = 0
    told: list[str] = field(default_factory=list)

    def add(self, number: int, outcome: str, taken: float, slow: float = SLOW) -> None:
        self.count += 1
        self.broke += outcome.startswith("broke")
        self.memory += outcome == "memory"
        self.slow += taken > slow
        if taken > self.worst:
            self.worst, self.worst_at = taken, number
        if outcome or taken > slow:
            self.told.append(f"{number}: {outcome or 'slow'} ({taken:.1f} s)")


def run(
    kinds: Sequence[str],
    *,
    seed: int,
    seconds: float = 1e9,
    count: int = 10**9,
    first: int = 0,
    files: Sequence[Path] = (),
    assistant: Assistant | None = None,
    slow: float = SLOW,
) -> dict[str, Tally]:
    """A round of each kind, again and again, until the time is over or there were enough.
    ``assistant``: whom to ask; None for one over the pages of the tests."""
    whole = originals(files)
    tallies = {kind: Tally() for kind in kinds}
    with ExitStack() as stack:
        ways = {kind: stack.enter_context(_way(kind, assistant)) for kind in kinds}
        for kind in kinds:  # once uncounted: a process's start and its tables (1 s) are no file's
            _one(kind, seed, first, whole, ways[kind], Tally(), slow)
        end = time.monotonic() + seconds
        while any(t.count < count for t in tallies.values()) and time.monotonic() < end:
            for kind, tally in tallies.items():
                for _ in range(min(_ROUND, count - tally.count)):
                    if time.monotonic() < end:
                        _one(kind, seed, first + tally.count, whole, ways[kind], tally, slow)
    return tallies


def _one(
    kind: str, seed: int, number: int, whole: Originals, way: Try, tally: Tally, slow: float
) -> None:
    data = damaged(kind, seed, number, whole)
    begun = time.perf_counter()
    try:
        outcome = way(data)
    except Exception as error:  # that nothing raises is what is looked at here
        outcome = f"broke: {type(error).__name__}: {error}"
    tally.add(number, outcome, time.perf_counter() - begun, slow)


@contextmanager
def _way(kind: str, assistant: Assistant | None) -> Iterator[Try]:
    """How inputs of the kind are tried."""
    with tempfile.TemporaryDirectory() as folder:
        if kind == "question":
            store = Path(folder) / "store"
            asked = assistant or Assistant.create(store, TESTS / "pages")
            yield lambda data: _asked(asked, data.decode("utf-8", "replace"))
            return
        path = Path(folder) / f"f{suffix(kind)}"
        worker = Worker()

        def read(data: bytes) -> str:
            path.write_bytes(data)
            found, _ = discover(path)
            return next(filter(None, map(_judged, worker.read(found))), "")

        try:
            yield read
        finally:
            worker.stop()


def _judged(reading: FileReading) -> str:
    """What is wrong with what a file gave."""
    file: File = reading.file
    if not (reading.articles or reading.skipped):
        return "broke: neither articles nor a reason"
    for skipped in reading.skipped:
        if skipped in (limits.too_slow(file), limits.broke(file)) or "读取时出错" in skipped.reason:
            return f"broke: {skipped.reason}"
        if skipped == limits.too_large(file):
            return "memory"
        if "\n" in skipped.reason:
            return f"broke: a reason of several lines: {skipped.reason!r}"
    for article in reading.articles:
        if not article.title.strip() or not article.text or article.text != normalise(article.text):
            return f"broke: title {article.title!r} or text {article.text[:40]!r}"
        sections(article)
    return ""


def _asked(assistant: Assistant, question: str) -> str:
    try:
        answer = assistant.ask(question)
    except InputError:  # one sentence that says why: too long, or nothing in it
        return ""
    return "" if answer.status else "broke: an answer without a status"


def shown(tallies: dict[str, Tally], seed: int) -> str:
    """The table, and below it what went wrong."""
    lines = [f"{'kind':10}{'inputs':>8}{'broke':>7}{'slow':>6}{'memory':>8}{'worst':>9}  number"]
    lines += [
        f"{kind:10}{t.count:8}{t.broke:7}{t.slow:6}{t.memory:8}{t.worst:7.2f} s  {t.worst_at}"
        for kind, t in tallies.items()
    ]
    for kind, tally in tallies.items():
        lines += [f"{kind} {told}" for told in tally.told[:_TOLD]]
    again = "python -m benchmarks.fuzz --kind KIND --first NUMBER --count 1"
    return "\n".join([*lines, f"seed {seed}; one again: {again} --seed {seed}"])


def main() -> int:
    every = tuple(originals())
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--seconds", type=float, default=None)
    parser.add_argument("--count", type=int, default=None, help="of each kind")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--kind", choices=every, action="append")
    parser.add_argument("--files", type=Path, nargs="*", default=(), help="more whole files")
    given = parser.parse_args()
    bounds = {"seconds": given.seconds, "count": given.count}
    found = run(
        given.kind or every,
        seed=given.seed,
        first=given.first,
        files=given.files,
        **{k: v for k, v in bounds.items() if v is not None} or {"seconds": 60.0},
    )
    print(shown(found, given.seed))
    return int(any(tally.broke for tally in found.values()))


if __name__ == "__main__":
    sys.exit(main())
