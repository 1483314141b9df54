"""Crowds of one: single clients that try to keep everybody else from a server.

``python -m benchmarks.crowds NAME URL SECONDS`` is one of them, in a process of its own; with
``benchmarks.load --crowds`` each stands beside honest clients. All of it goes to 127.0.0.0/8 only,
from 127.0.0.2, and is bounded in time and number.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import json
import random
import sys
import time
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

SOURCE = "127.0.0.2"
SILENT = 1100
_MOST_CONNECTIONS = 20_000
_HEAD = "POST /api/ask HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
_LONG = (
    "我在原来的城市交了几年职工医保，后来单位没有继续缴，中间断了几个月，现在想知道怎么办。" * 11
)

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Crowd:
    """What one client does until its time is over."""

    def __init__(self, url: str, seconds: float) -> None:
        parts = urlsplit(url)
        if not ipaddress.ip_address(parts.hostname or "0.0.0.0").is_loopback:
            raise SystemExit("only 127.0.0.0/8")
        self.host, self.port = parts.hostname, parts.port
        self.until = time.monotonic() + seconds
        self.made = 0

    @property
    def goes_on(self) -> bool:
        return time.monotonic() < self.until and self.made < _MOST_CONNECTIONS

    async def connect(self) -> Streams:
        self.made += 1
        return await asyncio.open_connection(self.host, self.port, local_addr=(SOURCE, 0))

    async def silent(self) -> None:
        """1,100 connections that say nothing; what is closed is opened again."""
        held: list[Streams] = []
        while self.goes_on:
            try:
                while len(held) < SILENT and self.goes_on:
                    held.append(await self.connect())
            except OSError:
                pass
            await asyncio.sleep(0.2)
            for reader, writer in held:
                if reader.at_eof() or reader.exception():
                    writer.close()
            held = [(r, w) for r, w in held if not w.is_closing()]

    async def histories(self) -> None:
        """60 at once that ask with twenty long questions before theirs."""
        body = {"question": _LONG[:480], "history": [_LONG[:480]] * 20}

        async def one() -> None:
            while self.goes_on:
                await self._ask(body, stay=60.0)

        await asyncio.gather(*(one() for _ in range(60)))

    async def crumbs(self) -> None:
        """Bodies in chunks of one byte, on four connections."""

        async def one() -> None:
            while self.goes_on:
                try:
                    _, writer = await self.connect()
                    writer.write(f"{_HEAD}transfer-encoding: chunked\r\n\r\n".encode())
                    while self.goes_on:
                        writer.write(b"1\r\nx\r\n" * 2000)
                        await writer.drain()
                except OSError:
                    writer.close()

        await asyncio.gather(*(one() for _ in range(4)))

    async def leavers(self) -> None:
        """Ten a second that ask at length and hang up."""
        while self.goes_on:
            for _ in range(2):
                await self._ask({"question": _LONG[:400], "history": [_LONG[:400]] * 5}, stay=0.0)
            await asyncio.sleep(0.2)

    async def _ask(self, body: object, *, stay: float) -> None:
        sent = json.dumps(body).encode()
        try:
            reader, writer = await self.connect()
            writer.write(f"{_HEAD}content-length: {len(sent)}\r\n\r\n".encode() + sent)
            await writer.drain()
            if stay:
                await asyncio.wait_for(reader.read(100), stay)
            else:
                await asyncio.sleep(random.uniform(0.02, 0.2))
            writer.close()
        except (OSError, asyncio.TimeoutError):
            await asyncio.sleep(0.05)


NAMES = ("silent", "histories", "crumbs", "leavers")


def main() -> int:
    name, url, seconds = sys.argv[1:]
    if name not in NAMES:
        raise SystemExit(f"one of {', '.join(NAMES)}")
    crowd = Crowd(url, float(seconds))
    run: Callable[[], Awaitable[None]] = getattr(crowd, name)

    async def bounded() -> None:
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(run(), float(seconds) + 5)

    asyncio.run(bounded())
    return 0


if __name__ == "__main__":
    sys.exit(main())
