"""The door of the admin corner: a password, sessions in memory, patience after failures.

Who enters says a name, under which every write is kept. Where the operator names people with a
password each, the name is theirs alone; with the one password for all it is what they say it is.
Nothing under ``/admin`` but the login form is answered without a session.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from assistant.page.limits import Limiter

COOKIE = "yibao_admin"
HOURS = 8
FIRST_DELAY, LONGEST_DELAY = 0.5, 8.0
"""Seconds: each failure in a row doubles the wait before its answer."""
_TRIES, _TRIES_RATE = 30, 0.5
"""Guesses of one address at once, then a second: eight random letters outlast a thousand years."""


class Door:
    """Sessions of those who gave the password. Tokens are kept as hashes."""

    def __init__(
        self,
        password: str,
        *,
        people: Mapping[str, str] = MappingProxyType({}),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._digest = hashlib.sha256(password.encode("utf-8")).digest()
        self._people = {
            name: hashlib.sha256(p.encode("utf-8")).digest() for name, p in people.items()
        }
        self._names: dict[str, str] = {}
        self._clock = clock
        self._until: dict[str, float] = {}
        self._failures: OrderedDict[str, int] = OrderedDict()
        self._tries = Limiter(_TRIES_RATE, _TRIES, clock=clock)

    def patience(self, address: str) -> float:
        """Takes one of the guesses of an address: 0.0, or the seconds until it has one again."""
        return self._tries.take(address)

    @property
    def named(self) -> bool:
        """Whether each person has a password of their own."""
        return bool(self._people)

    async def enter(self, password: str, address: str, name: str = "") -> str:
        """A session's token at once, or "" after a delay. Nobody waits for another's failures."""
        given = hashlib.sha256(password.encode("utf-8", "surrogatepass")).digest()
        # where a name is wanted and is nobody's, compared with what nothing has
        wanted = self._people.get(name, b"") if self._people else self._digest
        if hmac.compare_digest(given, wanted):
            self._failures.pop(address, None)
            return self._open(name)
        delay = self.delay(address)
        self._failures[address] = self._failures.pop(address, 0) + 1
        while len(self._failures) > 1000:
            self._failures.popitem(last=False)
        await asyncio.sleep(delay)
        return ""

    def delay(self, address: str) -> float:
        """Seconds that the next failure from there will take."""
        return min(LONGEST_DELAY, FIRST_DELAY * 2.0 ** self._failures.get(address, 0))

    def inside(self, cookies: str) -> bool:
        """Whether a request's ``Cookie`` header carries a live session."""
        ends = (self._until.get(_hash(token), 0.0) for token in _tokens(cookies))
        return any(self._clock() < until for until in ends)

    def who(self, cookies: str) -> str:
        """The name under which a request's session was opened; "" where it has none."""
        names = (self._names.get(_hash(token), "") for token in _tokens(cookies))
        return next(filter(None, names), "")

    def leave(self, cookies: str) -> None:
        """End the session that the header carries."""
        for token in _tokens(cookies):
            self._until.pop(_hash(token), None)

    def _open(self, name: str) -> str:
        now = self._clock()
        self._until = {token: until for token, until in self._until.items() if until > now}
        self._names = {token: said for token, said in self._names.items() if token in self._until}
        token = secrets.token_urlsafe(32)
        self._until[_hash(token)] = now + HOURS * 3600
        self._names[_hash(token)] = name
        return token


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8")).hexdigest()


def _tokens(cookies: str) -> Iterator[str]:
    """Every value that our cookie has in a header. Other applications of the same host may have
    put there what they like, well-formed or not, and under the same name."""
    for pair in cookies.split(";"):
        name, _, value = pair.partition("=")
        if name.strip() == COOKIE:
            yield value.strip().strip('"')
