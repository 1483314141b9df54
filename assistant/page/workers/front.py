"""The front: one process that holds the port and every connection, and passes each request on.

Who may ask how much, by which name and with which key is looked at here, once for all workers; the
answers are theirs.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from assistant.page import words
from assistant.page.addresses import Network
from assistant.page.asgi import Message, Receive, Scope, Send, say
from assistant.page.key_ring import KeyRing
from assistant.page.limits import Limits
from assistant.page.outside import outside
from assistant.page.settings import PageSettings
from assistant.page.workers.colleague import Colleague
from assistant.page.workers.passing import BrokenError, pass_on
from assistant.page.workers.routing import PAGES, belongs, cookie_for, known, open_for_long
from assistant.page.workers.staff import Staff

WAIT = 15.0
"""Seconds that a request waits for its worker, or the one that takes its place."""
_AGAIN = ("GET", "HEAD")
"""Asked twice, these do nothing twice."""


class Front:
    """An ASGI application that ``serve.Server`` serves."""

    def __init__(self, staff: Staff, limits: Limits, settings: PageSettings, host: str) -> None:
        self.limits = limits
        self.proxies: tuple[Network, ...] = settings.proxies
        self._staff = staff
        keys = KeyRing(settings.keys, settings.keys_file)
        self._app = outside(self._answered, keys, limits, settings, host)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._app(scope, receive, send)

    async def _answered(self, scope: Scope, receive: Receive, send: Send) -> None:
        wanted, receive = await belongs(scope, receive, self._staff.of)
        loop = asyncio.get_running_loop()
        until = loop.time() + WAIT
        while (left := until - loop.time()) > 0:
            worker = await self._staff.at(wanted, left)
            if worker is None:
                break
            answer = _Answer(worker, scope, self._placed(worker, scope, send))
            try:
                await answer.passed(receive)
                return
            except (ConnectionRefusedError, FileNotFoundError):  # nobody has heard it
                self._staff.gone(worker)
            except OSError:  # too many open files
                break
            except BrokenError:
                if answer.begun:
                    return  # the connection is closed in the middle of it
                if scope["method"] not in _AGAIN:
                    break
        await say(send, 503, words.WORKER_GONE, (b"retry-after", b"2"))

    def _placed(self, worker: Colleague, scope: Scope, send: Send) -> Send:
        """A browser that opens a page learns where it belongs."""
        new = scope["path"] in PAGES and known(scope, self._staff.of) != worker.number

        async def sending(message: Message) -> None:
            if new and message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], cookie_for(worker.number)]
            await send(message)

        return sending if new else send


class _Answer:
    """One try to have a request answered. ``begun``: whether the asker has got anything of it."""

    def __init__(self, worker: Colleague, scope: Scope, send: Send) -> None:
        self.begun = False
        self._worker = worker
        self._scope = scope
        self._send = send

    async def passed(self, receive: Receive) -> None:
        """Raises BrokenError and OSError as ``pass_on`` does."""
        self._worker.running += 1
        try:
            passing = pass_on(self._worker.path, self._scope, receive, self._sent)
            if open_for_long(self._scope["path"]):
                await self._while_it_stays(passing)
            else:
                await passing
        finally:
            self._worker.running -= 1

    async def _sent(self, message: Message) -> None:
        self.begun = True
        await self._send(message)

    async def _while_it_stays(self, passing: Coroutine[Any, Any, None]) -> None:
        """A stream that would never end ends where its worker goes; the browser opens another."""
        task = asyncio.ensure_future(passing)
        leaving = asyncio.ensure_future(self._worker.leaving.wait())
        try:
            await asyncio.wait((task, leaving), return_when=asyncio.FIRST_COMPLETED)
            if task.done() and not isinstance(task.exception(), BrokenError):
                task.result()
            elif self.begun:
                await self._send({"type": "http.response.body", "body": b""})
            else:
                raise BrokenError
        finally:
            for one in (task, leaving):
                one.cancel()
            await asyncio.gather(task, leaving, return_exceptions=True)
