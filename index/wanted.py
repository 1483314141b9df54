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
from index.rows import Matrix, Rows, Run


@dataclass(frozen=True, slots=True)
class Wanted:
    """Vectors to be had: ``keys`` (n, 16) of all rows; ``origin`` (n,) the row before that holds
    the vector, -1 where none does; the texts of the latter in ``missing``, by key."""

    keys: NDArray[np.uint8]
    origin: NDArray[np.int64]
    missing: dict[bytes, str]

    def rows(
        self, run: Run, made: Mapping[bytes, Matrix], dimension: int, before: Rows | None
    ) -> Matrix:
        """(n, dim) float32 of the rows of a run: known ones and made ones, each at its place."""
        origin = self.origin[slice(*run)]
        found = np.empty((len(origin), dimension), np.float32)
        known = origin >= 0
        if before is not None and known.any():
            found[known] = before.take(origin[known])
        for row in np.flatnonzero(~known).tolist():
            found[row] = made[self.keys[run[0] + row].tobytes()]
        return found


def run_of(origin: NDArray[np.int64], run: Run) -> Run | None:
    """The rows before that these are, where they are a run too; None where they are not."""
    own = origin[slice(*run)]
    if not len(own) or own[0] < 0 or (np.diff(own) != 1).any():
        return None
    return int(own[0]), int(own[-1]) + 1


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
        # few are fresh: only rows whose first half is one of theirs are looked at whole
        near = np.isin(_halves(before), _halves(fresh)).nonzero()[0]
        by_key = dict(zip(texts.each(before[near]), near.tolist(), strict=True))
    missing: dict[bytes, str] = {}
    for (row, text), key in zip(texts_of.items(), fresh, strict=True):
        keys[row] = key
        origin[row] = by_key.get(key.tobytes(), -1)
        if origin[row] < 0:
            missing[key.tobytes()] = text
    return Wanted(keys, origin, missing)


def _halves(keys: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """(n,) the first eight bytes of each key."""
    return np.ascontiguousarray(keys[:, :8]).view(np.uint64).ravel()
