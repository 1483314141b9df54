"""The door of the admin corner: a password, sessions, patience after failures.

Who enters says a name, under which every write is kept. Where the operator names people with a
password each, the name is theirs alone; with the one password for all it is what they say it is.
Nothing under ``/admin`` but the login form is answered without a session. Sessions, guesses and
failures are those of all processes (``sessions``).
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from assistant.page.admin.sessions import Sessions
from assistant.page.limits import Limiter
from assistant.page.shared import Shared

COOKIE = "yibao_admin"
HOURS = 8
FIRST_DELAY, LONGEST_DELAY = 0.5, 8.0
"""Seconds: each failure in a row doubles the wait before its answer."""
_TRIES, _TRIES_RATE = 30, 0.5
"""Guesses of one address at once, then a second: eight random letters outlast a thousand years."""


class Door:
    """Everything raises StoreError where the state cannot be read or written now."""

    def __init__(
        self,
        password: str,
        shared: Shared,
        *,
        people: Mapping[str, str] = MappingProxyType({}),
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._digest = _digest(password)
        self._people = {name: _digest(own) for name, own in people.items()}
        self._shared = shared
        self._sessions = Sessions(shared.book)
        self._clock = clock
        self._tries = shared.limiter("try", Limiter(_TRIES_RATE, _TRIES))

    async def patience(self, address: str) -> float:
        """Takes one of the guesses of an address: 0.0, or the seconds until it has one again."""
        return await self._tries.take(address)

    @property
    def named(self) -> bool:
        """Whether each person has a password of their own."""
        return bool(self._people)

    async def enter(self, password: str, address: str, name: str = "") -> str:
        """A session's token at once, or "" after a delay. Nobody waits for another's failures."""
        # where a name is wanted and is nobody's, compared with what nothing has
        wanted = self._people.get(name, b"") if self._people else self._digest
        if hmac.compare_digest(_digest(password), wanted):
            return await asyncio.to_thread(self._opened, address, name)
        await asyncio.sleep(delay(await asyncio.to_thread(self._failed, address)))
        return ""

    async def name_of(self, cookies: str) -> str | None:
        """The name under which the live session was opened that a request's ``Cookie`` header
        carries; None where it carries none."""
        given = tuple(_tokens(cookies))
        if not given:
            return None
        return await asyncio.to_thread(self._sessions.name_of, given, self._clock())

    async def leave(self, cookies: str) -> None:
        """End the session that the header carries."""
        await asyncio.to_thread(self._sessions.end, tuple(_tokens(cookies)))

    def _opened(self, address: str, name: str) -> str:
        token, now = secrets.token_urlsafe(32), self._clock()
        self._sessions.forgive(self._who(address))
        self._sessions.open(token, name, now=now, until=now + HOURS * 3600)
        return token

    def _failed(self, address: str) -> int:
        return self._sessions.failed(self._who(address), self._clock())

    def _who(self, address: str) -> str:
        return self._shared.buckets.hashed(f"failed {address}")


def delay(failures: int) -> float:
    """Seconds that a failure takes after so many in a row."""
    return min(LONGEST_DELAY, FIRST_DELAY * 2.0 ** min(failures, 10))


def _digest(password: str) -> bytes:
    return hashlib.sha256(password.encode("utf-8", "surrogatepass")).digest()


def _tokens(cookies: str) -> Iterator[str]:
    """Every value that our cookie has in a header. Other applications of the same host may have
    put there what they like, well-formed or not, and under the same name."""
    for pair in cookies.split(";"):
        name, _, value = pair.partition("=")
        if name.strip() == COOKIE:
            yield value.strip().strip('"')
