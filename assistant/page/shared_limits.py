"""Limits that hold for all processes together and through a restart of any.

Who has nothing left here has nothing left anywhere, for others can only have taken more: that costs
no question to the database. All others are asked for there, those that come at the same time in one
transaction. Where the database cannot be asked, each process keeps the limits by itself.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from assistant.page.aside import Aside
from assistant.page.buckets import Buckets, Taking
from assistant.page.limits import Limiter

log = logging.getLogger("yibao.page")


class Till:
    """Takes of the shared buckets, for every limiter of this process. Used from one event loop."""

    def __init__(self, buckets: Buckets, aside: Aside) -> None:
        self._buckets = buckets
        self._aside = aside
        self._queue: list[tuple[Taking, asyncio.Future[float | None]]] = []
        self._task: asyncio.Task[None] | None = None

    async def take(self, wanted: Taking) -> float | None:
        """0.0 and the tokens less, the seconds until there are enough, or None where nobody knows."""
        told: asyncio.Future[float | None] = asyncio.get_running_loop().create_future()
        self._queue.append((wanted, told))
        if self._task is None:
            self._task = asyncio.create_task(self._work())
        return await told

    async def _work(self) -> None:
        while self._queue:
            batch, self._queue = self._queue, []
            wanted = [one for one, _ in batch]
            waits: Sequence[float | None] | None = await self._aside.do(
                lambda wanted=wanted: self._buckets.take(wanted)  # type: ignore[misc]
            )
            for (_, told), wait in zip(batch, waits or [None] * len(batch), strict=True):
                if not told.done():  # who asked may have gone
                    told.set_result(wait)
        self._task = None


class SharedLimiter:
    """A ``Limiter`` whose buckets are everybody's; ``kind`` tells them from those of others."""

    def __init__(self, kind: str, limiter: Limiter, till: Till) -> None:
        self._kind = kind
        self._here = limiter
        self._till = till

    async def take(self, key: str, *, cost: float = 1.0) -> float:
        """0.0 and the tokens less, or the seconds until there are enough."""
        wait = self._here.take(key, cost=cost)
        if wait:
            return wait
        wanted = Taking(f"{self._kind} {key}", cost, self._here.rate_of(key))
        told = await self._till.take(wanted)
        if told:
            self._here.wait(key, told, cost=cost)
        return told or 0.0
