"""What a worker does: answers what the front passes on, until its life line says that it may go.

The life line is a socket to the front. The worker says on it that it is ready, and a word every few
seconds; the front closes it, or ends itself, and the worker finishes what it is at and ends. So no
worker outlives its front, and one that is stuck is seen.
"""

from __future__ import annotations

import asyncio
import signal
import socket
import sys
from typing import Any

import uvicorn

from assistant.page.main import SWITCH
from assistant.page.seat import Seat
from assistant.page.server import Page
from assistant.page.workers.passing import answer
from assistant.page.workers.terms import BEAT, PATIENCE

_WAITING = 1024
"""Requests that the kernel keeps for it meanwhile."""
_LAST = 0.2
"""Seconds for requests that were passed on a moment before it was told to go."""


def work(page: Page, seat: Seat, path: str, line: socket.socket) -> None:
    """Serve at the UNIX socket ``path`` until the line is closed at the other end."""
    sys.setswitchinterval(SWITCH)
    asyncio.run(_Worker(page).serve(path, line))


class _Worker:
    def __init__(self, page: Page) -> None:
        self._page = page
        self._running: set[asyncio.Task[None]] = set()

    async def serve(self, path: str, line: socket.socket) -> None:
        """Everything from the first request to the last."""
        config = uvicorn.Config(self._page.inside, lifespan="on", log_level="error")
        config.load()
        lifespan = config.lifespan_class(config)
        await lifespan.startup()
        if lifespan.should_exit:
            raise RuntimeError("the application did not start")
        leave = asyncio.Event()
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, leave.set)
        server = await asyncio.start_unix_server(self._asked, path, backlog=_WAITING)
        reader, writer = await asyncio.open_connection(sock=line)
        writer.write(b"+")
        beats = asyncio.create_task(_beat(writer))
        ended = asyncio.create_task(_closed(reader, leave))
        await leave.wait()
        await asyncio.sleep(_LAST)
        server.close()
        if self._running:
            await asyncio.wait(self._running, timeout=PATIENCE)
        for task in (beats, ended):
            task.cancel()
        await lifespan.shutdown()
        writer.close()

    async def _asked(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task: Any = asyncio.current_task()
        self._running.add(task)
        try:
            await answer(self._page.inside, reader, writer)
        finally:
            self._running.discard(task)


async def _beat(writer: asyncio.StreamWriter) -> None:
    while True:
        await asyncio.sleep(BEAT)
        writer.write(b".")


async def _closed(reader: asyncio.StreamReader, leave: asyncio.Event) -> None:
    await reader.read()
    leave.set()
