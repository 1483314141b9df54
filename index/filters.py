"""For whom and of what place each passage of a folder's generation is, as arrays: the filters of a
search.

Worked out when passages are indexed, and kept in the index of their room (``index.contents``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from corpus.types import NATIONAL, SCHEMES
from index.marks import Marks
from index.types import Filter

KEPT = 64
"""Filters whose passages are remembered: one byte a passage each."""


class Filters:
    """Of n passages, safe for threads. ``schemes``: (n,) uint8, a bit for each of ``SCHEMES``;
    ``regions``: (n,) int32, which of the ``places`` each is of."""

    def __init__(
        self, schemes: NDArray[np.uint8], regions: NDArray[np.int32], places: Sequence[str]
    ) -> None:
        self.schemes = schemes
        self.regions = regions
        self.places = list(places)
        self.passing = lru_cache(maxsize=KEPT)(self._passing)

    @classmethod
    def of(cls, marks: Iterable[Marks]) -> Filters:
        """Of passages with these marks, in the order of the numbers."""
        each = dict(enumerate(marks))
        return cls.joined(each, np.full(len(each), -1, np.int64))

    @classmethod
    def joined(
        cls, marks: Mapping[int, Marks], kept: NDArray[np.int64], before: Filters | None = None
    ) -> Filters:
        """``kept``: (n,) the number of the same passage in ``before``, -1 for those in ``marks``. The
        places are those that are met, in order: the same whatever became of the passages before."""
        schemes = np.zeros(len(kept), np.uint8)
        regions = np.zeros(len(kept), np.int32)
        codes = {place: n for n, place in enumerate(before.places)} if before is not None else {}
        if before is not None:
            known = kept >= 0
            schemes[known] = before.schemes[kept[known]]
            regions[known] = before.regions[kept[known]]
        for number, one in marks.items():
            schemes[number] = _bits(one.schemes)
            regions[number] = codes.setdefault(one.region, len(codes))
        used, back = np.unique(regions, return_inverse=True)
        names = [list(codes)[code] for code in used.tolist()]
        places = sorted(names)
        order = np.array([places.index(name) for name in names], np.int32)
        return cls(schemes, order[back], places)

    def _passing(self, only: Filter) -> NDArray[np.bool_]:
        """(n,) whether each passage is let through: what ``Filter.lets`` says of its marks."""
        found = np.ones(len(self.schemes), np.bool_)
        if only.schemes:
            found &= (self.schemes == 0) | (self.schemes & _bits(only.schemes) > 0)
        if only.region is not None:
            wanted = [n for n, name in enumerate(self.places) if name in (NATIONAL, only.region)]
            found &= np.isin(self.regions, wanted)
        return found


def _bits(schemes: Iterable[str]) -> int:
    return sum(1 << SCHEMES.index(scheme) for scheme in set(schemes))
