"""What the page writes down: share links, counts by day, and – in the index room's feedback
file – unanswered and badly rated questions.

One small SQLite file beside the feedback file. No address, no time of day, no identity is kept, and
numbers that name a person are masked before anything is written.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from assistant.page.talks import Said
from assistant.types import Answer
from corpus.settings import Settings
from corpus.words import words as shared_words
from index.feedback import Feedback, mask
from index.gaps import gaps
from index.postings import Segmenter

SHARE_DAYS = 180
"""A share link lives half a year: rules change, and a link that nobody opens should not stay."""

_TABLES = """
CREATE TABLE IF NOT EXISTS shares (token TEXT PRIMARY KEY, made TEXT NOT NULL, said TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS days (
    day TEXT NOT NULL, status TEXT NOT NULL, subject TEXT NOT NULL, n INTEGER NOT NULL,
    PRIMARY KEY (day, status, subject));
"""


@dataclass(frozen=True, slots=True)
class Day:
    """Questions of one day, by status of the answer and by subject of its first hit."""

    day: date
    status: str
    subject: str
    n: int


class Journal:
    """Opens its file for each use: writes are rare and short, and a copy can be taken any time."""

    def __init__(self, path: Path, *, feedback: Feedback, words: Callable[[], Segmenter]) -> None:
        self._path = path
        self._feedback = feedback
        self._words = words

    @classmethod
    def beside(cls, settings: Settings) -> Journal:
        """The journal of these settings: ``page.db`` beside the feedback file."""
        return cls(
            settings.feedback.with_name("page.db"),
            feedback=Feedback(settings.feedback),
            words=lambda: shared_words(settings),
        )

    def share(self, said: Sequence[Said], today: date) -> str:
        """A token that stands for what was said, masked. Old ones go."""
        token = secrets.token_urlsafe(12)
        text = json.dumps([[mask(s.question), list(s.dropped)] for s in said], ensure_ascii=False)
        with closing(self._open()) as db, db:
            oldest = (today - timedelta(days=SHARE_DAYS)).isoformat()
            db.execute("DELETE FROM shares WHERE made < ?", (oldest,))
            db.execute("INSERT INTO shares VALUES (?, ?, ?)", (token, today.isoformat(), text))
        return token

    def shared(self, token: str) -> tuple[Said, ...] | None:
        """What a token stands for, or None."""
        with closing(self._open()) as db:
            row = db.execute("SELECT said FROM shares WHERE token = ?", (token,)).fetchone()
        if row is None:
            return None
        return tuple(Said(q, tuple(dropped)) for q, dropped in json.loads(row[0]))

    def count(self, today: date, status: str, subject: str) -> None:
        """One more question of this day."""
        with closing(self._open()) as db, db:
            db.execute(
                "INSERT INTO days VALUES (?, ?, ?, 1) "
                "ON CONFLICT (day, status, subject) DO UPDATE SET n = n + 1",
                (today.isoformat(), status, subject),
            )

    def days(self, since: date) -> tuple[Day, ...]:
        """Counts from a day on, in order."""
        with closing(self._open()) as db:
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
        """Rows under ``words.FEEDBACK_HEADS``, newest first."""
        return [
            [
                e.day.isoformat(),
                e.question,
                e.status,
                e.rating,
                e.reason,
                e.comment,
                e.generation[:12],
            ]
            for e in reversed(self._feedback.entries())
        ]

    def _open(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(self._path, timeout=10)
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        db.executescript(_TABLES)
        return db
