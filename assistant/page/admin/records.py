"""What was written at the admin's desk: who, when, what, and the bytes before and after.

Nothing in it is ever changed or taken out, and the database itself refuses to: a draft that was
approved, a write that was undone are further rows. So nothing is lost that was once written here,
and every write can be undone from its row.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlalchemy import Select, func, insert, select

from index.state.database import Database
from index.state.database import insert as insert_once
from index.state.tables import drafts, rulings, texts, writes


@dataclass(frozen=True, slots=True)
class State:
    """One place at one moment, by the hashes of what was there: its ``file`` on the disk, and what
    the store ``held`` of it; "" where there was nothing."""

    file: str = ""
    held: str = ""


@dataclass(frozen=True, slots=True)
class Write:
    """One write. ``what``: a key of ``desk_words.ACTS``; ``undoes``: the number of another write,
    or 0; ``at``: local time to the second."""

    number: int
    at: str
    who: str
    what: str
    place: str
    note: str
    undoes: int
    before: State
    after: State


@dataclass(frozen=True, slots=True)
class Draft:
    """A change that waits. ``base``: the hash of the file that it was made from, "" for a new one;
    ``text``: of the file as it is to be, "" where it is to go; ``what``: a key of
    ``desk_words.ACTS``; ``facts``: the hash of what is corrected of the file, "" for nothing;
    ``verdict``: "" while it waits, then what ``by`` said of it, when, and why."""

    number: int
    at: str
    who: str
    place: str
    note: str
    base: str
    text: str
    what: str = "edit"
    facts: str = ""
    verdict: str = ""
    by: str = ""
    ruled: str = ""
    reason: str = ""


class Records:
    """The desk's book. Safe for threads and processes."""

    def __init__(self, book: Database) -> None:
        self._book = book

    def keep(self, data: bytes | None) -> str:
        """The hash of some bytes, which are kept; "" for none."""
        if data is None:
            return ""
        sha = sha_of(data)
        with self._book.write() as db:
            db.execute(insert_once(db, texts).values(sha=sha, bytes=data).on_conflict_do_nothing())
        return sha

    def bytes_of(self, sha: str) -> bytes | None:
        """What was kept under a hash; None for "" and for what never was."""
        with self._book.read() as db:
            data = db.execute(select(texts.c.bytes).where(texts.c.sha == sha)).scalar_one_or_none()
        return data if data is None else bytes(data)

    def add(
        self, *, at: str, who: str, what: str, place: str, before: State, after: State,
        note: str = "", undoes: int = 0,
    ) -> int:  # fmt: skip
        """One more write; its number."""
        states = {
            "file_before": before.file, "file_after": after.file,
            "held_before": before.held, "held_after": after.held,
        }  # fmt: skip
        row = insert(writes).values(
            at=at, who=who, what=what, place=place, note=note, undoes=undoes, **states
        )
        with self._book.write() as db:
            return int(db.execute(row.returning(writes.c.number)).scalar_one())

    def writes(self, of: str | None = None) -> list[Write]:
        """All writes, or those of one place, the newest first."""
        wanted = select(writes).order_by(writes.c.number.desc())
        return self._writes(wanted if of is None else wanted.where(writes.c.place == of))

    def write(self, number: int) -> Write | None:
        return next(iter(self._writes(select(writes).where(writes.c.number == number))), None)

    def _writes(self, wanted: Select[tuple[object, ...]]) -> list[Write]:
        with self._book.read() as db:
            rows = db.execute(wanted).all()
        return [
            Write(
                w.number, w.at, w.who, w.what, w.place, w.note, w.undoes,
                State(w.file_before, w.held_before), State(w.file_after, w.held_after),
            )
            for w in rows
        ]  # fmt: skip

    def propose(
        self, *, at: str, who: str, place: str, base: str, text: str, note: str,
        what: str = "edit", facts: str = "",
    ) -> int:  # fmt: skip
        """One more draft; its number. ``text``, ``facts``: the hashes of what was kept."""
        row = insert(drafts).values(
            at=at, who=who, place=place, note=note, base=base, text=text, what=what, facts=facts
        )
        with self._book.write() as db:
            return int(db.execute(row.returning(drafts.c.number)).scalar_one())

    def drafts(self) -> list[Draft]:
        """All drafts, the newest first, with what became of them."""
        said = (rulings.c.verdict, rulings.c.who, rulings.c.at, rulings.c.reason)
        ruled = (func.coalesce(column, "") for column in said)
        joined = drafts.outerjoin(rulings, rulings.c.draft == drafts.c.number)
        wanted = select(drafts, *ruled).select_from(joined).order_by(drafts.c.number.desc())
        with self._book.read() as db:
            return [Draft(*row) for row in db.execute(wanted).all()]

    def draft(self, number: int) -> Draft | None:
        return next((d for d in self.drafts() if d.number == number), None)

    def rule(self, draft: int, *, at: str, who: str, verdict: str, reason: str = "") -> bool:
        """Say what becomes of a draft; False where somebody has said so before."""
        row = {"draft": draft, "at": at, "who": who, "verdict": verdict, "reason": reason}
        with self._book.write() as db:
            done = db.execute(insert_once(db, rulings).values(row).on_conflict_do_nothing())
        return done.rowcount == 1


def sha_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
