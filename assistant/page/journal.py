"""What the page writes down: share links, counts by day, and – in the index room's feedback
book – unanswered and badly rated questions.

No address, no time of day, no identity is kept in these, and what names a person or leads to one is
masked before anything is written (``index.masking``).
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, delete, func, select
from sqlalchemy import insert as plain_insert

from assistant.page import words
from assistant.page.talks import Said
from assistant.types import Answer
from corpus.settings import Settings
from corpus.words import words as shared_words
from index.feedback import Feedback, mask
from index.gaps import gaps
from index.postings import Segmenter
from index.state import State
from index.state.database import insert
from index.state.tables import days, seen, shares

_SWEPT_AFTER = 30
"""Days on which the server was in use beyond a link's end before its row goes. A clock that is far
ahead for a while is right on none of them; no row is lost to it."""


@dataclass(frozen=True, slots=True)
class Day:
    """Questions of one day, by status of the answer and by subject of its first hit."""

    day: date
    status: str
    subject: str
    n: int


class Journal:
    """Of all the page's records; ``state`` holds those that others keep."""

    def __init__(
        self, state: State, *, feedback: Feedback, words: Callable[[], Segmenter], share_days: int
    ) -> None:
        self.state = state
        self.feedback = feedback
        self._share_days = share_days
        self._words = words

    @classmethod
    def beside(cls, settings: Settings, *, share_days: int = 180) -> Journal:
        """The journal of these settings. A share link lives half a year: rules change, and a link
        that nobody opens should not stay."""
        state = State.of(settings)
        return cls(
            state,
            feedback=Feedback(state.feedback, days=settings.feedback_days),
            words=lambda: shared_words(settings),
            share_days=share_days,
        )

    def share(self, said: Sequence[Said], today: date) -> str:
        """A token that stands for what was said, masked. Those that died long ago go."""
        token = secrets.token_urlsafe(12)
        text = json.dumps([[mask(s.question), list(s.dropped)] for s in said], ensure_ascii=False)
        with self.state.page.write() as db:
            _see(db, today)
            self._sweep(db, today)
            row = {"token": token, "made": today.isoformat(), "said": text}
            db.execute(plain_insert(shares).values(row))
        return token

    def shared(self, token: str, today: date) -> tuple[Said, ...] | None:
        """What a token stands for, or None where it is unknown or its days are over."""
        alive = shares.c.made >= self._oldest(today)
        with self.state.page.read() as db:
            said = db.execute(
                select(shares.c.said).where(shares.c.token == token, alive)
            ).scalar_one_or_none()
        if said is None:
            return None
        return tuple(Said(q, tuple(dropped)) for q, dropped in json.loads(said))

    def _oldest(self, today: date) -> str:
        return (today - timedelta(days=self._share_days)).isoformat()

    def _sweep(self, db: Connection, today: date) -> None:
        dead = select(shares.c.made).where(shares.c.made < self._oldest(today)).distinct()
        for made in db.execute(dead).scalars().all():
            end = (date.fromisoformat(made) + timedelta(days=self._share_days)).isoformat()
            beyond = select(func.count()).where(seen.c.day > end, seen.c.day <= today.isoformat())
            if db.execute(beyond).scalar_one() >= _SWEPT_AFTER:
                db.execute(delete(shares).where(shares.c.made == made))

    def count(self, today: date, status: str, subject: str) -> None:
        """One more question of this day."""
        row = {"day": today.isoformat(), "status": status, "subject": subject, "n": 1}
        with self.state.page.write() as db:
            _see(db, today)
            db.execute(
                insert(db, days)
                .values(row)
                .on_conflict_do_update(
                    index_elements=["day", "status", "subject"], set_={"n": days.c.n + 1}
                )
            )

    def days(self, since: date) -> tuple[Day, ...]:
        """Counts from a day on, in order."""
        wanted = select(days).where(days.c.day >= since.isoformat())
        with self.state.page.read() as db:
            rows = db.execute(wanted.order_by(days.c.day, days.c.status, days.c.subject)).all()
        return tuple(Day(date.fromisoformat(d), s, subject, n) for d, s, subject, n in rows)

    def gap(self, answer: Answer, generation: str) -> None:
        """Keep a question that found no answer."""
        self.feedback.record(answer.question, status=answer.status, generation=generation)

    def rate(
        self, answer: Answer, *, rating: str, reason: str, comment: str, generation: str
    ) -> None:
        """Keep a reader's thumb, with the reason and the words that came with it."""
        self.feedback.record(
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
            for gap in gaps(self.feedback.entries(), self._words())
        ]  # fmt: skip

    def ratings(self) -> list[list[str]]:
        """Rows under ``words.FEEDBACK_HEADS``: what readers said, newest first."""
        return [
            [
                e.day.isoformat(), e.question, words.STATUSES.get(e.status, e.status),
                words.RATINGS.get(e.rating, e.rating), e.reason, e.comment, e.generation[:12],
            ]
            for e in reversed(self.feedback.entries())
            if e.rating
        ]  # fmt: skip

    def close(self) -> None:
        """Close the books; the next use opens them again."""
        self.state.close()


def _see(db: Connection, today: date) -> None:
    db.execute(insert(db, seen).values(day=today.isoformat()).on_conflict_do_nothing())
