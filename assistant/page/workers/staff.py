"""The workers: one a seat, another in its place where one ends, all of them anew one by one.

A seat is a number from 1; requests are passed to seats, so that a browser comes back to the process
that sits there now.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import tempfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from prometheus_client.multiprocess import mark_process_dead

from assistant.page.workers.colleague import Colleague, StartError
from assistant.page.workers.loading import Plan, Template
from assistant.page.workers.terms import PATIENCE
from corpus.errors import YibaoError

log = logging.getLogger("yibao.page")
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 30.0
"""Seconds before a worker that did not come up is tried again: each failure doubles them."""
_ENDING = 5.0
"""Seconds for a worker to end once its answers have."""


class Staff:
    """``async with Staff(plan, 4) as staff``: everybody is ready inside, and gone after it."""

    def __init__(self, plan: Plan, of: int) -> None:
        self.of = of
        self._folder = tempfile.TemporaryDirectory(prefix="yibao-")
        self._counts = Path(self._folder.name) / "counts"
        self._counts.mkdir()
        # prometheus_client reads it as it is imported; each worker counts in a file there
        self._plan = replace(plan, environ={"PROMETHEUS_MULTIPROC_DIR": str(self._counts)})
        self._numbers = itertools.count(1)
        self._template: Template | None = None
        self._here: dict[int, Colleague] = {}
        self._all: set[Colleague] = set()
        self._came = asyncio.Event()
        self._loading = asyncio.Lock()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._stopping = False
        self._wanted = False
        self._rolling: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Staff:
        """Raises YibaoError where nothing can be served."""
        try:
            self._template = await Template.start(self._plan)
            await asyncio.gather(*(self._do(self._seat(n)) for n in range(1, self.of + 1)))
        except StartError:
            await self.__aexit__()
            raise YibaoError("页面进程没能启动，原因见上面。") from None
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        self.leave()
        if self._rolling is not None:
            self._rolling.cancel()
        for one in tuple(self._all):
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(one.ended.wait(), PATIENCE + _ENDING)
            one.kill()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._template is not None:
            await self._template.close()
        self._folder.cleanup()

    # --- who answers -----------------------------------------------------------------------------

    async def at(self, number: int | None, seconds: float) -> Colleague | None:
        """Who sits there, or whoever has least to do; somebody who comes within the time, or the
        least busy of the others, or None."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while (found := self._sits(number)) is None and (left := until - loop.time()) > 0:
            came = self._came
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(came.wait(), left)
        return found or self._sits(None)

    def _sits(self, number: int | None) -> Colleague | None:
        if number is not None:
            return self._here.get(number)
        # in turn where they have as much to do: browsers that come now are busy later
        found = min(self._here.values(), key=lambda one: (one.running, one.chosen), default=None)
        if found is not None:
            found.chosen += 1
        return found

    # --- coming and going ------------------------------------------------------------------------

    async def _seat(self, number: int) -> None:
        """Somebody new takes the seat; whoever sat there leaves. Raises StartError, OSError."""
        async with self._loading:
            if self._template is None or self._template.process.returncode is not None:
                self._template = await Template.start(self._plan)
            path = str(Path(self._folder.name) / f"{number}-{next(self._numbers)}")
            line = self._template.copy(number, self.of, path)
        new = await Colleague.at(number, path, line)
        before = self._here.get(number)
        self._here[number] = new
        self._all.add(new)
        self._do(self._watched(new))
        if self._stopping:
            new.leave()
        came, self._came = self._came, asyncio.Event()
        came.set()
        if before is not None:
            before.leave()
            await before.ended.wait()

    async def _watched(self, one: Colleague) -> None:
        await one.watch()
        mark_process_dead(one.pid, str(self._counts))  # type: ignore[no-untyped-call]
        self._all.discard(one)
        self.gone(one)

    def gone(self, one: Colleague) -> None:
        """Nobody listens there any more: another takes the seat."""
        if self._here.get(one.number) is not one:
            return
        del self._here[one.number]
        one.leave()
        if not self._stopping:
            log.error("worker %d (process %d) ended; another comes", one.number, one.pid)
            self._do(self._fill(one.number))

    async def _fill(self, number: int) -> None:
        """Until somebody sits there."""
        pause = _FIRST_PAUSE
        while number not in self._here and not self._stopping:
            try:
                await self._seat(number)
            except (StartError, OSError, YibaoError) as error:
                log.error("worker %d cannot be started: %s", number, error)
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)

    def roll(self) -> None:
        """Everything is loaded anew, then everybody replaced, one by one; nobody is cut off."""
        self._wanted = True
        if self._rolling is None or self._rolling.done():
            self._rolling = self._do(self._roll())

    async def _roll(self) -> None:
        while self._wanted:
            self._wanted = False
            try:
                await self._renew()
            except (StartError, OSError, YibaoError) as error:
                log.error("the restart is given up, who is left stays: %s", error)

    async def _renew(self) -> None:
        self._template, old = await Template.start(self._plan), self._template
        if old is not None:
            await old.close()
        for number in range(1, self.of + 1):
            if not self._stopping:
                await self._seat(number)

    def leave(self) -> None:
        """Everybody ends once they have answered what they have."""
        self._stopping = True
        for one in self._all:
            one.leave()

    def _do(self, work: Any) -> asyncio.Task[Any]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
