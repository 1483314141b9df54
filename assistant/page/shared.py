"""What this process has of the book ``live``: limits that hold for all, and the way to ask for it."""

from __future__ import annotations

from assistant.page.aside import Aside
from assistant.page.buckets import Buckets
from assistant.page.limits import Limiter
from assistant.page.shared_limits import SharedLimiter, Till
from index.state import Database


class Shared:
    """Made once per server. Used from one event loop."""

    def __init__(self, book: Database) -> None:
        self.book = book
        self.aside = Aside()
        self.buckets = Buckets(book)
        self._till = Till(self.buckets, self.aside)

    def limiter(self, kind: str, limiter: Limiter) -> SharedLimiter:
        """The limiter for all processes, under a name of its own."""
        return SharedLimiter(kind, limiter, self._till)

    def close(self) -> None:
        self.aside.close()
