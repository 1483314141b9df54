"""Which vectors a new generation takes over from the one before, and which are to be made.

A vector is known by the model and the text that it was made from, so a renamed file or a moved
passage costs no embedding. Making the missing ones is left to ``index.build``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index import texts
from index.vectors import Matrix, Vectors


@dataclass(frozen=True, slots=True)
class Space:
    """Vectors with what they were made from. ``keys``: (n, 16) uint8, see ``index.texts``."""

    vectors: Vectors
    keys: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Vectors to be had: ``keys`` (n, 16) of all rows; ``origin`` (n,) the row before that holds
    the vector, -1 where none does; the texts of the latter in ``missing``, by key."""

    keys: NDArray[np.uint8]
    origin: NDArray[np.int64]
    missing: dict[bytes, str]

    def vectors(
        self, made: Mapping[bytes, Matrix], dimension: int, before: Space | None
    ) -> Vectors:
        """The index over all rows; the one before where they are the same, and its graph where
        there is one, because a graph over many takes long to build."""
        matrix = self._matrix(made, dimension, before)
        if before is None:
            return Vectors.from_matrix(matrix)
        if np.array_equal(self.keys, before.keys):
            return before.vectors
        return before.vectors.refreshed(matrix, self.origin)

    def _matrix(self, made: Mapping[bytes, Matrix], dimension: int, before: Space | None) -> Matrix:
        """(n, dim) float32: known rows and made ones, each at its place."""
        if before is not None and len(before.keys):
            # -1 takes the first row, which is written over below
            found = np.take(before.vectors.matrix, self.origin, axis=0, mode="clip")
        else:
            found = np.empty((len(self.keys), dimension), np.float32)
        for row in np.flatnonzero(self.origin < 0).tolist():
            found[row] = made[self.keys[row].tobytes()]
        return found


def want(
    model: str,
    kind: str,
    texts_of: Mapping[int, str],
    kept: NDArray[np.int64],
    before: NDArray[np.uint8] | None,
) -> Wanted:
    """What is known already. ``kept``: (n,) row of the same text before, or -1; ``texts_of`` the
    texts of the others by row; ``before``: (rows, 16) the keys of the generation before."""
    keys = np.zeros((len(kept), texts.KEY), np.uint8)
    origin = kept.copy()
    if before is not None:
        keys[kept >= 0] = before[kept[kept >= 0]]
    fresh = texts.keys_of(model, kind, texts_of.values())
    by_key: dict[bytes, int] = {}
    if before is not None and len(fresh):
        by_key = {key: n for n, key in enumerate(texts.each(before))}
    missing: dict[bytes, str] = {}
    for (row, text), key in zip(texts_of.items(), fresh, strict=True):
        keys[row] = key
        origin[row] = by_key.get(key.tobytes(), -1)
        if origin[row] < 0:
            missing[key.tobytes()] = text
    return Wanted(keys, origin, missing)
