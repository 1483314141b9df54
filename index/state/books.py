"""The four books of the state. Each is a file of its own in SQLite; PostgreSQL holds them side by
side in one database. Their tables are in ``tables``, how they came to be in ``migrations``.

======== ================================================================ ==========
book     what stands in it                                                  in backups
======== ================================================================ ==========
feedback unanswered and badly rated questions                               yes
page     share links, counts a day                                          yes
desk     who changed which article, with the bytes before and after         yes
live     limits, admin sessions, talks: forgotten by themselves in hours    no
======== ================================================================ ==========
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import MetaData

from index.state import tables


@dataclass(frozen=True, slots=True)
class Book:
    """``title`` names it to people. ``seconds``: how long a lock of another process is waited for
    in SQLite. ``durable``: a write is on the disk before it counts as written."""

    name: str
    title: str
    tables: MetaData
    seconds: float = 1.0
    durable: bool = False
    backed_up: bool = True

    @property
    def versions(self) -> str:
        """The table that says which of its migrations were made."""
        return f"{self.name}_version"


FEEDBACK = Book("feedback", "反馈记录", tables.FEEDBACK_BOOK, seconds=10.0)
PAGE = Book("page", "页面记录", tables.PAGE_BOOK)
DESK = Book("desk", "编辑记录", tables.DESK_BOOK, seconds=5.0, durable=True)
LIVE = Book("live", "会话记录", tables.LIVE_BOOK, backed_up=False)
BOOKS = (FEEDBACK, PAGE, DESK, LIVE)
