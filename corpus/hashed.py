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

CLOSE, NEAR, FAR = 3, 8, 30
"""Characters that are read before and behind a piece of a text."""

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


def around(text: str, spans: Sequence[tuple[int, int]], n: int, mark: str) -> tuple[str, ...]:
    """What stands around the ``n``-th of some pieces of a text, in six fields; the others are told by a mark."""
    return reach(*beside(text, spans, n, [mark] * len(spans)))


def beside(
    text: str, spans: Sequence[tuple[int, int]], n: int, marks: Sequence[str]
) -> tuple[str, str]:
    """All that stands before and behind the ``n``-th of some pieces of a text, each other piece told by its mark."""
    start, end = spans[n]
    return (
        _marked(text[:start], spans[:n], 0, marks[:n]),
        _marked(text[end:], spans[n + 1 :], end, marks[n + 1 :]),
    )


def reach(before: str, behind: str, edge: str = "|") -> tuple[str, ...]:
    """Six fields of what stands before and behind a piece, near and far; ``edge``: stands for the piece in the nearest."""
    return (
        before[-CLOSE:] + edge,
        before[-NEAR:],
        before[-FAR:],
        edge + behind[:CLOSE],
        behind[:NEAR],
        behind[:FAR],
    )


def _marked(text: str, spans: Sequence[tuple[int, int]], begin: int, marks: Sequence[str]) -> str:
    """A piece of a text that begins at ``begin``, with marks in place of some pieces of it."""
    pieces, at = [], 0
    for (start, end), mark in zip(spans, marks, strict=True):
        pieces += [text[at : start - begin], mark]
        at = end - begin
    return "".join((*pieces, text[at:]))
