"""Bytes of any length in the collection ``state``: cut into points, named by their content."""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Sequence

from corpus.errors import StoreError
from index.qdrant.backend import Backend, Point
from index.qdrant.schema import ALIVE, hashed

PIECE = 2_000_000
"""Bytes a point: a request to a server may have 32 MB."""


def put(backend: Backend, state: str, data: bytes, born: int) -> list[int]:
    """Write ``data`` and return the ids of its points, in order."""
    small = zlib.compress(data, 3)
    ids = []
    for start in range(0, max(len(small), 1), PIECE):
        piece = small[start : start + PIECE]
        # its generation in the name: one that dies with another generation is another point
        ids.append(hashed("blob", born, start, hashlib.sha256(data).hexdigest()))
        text = base64.b64encode(piece).decode("ascii")
        backend.upsert(state, [Point(ids[-1], {}, {"blob": text, "born": born, "died": ALIVE})])
    return ids


def get(backend: Backend, state: str, ids: Sequence[int]) -> bytes:
    """What ``put`` wrote under these ids. Raises ``StoreError`` where a part is missing."""
    found = {got.id: got.payload for got in backend.read(state, ids, ("blob",))}
    try:
        return zlib.decompress(b"".join(base64.b64decode(found[one]["blob"]) for one in ids))
    except (KeyError, ValueError, zlib.error):
        raise StoreError(f"集合 {state} 缺少数据或已损坏：请用 --rebuild 重建知识库。") from None
