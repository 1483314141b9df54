"""The rows of a matrix that lies in several files, one behind the other, each mapped by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]


class Rows:
    """(n, dim) float32 in pieces that are looked up when they are needed.

    ``cuts``: the rows with which the pieces begin, and the end.
    """

    def __init__(
        self, cuts: Sequence[int], pieces: Sequence[Callable[[], Matrix]], dimension: int
    ) -> None:
        if len(pieces) != len(cuts) - 1:
            raise ValueError("the pieces of a matrix do not fit its cuts")
        self.cuts = np.asarray(cuts, np.int64)
        self.dimension = dimension
        self._pieces = pieces

    @classmethod
    def of(cls, matrix: Matrix) -> Rows:
        """A matrix in one piece."""
        return cls([0, len(matrix)], [lambda: matrix], matrix.shape[1])

    def __len__(self) -> int:
        return int(self.cuts[-1])

    def __iter__(self) -> Iterator[tuple[int, Matrix]]:
        """The pieces, each with the number of its first row."""
        for first, end, piece in zip(self.cuts[:-1], self.cuts[1:], self._pieces, strict=True):
            if end > first:
                yield int(first), self._piece(piece, int(end - first))

    def take(self, numbers: Sequence[int] | NDArray[np.int64]) -> Matrix:
        """(len(numbers), dim) a copy of some rows, in their order."""
        wanted = np.asarray(numbers, np.int64)
        found = np.empty((len(wanted), self.dimension), np.float32)
        owner = np.searchsorted(self.cuts, wanted, side="right") - 1
        for piece in np.unique(owner).tolist():
            at = np.flatnonzero(owner == piece)
            first, end = self.cuts[piece : piece + 2].tolist()
            found[at] = self._piece(self._pieces[piece], end - first)[wanted[at] - first]
        return found

    def whole(self) -> Matrix:
        """All rows; a copy where they lie in several pieces."""
        pieces = [piece for _, piece in self]
        if len(pieces) == 1:
            return pieces[0]
        return np.concatenate([np.zeros((0, self.dimension), np.float32), *pieces])

    def _piece(self, piece: Callable[[], Matrix], rows: int) -> Matrix:
        found = piece()
        if found.shape != (rows, self.dimension):
            raise ValueError(f"a piece of {found.shape} rows, expected {rows}")
        return found
