"""Linear models over hashed runs of characters in the fields of a text: where a procedure is done, what a time is of."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.line_roles import grams

BUCKETS = 1 << 12
"""Different runs that are told apart, of any length."""

Floats = NDArray[np.float32]
Weights = tuple[Floats, Floats]
"""(fields, ``BUCKETS``, labels) and (labels,)."""


def buckets(read: str) -> NDArray[np.int64]:
    """The runs of a field."""
    return grams(read).ravel() % BUCKETS if read else np.zeros(0, np.int64)


def odds(weights: Weights, read: Sequence[str]) -> Floats:
    """(labels,) log odds of each, of the fields that are read."""
    each, bias = weights
    found: Floats = bias.copy()
    for field, one in enumerate(read):
        ids = buckets(one)
        if len(ids):
            found += each[field, ids].sum(axis=0) / np.float32(len(ids) ** 0.5)
    return found


@lru_cache(maxsize=8)
def weights_in(path: Path) -> Weights:
    """From a file of 8-bit numbers."""
    with np.load(path) as held:
        each: Floats = held["weights"].astype(np.float32) * held["unit"]
        return each, held["bias"].astype(np.float32)
