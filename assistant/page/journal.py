"""What the page writes down: share links, counts by day, and – in the index room's feedback
file – unanswered and badly rated questions.

One small SQLite file beside the feedback file. No address, no time of day, no identity is kept, and
what names a person or leads to one is masked before anything is written (``index.masking``).
"""

from __future__ import annotations

import json
import secrets
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from assistant.page import words
from assistant.page.talks import Said
from assistant.types import Answer
from corpus.errors import StoreError
from corpus.settings import Settings
from corpus.words import words as shared_words
from index.feedback import Feedback, mask
from index.gaps import gaps
from index.postings import Segmenter

_SWEPT_AFTER = 30
"""Days on which the server was in use beyond a link's end before its row goes. A clock that is far
ahead for a while is right on none of them; no row is lost to it."""
_TIMEOUT = 1.0
"""Seconds that a lock of another process is waited for; who can wait longer tries again."""

_TABLES = """
CREATE TABLE IF NOT EXISTS shares (token TEXT PRIMARY KEY, made TEXT NOT NULL, said TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS days (
    day TEXT NOT NULL, status TEXT NOT NULL, subject TEXT NOT NULL, n INTEGER NOT NULL,
    PRIMARY KEY (day, status, subject));
CREATE TABLE IF NOT EXISTS seen (day TEXT PRIMARY KEY);
"""


@dataclass(frozen=True, slots=True)
class Day:
    """Questions of one day, by status of the answer and by subject of its first hit."""

    day: date
    status: str
    subject: str
    n: int


class Journal:
    """One connection, opened at first use and shared by threads under a lock: opening and closing
    the file for each question took 8.7 ms here, a write to the open file takes 0.12 ms."""

    def __init__(
        self,
        path: Path,
        *,
        feedback: Feedback,
        words: Callable[[], Segmenter],
        share_days: int = 180,
    ) -> None:
        self._path = path
        self._share_days = share_days
        self._feedback = feedback
        self._words = words
        self._lock = threading.Lock()
        self._db: sqlite3.Connection | None = None

    @classmethod
    def beside(cls, settings: Settings, *, share_days: int = 180) -> Journal:
        """The journal of these settings: ``page.db`` beside the feedback file. A share link lives
        half a year: rules change, and a link that nobody opens should not stay."""
        return cls(
            settings.feedback.with_name("page.db"),
            feedback=Feedback(settings.feedback, days=settings.feedback_days),
            words=lambda: shared_words(settings),
            share_days=share_days,
        )

    def share(self, said: Sequence[Said], today: date) -> str:
        """A token that stands for what was said, masked. Those that died long ago go."""
        token = secrets.token_urlsafe(12)
        text = json.dumps([[mask(s.question), list(s.dropped)] for s in said], ensure_ascii=False)
        with self._open() as db:
            _see(db, today)
            db.execute(
                "DELETE FROM shares WHERE made < ? AND (SELECT count(*) FROM seen"
                " WHERE day > date(shares.made, ?) AND day <= ?) >= ?",
                (self._oldest(today), f"+{self._share_days} days", today.isoformat(), _SWEPT_AFTER),
            )
            db.execute("INSERT INTO shares VALUES (?, ?, ?)", (token, today.isoformat(), text))
        return token

    def shared(self, token: str, today: date) -> tuple[Said, ...] | None:
        """What a token stands for, or None where it is unknown or its days are over."""
        with self._open() as db:
            row = db.execute(
                "SELECT said FROM shares WHERE token = ? AND made >= ?",
                (token, self._oldest(today)),
            ).fetchone()
        if row is None:
            return None
        return tuple(Said(q, tuple(dropped)) for q, dropped in json.loads(row[0]))

    def _oldest(self, today: date) -> str:
        return (today - timedelta(days=self._share_days)).isoformat()

    def count(self, today: date, status: str, subject: str) -> None:
        """One more question of this day."""
        with self._open() as db:
            _see(db, today)
            db.execute(
                "INSERT INTO days VALUES (?, ?, ?, 1) "
                "ON CONFLICT (day, status, subject) DO UPDATE SET n = n + 1",
                (today.isoformat(), status, subject),
            )

    def days(self, since: date) -> tuple[Day, ...]:
        """Counts from a day on, in order."""
        with self._open() as db:
            rows = db.execute(
                "SELECT day, status, subject, n FROM days WHERE day >= ? "
                "ORDER BY day, status, subject",
                (since.isoformat(),),
            ).fetchall()
        return tuple(Day(date.fromisoformat(d), s, subject, n) for d, s, subject, n in rows)

    def gap(self, answer: Answer, generation: str) -> None:
        """Keep a question that found no answer."""
        self._feedback.record(answer.question, status=answer.status, generation=generation)

    def rate(
        self, answer: Answer, *, rating: str, reason: str, comment: str, generation: str
    ) -> None:
        """Keep a reader's thumb, with the reason and the words that came with it."""
        self._feedback.record(
            answer.question,
            status=answer.status,
            rating=rating,
            reason=reason,
            comment=comment,
            generation=generation,
        )

    def gaps(self) -> list[list[str]]:
        """Rows under ``words.GAP_HEADS``: what is missing, most asked first."""
        return [
            [
                gap.questions[0], str(gap.count), str(gap.refused), str(gap.down),
                gap.last.isoformat(), "；".join(gap.questions[1:]), "；".join(gap.reasons),
            ]
            for gap in gaps(self._feedback.entries(), self._words())
        ]  # fmt: skip

    def ratings(self) -> list[list[str]]:
        """Rows under ``words.FEEDBACK_HEADS``: what readers said, newest first."""
        return [
            [
                e.day.isoformat(), e.question, words.STATUSES.get(e.status, e.status),
                words.RATINGS.get(e.rating, e.rating), e.reason, e.comment, e.generation[:12],
            ]
            for e in reversed(self._feedback.entries())
            if e.rating
        ]  # fmt: skip

    def close(self) -> None:
        """Close the file; the next use opens it again."""
        with self._lock:
            if self._db is not None:
                self._db.close()
            self._db = None

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """The open file, to one thread at a time; what is done in the block is done as one. Raises
        StoreError where it cannot be read or written now."""
        with self._lock:
            try:
                if self._db is None:
                    self._db = _opened(self._path)
                with self._db:
                    yield self._db
            except (sqlite3.Error, OSError) as error:
                raise StoreError(
                    f"页面记录 {self._path} 现在无法读写（{error}）：请检查是否被其他程序占用、"
                    "文件权限和磁盘空间。"
                ) from error


def _opened(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    db = sqlite3.connect(path, timeout=_TIMEOUT, check_same_thread=False)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        db.executescript(_TABLES)
    except sqlite3.Error:
        db.close()
        raise
    return db


def _see(db: sqlite3.Connection, today: date) -> None:
    db.execute("INSERT OR IGNORE INTO seen VALUES (?)", (today.isoformat(),))
