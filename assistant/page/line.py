"""The line at the counter: how many are served at once, who is next, how many stand ahead.

Few questions are worked on at a time (they need a processor each); the others wait in an order
that is fair between addresses, and between the visitors of one address: whoever asks ten things at
once waits behind everyone who asks one, and a long question counts for as many as it weighs.
Start-time fair queueing (Goyal et al. 1996) with equal weights: a ticket's round is the round at
which the same address's ticket before it ends, never less than the round being served. The rounds
of an address go to its visitors by the same rule. Long work never takes all places: one is left to
those who ask something short.
"""

from __future__ import annotations

import asyncio
import bisect
import itertools
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, field

_KEPT = 2000
"""Visitors whose tickets are remembered while the line is not empty."""


class LineFullError(Exception):
    """More people wait than the line holds, or than one address may have in it."""


class GoneError(Exception):
    """Whoever waited has gone."""


async def stays() -> bool:
    """For those who cannot go."""
    return False


@dataclass(slots=True, order=True)
class _Ticket:
    round: float
    arrival: int
    address: str = field(compare=False)
    visitor: tuple[str, str] = field(compare=False)
    turn: float = field(compare=False)
    long: bool = field(compare=False)
    called: asyncio.Event = field(compare=False, default_factory=asyncio.Event)


class Line:
    """Use from one event loop: ``async for ahead in line.wait(address)`` … then ``line.leave()``."""

    def __init__(self, *, served: int = 2, longest: int = 200, each: int | None = None) -> None:
        self._free = served
        self._long = max(1, served - 1)  # places that are free for long work
        self._longest = longest
        self._each = each or longest
        self._round = 0.0
        self._arrivals = itertools.count()
        self._ends: dict[str, float] = {}  # the round at which an address's last ticket ends
        self._turns: dict[tuple[str, str], float] = {}  # the same for a visitor of an address
        self._served: dict[str, float] = {}  # the turn of the address's last ticket to be called
        self._waiting: list[_Ticket] = []
        self._of: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._waiting)

    async def wait(
        self,
        address: str,
        *,
        visitor: str = "",
        weight: float = 1.0,
        long: bool = False,
        back: bool = False,
        gone: Callable[[], Awaitable[bool]] = stays,
        every: float = 0.25,
    ) -> AsyncGenerator[int, None]:
        """Yields how many are ahead, each time that changes, and ends when it is our turn.

        After it has ended the place is ours until ``leave``. Closed early (the person gave up), the
        ticket is withdrawn. ``long``: of work that takes more than a short question does; ``back``:
        it was served before and goes on, so it is never turned away. Raises ``LineFullError``, and
        ``GoneError`` once ``gone`` says so.
        """
        if self._may(long):  # whoever waits now is kept waiting by long work
            self._seat(long)
            return
        if not back and self.full(address, long=long):
            raise LineFullError
        ticket = self._take(address, visitor, weight, long)
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
                    if await gone():
                        raise GoneError from None
            served = True
        finally:
            if not served:
                self._give_up(ticket)

    def full(self, address: str, *, long: bool = False) -> bool:
        """Whether whoever came now would be turned away."""
        many = len(self) >= self._longest or self._of[address] >= self._each
        return many and not self._may(long)

    def leave(self, *, long: bool = False) -> None:
        """Done: the next in line is called."""
        self._free += 1
        self._long += long
        self._call()

    def _may(self, long: bool) -> bool:
        return self._free > 0 and (self._long > 0 or not long)

    def _seat(self, long: bool) -> None:
        self._free -= 1
        self._long -= long

    def _take(self, address: str, visitor: str, weight: float, long: bool) -> _Ticket:
        who = (address, visitor)
        start = max(self._round, self._ends.get(address, 0.0))
        turn = max(self._served.get(address, 0.0), self._turns.get(who, 0.0))
        self._ends[address] = start + weight
        self._turns[who] = turn + weight
        ticket = _Ticket(start, next(self._arrivals), address, who, turn, long)
        self._waiting.append(ticket)
        self._of[address] += 1
        self._deal(address)
        return ticket

    def _deal(self, address: str) -> None:
        """The rounds that an address has go to its tickets in the order of their turns."""
        mine = [t for t in self._waiting if t.address == address]
        rounds = sorted(t.round for t in mine)
        mine.sort(key=lambda t: (t.turn, t.arrival))
        for ticket, round_ in zip(mine, rounds, strict=True):
            ticket.round = round_
        self._waiting.sort()

    def _call(self) -> None:
        while ticket := next((t for t in self._waiting if self._may(t.long)), None):
            self._waiting.remove(ticket)
            self._off(ticket)
            self._seat(ticket.long)
            self._round = max(self._round, ticket.round)
            self._served[ticket.address] = ticket.turn
            ticket.called.set()
        if not self._waiting:
            for known in (self._ends, self._turns, self._served):
                known.clear()
            self._round = 0.0
        elif len(self._turns) > _KEPT:
            self._turns = {w: t for w, t in self._turns.items() if t > self._served.get(w[0], 0.0)}

    def _off(self, ticket: _Ticket) -> None:
        self._of[ticket.address] -= 1
        if not self._of[ticket.address]:
            del self._of[ticket.address]

    def _give_up(self, ticket: _Ticket) -> None:
        if ticket.called.is_set():
            self.leave(long=ticket.long)
        elif ticket in self._waiting:
            self._waiting.remove(ticket)
            self._off(ticket)
