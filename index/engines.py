"""Which engine keeps a store: a folder on this machine, or a Qdrant anywhere."""

from __future__ import annotations

from pathlib import Path

from corpus.given import path_given
from index.engine import Engine
from index.folder import Folder
from index.qdrant import QdrantEngine
from index.qdrant.opening import is_address


def engine_at(store: str | Path) -> Engine:
    """The engine that keeps a store: ``store`` names a folder, or is the address of a Qdrant
    (``index.qdrant.opening``). Raises ``InputError`` for what can be neither, ``StoreError`` where a
    Qdrant cannot be used."""
    if is_address(store):
        return QdrantEngine.at(str(store))
    return Folder(path_given(store))


def store_given(store: str | Path) -> str | Path:
    """A store as somebody named it: an address as it is, else the path (``corpus.given``)."""
    return str(store) if is_address(store) else path_given(store)
