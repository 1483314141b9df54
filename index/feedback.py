"""Questions that found no answer or a bad one, kept on this machine for whoever writes articles.

Personal data is masked before anything reaches the disk (``index.masking``); no time of day is
kept, and nothing for longer than a number of days. Grouping them is left to ``index.gaps``.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from index.masking import mask
from index.state.books import FEEDBACK
from index.state.database import Database
from index.state.tables import feedback

__all__ = ["Entry", "Feedback", "mask"]

_LONGEST = 1000
_WORDS = ("question", "status", "rating", "reason", "comment")


@dataclass(frozen=True, slots=True)
class Entry:
    """One question as it was kept. ``rating``: ``up``, ``down`` or "" where nobody rated."""

    day: date
    question: str
    status: str
    rating: str = ""
    reason: str = ""
    comment: str = ""
    generation: str = ""

    @property
    def is_gap(self) -> bool:
        """Nothing was found for it, or somebody was not helped by what was."""
        return self.status == "refused" or self.rating == "down"

    def to_dict(self) -> dict[str, Any]:
        """For CSV and JSON."""
        return {**asdict(self), "day": self.day.isoformat()}


class Feedback:
    """The book that keeps them, each for ``days`` days (None: for ever); of a path the SQLite file
    there, opened for each use. Safe for threads and processes."""

    def __init__(self, book: Database | str | Path, *, days: int | None = None) -> None:
        if not isinstance(book, Database):
            book = Database.of_file(book, FEEDBACK, pooled=False)
        self._book = book
        self._days = days

    def record(
        self,
        question: str,
        *,
        status: str,
        rating: str = "",
        reason: str = "",
        comment: str = "",
        generation: str = "",
        day: date | None = None,
    ) -> None:
        """Keep one question, masked; ``day`` is today by default. Raises StoreError where the
        book cannot be written."""
        # cut after masking, so that no number is cut to one that is short enough to stay
        given = (question, status, rating, reason, comment)
        words = (mask(text[: 2 * _LONGEST])[:_LONGEST] for text in given)
        row = dict(zip(_WORDS, words, strict=True))
        when = (day or date.today()).isoformat()
        with self._book.write() as db:
            self._let_go(db)
            db.execute(insert(feedback).values(day=when, generation=generation, **row))

    def entries(self, *, since: date | None = None) -> tuple[Entry, ...]:
        """All that was kept, oldest first."""
        if not self._book.exists:
            return ()
        named = [feedback.c[name] for name in ("day", *_WORDS, "generation")]
        wanted = feedback.c.day >= (since or date.min).isoformat()
        opened = self._book.read if self._days is None else self._book.write
        with opened() as db:
            self._let_go(db)
            rows = db.execute(select(*named).where(wanted).order_by(feedback.c.id)).all()
        return tuple(Entry(date.fromisoformat(day), *rest) for day, *rest in rows)

    def _let_go(self, db: Connection) -> None:
        """Remove what is older than the days that it may be kept."""
        if self._days is not None:
            oldest = date.today() - timedelta(days=self._days)
            db.execute(delete(feedback).where(feedback.c.day < oldest.isoformat()))
