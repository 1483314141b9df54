"""Work that is done while the model encodes a question: the model lets go of the interpreter then.

A question is searched by its words on another thread than the one that encodes it. Begun any
earlier, the two would only wait for each other; so an engine says when its model is about to run. What nobody has begun when its result is wanted is done on the spot: with
a model that says nothing, on a busy machine, in a forked process.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache
from typing import Any, Generic, TypeVar

T = TypeVar("T")
_here = threading.local()


class Beside(Generic[T]):
    """One piece of work, for the text that this thread encodes within the ``with`` block."""

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self._begun: Future[T] | None = None

    def __enter__(self) -> Beside[T]:
        _here.waiting = self
        return self

    def __exit__(self, *_: object) -> None:
        _here.waiting = None

    def begin(self) -> None:
        self._begun = _pool().submit(self._work)

    def result(self) -> T:
        """What the work gives, waited for where it is under way. Raises what it raises."""
        if self._begun is None or self._begun.cancel():
            return self._work()
        return self._begun.result()


def model_runs() -> None:
    """To be called right before a model runs: others may have the interpreter now."""
    waiting: Beside[Any] | None = getattr(_here, "waiting", None)
    if waiting is not None:
        _here.waiting = None
        waiting.begin()


@lru_cache(maxsize=1)
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=2, thread_name_prefix="beside")
