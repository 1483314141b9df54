"""Where the state lies: SQLite files beside the feedback file, or one PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.settings import Settings
from index.state.books import BOOKS, DESK, FEEDBACK, LIVE, PAGE, Book
from index.state.database import Database
from index.state.engines import of_file, of_url


@dataclass(frozen=True, slots=True)
class State:
    """All that is written while serving, a ``Database`` a book. Opened at first use; several
    processes open their own over the same files or the same PostgreSQL."""

    feedback: Database
    page: Database
    desk: Database
    live: Database

    @classmethod
    def open(cls, url: str, *, feedback: Path) -> State:
        """The state at ``postgresql://…``; "" for SQLite files: ``feedback`` and, beside it,
        ``page.db``, ``desk.db`` and ``live.db``. Raises InputError for another address."""
        if url:
            engine = of_url(url)
            return cls(*(Database(engine, book) for book in (FEEDBACK, PAGE, DESK, LIVE)))
        at = feedback.expanduser()

        def beside(book: Book) -> Database:
            path = at if book is FEEDBACK else at.with_name(f"{book.name}.db")
            return Database(of_file(path, book, pooled=True), book)

        return cls(*map(beside, (FEEDBACK, PAGE, DESK, LIVE)))

    @classmethod
    def of(cls, settings: Settings) -> State:
        """The state of these settings."""
        return cls.open(settings.database, feedback=settings.feedback)

    def __iter__(self) -> Iterator[Database]:
        return (getattr(self, book.name) for book in BOOKS)

    def close(self) -> None:
        """Close what is open; the next use opens it again."""
        for database in self:
            database.close()
