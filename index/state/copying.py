"""A book in PostgreSQL as an SQLite file, and such a file put back: one form for every backup.

So a backup of the one can be restored into the other, which is also how an installation moves.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Table, func, insert, inspect, select, text

from index.state.books import BOOKS, Book
from index.state.database import Database

_ROWS = 500
"""Read and written at a time; a row of the desk's texts may be 5 MB."""


def save(database: Database, path: Path) -> None:
    """The book at one moment, as a new SQLite file. Raises StoreError."""
    with database.read() as source, _of_file(path, database.book).write() as target:
        _copy(source, target, database.book)


def load(path: Path, database: Database) -> None:
    """Put the file's rows in the place of all that the book holds, as one step. The file is brought
    to today's tables for it. Raises StoreError."""
    with _of_file(path, database.book).read() as source, database.write() as target:
        # row by row nothing may be taken out of the desk's tables, as a whole its owner may
        names = ", ".join(table.name for table in database.book.tables.sorted_tables)
        target.execute(text(f"TRUNCATE {names}"))
        _copy(source, target, database.book)
        for table in database.book.tables.sorted_tables:
            _count_on(target, table)


def holds_rows(database: Database) -> bool:
    """Whether anything is written in the book. Raises StoreError."""
    with database.read() as db:
        firsts = (select(1).select_from(t).limit(1) for t in database.book.tables.sorted_tables)
        return any(db.execute(first).first() for first in firsts)


def book_of(path: Path) -> Book | None:
    """Which book an SQLite file is, by its tables; None for a file of another kind."""
    with _of_file(path, BOOKS[0]).look() as db:
        there = set(inspect(db).get_table_names())
    return next((book for book in BOOKS if there & book.tables.tables.keys()), None)


def _of_file(path: Path, book: Book) -> Database:
    return Database.of_file(path, book, pooled=False)


def _copy(source: Connection, target: Connection, book: Book) -> None:
    for table in book.tables.sorted_tables:
        rows = source.execution_options(yield_per=_ROWS).execute(select(table))
        for part in rows.mappings().partitions():
            target.execute(insert(table), [dict(row) for row in part])


def _count_on(db: Connection, table: Table) -> None:
    """Numbers that the database gives go on after the largest that was put in."""
    (key, *others) = table.primary_key.columns
    if others or key is not table.autoincrement_column:
        return
    last = select(func.coalesce(func.max(key), 0) + 1).scalar_subquery()
    given = func.pg_get_serial_sequence(table.name, key.name)
    db.execute(select(func.setval(given, last, False)))
