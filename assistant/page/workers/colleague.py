"""One worker as the front sees it: where it listens, its life line, what is passed to it now."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from contextlib import suppress
from dataclasses import dataclass, field

from assistant.page.workers.terms import SILENT, STARTING


class StartError(Exception):
    """A worker ended before it was ready."""


@dataclass(slots=True, eq=False)
class Colleague:
    """``path``: of its socket; ``running``: how many requests are passed to it now; ``chosen``:
    how often a request came to it that anybody could have had; ``leaving``: it gets no more."""

    number: int
    path: str
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    pid: int
    running: int = 0
    chosen: int = 0
    leaving: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    @classmethod
    async def at(cls, number: int, path: str, mine: socket.socket) -> Colleague:
        """Returns once it answers. ``mine``: the front's end of its life line. Raises StartError
        where it ended before."""
        reader, writer = await asyncio.open_connection(sock=mine)
        made = cls(number, path, reader, writer, int(await reader.readline() or b"0"))
        try:
            if await asyncio.wait_for(reader.read(1), STARTING):
                return made
        except BaseException as error:
            writer.close()
            made.kill()
            if not isinstance(error, (asyncio.TimeoutError, ConnectionError)):
                raise
        writer.close()
        raise StartError(f"worker {number} ended before it was ready")

    async def watch(self) -> None:
        """Until it has ended; it is ended where it is stuck."""
        with suppress(ConnectionError):
            while not self.reader.at_eof():
                try:
                    await asyncio.wait_for(self.reader.read(64), SILENT)
                except asyncio.TimeoutError:
                    self.kill()
        self.leaving.set()
        self.ended.set()
        self.writer.close()
        with suppress(FileNotFoundError):
            os.unlink(self.path)

    def leave(self) -> None:
        """It ends once it has answered what it has."""
        self.leaving.set()
        if not self.writer.is_closing():
            self.writer.write_eof()

    def kill(self) -> None:
        """At once, whatever it is at."""
        if self.pid and not self.ended.is_set():
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
