"""Nearest vectors by cosine, with FAISS. Vectors are of unit length, rows are numbered from 0.

Up to ``FLAT_LIMIT`` rows the search is exact; above it goes through an HNSW graph
(``index.graph``), built row by row by one thread so that the same rows give the same graph. Bytes
in, bytes out: FAISS opens paths with the C locale, so files are left to ``index.generations``.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from index.graph import Graph, Matrix, one_thread, stored
from index.halves import LOOKED_AT, WORTH_IT, Halves
from index.types import Ranking

__all__ = ["FLAT_LIMIT", "Matrix", "Vectors"]

# Measured at 384 dimensions, one thread: exact search takes 0.4 ms at 10k rows and 1.2 ms at 45k;
# the graph 0.33 ms at 100k with recall@10 .995, for 24 s of building.
FLAT_LIMIT = 50_000
TIES = 8
"""Rows looked at beyond those wanted: FAISS leaves out any of equal ones, we those of higher number."""
MORE = 8
"""Times as many of the nearest rows are looked at where a filter may leave too few."""


class Vectors:
    """A searchable matrix of vectors, (n, dim) float32."""

    def __init__(self, index: Any) -> None:
        self._index = index
        self._graph = Graph(index) if isinstance(index, faiss.IndexIDMap) else None
        self._stored: Matrix = self._graph.vectors if self._graph else stored(index)

    @classmethod
    def from_matrix(cls, matrix: Matrix, *, flat_limit: int | None = None) -> Vectors:
        """Build the index that suits the number of rows: exact up to ``flat_limit``, or
        ``FLAT_LIMIT``."""
        n, dimension = matrix.shape
        if n > (FLAT_LIMIT if flat_limit is None else flat_limit):
            return cls(Graph.build(matrix).index)
        index = faiss.IndexFlatIP(dimension)
        index.add(np.ascontiguousarray(matrix))
        return cls(index)

    def refreshed(
        self, matrix: Matrix, origin: NDArray[np.int64], *, flat_limit: int | None = None
    ) -> Vectors:
        """The index over ``matrix``, whose row n is row ``origin[n]`` of this one, or new (-1). As
        ``from_matrix``, but a graph is kept and changed where it serves."""
        if self._graph is None or len(matrix) <= (FLAT_LIMIT if flat_limit is None else flat_limit):
            return Vectors.from_matrix(matrix, flat_limit=flat_limit)
        return Vectors(self._graph.refreshed(matrix, origin).index)

    @classmethod
    def from_bytes(cls, data: bytes | memoryview) -> Vectors:
        """Of what ``to_bytes`` gave. Raises ``ValueError`` for anything else."""
        try:
            index = faiss.deserialize_index(np.frombuffer(data, dtype=np.uint8))
        except RuntimeError as error:
            raise ValueError(f"not a FAISS index: {error}") from error
        # already of its own class: faiss.downcast_index would give a view that outlives its owner
        return cls(index)

    def to_bytes(self) -> memoryview:
        data: NDArray[np.uint8] = faiss.serialize_index(self._index)
        return data.data

    def __len__(self) -> int:
        return len(self._graph.node_of) if self._graph else len(self._stored)

    @property
    def kind(self) -> str:
        """``flat`` (exact) or ``hnsw``."""
        return "hnsw" if self._graph else "flat"

    @property
    def matrix(self) -> Matrix:
        """(n, dim) float32, all rows; a copy where there is a graph, whose nodes lie otherwise."""
        return self._stored[self._graph.node_of] if self._graph else self._stored

    def nearest(self, vector: Matrix, k: int, passing: NDArray[np.bool_] | None = None) -> Ranking:
        """The ``k`` rows with the greatest inner product and these, in ``index.types.order``, of
        those only that are ``passing`` (n,).

        Fewer where there are fewer: FAISS pads with -1, which is cut off here.
        """
        query = np.asarray(vector, dtype=np.float32).reshape(1, -1)
        if k < 1 or not len(self):
            return Ranking.empty()
        if passing is not None:
            return self._among(query, k, passing)
        scores, rows = self._search(query, min(k + TIES, len(self)))
        there = rows[0] >= 0
        return Ranking.best(rows[0, there], scores[0, there], k)

    def _among(self, query: Matrix, k: int, passing: NDArray[np.bool_]) -> Ranking:
        """As ``nearest``: first the nearest of all, several times as many; where too few of them
        pass, each row that does is looked at."""
        most = min(MORE * k, len(self))
        scores, rows = self._search(query, most)
        passed = (rows[0] >= 0) & passing[rows[0]]
        if most < len(self) and np.count_nonzero(passed) < k + TIES:
            chosen = np.flatnonzero(passing)
            return Ranking.best(chosen, self.cosines(query[0], chosen), k)
        return Ranking.best(rows[0, passed], scores[0, passed], k)

    def _search(self, queries: Matrix, k: int) -> tuple[Matrix, NDArray[np.int64]]:
        if self._graph:
            return self._graph.search(queries, k)
        with one_thread():
            found = None
            if self.halves and LOOKED_AT * k <= len(self):
                found = self.halves.search(queries, k)
            scores, rows = found or self._index.search(np.ascontiguousarray(queries), k)
        return scores, rows

    @cached_property
    def halves(self) -> Halves | None:
        """What makes an exact search of many rows quicker; None where it would not."""
        return None if self._graph or len(self) < WORTH_IT else Halves(self._stored)

    def cosines(self, vector: Matrix, rows: Sequence[int] | NDArray[np.int64] | slice) -> Matrix:
        """(n,) inner products of the given rows with ``vector``."""
        at = rows if isinstance(rows, slice) else np.asarray(rows, dtype=np.int64)
        chosen = self._stored[self._graph.node_of[at] if self._graph else at]
        cosines: Matrix = np.einsum("ij,j->i", chosen, np.asarray(vector, dtype=np.float32))
        return cosines

    def recall(self, *, k: int = 10, samples: int = 100) -> float:
        """Share of the true ``k`` nearest that the search finds, asked with its own rows."""
        if not self._graph or not len(self):
            return 1.0
        matrix = self.matrix
        asked = np.ascontiguousarray(matrix[:: max(1, len(self) // samples)][:samples])
        k = min(k, len(self))
        _, found = self._search(asked, k)
        _, true = faiss.knn(asked, matrix, k, faiss.METRIC_INNER_PRODUCT)
        pairs = zip(found.tolist(), true.tolist(), strict=True)
        return sum(len(set(a) & set(b)) for a, b in pairs) / (k * len(asked))
