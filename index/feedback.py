"""Questions that found no answer or a bad one, kept on this machine for whoever writes articles.

Personal data is masked before anything reaches the disk (``index.masking``); no time of day is
kept, and nothing for longer than a number of days. Grouping them is left to ``index.gaps``.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from corpus.errors import StoreError
from index.masking import mask

__all__ = ["Entry", "Feedback", "mask"]

_TABLE = """
CREATE TABLE IF NOT EXISTS feedback (
    id INTEGER PRIMARY KEY, day TEXT NOT NULL, question TEXT NOT NULL, status TEXT NOT NULL,
    rating TEXT NOT NULL, reason TEXT NOT NULL, comment TEXT NOT NULL, generation TEXT NOT NULL);
"""
_LONGEST = 1000
_MASKED_BY = 1
"""``user_version`` of a file whose lines all went through this masking: older lines are masked anew
when the file is first opened. Raise it when more is masked than before."""


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
    """The SQLite file that keeps them, each for ``days`` days (None: for ever). Opened for each use:
    safe for threads and processes."""

    def __init__(self, path: str | Path, *, days: int | None = None) -> None:
        self._path = Path(path).expanduser()
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
        file cannot be written."""
        # cut after masking, so that no number is cut to one that is short enough to stay
        given = (question, status, rating, reason, comment)
        words = (mask(text[: 2 * _LONGEST])[:_LONGEST] for text in given)
        row = ((day or date.today()).isoformat(), *words, generation)
        with self._open() as db, db:
            db.execute(
                "INSERT INTO feedback (day, question, status, rating, reason, comment, generation)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                row,
            )

    def entries(self, *, since: date | None = None) -> tuple[Entry, ...]:
        """All that was kept, oldest first."""
        if not self._path.exists():
            return ()
        with self._open() as db:
            rows = db.execute(
                "SELECT day, question, status, rating, reason, comment, generation FROM feedback"
                " WHERE day >= ? ORDER BY id",
                ((since or date.min).isoformat(),),
            ).fetchall()
        return tuple(Entry(date.fromisoformat(day), *rest) for day, *rest in rows)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self._path, timeout=10)) as db:
                db.execute("PRAGMA journal_mode = WAL")
                db.execute("PRAGMA synchronous = NORMAL")
                db.execute("PRAGMA secure_delete = ON")  # what goes is overwritten in the file
                db.execute(_TABLE)
                self._mask_old(db)
                self._let_go(db)
                yield db
        except (sqlite3.Error, OSError) as error:
            raise StoreError(
                f"反馈记录 {self._path} 无法读写（{error}）：请检查文件权限和磁盘空间。"
            ) from error

    def _let_go(self, db: sqlite3.Connection) -> None:
        """Remove what is older than the days that it may be kept."""
        if self._days is not None:
            oldest = date.today() - timedelta(days=self._days)
            with db:
                db.execute("DELETE FROM feedback WHERE day < ?", (oldest.isoformat(),))

    def _mask_old(self, db: sqlite3.Connection) -> None:
        """Mask the lines that an earlier version wrote, once."""
        if db.execute("PRAGMA user_version").fetchone()[0] >= _MASKED_BY:
            return
        with db:
            rows = db.execute("SELECT id, question, reason, comment FROM feedback").fetchall()
            db.executemany(
                "UPDATE feedback SET question = ?, reason = ?, comment = ? WHERE id = ?",
                [(*map(mask, texts), key) for key, *texts in rows],
            )
            db.execute(f"PRAGMA user_version = {_MASKED_BY}")
