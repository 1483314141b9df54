"""What this process has of the book ``live``: limits that hold for all, and the way to ask for it."""

from __future__ import annotations

import asyncio
import logging

from assistant.page.aside import Aside
from assistant.page.buckets import Buckets
from assistant.page.limits import Limiter
from assistant.page.shared_limits import SharedLimiter, Till
from corpus.errors import StoreError
from index.state import Database

log = logging.getLogger("yibao.page")


class Shared:
    """Made once per server. ``waits``: seconds that an answer waits for the book at most. Used from
    one event loop."""

    def __init__(self, book: Database, waits: float) -> None:
        self.book = book
        self.aside = Aside(waits)
        self.buckets = Buckets(book)
        self._till = Till(self.buckets, self.aside)

    def limiter(self, kind: str, limiter: Limiter) -> SharedLimiter:
        """The limiter for all processes, under a name of its own."""
        return SharedLimiter(kind, limiter, self._till)

    async def open(self) -> None:
        """Have the tables there before anybody waits for them. A book that cannot be opened now is
        tried again when it is needed."""
        try:
            await asyncio.to_thread(self.book.open)
        except StoreError as error:
            log.error("%s", error)

    def close(self) -> None:
        self.aside.close()
