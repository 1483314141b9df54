"""Whether somebody still reads: which sessions of the chat page have their stream open.

Gradio learns that a reader has gone only when it has something to send. A question waits in line
meanwhile, and would be answered to nobody.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from urllib.parse import parse_qs

from assistant.page.asgi import App, Receive, Scope, Send

_STREAM = "/gradio_api/queue/data"
_PATIENCE = 3.0
"""Seconds between asking and opening the stream: a browser on a slow line takes one."""


class Presence:
    """Streams that are open, by session. Used from one event loop."""

    def __init__(self, *, patience: float = _PATIENCE) -> None:
        self._patience = patience
        self._open: Counter[str] = Counter()
        self._opened = asyncio.Event()

    def here(self, session: str) -> bool:
        return self._open[session] > 0

    async def expected(self, session: str) -> bool:
        """Whether the session's stream is open, or is opened within some seconds."""
        loop = asyncio.get_running_loop()
        until = loop.time() + self._patience
        while not self.here(session):
            if loop.time() >= until:
                return False
            opened = self._opened
            try:
                await asyncio.wait_for(opened.wait(), min(0.25, self._patience))
            except asyncio.TimeoutError:
                continue
        return True

    def begin(self, session: str) -> None:
        self._open[session] += 1
        self._opened.set()
        self._opened = asyncio.Event()

    def end(self, session: str) -> None:
        self._open[session] -= 1
        if self._open[session] <= 0:
            del self._open[session]


class Watched:
    """ASGI: tells ``Presence`` of the chat page's streams."""

    def __init__(self, app: App, presence: Presence) -> None:
        self.app = app
        self.presence = presence

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != _STREAM:
            await self.app(scope, receive, send)
            return
        asked = parse_qs(scope["query_string"].decode("latin-1"))
        session = asked.get("session_hash", [""])[0]
        self.presence.begin(session)
        try:
            await self.app(scope, receive, send)
        finally:
            self.presence.end(session)
