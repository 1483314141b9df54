"""For whom and of what place each passage of a folder's generation is, as arrays: the filters of a
search.

Marks lie in the articles' lines; they are gone through once, when a question first names a scheme or
a place.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from corpus.types import NATIONAL, SCHEMES
from index.marks import Marks
from index.types import Filter

KEPT = 64
"""Filters whose passages are remembered: one byte a passage each."""


class Filters:
    """``marks``: those of each passage, in the order of the numbers. Safe for threads."""

    def __init__(self, marks: Iterable[Marks]) -> None:
        places: dict[str, int] = {}
        schemes: list[int] = []
        regions: list[int] = []
        for one in marks:
            schemes.append(_bits(one.schemes))
            regions.append(places.setdefault(one.region, len(places)))
        self.regions = frozenset(places)
        self._places = places
        self._schemes = np.array(schemes, np.uint8)
        self._regions = np.array(regions, np.int32)
        self.passing = lru_cache(maxsize=KEPT)(self._passing)

    def _passing(self, only: Filter) -> NDArray[np.bool_]:
        """(n,) whether each passage is let through: what ``Filter.lets`` says of its marks."""
        found = np.ones(len(self._schemes), np.bool_)
        if only.schemes:
            found &= (self._schemes == 0) | (self._schemes & _bits(only.schemes) > 0)
        if only.region is not None:
            wanted = [self._places.get(place, -1) for place in (NATIONAL, only.region)]
            found &= np.isin(self._regions, wanted)
        return found


def _bits(schemes: Iterable[str]) -> int:
    return sum(1 << SCHEMES.index(scheme) for scheme in set(schemes))
