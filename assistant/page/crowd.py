"""Who holds how many connections, and who has to go when there are too many.

A process has only so many open files. Each address gets its share, and where all are taken, the
connection that has been silent longest makes room: first one of the address that wants another,
then one of the address that holds most. A connection whose request is being worked on stays.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterable
from typing import Protocol

from assistant.page.limits import Limiter, Limits

_IN_HAND = 64
"""Connections that asyncio has taken before any of them can be looked at (``serve``), four times
sixteen."""
_TRIED = 64
"""Files that a process has open where that cannot be counted."""
_LOOK = 1.0
"""Seconds between looks at the clocks of all connections."""
_READ_COST = 256
"""What a read costs beside its bytes: a packet of one byte takes as long to handle."""


class Held(Protocol):
    """A connection, as far as the crowd knows it."""

    @property
    def peer(self) -> str:
        """Its address."""

    @property
    def idle_since(self) -> float | None:
        """Since when nothing is being worked on for it; None where something is."""

    def drop(self) -> None:
        """Close it now, whatever is still to be sent."""

    def check(self, now: float) -> None:
        """Close it if something is overdue."""


def room(wanted: int) -> int:
    """How many connections this process can hold: as wanted, or as its open files allow."""
    try:
        import resource
    except ImportError:  # Windows counts otherwise, and has no such limit
        return wanted
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if files == resource.RLIM_INFINITY:
        return wanted
    try:
        used = len(os.listdir("/dev/fd"))
    except OSError:
        used = _TRIED
    # every second connection may be sent a file
    return max(8, min(wanted, (files - used - _IN_HAND) * 2 // 3))


class Crowd:
    """Every connection of a server, by address. Used from its event loop only."""

    def __init__(
        self, limits: Limits, *, free: Callable[[str], bool] = lambda _: False, most: int = 0
    ) -> None:
        """``free``: addresses that carry many clients (proxies), so that no share is set them."""
        self.limits = limits
        self.most = most or room(limits.connections)
        self.each = max(4, min(limits.connections_each, self.most // 2))
        self._free = free
        self._bytes = Limiter(limits.bytes_rate, limits.bytes_burst)
        self._held: dict[str, dict[Held, None]] = {}
        self._count = 0
        self._timer: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        return self._count

    def enter(self, one: Held) -> bool:
        """Whether it may stay; another may have to go for it."""
        mine = self._held.get(one.peer, {})
        if len(mine) >= self.each and not self._free(one.peer) and not self._drop(mine):
            return False
        if self._count >= self.most and not any(map(self._drop, self._largest())):
            return False
        self._held.setdefault(one.peer, {})[one] = None
        self._count += 1
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_LOOK, self._look)
        return True

    def leave(self, one: Held) -> None:
        """It is closed; twice does no harm."""
        mine = self._held.get(one.peer, {})
        if one in mine:
            del mine[one]
            self._count -= 1
            if not mine:
                del self._held[one.peer]

    def spend(self, peer: str, size: int) -> float:
        """Seconds that nothing more is read of an address after that many bytes."""
        return 0.0 if self._free(peer) else self._bytes.owe(peer, size + _READ_COST)

    def _largest(self) -> Iterable[dict[Held, None]]:
        return sorted(self._held.values(), key=len, reverse=True)

    def _drop(self, some: dict[Held, None]) -> bool:
        idle = [(since, one) for one in some if (since := one.idle_since) is not None]
        if not idle:
            return False
        _, oldest = min(idle, key=lambda pair: pair[0])
        self.leave(oldest)
        oldest.drop()
        return True

    def _look(self) -> None:
        loop = asyncio.get_running_loop()
        for mine in list(self._held.values()):
            for one in list(mine):
                one.check(loop.time())
        self._timer = loop.call_later(_LOOK, self._look) if self._count else None
