"""One refresh at a time: a lock of the operating system, which dies with its process.

Who holds it stands in ``holder.json`` beside it, for the message to the one who must wait; that
file means nothing unless the lock is taken.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from corpus.errors import LockedError

LOCK = "lock"
HOLDER = "holder.json"


@contextmanager
def refreshing(store: Path) -> Iterator[None]:
    """Hold the store's lock. Raises LockedError at once, naming who holds it, when it is taken."""
    lock = FileLock(store / LOCK, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise LockedError(
            f"知识库 {store} 正由另一个刷新占用（{_holder(store)}）：请等它结束后再试。"
        ) from None
    try:
        _write_holder(store)
        yield
    finally:
        lock.release()


def _write_holder(store: Path) -> None:
    now = datetime.now().astimezone().isoformat(timespec="seconds")
    holder = {"pid": os.getpid(), "host": socket.gethostname(), "since": now}
    (store / HOLDER).write_text(json.dumps(holder), encoding="utf-8")


def _holder(store: Path) -> str:
    try:
        holder = json.loads((store / HOLDER).read_text(encoding="utf-8"))
        return f"进程 {holder['pid']}，主机 {holder['host']}，自 {holder['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "进程不明"
