"""Serves the application with uvicorn: our connections, our patience, a log that nobody can fill."""

from __future__ import annotations

import asyncio
import logging
import socket
import time
from collections.abc import Callable
from typing import Any, Protocol

import uvicorn

from assistant.page.addresses import Network, among, parsed
from assistant.page.asgi import Receive, Scope, Send
from assistant.page.crowd import Crowd
from assistant.page.limits import Limits
from assistant.page.wire import wire_of

_ACCEPTED = 16
"""Connections that are taken in one turn of the loop. asyncio takes as many as its backlog before
any of them can be looked at, and out of files it writes a traceback for each of the rest."""
_WAITING = 1024
"""Connections that the kernel keeps for us meanwhile."""
_SAID_EVERY = 60.0

log = logging.getLogger("yibao.page")


class Served(Protocol):
    """An ASGI application, and what its connections are bounded by."""

    @property
    def limits(self) -> Limits: ...

    @property
    def proxies(self) -> tuple[Network, ...]: ...

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None: ...


class Server(uvicorn.Server):
    """``Server(page).run(sockets=[…])``. ``ready`` is called as soon as whoever comes is served;
    ``patience``: seconds that answers have to end when the server is stopped."""

    def __init__(
        self, page: Served, ready: Callable[[], object] = lambda: None, *, patience: int = 3
    ) -> None:
        proxies, limits = page.proxies, page.limits
        crowd = Crowd(limits, free=lambda peer: among(parsed(peer), proxies))
        config = uvicorn.Config(
            page,
            http=wire_of(crowd),
            ws="none",
            proxy_headers=False,  # ``Forwarded`` does it, for the proxies that were named
            log_level="error",
            access_log=False,
            server_header=False,
            backlog=_ACCEPTED,
            timeout_keep_alive=round(limits.idle_seconds),
            timeout_graceful_shutdown=patience,
        )
        super().__init__(config)
        self._ready = ready
        logging.getLogger("uvicorn.error").addFilter(_was_not_stopped)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        asyncio.get_running_loop().set_exception_handler(_Handler())
        await super().startup(sockets=sockets)
        for one in sockets or ():
            one.listen(_WAITING)
        self._ready()


def _was_not_stopped(record: logging.LogRecord) -> bool:
    """What is cut off when the server stops is no failure."""
    kind = record.exc_info[0] if record.exc_info else None
    return kind is None or not issubclass(kind, asyncio.CancelledError)


class _Handler:
    """Writes one line a minute where connections cannot be taken, not one for each."""

    def __init__(self) -> None:
        self._said = float("-inf")

    def __call__(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        if "accept" not in context.get("message", ""):
            loop.default_exception_handler(context)
        elif time.monotonic() - self._said > _SAID_EVERY:
            self._said = time.monotonic()
            log.error("connections cannot be taken now: %s", context.get("exception"))
