"""What an answer waits for of the shared state, and never for long.

Each question asks the database whether its limit is reached and what was said before. Where the
database is locked or gone the page goes on with what this process knows by itself.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")

_PAUSE = 5.0
"""Seconds in which a database that did not answer is not asked again."""
_THREADS = 2
"""So that what waits for a database takes no thread from anything else."""

log = logging.getLogger("yibao.page")


class Aside:
    """``await aside.do(work)``: what the work gives, or None where the database cannot be asked
    within the seconds that an answer waits. Used from one event loop."""

    def __init__(self, waits: float, *, pause: float = _PAUSE) -> None:
        self._waits = waits
        self._pause = pause
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="state")
        self._away_until = 0.0

    async def do(self, work: Callable[[], T]) -> T | None:
        if time.monotonic() < self._away_until:
            return None
        asked = asyncio.get_running_loop().run_in_executor(self._threads, work)
        asked.add_done_callback(_looked_at)
        try:
            return await asyncio.wait_for(asyncio.shield(asked), self._waits)
        except Exception as error:  # whatever it is, it is no reason not to answer
            self._away_until = time.monotonic() + self._pause
            log.error("the shared state cannot be asked (%s)", type(error).__name__)
            return None

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


def _looked_at(asked: asyncio.Future[T]) -> None:
    """What comes too late is nobody's any more, its failure neither."""
    if not asked.cancelled():
        asked.exception()
