"""The door of the admin corner: one password, sessions in memory, patience after failures.

Nothing under ``/admin`` but the login form is answered without a session.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from http.cookies import SimpleCookie

COOKIE = "yibao_admin"
HOURS = 8
FIRST_DELAY, LONGEST_DELAY = 0.5, 8.0
"""Seconds: each failure in a row doubles the wait before the next word is heard."""


class Door:
    """Sessions of those who gave the password. Tokens are kept as hashes."""

    def __init__(self, password: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._digest = hashlib.sha256(password.encode("utf-8")).digest()
        self._clock = clock
        self._until: dict[str, float] = {}
        self._failures: OrderedDict[str, int] = OrderedDict()
        self._trying: dict[str, asyncio.Lock] = {}

    async def enter(self, password: str, address: str) -> str:
        """A session's token, or "" after a delay. Tries from one address are heard one after the
        other, so many at once gain nothing."""
        async with self._trying.setdefault(address, asyncio.Lock()):
            given = hashlib.sha256(password.encode("utf-8")).digest()
            if hmac.compare_digest(given, self._digest):
                self._failures.pop(address, None)
                return self._open()
            await asyncio.sleep(self.delay(address))
            self._failures[address] = self._failures.get(address, 0) + 1
            while len(self._failures) > 1000:
                forgotten, _ = self._failures.popitem(last=False)
                self._trying.pop(forgotten, None)
            return ""

    def delay(self, address: str) -> float:
        """Seconds that the next failure from there will take."""
        return min(LONGEST_DELAY, FIRST_DELAY * 2.0 ** self._failures.get(address, 0))

    def inside(self, cookies: str) -> bool:
        """Whether a request's ``Cookie`` header carries a live session."""
        token = SimpleCookie(cookies).get(COOKIE)
        until = self._until.get(_hash(token.value)) if token else None
        return until is not None and self._clock() < until

    def leave(self, cookies: str) -> None:
        """End the session that the header carries."""
        token = SimpleCookie(cookies).get(COOKIE)
        if token:
            self._until.pop(_hash(token.value), None)

    def _open(self) -> str:
        now = self._clock()
        self._until = {token: until for token, until in self._until.items() if until > now}
        token = secrets.token_urlsafe(32)
        self._until[_hash(token)] = now + HOURS * 3600
        return token


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8")).hexdigest()
