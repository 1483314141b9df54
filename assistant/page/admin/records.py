"""What was written at the admin's desk: who, when, what, and the bytes before and after.

One SQLite file beside the feedback. Nothing in it is ever changed or taken out, and the file itself
refuses to: a draft that was approved, a write that was undone are further rows. So nothing is lost
that was once written here, and every write can be undone from its row.
"""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import StoreError

_TABLES = """
CREATE TABLE IF NOT EXISTS texts (sha TEXT PRIMARY KEY, bytes BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS writes (
    number INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, who TEXT NOT NULL,
    what TEXT NOT NULL, place TEXT NOT NULL, note TEXT NOT NULL, undoes INTEGER NOT NULL,
    file_before TEXT NOT NULL, file_after TEXT NOT NULL,
    held_before TEXT NOT NULL, held_after TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS drafts (
    number INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, who TEXT NOT NULL,
    place TEXT NOT NULL, note TEXT NOT NULL, base TEXT NOT NULL, text TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS rulings (
    draft INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, verdict TEXT NOT NULL);
"""
_KEPT = "".join(
    f"CREATE TRIGGER IF NOT EXISTS {table}_{act.lower()} BEFORE {act} ON {table} "
    "BEGIN SELECT RAISE(ABORT, 'append-only'); END;\n"
    for table in ("texts", "writes", "drafts", "rulings")
    for act in ("UPDATE", "DELETE")
)
_TIMEOUT = 5.0  # seconds that a lock of another process is waited for


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
    """A text that waits. ``base``: the hash of the text that it was made from, "" for a new article;
    ``verdict``: "" while it waits, then what ``by`` said of it."""

    number: int
    at: str
    who: str
    place: str
    note: str
    base: str
    text: str
    verdict: str = ""
    by: str = ""


class Records:
    """The file, opened at first use and shared by threads under a lock."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._db: sqlite3.Connection | None = None

    def keep(self, data: bytes | None) -> str:
        """The hash of some bytes, which are kept; "" for none."""
        if data is None:
            return ""
        sha = sha_of(data)
        with self._open() as db:
            db.execute("INSERT OR IGNORE INTO texts VALUES (?, ?)", (sha, data))
        return sha

    def bytes_of(self, sha: str) -> bytes | None:
        """What was kept under a hash; None for "" and for what never was."""
        with self._open() as db:
            row = db.execute("SELECT bytes FROM texts WHERE sha = ?", (sha,)).fetchone()
        return bytes(row[0]) if row else None

    def add(
        self, *, at: str, who: str, what: str, place: str, before: State, after: State,
        note: str = "", undoes: int = 0,
    ) -> int:  # fmt: skip
        """One more write; its number."""
        row = (at, who, what, place, note, undoes, before.file, after.file, before.held, after.held)
        with self._open() as db:
            done = db.execute(
                "INSERT INTO writes (at, who, what, place, note, undoes, file_before, file_after,"
                " held_before, held_after) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                row,
            )
        return int(done.lastrowid or 0)

    def writes(self, of: str | None = None) -> list[Write]:
        """All writes, or those of one place, the newest first."""
        with self._open() as db:
            rows = db.execute(
                "SELECT number, at, who, what, place, note, undoes, file_before, held_before,"
                " file_after, held_after FROM writes WHERE ? IS NULL OR place = ?"
                " ORDER BY number DESC",
                (of, of),
            ).fetchall()
        return [
            Write(
                number, at, who, what, place, note, undoes, State(*states[:2]), State(*states[2:])
            )
            for number, at, who, what, place, note, undoes, *states in rows
        ]

    def write(self, number: int) -> Write | None:
        return next((w for w in self.writes() if w.number == number), None)

    def propose(self, *, at: str, who: str, place: str, base: str, text: str, note: str) -> int:
        """One more draft; its number. ``text``: the hash of what was kept."""
        with self._open() as db:
            done = db.execute(
                "INSERT INTO drafts (at, who, place, note, base, text) VALUES (?, ?, ?, ?, ?, ?)",
                (at, who, place, note, base, text),
            )
        return int(done.lastrowid or 0)

    def drafts(self) -> list[Draft]:
        """All drafts, the newest first, with what became of them."""
        with self._open() as db:
            rows = db.execute(
                "SELECT number, d.at, d.who, place, note, base, text, coalesce(verdict, ''),"
                " coalesce(r.who, '') FROM drafts d LEFT JOIN rulings r ON draft = number"
                " ORDER BY number DESC"
            ).fetchall()
        return [Draft(*row) for row in rows]

    def draft(self, number: int) -> Draft | None:
        return next((d for d in self.drafts() if d.number == number), None)

    def rule(self, draft: int, *, at: str, who: str, verdict: str) -> bool:
        """Say what becomes of a draft; False where somebody has said so before."""
        with self._open() as db:
            done = db.execute(
                "INSERT OR IGNORE INTO rulings VALUES (?, ?, ?, ?)", (draft, at, who, verdict)
            )
        return done.rowcount == 1

    def close(self) -> None:
        with self._lock:
            if self._db is not None:
                self._db.close()
            self._db = None

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """The open file, to one thread at a time. Raises StoreError where it cannot be used."""
        with self._lock:
            try:
                if self._db is None:
                    self._db = _opened(self._path)
                with self._db:
                    yield self._db
            except (sqlite3.Error, OSError) as error:
                raise StoreError(
                    f"编辑记录 {self._path} 现在无法读写（{error}）：请检查文件权限和磁盘空间。"
                ) from error


def sha_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _opened(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    db = sqlite3.connect(path, timeout=_TIMEOUT, check_same_thread=False)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.executescript(_TABLES + _KEPT)
    except sqlite3.Error:
        db.close()
        raise
    return db
