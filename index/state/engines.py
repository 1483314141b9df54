"""Engines for SQLite files and for PostgreSQL: how each is connected to, and nothing else."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool, QueuePool

from corpus.errors import InputError
from index.state.books import Book

WRITES = "yibao_writes"
"""The execution option of a transaction that will write: SQLite takes the lock at its beginning, for
a transaction that has read can fail at once where another has written since."""

_CONNECT_SECONDS = 10
"""Longer than any answer waits (``page.aside``): what is written by and by has the time."""
_POOL = 5
"""Connections that one process keeps to PostgreSQL; as many again come and go."""


def of_file(path: Path, book: Book, *, pooled: bool) -> Engine:
    """SQLite with a write-ahead log: readers wait for nobody. What is deleted is overwritten."""
    url = URL.create("sqlite", database=str(path))
    given: dict[str, Any] = {"connect_args": {"timeout": book.seconds}, "poolclass": NullPool}
    if pooled:
        one = {"pool_size": 1, "max_overflow": 0, "pool_timeout": 10 * book.seconds}
        given |= {"poolclass": QueuePool, **one}
    engine = create_engine(url, **given)
    event.listen(engine, "connect", lambda db, _: _set(db, "FULL" if book.durable else "NORMAL"))
    event.listen(engine, "begin", _begin)
    return engine


def of_url(given: str) -> Engine:
    """PostgreSQL at ``postgresql://user:password@host:port/database``. Raises InputError, which
    never names the password."""
    try:
        url = make_url(given)
    except ArgumentError:
        url = URL.create("")
    if url.drivername not in ("postgresql", "postgres", "postgresql+psycopg") or not url.database:
        raise InputError(
            "YIBAO_DATABASE 应为 postgresql://用户:密码@主机:端口/数据库；不设置则用本机的 SQLite 文件。"
        )
    if importlib.util.find_spec("psycopg") is None:
        raise InputError('用 PostgreSQL 要先安装它的驱动：pip install "psycopg[binary]>=3.2"。')
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_size=_POOL,
        max_overflow=_POOL,
        pool_timeout=_CONNECT_SECONDS,
        pool_pre_ping=True,  # the server may have been started anew meanwhile
        connect_args={"connect_timeout": _CONNECT_SECONDS},
    )


def place_of(url: URL) -> str:
    """Where it is, for people: a path, or an address without its password."""
    if url.drivername == "sqlite":
        return url.database or ""
    return URL.create("postgresql", None, None, url.host, url.port, url.database).render_as_string()


def _set(db: Any, synchronous: str) -> None:
    db.isolation_level = None  # transactions begin where ``_begin`` says
    db.execute("PRAGMA journal_mode = WAL")
    db.execute(f"PRAGMA synchronous = {synchronous}")
    db.execute("PRAGMA secure_delete = ON")


def _begin(db: Connection) -> None:
    writes = db.get_execution_options().get(WRITES)
    db.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
