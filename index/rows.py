"""The rows of a matrix that lies in several files, one behind the other.

A small matrix is read whole at its first use and kept: each search looks through all of it. Of a larger
one those rows are read that are asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.arrays import Place
from index.blocks import Block

Matrix = NDArray[np.float32]
Numbers = NDArray[np.int64]
Run = tuple[int, int]
"""The first of some rows that follow each other, and the end."""

HELD = 12_000
"""Rows of a matrix that is kept in memory: 18 MB at 384 dimensions. The ways to ask for our articles are
7,000: read from the disk they cost each question 15 ms of a processor."""


class Piece(Protocol):
    """Some rows of a matrix, (n, dim) float32."""

    def shape(self) -> tuple[int, ...]: ...

    def read(self, runs: Sequence[Run]) -> list[Matrix]:
        """Those of each run."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A matrix of a file that ``index.arrays.pack`` made, by its name. Reading raises StoreError, or
    ``KeyError`` where it is not there."""

    block: Block
    name: str

    def shape(self) -> tuple[int, ...]:
        return self._place.shape

    def read(self, runs: Sequence[Run]) -> list[Matrix]:
        place = self._place
        row = place.shape[1] * place.dtype.itemsize
        spans = [(place.first + first * row, place.first + end * row) for first, end in runs]
        found = self.block.several(spans)
        return [np.frombuffer(one, place.dtype).reshape(-1, place.shape[1]) for one in found]

    @property
    def _place(self) -> Place:
        return self.block.places[self.name]


@dataclass(frozen=True, slots=True)
class Held:
    """A matrix in memory."""

    matrix: Matrix

    def shape(self) -> tuple[int, ...]:
        return self.matrix.shape

    def read(self, runs: Sequence[Run]) -> list[Matrix]:
        return [self.matrix[first:end] for first, end in runs]


class Rows:
    """(n, dim) float32 in pieces. Safe to read from many threads.

    ``cuts``: the rows with which the pieces begin, and the end.
    """

    def __init__(self, cuts: Sequence[int], pieces: Sequence[Piece], dimension: int) -> None:
        if len(pieces) != len(cuts) - 1:
            raise ValueError("the pieces of a matrix do not fit its cuts")
        self.cuts = np.asarray(cuts, np.int64)
        self.dimension = dimension
        self._pieces = pieces

    @classmethod
    def of(cls, matrix: Matrix) -> Rows:
        """A matrix in one piece."""
        return cls([0, len(matrix)], [Held(matrix)], matrix.shape[1])

    def __len__(self) -> int:
        return int(self.cuts[-1])

    def __iter__(self) -> Iterator[tuple[int, Matrix]]:
        """The pieces, each with the number of its first row; one where all is kept."""
        if self._held is not None:
            yield 0, self._held
        else:
            yield from self._read_all()

    def take(self, numbers: Sequence[int] | Numbers) -> Matrix:
        """(len(numbers), dim) a copy of some rows, in their order."""
        wanted = np.asarray(numbers, np.int64)
        if self._held is not None:
            return self._held[wanted]
        each, back = np.unique(wanted, return_inverse=True)
        found = np.empty((len(each), self.dimension), np.float32)
        owners = np.searchsorted(self.cuts, each, side="right") - 1
        for number in np.unique(owners).tolist():
            begin, end = np.searchsorted(owners, [number, number + 1]).tolist()
            own = each[begin:end] - self.cuts[number]
            found[begin:end] = np.concatenate(self._piece(number).read(_runs(own)))
        return found[back]

    def whole(self) -> Matrix:
        """All rows; a copy where they are not kept."""
        return self._held if self._held is not None else self._joined()

    @cached_property
    def _held(self) -> Matrix | None:
        return self._joined() if len(self) <= HELD else None

    def _joined(self) -> Matrix:
        pieces = [piece for _, piece in self._read_all()]
        if len(pieces) == 1:
            return pieces[0]
        return np.concatenate([np.zeros((0, self.dimension), np.float32), *pieces])

    def _read_all(self) -> Iterator[tuple[int, Matrix]]:
        for number, first in enumerate(self.cuts[:-1].tolist()):
            rows = int(self.cuts[number + 1]) - first
            if rows:
                yield first, self._piece(number).read([(0, rows)])[0]

    def _piece(self, number: int) -> Piece:
        """Raises ``ValueError`` where it is not of the size that was named."""
        piece, rows = self._pieces[number], int(self.cuts[number + 1] - self.cuts[number])
        if piece.shape() != (rows, self.dimension):
            raise ValueError(f"a piece of {piece.shape()} rows, expected {rows}")
        return piece


def _runs(rows: Numbers) -> list[Run]:
    """Rows in ascending order as runs of such that follow each other."""
    breaks = np.flatnonzero(np.diff(rows) != 1) + 1
    firsts = np.append(0, breaks)
    ends = np.append(breaks, len(rows))
    return list(zip(rows[firsts].tolist(), (rows[ends - 1] + 1).tolist(), strict=True))
