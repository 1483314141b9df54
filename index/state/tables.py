"""The tables of each book, as queries name them. Days are ISO texts (``2026-11-28``), moments are
seconds since 1970. What is made when a database is opened stands in ``migrations``."""

from __future__ import annotations

from sqlalchemy import Column, Double, Integer, LargeBinary, MetaData, Table, Text

FEEDBACK_BOOK, PAGE_BOOK, DESK_BOOK, LIVE_BOOK = MetaData(), MetaData(), MetaData(), MetaData()


def _text(*names: str) -> list[Column[str]]:
    return [Column(name, Text, nullable=False) for name in names]


def _moment(name: str) -> Column[float]:
    return Column(name, Double, nullable=False)


feedback = Table(
    "feedback",
    FEEDBACK_BOOK,
    Column("id", Integer, primary_key=True),
    *_text("day", "question", "status", "rating", "reason", "comment", "generation"),
)

shares = Table("shares", PAGE_BOOK, Column("token", Text, primary_key=True), *_text("made", "said"))
days = Table(
    "days",
    PAGE_BOOK,
    Column("day", Text, primary_key=True),
    Column("status", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("n", Integer, nullable=False),
)
seen = Table("seen", PAGE_BOOK, Column("day", Text, primary_key=True))

texts = Table(
    "texts",
    DESK_BOOK,
    Column("sha", Text, primary_key=True),
    Column("bytes", LargeBinary, nullable=False),
)
writes = Table(
    "writes",
    DESK_BOOK,
    Column("number", Integer, primary_key=True),
    *_text("at", "who", "what", "place", "note"),
    Column("undoes", Integer, nullable=False),
    *_text("file_before", "file_after", "held_before", "held_after"),
)
drafts = Table(
    "drafts",
    DESK_BOOK,
    Column("number", Integer, primary_key=True),
    *_text("at", "who", "place", "note", "base", "text", "what", "facts"),
)
rulings = Table(
    "rulings",
    DESK_BOOK,
    Column("draft", Integer, primary_key=True, autoincrement=False),
    *_text("at", "who", "verdict", "reason"),
)

secrets = Table(
    "secrets",
    LIVE_BOOK,
    Column("name", Text, primary_key=True),
    Column("value", LargeBinary, nullable=False),
)
buckets = Table(
    "buckets",
    LIVE_BOOK,
    Column("key", Text, primary_key=True),
    Column("tokens", Double, nullable=False),
    _moment("at"),
    _moment("full"),
)
failures = Table(
    "failures",
    LIVE_BOOK,
    Column("key", Text, primary_key=True),
    Column("n", Integer, nullable=False),
    _moment("at"),
)
sessions = Table(
    "sessions",
    LIVE_BOOK,
    Column("token", Text, primary_key=True),
    *_text("name"),
    _moment("until"),
)
talks = Table(
    "talks",
    LIVE_BOOK,
    Column("id", Text, primary_key=True),
    Column("made", Integer, nullable=False),
    Column("unseen", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    _moment("touched"),
)
turns = Table(
    "turns",
    LIVE_BOOK,
    Column("talk", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("place", Integer, nullable=False),
    *_text("said"),
    Column("answer", LargeBinary, nullable=False),
)
