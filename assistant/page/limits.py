"""How much one client may ask: token buckets in memory, nothing written, nothing kept long."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Every number that bounds a client.

    A person types a question in some seconds and reads the answer for longer, so a browser gets
    twelve questions at once and one more every three seconds. A whole waiting hall may share one
    address, and programs ask through the same door, so an address gets ten a second and a burst
    that fifty people with twenty questions each do not reach.
    """

    question_chars: int = 500
    turns: int = 60
    comment_chars: int = 500
    visitor_burst: int = 12
    visitor_rate: float = 1 / 3
    address_burst: int = 1500
    address_rate: float = 10.0
    body_bytes: int = 128 * 1024
    upload_bytes: int = 5 * 1024 * 1024
    served: int = 2
    longest_line: int = 200
    kept_turns: int = 2000


class Limiter:
    """A token bucket per key: ``burst`` at once, then ``rate`` a second."""

    def __init__(
        self,
        rate: float,
        burst: int,
        *,
        most: int = 10_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._rate = rate
        self._burst = burst
        self._most = most
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str, *, cost: float = 1.0) -> float:
        """0.0 and one token less, or the seconds until there is one again."""
        now = self._clock()
        tokens, then = self._buckets.pop(key, (float(self._burst), now))
        tokens = min(float(self._burst), tokens + (now - then) * self._rate)
        wait = 0.0 if tokens >= cost else (cost - tokens) / self._rate
        self._buckets[key] = (tokens if wait else tokens - cost, now)
        while len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        return wait
