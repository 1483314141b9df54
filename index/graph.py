"""An HNSW graph that outlives a refresh: rows that went stay in it as stepping stones.

HNSW knows no removal, and building a graph over 100,000 rows takes half a minute. So each of its
nodes carries the number of the row that it stands for (``faiss.IndexIDMap``), or ``GONE``. A change
numbers the nodes anew and adds nodes for new rows; what was built stays. Of a row that went not
even the vector is kept: its node takes that of a near row that stayed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

_faiss: Any = faiss  # its types are incomplete, and others in each release
Matrix = NDArray[np.float32]
Numbers = NDArray[np.int64]

LINKS = 32
SEARCHED = 128

MOST_GONE = 0.2
"""Share of nodes without a row from which the graph is built anew: each is looked at in vain
(recall@10 is .993 still when half of them are gone)."""

GONE = -1


class Graph:
    """Rows of unit length, numbered from 0, and a graph over them. It is never changed.

    ``index``: the ``faiss.IndexIDMap``; ``vectors``: (nodes, dim) float32, a view of what each node
    lies at; ``node_of``: (n,) the node of each row.
    """

    def __init__(self, index: Any) -> None:
        self.index = index
        self._hnsw = _faiss.downcast_index(index.index)
        self.vectors: Matrix = stored(_faiss.downcast_index(self._hnsw.storage))
        rows = _faiss.vector_to_array(index.id_map)
        nodes = np.flatnonzero(rows != GONE)
        self.node_of: Numbers = nodes[np.argsort(rows[nodes])]
        if not np.array_equal(rows[self.node_of], np.arange(len(nodes))):
            raise ValueError("the nodes of the graph do not stand for one row each")

    @classmethod
    def build(cls, matrix: Matrix) -> Graph:
        """A graph over all rows of a (n, dim) float32."""
        hnsw = _faiss.IndexHNSWFlat(matrix.shape[1], LINKS, _faiss.METRIC_INNER_PRODUCT)
        index = _faiss.IndexIDMap(hnsw)
        with one_thread():
            index.add_with_ids(np.ascontiguousarray(matrix), np.arange(len(matrix)))
        return cls(index)

    def refreshed(self, matrix: Matrix, origin: Numbers) -> Graph:
        """A graph over ``matrix``, whose row n is row ``origin[n]`` of this one, or new (-1)."""
        rows = np.full(len(self.vectors), GONE, np.int64)
        known = np.flatnonzero(origin >= 0)
        # a text that stands twice now may have stood once before: a node stands for one row
        before, first = np.unique(origin[known], return_index=True)
        rows[self.node_of[before]] = known[first]
        fresh = np.setdiff1d(np.arange(len(matrix)), known[first])
        if (rows == GONE).sum() > MOST_GONE * (len(rows) + len(fresh)):
            return Graph.build(matrix)
        index = _faiss.clone_index(self.index)
        _faiss.copy_array_to_vector(rows, index.id_map)
        with one_thread():
            index.add_with_ids(np.ascontiguousarray(matrix[fresh]), fresh)
        found = Graph(index)
        found._forget(np.setdiff1d(self.node_of, self.node_of[before]))
        return found

    def _forget(self, nodes: Numbers) -> None:
        """Put the nodes of rows that went to where the nearest row is: their links lead on."""
        if len(nodes):
            _, near = self.search(self.vectors[nodes], 1)
            # -1, nothing found, would be the last row: any row that stayed serves
            self.vectors[nodes] = self.vectors[self.node_of[near[:, 0]]]

    @classmethod
    def from_bytes(cls, data: bytes | memoryview) -> Graph:
        """Of what ``to_bytes`` gave. Raises ``ValueError`` for anything else."""
        try:
            index = _faiss.deserialize_index(np.frombuffer(data, dtype=np.uint8))
        except RuntimeError as error:
            raise ValueError(f"not a FAISS index: {error}") from error
        if not isinstance(index, faiss.IndexIDMap):
            raise ValueError("not a graph")
        # already of its own class: faiss.downcast_index would give a view that outlives its owner
        return cls(index)

    def to_bytes(self) -> memoryview:
        data: NDArray[np.uint8] = _faiss.serialize_index(self.index)
        return data.data

    def search(self, queries: Matrix, k: int) -> tuple[Matrix, Numbers]:
        """(n, k) inner products and (n, k) rows, -1 where there are no more."""
        live = _faiss.IDSelectorRange(0, len(self.node_of))
        # of its own for each search: FAISS writes into it while it runs
        how = _faiss.SearchParametersHNSW(efSearch=SEARCHED, sel=live)
        with one_thread():
            scores, rows = self.index.search(np.ascontiguousarray(queries), k, params=how)
        return scores, rows


def stored(flat: Any) -> Matrix:
    """(n, dim) view of the rows inside a flat index, without a copy."""
    if not flat.ntotal:
        return np.zeros((0, flat.d), dtype=np.float32)
    matrix: Matrix = _faiss.rev_swig_ptr(flat.get_xb(), flat.ntotal * flat.d)
    return matrix.reshape(flat.ntotal, flat.d)


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
