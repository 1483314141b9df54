"""The passages that any of the rankings brings up, with what each ranking gave each of them.

Cosine for all; how near the nearest titles and questions of the passage's article are; BM25 over words
and over pairs of characters, each in standard deviations of the passages brought up: what a match is
worth depends on how many match as well, and so it holds for short questions and long ones alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from index.features import FIRST, Row
from index.types import Index, Ranking

MOST = 60
"""Passages that each ranking brings at least; half as many articles by their titles."""
_WEIGHTS = np.array(list(FIRST.values()))


@dataclass(frozen=True, slots=True)
class Candidates:
    """``numbers`` (n,) of passages, ascending; ``given`` (n, 5) in the order of ``FIRST``."""

    numbers: NDArray[np.int64]
    given: NDArray[np.float64]

    def only(self, allowed: NDArray[np.bool_]) -> Candidates:
        """Those that ``allowed`` (n,) lets through."""
        return Candidates(self.numbers[allowed], self.given[allowed])

    def best(self, most: int) -> dict[int, Row]:
        """The first by the weighted sum of the rankings, which is their ``score``; equal ones by
        number."""
        scores = self.given @ _WEIGHTS
        order = np.lexsort((self.numbers, -scores))[:most]
        chosen = zip(
            self.numbers[order].tolist(),
            self.given[order].tolist(),
            scores[order].tolist(),
            strict=True,
        )
        return {
            n: dict(zip((*FIRST, "score"), (*row, score), strict=True)) for n, row, score in chosen
        }


def gather(
    index: Index, vector: NDArray[np.float32], matches: Sequence[Ranking], most: int = MOST
) -> Candidates:
    """Put the rankings side by side: by words and by pairs of characters, as ``matches`` has them,
    and what lies near to the vector."""
    near = index.nearest(vector, most, "passages")
    articles = index.nearest(vector, MOST // 2, "questions").numbers.tolist()
    asked = chain.from_iterable(map(index.passages_of, articles))
    found = (near.numbers, np.fromiter(asked, np.int64), *(r.numbers for r in matches))
    numbers = np.unique(np.concatenate(found))
    given = np.zeros((len(numbers), len(FIRST)))
    if not len(numbers):
        return Candidates(numbers, given)
    given[:, 0] = index.cosines(vector, numbers.tolist())
    given[:, 1:3] = index.asked_like(vector, numbers.tolist())
    for column, ranking in enumerate(matches, 3):
        given[np.searchsorted(numbers, ranking.numbers), column] = ranking.scores
    given[:, 2] = _centred(given[:, 2])
    given[:, 3:] = _standardised(given[:, 3:])
    return Candidates(numbers, given)


def _centred(column: NDArray[np.float64]) -> NDArray[np.float64]:
    """Less its mean; 0 where there is none: who has one question only is neither behind nor ahead."""
    there = ~np.isnan(column)
    centred: NDArray[np.float64] = np.where(
        there, column - column[there].sum() / max(1, there.sum()), 0.0
    )
    return centred


def _standardised(columns: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each column with mean 0 and deviation 1; one of equal values is all 0."""
    apart = columns - columns.sum(axis=0) / len(columns)
    spread = np.sqrt((apart * apart).sum(axis=0) / len(columns))
    scaled: NDArray[np.float64] = apart / np.where(spread > 1e-9, spread, 1.0)
    return scaled
