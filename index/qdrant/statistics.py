"""In how many passages a term stands: what the question's side of BM25 asks.

One sorted array and, for each refresh since it was written, the difference that the refresh made:
a reader keeps what it has and loads the differences (``index.qdrant.blobs``).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.arrays import pack, unpack


@dataclass(frozen=True, slots=True)
class Counts:
    """``keys`` (t,) uint64, sorted, each once; ``passages`` (t,) int64: in how many passages each
    stands, or how many more (or fewer) that are than before."""

    keys: NDArray[np.uint64]
    passages: NDArray[np.int64]

    @classmethod
    def of(cls, documents: Iterable[NDArray[np.uint64]]) -> Counts:
        """Of the keys of some passages, each key once a passage."""
        keys = [np.zeros(0, np.uint64), *documents]
        each, passages = np.unique(np.concatenate(keys), return_counts=True)
        return cls(each, passages.astype(np.int64))

    @classmethod
    def total(cls, parts: Iterable[tuple[int, Counts]]) -> Counts:
        """The sum of parts, each with its sign; what comes to nothing is left out."""
        signed = list(parts)
        keys = np.concatenate([np.zeros(0, np.uint64), *(part.keys for _, part in signed)])
        numbers = np.concatenate([np.zeros(0, np.int64), *(s * p.passages for s, p in signed)])
        each, back = np.unique(keys, return_inverse=True)
        summed = np.zeros(len(each), np.int64)
        np.add.at(summed, back, numbers)
        return cls(each[summed != 0], summed[summed != 0])

    def to_bytes(self) -> bytes:
        return pack({"keys": self.keys, "passages": self.passages})

    @classmethod
    def from_bytes(cls, data: bytes) -> Counts:
        """Of what ``to_bytes`` gave. Raises ``ValueError`` or ``KeyError``."""
        return cls(**unpack(data))

    def __len__(self) -> int:
        return len(self.keys)


@dataclass(frozen=True, slots=True)
class Statistics:
    """``counts`` of a generation of ``size`` passages."""

    counts: Counts
    size: int

    def idf(self, keys: NDArray[np.uint64]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """(n,) inverse document frequencies of keys, and which of them stand anywhere."""
        known = self.counts.keys
        found = np.zeros(len(keys), np.int64)
        if len(known):
            at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
            found = np.where(known[at] == keys, self.counts.passages[at], 0)
        n = self.size
        # math.log rather than np.log: numpy picks its version by processor
        idf = np.array([math.log(1 + (n - d + 0.5) / (d + 0.5)) for d in found.tolist()])
        return idf, found > 0
