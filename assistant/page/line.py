"""The line at the counter: how many are served at once, who is next, how many stand ahead.

Few questions are worked on at a time (they need a processor each); the others wait in an order
that is fair between people: whoever asks ten things at once waits behind everyone who asks one.
Start-time fair queueing (Goyal et al. 1996) with equal weights: a ticket's round is one more than
the same client's ticket before it, never less than the round being served.
"""

from __future__ import annotations

import asyncio
import bisect
import itertools
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field


class LineFullError(Exception):
    """More people wait than the line holds."""


@dataclass(slots=True, order=True)
class _Ticket:
    round: int
    arrival: int
    client: str = field(compare=False)
    called: asyncio.Event = field(compare=False, default_factory=asyncio.Event)


class Line:
    """Use from one event loop: ``async for ahead in line.wait(client)`` … then ``line.leave()``."""

    def __init__(self, *, served: int = 2, longest: int = 200) -> None:
        self._free = served
        self._longest = longest
        self._round = 0
        self._arrivals = itertools.count()
        self._last: dict[str, int] = {}
        self._waiting: list[_Ticket] = []

    def __len__(self) -> int:
        return len(self._waiting)

    async def wait(self, client: str, *, every: float = 0.25) -> AsyncGenerator[int, None]:
        """Yields how many are ahead, each time that changes, and ends when it is our turn.

        After it has ended the place is ours until ``leave``. Closed early (the person gave up), the
        ticket is withdrawn. Raises ``LineFullError``.
        """
        if self._free and not self._waiting:
            self._free -= 1
            return
        if len(self._waiting) >= self._longest:
            raise LineFullError
        ticket = self._take(client)
        served = False
        told = -1
        try:
            while not ticket.called.is_set():
                ahead = bisect.bisect_left(self._waiting, ticket)
                if ahead != told:
                    told = ahead
                    yield ahead
                try:
                    await asyncio.wait_for(ticket.called.wait(), every)
                except asyncio.TimeoutError:
                    continue
            served = True
        finally:
            if not served:
                self._give_up(ticket)

    def leave(self) -> None:
        """Done: the next in line is called."""
        self._free += 1
        self._call()

    def _take(self, client: str) -> _Ticket:
        turn = max(self._round, self._last.get(client, -1) + 1)
        self._last[client] = turn
        ticket = _Ticket(turn, next(self._arrivals), client)
        bisect.insort(self._waiting, ticket)
        return ticket

    def _call(self) -> None:
        while self._free and self._waiting:
            ticket = self._waiting.pop(0)
            self._free -= 1
            self._round = ticket.round
            ticket.called.set()
        if not self._waiting:
            self._last.clear()
            self._round = 0

    def _give_up(self, ticket: _Ticket) -> None:
        if ticket.called.is_set():
            self.leave()
        elif ticket in self._waiting:
            self._waiting.remove(ticket)
