"""The counter: work is done in steps, each of which stands in line by itself.

A talk that is made anew asks up to sixty questions. Were it served in one piece, whoever comes next
would wait for all of them; in steps, they wait for one. Who has gone is not served any further.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from dataclasses import dataclass
from typing import Generic, TypeVar

from assistant.page.limits import Limits
from assistant.page.line import GoneError, Line, stays
from assistant.page.metrics import Metrics

T = TypeVar("T")
Gone = Callable[[], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Guest:
    """Whose work it is. ``visitor``: one of several at an address; ``gone``: whether they left."""

    address: str
    visitor: str = ""
    gone: Gone = stays


class Work(Generic[T]):
    """Steps, each a ``next`` of a generator that may block, and what each weighs; the last step's
    value is the result."""

    def __init__(self, steps: Iterator[T], weights: Sequence[float]) -> None:
        self.steps = steps
        self.weights = weights
        self.seconds = 0.0
        self._made: list[T] = []

    @property
    def result(self) -> T:
        return self._made[-1]

    def step(self) -> None:
        """Blocks."""
        begun = time.perf_counter()
        self._made[:] = [next(self.steps)]
        self.seconds += time.perf_counter() - begun


def once(do: Callable[[], T]) -> Iterator[T]:
    """Work of one step."""
    yield do()


class Counter:
    """The line, and as many threads as are served at once: what else the server does in threads
    cannot keep an answer waiting."""

    def __init__(self, limits: Limits, metrics: Metrics) -> None:
        self.line = Line(served=limits.served, longest=limits.longest_line, each=limits.places_each)
        self._metrics = metrics
        self._threads = ThreadPoolExecutor(limits.served, thread_name_prefix="answer")

    async def places(self, guest: Guest, work: Work[T]) -> AsyncGenerator[int, None]:
        """Does the work; yields how many are ahead as that changes. Raises ``LineFullError``,
        ``GoneError``, and what the work raises."""
        loop = asyncio.get_running_loop()
        for n, weight in enumerate(work.weights):
            long = weight > 1 or len(work.weights) > 1
            wait = self.line.wait(
                guest.address,
                visitor=guest.visitor,
                weight=weight,
                long=long,
                back=n > 0,
                gone=guest.gone,
            )
            async with aclosing(wait) as places:
                async for ahead in places:
                    self._metrics.waiting.set(len(self.line))
                    yield ahead
            self._metrics.waiting.set(len(self.line))
            try:
                if await guest.gone():
                    raise GoneError
                await loop.run_in_executor(self._threads, work.step)
            finally:
                self.line.leave(long=long)

    async def serve(self, guest: Guest, work: Work[T]) -> T:
        """The result of the work, without a word on the way."""
        async for _ in self.places(guest, work):
            pass
        return work.result

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
