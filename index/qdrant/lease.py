"""One refresh at a time, wherever it runs: a point in ``state`` that names who holds it, and until when.

A process that died on this machine holds nothing; one elsewhere that stopped renewing is waited for
until its time is over.
"""

from __future__ import annotations

import os
import secrets
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from corpus.errors import LockedError
from index.qdrant.backend import Backend, OneOf, Point
from index.qdrant.pointer import Names

SECONDS = 600.0
"""A lease lasts so long unless it is renewed, which a refresh does at every write: the longest that a
block of articles takes to be embedded here is a minute."""
_LEASE = 2


@contextmanager
def refreshing(backend: Backend, names: Names, address: str) -> Iterator[Callable[[], None]]:
    """Hold the lease; what is given renews it. Raises ``LockedError``, naming who holds it, at once
    where it is taken, and from renewing where it was lost."""
    token = secrets.token_hex(8)
    _take(backend, names, address, token)
    renewed = time.monotonic()

    def renew() -> None:
        nonlocal renewed
        if time.monotonic() - renewed > SECONDS / 10:
            _swap(backend, names, token, token)
            if _held(backend, names).get("holder") != token:
                raise _locked(address, _held(backend, names))
            renewed = time.monotonic()

    try:
        yield renew
    finally:
        _swap(backend, names, "", token)


def _take(backend: Backend, names: Names, address: str, token: str) -> None:
    _swap(backend, names, "", "")  # the first of all: a point that may be swapped
    held = _held(backend, names)
    if _over(held):
        _swap(backend, names, token, str(held.get("holder", "")))
        held = _held(backend, names)
    if held.get("holder") != token:
        raise _locked(address, held)


def _swap(backend: Backend, names: Names, token: str, was: str) -> None:
    payload = {
        "holder": token,
        "pid": os.getpid(),
        "host": socket.gethostname(),
        "until": time.time() + SECONDS,
    }
    backend.swap(names.state, Point(_LEASE, {}, payload), OneOf("holder", [was]))


def _held(backend: Backend, names: Names) -> dict[str, Any]:
    found = backend.read(names.state, [_LEASE])
    return dict(found[0].payload) if found else {}


def _over(held: dict[str, Any]) -> bool:
    if not held.get("holder") or held["until"] < time.time():
        return True
    here = os.name == "posix" and held["host"] == socket.gethostname()
    return here and not _lives(int(held["pid"]))


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it is another user's
        return True
    return True


def _locked(address: str, held: dict[str, Any]) -> LockedError:
    until = datetime.fromtimestamp(held.get("until", 0)).astimezone()
    return LockedError(
        f"知识库 {address} 正由另一个刷新占用（进程 {held.get('pid')}，主机 {held.get('host')}）："
        f"请等它结束后再试；如果它已中断，最迟 {until:%H:%M} 后可以重试。"
    )
