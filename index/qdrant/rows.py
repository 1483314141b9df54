"""Articles and laws as they were stored, each parsed once and kept.

A point never changes what it says, so what was read stays right in every generation that sees it.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence

from corpus.errors import StoreError
from index.qdrant.backend import Backend, Got
from index.table import Row

KEPT = 20_000
"""Rows kept at most, some 6 kB each."""


class Rows:
    """The rows of one collection, by the ids of their points. Safe for threads."""

    def __init__(self, backend: Backend, collection: str) -> None:
        self._backend = backend
        self._collection = collection
        self._lock = threading.Lock()
        self._kept: OrderedDict[int, Row] = OrderedDict()

    def get(self, ids: Iterable[int]) -> dict[int, Row]:
        """Those that exist; one trip where any of them is not kept."""
        wanted = dict.fromkeys(ids)
        with self._lock:
            found = {i: self._kept[i] for i in wanted if i in self._kept}
            for i in found:
                self._kept.move_to_end(i)
        missing = [i for i in wanted if i not in found]
        if missing:
            found |= self.take(self._backend.read(self._collection, missing, ("line",)))
        return found

    def take(self, points: Sequence[Got]) -> dict[int, Row]:
        """Parse points that were read with their ``line``. Two threads get one and the same object."""
        parsed = {p.id: self._parsed(p) for p in points}
        with self._lock:
            for i, row in parsed.items():
                parsed[i] = self._kept.setdefault(i, row)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return parsed

    def _parsed(self, point: Got) -> Row:
        known = self._kept.get(point.id)
        if known is not None:
            return known
        try:
            return Row.from_line(point.payload["line"])
        except (KeyError, TypeError, ValueError):
            raise StoreError(
                f"集合 {self._collection} 中的一篇文章无法解析：请用 --rebuild 重建知识库。"
            ) from None
