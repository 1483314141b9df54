"""The rows of a flat search once more in 16 bits: they say which rows are worth an exact look.

An exact search of ten thousand rows reads 15 MB, more than the caches of a processor hold; this one
reads half of it, and then a few rows exactly. What it gives is what the whole search gives, to the
last digit: where the rounding could have hidden a row, it says so, and all rows are read.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from index.rows import Rows

_faiss: Any = faiss  # its types are incomplete, and others in each release
Matrix = NDArray[np.float32]
Numbers = NDArray[np.int64]

WORTH_IT = 5_000
"""Rows from which two steps are quicker than one: 0.42 against 0.65 ms at 10k (384 dimensions, the
caches full of other things), 1.2 against 2.5 ms at 45k, the same at 4k."""
LOOKED_AT = 2
"""Rows looked at exactly, for each that is wanted. On 1,544 questions over 10k and 45k passages none
had to read all rows."""
ROUNDING = 2.0**-11 + 1e-5
"""How far a cosine in 16 bits may lie from the exact one: each number by a share of 2^-11, and two
sums in float32."""


class Halves:
    """The 16-bit twins of ``rows``, in ``pieces`` that FAISS reads without a copy; see ``packed``.
    ``firsts``: the number of each piece's first row."""

    def __init__(
        self, rows: Rows, firsts: Sequence[int], pieces: Sequence[bytes | memoryview]
    ) -> None:
        self._rows = rows
        self._firsts = list(firsts)
        self._kept = [np.frombuffer(piece, np.uint8) for piece in pieces]
        self._indexes = [_index(piece) for piece in self._kept]
        if sum(index.ntotal for index in self._indexes) != len(rows):
            raise ValueError("the rows and their halves are not of one make")

    def search(self, query: Matrix, k: int) -> tuple[Matrix, Numbers] | None:
        """(1, k) inner products and rows for a query (1, dim) of unit length; None where another
        row might be among them."""
        found = [index.search(query, LOOKED_AT * k) for index in self._indexes]
        rough = np.concatenate([scores[0] for scores, _ in found])
        rows = np.concatenate(
            [n[0] + first for (_, n), first in zip(found, self._firsts, strict=True)]
        )
        rough[np.concatenate([n[0] for _, n in found]) < 0] = -np.inf  # FAISS pads with -1
        best = np.argsort(-rough, kind="stable")[: LOOKED_AT * k]
        chosen = np.sort(rows[best])  # equal rows are then kept as the whole search keeps them
        scores, places = _faiss.knn(query, self._rows.take(chosen), k, _faiss.METRIC_INNER_PRODUCT)
        if scores[0, -1] <= rough[best[-1]] + ROUNDING:
            return None
        return scores, chosen[places]


def packed(matrix: Matrix) -> memoryview:
    """The twins of some rows (n, dim) of unit length, as a file holds them."""
    kind = _faiss.ScalarQuantizer.QT_fp16
    index = _faiss.IndexScalarQuantizer(matrix.shape[1], kind, _faiss.METRIC_INNER_PRODUCT)
    index.add(np.ascontiguousarray(matrix))
    data: NDArray[np.uint8] = _faiss.serialize_index(index)
    return data.data


def _index(data: NDArray[np.uint8]) -> Any:
    """Over bytes that ``packed`` made, without a copy: they must outlive it. Raises ``ValueError``."""
    try:
        return _faiss.read_index(_faiss.ZeroCopyIOReader(_faiss.swig_ptr(data), data.size))
    except RuntimeError as error:
        raise ValueError(f"not a FAISS index: {error}") from error
