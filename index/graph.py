"""An HNSW graph over very many rows that outlives refreshes: its links lie in a file that stays.

To link 100,000 rows takes a minute and more, so the links lie in a file that never changes and is read
by nobody who changes an article. They hold no vector: those are the rows' own. A small file beside
it says which row each node stands for now (``Nodes``). A row that went leaves its node as a stepping
stone, put where a neighbour that stayed lies, and nothing of its vector; rows that came since are no
nodes yet and each is looked at. When there are many of these, or many such stones, the links are
written anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from index.arrays import pack, unpack
from index.rows import Matrix, Numbers, Rows

_faiss: Any = faiss  # its types are incomplete, and others in each release

LINKS = 32
LINKED = 100
"""Rows looked at for each that is linked: over 100,000 in 500 clusters recall@10 and @108 are .9997; with 40,
which FAISS begins with, .989 (128 looked at in a search), because whole clusters are not reached, for a third
of the time."""
SEARCHED = 128

MOST_GONE = 0.2
"""Share of nodes without a row from which the graph is built anew: each is looked at in vain
(recall@10 is .993 still when half of them are gone)."""
MOST_BESIDE = 0.02
"""Share of rows that are no nodes, of the nodes, from which they become some."""

GONE = -1
_AT_ONCE = 8192


@dataclass(frozen=True, slots=True)
class Nodes:
    """Which row each node of a graph stands for. ``rows``: (nodes,) int32, ``GONE`` where it went;
    ``count``: of all rows, also those that are no nodes."""

    rows: NDArray[np.int32]
    count: int

    @classmethod
    def of(cls, count: int) -> Nodes:
        """A node for each of so many rows."""
        return cls(np.arange(count, dtype=np.int32), count)

    @classmethod
    def from_bytes(cls, data: bytes | memoryview) -> Nodes:
        """Of what ``to_bytes`` gave. Raises ``ValueError``, ``KeyError`` or ``TypeError``."""
        arrays = unpack(data)
        found = cls(arrays["rows"], int(arrays["count"][0]))
        there = found.rows[found.rows != GONE]
        if len(np.unique(there)) != len(there) or (there < 0).any() or (there >= found.count).any():
            raise ValueError("the nodes of the graph do not stand for one row each")
        return found

    def to_bytes(self) -> bytes:
        return pack({"rows": self.rows, "count": np.array([self.count], np.int64)})

    def moved(self, origin: Numbers) -> Nodes:
        """The same nodes over other rows: row n was row ``origin[n]``, or is new (-1)."""
        known = np.flatnonzero(origin >= 0)
        # a text that stands twice now may have stood once before: a node stands for one row
        before, first = np.unique(origin[known], return_index=True)
        now = np.full(self.count, GONE, np.int32)
        now[before] = known[first]
        return Nodes(np.where(self.rows == GONE, GONE, now[self.rows]), len(origin))

    @property
    def live(self) -> NDArray[np.bool_]:
        """(nodes,) those that stand for a row."""
        live: NDArray[np.bool_] = self.rows != GONE
        return live

    def beside(self) -> Numbers:
        """The rows that are no nodes."""
        known = np.zeros(self.count, np.bool_)
        known[self.rows[self.live]] = True
        return np.flatnonzero(~known)

    @property
    def worn(self) -> bool:
        """Whether too many rows went."""
        return int(np.count_nonzero(~self.live)) > MOST_GONE * len(self.rows)

    @property
    def outgrown(self) -> bool:
        """Whether too many rows came."""
        beside = self.count - int(np.count_nonzero(self.live))
        return beside > MOST_BESIDE * len(self.rows)


class Graph:
    """Some rows of unit length, ``nodes`` that stand for them, and their links. It is never changed;
    safe to search from many threads."""

    def __init__(self, index: Any, nodes: Nodes, rows: Rows) -> None:
        """``index``: the links, with or without the vectors of the nodes."""
        if index.ntotal != len(nodes.rows):
            raise ValueError("the links are not over the nodes")
        self.nodes = nodes
        self._index = index
        self._rows = rows
        self._live: Any = None
        self._vectors: Any = None  # held here: an index from bytes does not own its storage
        if not nodes.live.all():
            self._live = _faiss.IDSelectorBitmap(np.packbits(nodes.live, bitorder="little"))
        if index.storage is None:
            self._vectors = twins(rows, self._places())
            index.storage, index.own_fields = self._vectors, False

    @classmethod
    def build(cls, rows: Rows) -> Graph:
        """A graph over all rows, the same for the same rows."""
        kind = _faiss.ScalarQuantizer.QT_fp16
        index = _faiss.IndexHNSWSQ(rows.dimension, kind, LINKS, _faiss.METRIC_INNER_PRODUCT)
        index.hnsw.efConstruction = LINKED
        with one_thread():
            index.add(np.ascontiguousarray(rows.whole()))
        return cls(index, Nodes.of(len(rows)), rows)

    @classmethod
    def from_bytes(cls, links: bytes | memoryview, nodes: Nodes, rows: Rows) -> Graph:
        """Of what ``to_bytes`` gave. Raises ``ValueError`` for anything else, and where the nodes
        or the rows belong to another."""
        try:
            index = _faiss.deserialize_index(np.frombuffer(links, dtype=np.uint8))
        except RuntimeError as error:
            raise ValueError(f"not a FAISS index: {error}") from error
        if not isinstance(index, faiss.IndexHNSWSQ):
            raise ValueError("not a graph")
        if nodes.count != len(rows):
            raise ValueError("the graph is not over the rows")
        # already of its own class: faiss.downcast_index would give a view that outlives its owner
        return cls(index, nodes, rows)

    def to_bytes(self) -> memoryview:
        """The links alone."""
        data: NDArray[np.uint8] = _faiss.serialize_index(self._index, _faiss.IO_FLAG_SKIP_STORAGE)
        return data.data

    def grown(self) -> Graph:
        """One in which the rows beside this one are nodes too."""
        beside = self.nodes.beside()
        index = _faiss.deserialize_index(np.frombuffer(self.to_bytes(), dtype=np.uint8))
        vectors = twins(self._rows, self._places())
        index.storage, index.own_fields = vectors, False
        with one_thread():
            index.add(np.ascontiguousarray(self._rows.take(beside)))
        nodes = Nodes(np.concatenate([self.nodes.rows, beside.astype(np.int32)]), self.nodes.count)
        found = Graph(index, nodes, self._rows)
        found._vectors = vectors
        return found

    def near(self, query: Matrix, k: int) -> Numbers:
        """The rows that are worth an exact look, in ascending order: the ``k`` that the links lead a
        query (1, dim) to, and as many of those beside."""
        # of its own for each search: FAISS writes into it while it runs
        how = _faiss.SearchParametersHNSW(efSearch=SEARCHED, sel=self._live)
        _, nodes = self._index.search(query, k, params=how)
        rows = self.nodes.rows[nodes[0][nodes[0] >= 0]].astype(np.int64)
        if self._beside is not None:
            numbers, index = self._beside
            _, at = index.search(query, min(k, len(numbers)))
            rows = np.concatenate([rows, numbers[at[0]]])
        return np.sort(rows)

    @cached_property
    def _beside(self) -> tuple[Numbers, Any] | None:
        numbers = self.nodes.beside()
        return (numbers, twins(self._rows, numbers)) if len(numbers) else None

    def _places(self) -> Numbers:
        """(nodes,) the row where each lies: its own, or that of the first neighbour that has one; any
        where all about it went, too."""
        places = self.nodes.rows.astype(np.int64)
        gone = np.flatnonzero(~self.nodes.live)
        if len(gone):
            hnsw = self._index.hnsw
            links = _faiss.vector_to_array(hnsw.neighbors)
            firsts = _faiss.vector_to_array(hnsw.offsets)[:-1].astype(np.int64)
            about = links[firsts[gone][:, None] + np.arange(hnsw.nb_neighbors(0))]
            there = (about >= 0) & self.nodes.live[about]
            first = about[np.arange(len(gone)), there.argmax(axis=1)]
            any_row = places[np.argmax(self.nodes.live)]
            places[gone] = np.where(there.any(axis=1), places[first], any_row)
        return places


def twins(rows: Rows, numbers: Numbers) -> Any:
    """An index over some rows, in 16 bits and in their order."""
    kind = _faiss.ScalarQuantizer.QT_fp16
    index = _faiss.IndexScalarQuantizer(rows.dimension, kind, _faiss.METRIC_INNER_PRODUCT)
    for start in range(0, len(numbers), _AT_ONCE):
        index.add(np.ascontiguousarray(rows.take(numbers[start : start + _AT_ONCE])))
    return index


@contextmanager
def one_thread() -> Iterator[None]:
    """Two threads would add rows to the graph in an order that changes from run to run, and take
    three times as long as one for a single question (2.0 against 0.7 ms at 10k rows)."""
    before = _faiss.omp_get_max_threads()
    _faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        _faiss.omp_set_num_threads(before)
