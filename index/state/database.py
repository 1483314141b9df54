"""One book in one database: transactions, and what goes wrong in one sentence."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Insert, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from corpus.errors import StoreError
from index.state.books import Book
from index.state.engines import WRITES, of_file, place_of
from index.state.migrate import upgrade


class Database:
    """Opened at first use, and then brought to today's tables once. Safe for threads; of several
    processes each makes its own, after it was forked.

    ``pooled``: in SQLite one connection is kept and shared by the threads, one after the other
    (opening the file takes 8.7 ms, a write to the open file 0.12 ms); without, each use opens it.
    """

    def __init__(self, engine: Engine, book: Book) -> None:
        self._engine = engine
        self._book = book
        self._ready = False
        in_file = engine.dialect.name == "sqlite"
        self._reads: dict[str, Any] = {} if in_file else {"isolation_level": "REPEATABLE READ"}
        self._opening = threading.Lock()

    @classmethod
    def of_file(cls, path: str | Path, book: Book, *, pooled: bool = True) -> Database:
        """The book in an SQLite file, which is made at first use."""
        engine = of_file(Path(path).expanduser(), book, pooled=pooled)
        return cls(engine, book)

    @property
    def book(self) -> Book:
        return self._book

    @property
    def file(self) -> Path | None:
        """The SQLite file; None where it is in PostgreSQL."""
        name = self._engine.url.database
        return Path(name or "") if self._engine.dialect.name == "sqlite" else None

    @property
    def place(self) -> str:
        """Where it is, for people."""
        return place_of(self._engine.url)

    @property
    def exists(self) -> bool:
        """Whether there can be anything in it."""
        return self.file is None or self.file.exists()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One moment of the book. Raises StoreError where it cannot be read now."""
        with self._told():
            self._open()
            with self._engine.connect().execution_options(**self._reads) as db, db.begin():
                yield db

    @contextmanager
    def look(self) -> Iterator[Connection]:
        """The database as it is, whatever tables it has. Raises StoreError."""
        with self._told(), self._engine.connect() as db, db.begin():
            yield db

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """What is done in the block is done as one, and by one process at a time in SQLite. Raises
        StoreError where it cannot be written now."""
        with self._told():
            self._open()
            with self._writing() as db:
                yield db

    def open(self) -> None:
        """Have the tables there. Raises StoreError."""
        with self._told():
            self._open()

    def close(self) -> None:
        """Close what is open; the next use opens it again."""
        self._engine.dispose()

    def _open(self) -> None:
        with self._opening:
            if self._ready:
                return
            if self.file is not None:
                self.file.parent.mkdir(parents=True, exist_ok=True)
            with self._writing() as db:
                upgrade(db, self._book)
            self._ready = True

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._engine.connect().execution_options(**{WRITES: True}) as db, db.begin():
            yield db

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, OSError) as error:
            raise StoreError(self._sentence(error)) from error

    def _sentence(self, error: Exception) -> str:
        cause = error.orig if isinstance(error, DBAPIError) else error
        said = next(iter(str(cause).splitlines()), "") or type(cause).__name__
        where = f"{self._book.title} {self.place}"
        mend = (
            "数据库是否在运行、地址和权限"
            if self.file is None
            else "是否被其他程序占用、文件权限和磁盘空间"
        )
        return f"{where} 现在无法读写（{said}）：请检查{mend}。"


def insert(db: Connection, table: Table) -> Any:
    """An INSERT that knows ``on_conflict_do_nothing`` and ``on_conflict_do_update``."""
    made: Insert
    made = (sqlite if db.dialect.name == "sqlite" else postgresql).insert(table)
    return made
