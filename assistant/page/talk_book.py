"""Talks in the book ``live``, so that another process, or this one after a restart, can go on.

Words of the asker are masked (``packing``). A talk goes some hours after it was last gone on with.
"""

from __future__ import annotations

import json
import time
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, select

from assistant.page.packing import packed, unpacked
from assistant.page.talks import Said, Talk, Turn
from index.masking import mask
from index.state.database import Database, insert
from index.state.tables import talks, turns

_SWEPT_EVERY = 600.0


@dataclass(frozen=True, slots=True)
class Kept:
    """A talk as it was at one moment."""

    id: str
    turns: tuple[Turn, ...]
    made: int
    unseen: int
    version: int
    gone: tuple[str, ...] = ()

    @classmethod
    def of(cls, talk: Talk) -> Kept:
        return cls(talk.id, tuple(talk.turns), talk.made, talk.unseen, talk.version, talk.gone)


class TalkBook:
    """``seconds``: how long a talk is kept after it was last gone on with."""

    def __init__(
        self, book: Database, *, seconds: float, clock: Callable[[], float] = time.time
    ) -> None:
        self._book = book
        self._seconds = seconds
        self._clock = clock
        self._swept = 0.0

    def keep(self, kept: Kept) -> None:
        """Write what is not there yet, take out what was taken back. Of two turns of one key (one
        talk gone on with in two processes at once) the first stays. Raises StoreError."""
        now = self._clock()
        row = {
            "id": kept.id, "made": kept.made, "unseen": kept.unseen, "version": kept.version,
            "touched": now,
        }  # fmt: skip
        with self._book.write() as db:
            there = select(turns.c.key).where(turns.c.talk == kept.id)
            known = set(db.execute(there).scalars())
            added = [_row(kept.id, turn) for turn in kept.turns if turn.key not in known]
            db.execute(insert(db, talks).values(row).on_conflict_do_update(
                index_elements=["id"], set_=row))  # fmt: skip
            db.execute(delete(turns).where(turns.c.talk == kept.id, turns.c.key.in_(kept.gone)))
            if added:
                db.execute(insert(db, turns).on_conflict_do_nothing(), added)
            self._sweep(db, now)

    def newer(self, name: str, version: int) -> Talk | None:
        """The talk of that id where it is kept in a later version than that one. Raises StoreError."""
        alive = talks.c.touched >= self._clock() - self._seconds
        wanted = select(talks).where(talks.c.id == name, talks.c.version > version, alive)
        with self._book.read() as db:
            return next(iter(self._read(db, db.execute(wanted).all())), None)

    def all(self) -> list[Talk]:
        """Every talk that is kept, the longest unused first. Raises StoreError."""
        alive = talks.c.touched >= self._clock() - self._seconds
        with self._book.read() as db:
            rows = db.execute(select(talks).where(alive).order_by(talks.c.touched, talks.c.id))
            return self._read(db, rows.all())

    def _read(self, db: Connection, rows: Sequence[Row[Any]]) -> list[Talk]:
        found = []
        for row in rows:
            of_it = select(turns).where(turns.c.talk == row.id).order_by(turns.c.place)
            try:
                told = [_turn(one.key, one.said, one.answer) for one in db.execute(of_it)]
            except (ValueError, KeyError, TypeError, zlib.error):
                continue  # another version of the program wrote it
            found.append(Talk(row.id, told, row.made, row.unseen, row.version))
        return found

    def _sweep(self, db: Connection, now: float) -> None:
        if now - self._swept < _SWEPT_EVERY:
            return
        self._swept = now
        dead = select(talks.c.id).where(talks.c.touched < now - self._seconds)
        db.execute(delete(turns).where(turns.c.talk.in_(dead)))
        db.execute(delete(talks).where(talks.c.touched < now - self._seconds))


def _row(talk: str, turn: Turn) -> dict[str, object]:
    said = json.dumps([mask(turn.said.question), list(turn.said.dropped)], ensure_ascii=False)
    answer = packed(turn.answer)
    return {"talk": talk, "key": turn.key, "place": int(turn.key), "said": said, "answer": answer}


def _turn(key: str, said: str, answer: bytes) -> Turn:
    question, dropped = json.loads(said)
    return Turn(key, Said(question, tuple(dropped)), unpacked(bytes(answer)))
