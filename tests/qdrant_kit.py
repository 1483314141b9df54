"""Engines in Qdrant for tests: the client's local mode, the engine in process, a server where
``QDRANT_URL`` names one; and a backend that counts its trips or fails at a write."""

from __future__ import annotations

import os
import secrets
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from index.qdrant import QdrantEngine
from index.qdrant.opening import Address, connect

WAYS = ("local", "edge", *(("server",) if os.environ.get("QDRANT_URL") else ()))


@contextmanager
def opened(way: str, folder: Path, *, grace: float = 0) -> Iterator[QdrantEngine]:
    """An empty engine, gone at the end."""
    where = {"local": "+local://", "edge": f"://{folder}/qdrant", "server": "://"}[way]
    name = f"test{secrets.token_hex(4)}"
    at = Address.read(f"qdrant{where}?grace={grace}&name={name}")
    backend = Watched(connect(at))
    engine = QdrantEngine(backend, at)
    engine.watched = backend  # type: ignore[attr-defined]
    try:
        yield engine
    finally:
        if way == "server":
            for collection in backend.collections():
                if collection.startswith(f"{name}_"):
                    backend.drop(collection)
        engine.close()


class Killed(BaseException):
    """Stands for the end of the process."""


class Watched:
    """A ``Backend`` over another. ``trips`` counts calls by name, ``written`` points by kind of
    collection; ``kill_at``: the write, counted from 0, at which the process ends."""

    def __init__(self, backend: Any) -> None:
        self._backend = backend
        self.trips: Counter[str] = Counter()
        self.written: Counter[str] = Counter()
        self.kill_at: int | None = None
        self.writes = 0

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._backend, name)

        def call(*arguments: Any, **options: Any) -> Any:
            self.trips[name] += 1
            if name in ("upsert", "set_payload", "delete", "swap", "create", "drop"):
                if self.writes == self.kill_at:
                    raise Killed(name)
                self.writes += 1
            if name == "upsert":
                self.written[arguments[0].rpartition("_")[2]] += len(arguments[1])
            return method(*arguments, **options)

        return call


def everything(engine: QdrantEngine) -> str:
    """Every payload of every collection: what a removal has to leave no trace in."""
    backend = engine.watched  # type: ignore[attr-defined]
    found = [
        repr(dict(point.payload))
        for collection in sorted(backend.collections())
        for point in backend.scroll(collection, ())
    ]
    return "\n".join(found)
