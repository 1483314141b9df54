"""An answer on its way to a program: made once, read by whoever comes for it.

An errand stands in line like any question. It works while somebody reads it: with its last reader
it gives up its place, keeps the answers that it has made (the step under way is finished), and goes
on from there as soon as somebody reads it again. So a connection that breaks costs nothing of the
answer, and nobody is kept waiting by one who has gone.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from assistant.page.counter import Counter, Gone, Guest, Work
from assistant.page.line import GoneError, stays
from assistant.types import Answer

BEAT = 15.0
"""Seconds after which a reader hears that there is nothing new: proxies close what is silent for a
minute."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no answer: the status that an answer by itself would have had, and the words."""

    status: int
    text: str


class Errand:
    """One question of a program with the questions before it. Belongs to one event loop; only the
    steps run in threads.

    ``client`` and ``visitor`` stand in line; ``steps`` make an answer each, of the weights given,
    after those in ``before``; ``made`` is told of the last answer with the seconds that all took,
    ``failed`` makes words of the exception being handled. ``subject`` is for whoever compares.
    """

    def __init__(
        self,
        counter: Counter,
        client: str,
        steps: Iterator[Answer],
        weights: Sequence[float],
        *,
        made: Callable[[Answer, float], object],
        failed: Callable[[Exception], Failure],
        before: Sequence[Answer] = (),
        visitor: str = "",
        subject: object = None,
    ) -> None:
        self.client = client
        self.subject = subject
        self.touched = time.monotonic()
        self.answers = list(before)
        self.ahead: list[int] = []
        self.failure: Failure | None = None
        self._counter = counter
        self._visitor = visitor
        self._steps = self._kept(steps)
        self._weights = list(weights)
        self._seconds = 0.0
        self._made = made
        self._failed = failed
        self._readers: list[Gone] = []
        self._task: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()

    @property
    def answer(self) -> Answer | None:
        """The answer to the last question, once it is there."""
        return None if self._weights or self.failure else self.answers[-1]

    @property
    def over(self) -> bool:
        """Whether there is an answer, or will never be one."""
        return self.failure is not None or not self._weights

    @property
    def busy(self) -> bool:
        """Whether somebody reads it or works on it."""
        return bool(self._readers) or self._task is not None

    @property
    def readers(self) -> int:
        """How many read it now."""
        return len(self._readers)

    @property
    def starts(self) -> bool:
        """Whether whoever reads it now makes it stand in line."""
        return not self.over and self._task is None

    @property
    def long(self) -> bool:
        """Whether what is left of it counts as long work in the line."""
        return len(self._weights) > 1 or max(self._weights, default=0.0) > 1

    async def news(self, gone: Gone = stays) -> AsyncGenerator[int | None, None]:
        """How many stand ahead, from the first time on that it was told; None where nothing is new
        for a while; ends when the errand is ``over``. Whoever reads makes it work. Raises
        ``GoneError`` once ``gone`` says so."""
        self._readers.append(gone)
        told = 0
        try:
            while True:
                changed = self._changed
                for ahead in self.ahead[told:]:
                    told += 1
                    yield ahead
                if self.over:
                    return
                if self._task is None:
                    if await gone():
                        raise GoneError
                    self._task = asyncio.create_task(self._work())
                try:
                    await asyncio.wait_for(changed.wait(), BEAT)
                except asyncio.TimeoutError:
                    yield None
        finally:
            self._readers.remove(gone)
            self.touched = time.monotonic()

    async def _work(self) -> None:
        guest = Guest(self.client, self._visitor, self._all_gone)
        work = Work(self._steps, tuple(self._weights))
        try:
            async with aclosing(self._counter.places(guest, work)) as places:
                async for ahead in places:
                    self.ahead.append(ahead)
                    self._tell()
            self._made(work.result, self._seconds + work.seconds)
        except GoneError:
            self._seconds += work.seconds
        except Exception as error:
            self.failure = self._failed(error)
        finally:
            self._task = None
            self._tell()

    def _kept(self, steps: Iterator[Answer]) -> Iterator[Answer]:
        """The steps; what each has made stays, whatever happens after it. Runs in threads, one step
        at a time."""
        for answer in steps:
            self.answers.append(answer)
            del self._weights[0]
            yield answer

    async def _all_gone(self) -> bool:
        return all([await gone() for gone in tuple(self._readers)])

    def _tell(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()
