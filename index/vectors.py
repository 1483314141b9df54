"""Nearest vectors by cosine, with FAISS. Vectors are of unit length, rows are numbered from 0.

Up to ``FLAT_LIMIT`` rows the search is exact, in two steps where there are many (``index.halves``);
above, an HNSW graph (``index.graph``) says which rows are worth an exact look, built row by row by one
thread so that the same rows give the same graph. The rows themselves are left to ``index.rows``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

import faiss
import numpy as np
from numpy.typing import NDArray

from index.graph import Graph, one_thread
from index.halves import LOOKED_AT, Halves
from index.rows import Matrix, Rows
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
    """A searchable matrix of vectors, (n, dim) float32. Safe to search from many threads.

    ``halves``: makes what speeds up an exact search of many rows; ``graph``: the search of very
    many. Both are made, or read, at the first search.
    """

    def __init__(
        self,
        rows: Rows,
        *,
        halves: Callable[[], Halves] | None = None,
        graph: Callable[[], Graph] | None = None,
    ) -> None:
        self.rows = rows
        self._halves_of = halves
        self._graph_of = graph

    @classmethod
    def from_matrix(cls, matrix: Matrix) -> Vectors:
        """Searched exactly."""
        return cls(Rows.of(matrix))

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def kind(self) -> str:
        """``flat`` (exact) or ``hnsw``."""
        return "hnsw" if self._graph_of else "flat"

    @cached_property
    def halves(self) -> Halves | None:
        return self._halves_of() if self._halves_of else None

    @cached_property
    def graph(self) -> Graph | None:
        """Raises ``ValueError`` where it is not over these rows."""
        return self._graph_of() if self._graph_of else None

    @property
    def matrix(self) -> Matrix:
        """(n, dim) float32, all rows."""
        return self.rows.whole()

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

    def _search(self, query: Matrix, k: int) -> tuple[Matrix, NDArray[np.int64]]:
        """(1, k) each, or fewer where a graph finds fewer."""
        asked = np.ascontiguousarray(query)
        with one_thread():
            if self.graph:
                return self._looked_at(asked, self.graph.near(asked, k), k)
            found = (
                self.halves.search(asked, k) if self.halves and LOOKED_AT * k <= len(self) else None
            )
            return found or self._exactly(asked, k)

    def _looked_at(
        self, query: Matrix, rows: NDArray[np.int64], k: int
    ) -> tuple[Matrix, NDArray[np.int64]]:
        """The best of some rows in ascending order, to the last digit as ``_exactly`` has them."""
        most = min(k, len(rows))
        scores, at = faiss.knn(query, self.rows.take(rows), most, faiss.METRIC_INNER_PRODUCT)
        return scores, rows[at]

    def _exactly(self, query: Matrix, k: int) -> tuple[Matrix, NDArray[np.int64]]:
        """Looking at every row, piece by piece; equal ones by number, also at the cut."""
        scores, rows = [], []
        for first, piece in self.rows:
            most = min(k, len(piece))
            found, at = faiss.knn(query, piece, most, faiss.METRIC_INNER_PRODUCT)
            scores.append(found[0])
            rows.append(at[0] + first)
        all_scores, all_rows = np.concatenate(scores), np.concatenate(rows)
        best = np.lexsort((all_rows, -all_scores))[:k]
        return all_scores[best][None, :], all_rows[best][None, :]

    def cosines(
        self, vector: Matrix, rows: Sequence[int] | NDArray[np.int64] | None = None
    ) -> Matrix:
        """(n,) inner products of the given rows, or of all, with ``vector``."""
        chosen = self.matrix if rows is None else self.rows.take(rows)
        cosines: Matrix = np.einsum("ij,j->i", chosen, np.asarray(vector, dtype=np.float32))
        return cosines

    def recall(self, *, k: int = 10, samples: int = 100) -> float:
        """Share of the true ``k`` nearest that the search finds, asked with its own rows."""
        if not self.graph or not len(self):
            return 1.0
        matrix, k = self.matrix, min(k, len(self))
        asked = np.ascontiguousarray(matrix[:: max(1, len(self) // samples)][:samples])
        _, true = faiss.knn(asked, matrix, k, faiss.METRIC_INNER_PRODUCT)
        found = (self._search(query[None, :], k)[1][0] for query in asked)
        same = (len(np.intersect1d(a, b)) for a, b in zip(found, true, strict=True))
        return sum(same) / (k * len(asked))
