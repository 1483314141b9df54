"""How much one client may ask: token buckets, in the memory of this process."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

_PLAIN_CHARS = 125
"""A question of this length costs one ticket, one of the longest four: what is read and searched
grows with the words. Nine of ten questions in a search box have fewer than 40 characters."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Every number that bounds a client.

    A person types a question in some seconds and reads the answer for longer, so a browser gets
    twelve questions at once and one more every three seconds. A whole waiting hall may share one
    address, and programs ask through the same door, so an address gets ten a second and a burst
    that fifty people with twenty questions each do not reach.

    While somebody types, the page asks for suggestions at each pause, three times in a question: an
    address gets sixty a second, a millisecond's work each.

    A page is some sixty small files, so an address gets the burst of fifty people who open it and
    a hundred requests a second; a hall of fifty browsers holds up to 300 connections, most of them
    for a moment; half of the line is left to other addresses. Bodies are questions of some kB, so
    an address sends half a megabyte a second after its first eight. A head arrives in one piece
    from anything but an attacker; a body on a bad line brings 8 kB a second. An answer that a
    program asked for is kept for ten minutes (a lost connection, the next question of a talk); ten
    of the shipped articles' took 14 kB each. A talk that nobody goes on with is kept for six hours:
    a morning at a counter, not a day of everybody's questions. An answer waits half a second for a
    database that other processes use, which takes some ms: then this process goes on alone.
    """

    question_chars: int = 500
    turns: int = 60
    comment_chars: int = 500
    visitor_burst: int = 12
    visitor_rate: float = 1 / 3
    address_burst: int = 1500
    address_rate: float = 10.0
    suggest_burst: int = 600
    suggest_rate: float = 60.0
    body_bytes: int = 128 * 1024
    upload_bytes: int = 5 * 1024 * 1024
    served: int = 2
    longest_line: int = 200
    places_each: int = 100
    kept_turns: int = 2000
    kept_hours: float = 6.0
    state_seconds: float = 0.5
    requests_burst: int = 3000
    requests_rate: float = 100.0
    connections: int = 4096
    connections_each: int = 300
    bytes_burst: int = 8 * 1024 * 1024
    bytes_rate: float = 512 * 1024.0
    head_seconds: float = 10.0
    body_seconds: float = 20.0
    idle_seconds: float = 5.0
    write_seconds: float = 30.0
    kept_answers: int = 500
    kept_seconds: float = 600.0


def weight(question: str) -> float:
    """How many tickets, and how much of the line, a question takes."""
    return max(1.0, len(question) / _PLAIN_CHARS)


def weights(questions: Iterable[str]) -> tuple[float, ...]:
    """Of each question in a row."""
    return tuple(weight(question) for question in questions)


@dataclass(frozen=True, slots=True)
class Rate:
    """``burst`` at once, then ``second`` a second."""

    second: float
    burst: float


class Limiter:
    """A token bucket per key: ``burst`` at once, then ``rate`` a second; ``own``: keys that have a
    rate of their own."""

    def __init__(
        self,
        rate: float,
        burst: float,
        *,
        own: Mapping[str, Rate] | None = None,
        most: int = 10_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._all = Rate(rate, float(burst))
        self._own = own or {}
        self._most = most
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str, *, cost: float = 1.0) -> float:
        """0.0 and the tokens less, or the seconds until there are enough. What costs more than a
        full bucket takes a full bucket."""
        rate = self.rate_of(key)
        cost = min(cost, rate.burst)
        tokens, now = self._filled(key)
        wait = 0.0 if tokens >= cost else (cost - tokens) / rate.second
        self._keep(key, tokens if wait else tokens - cost, now)
        return wait

    def owe(self, key: str, cost: float) -> float:
        """Takes the tokens even where there are too few: the seconds until the debt is paid."""
        tokens, now = self._filled(key)
        self._keep(key, tokens - cost, now)
        return max(0.0, cost - tokens) / self.rate_of(key).second

    def wait(self, key: str, seconds: float, *, cost: float = 1.0) -> None:
        """Have ``cost`` tokens there in that many seconds, and not before."""
        rate = self.rate_of(key)
        self._keep(key, min(cost, rate.burst) - seconds * rate.second, self._clock())

    def rate_of(self, key: str) -> Rate:
        """What that key may take."""
        return self._own.get(key, self._all)

    def _filled(self, key: str) -> tuple[float, float]:
        now, rate = self._clock(), self.rate_of(key)
        tokens, then = self._buckets.pop(key, (rate.burst, now))
        return min(rate.burst, tokens + (now - then) * rate.second), now

    def _keep(self, key: str, tokens: float, now: float) -> None:
        self._buckets[key] = (tokens, now)
        while len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
