"""Brings a book to today's tables: the steps of ``migrations/<book>`` that were not made yet.

Files that were written before there were migrations are taken over by the first step, which makes
only what is not there.
"""

from __future__ import annotations

import threading
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from index.state.books import Book

_FOLDER = Path(__file__).parent / "migrations"
_LOCK = 0x7969_6261_6F
"""PostgreSQL's advisory lock that processes which start at the same time wait for. In SQLite the
transaction itself is the lock."""
_ONE_BY_ONE = threading.Lock()
"""Alembic's ``op`` and ``context`` stand for whatever is being migrated in the process."""


def upgrade(db: Connection, book: Book) -> None:
    """Make the steps that are left, within the transaction of the connection."""
    if db.dialect.name == "postgresql":
        db.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    config = Config()
    for name, value in (
        ("script_location", _FOLDER),
        ("version_locations", _FOLDER / book.name),
        ("path_separator", "newline"),
    ):
        config.set_main_option(name, str(value).replace("%", "%%"))
    config.attributes["connection"] = db
    config.attributes["versions"] = book.versions
    with _ONE_BY_ONE:
        command.upgrade(config, "head")
