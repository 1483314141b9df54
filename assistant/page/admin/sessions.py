"""Sessions of the admin corner and failures at its door, which all processes share.

A token is kept as its hash. An address is known by a hash under a secret (``buckets``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from sqlalchemy import delete, select

from index.state.database import Database, insert
from index.state.tables import failures, sessions

_FORGIVEN = 24 * 3600.0
"""Seconds after which failures count no more."""


class Sessions:
    """Over the book ``live``; every moment is in seconds since 1970. Everything raises StoreError
    where the book cannot be read or written now."""

    def __init__(self, book: Database) -> None:
        self._book = book

    def open(self, token: str, name: str, *, now: float, until: float) -> None:
        """A session under a name. Those that are over go."""
        with self._book.write() as db:
            db.execute(delete(sessions).where(sessions.c.until <= now))
            db.execute(insert(db, sessions).values(token=_hash(token), name=name, until=until))

    def name_of(self, tokens: Sequence[str], now: float) -> str | None:
        """The name of the first session that one of the tokens opens; None where none does."""
        if not tokens:
            return None
        alive = (sessions.c.token.in_(list(map(_hash, tokens))), sessions.c.until > now)
        with self._book.read() as db:
            return db.execute(select(sessions.c.name).where(*alive)).scalars().first()

    def end(self, tokens: Sequence[str]) -> None:
        """None of the tokens opens anything any more."""
        with self._book.write() as db:
            db.execute(delete(sessions).where(sessions.c.token.in_(list(map(_hash, tokens)))))

    def failed(self, who: str, now: float) -> int:
        """One more failure; how many there were before."""
        row = {"key": who, "n": 1, "at": now}
        more = {"n": failures.c.n + 1, "at": now}
        with self._book.write() as db:
            db.execute(delete(failures).where(failures.c.at < now - _FORGIVEN))
            added = insert(db, failures).values(row)
            added = added.on_conflict_do_update(index_elements=["key"], set_=more)
            return int(db.execute(added.returning(failures.c.n)).scalar_one()) - 1

    def forgive(self, who: str) -> None:
        """Failures from there count no more."""
        with self._book.write() as db:
            db.execute(delete(failures).where(failures.c.key == who))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8")).hexdigest()
