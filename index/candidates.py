"""The passages that any of the rankings brings up, with what each ranking gave each of them.

Cosine for all; how near the nearest titles and questions of the passage's article are; BM25 over words
and over pairs of characters, each in standard deviations of the passages brought up: what a match is
worth depends on how many match as well, and so it holds for short questions and long ones alike.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.features import FIRST, Row
from index.types import Matches, Pool, order

MOST = 60
"""Passages that each ranking brings at least; half as many articles by their titles."""
_WEIGHTS = np.array(list(FIRST.values()))


@dataclass(frozen=True, slots=True)
class Candidates:
    """``numbers`` (n,) of passages, ascending; ``given`` (n, 5) in the order of ``FIRST``."""

    numbers: NDArray[np.int64]
    given: NDArray[np.float64]

    def best(self, most: int) -> dict[int, Row]:
        """The first by the weighted sum of the rankings, which is their ``score``, in ``order``."""
        scores = self.given @ _WEIGHTS
        first = order(self.numbers, scores)[:most]
        chosen = zip(
            self.numbers[first].tolist(),
            self.given[first].tolist(),
            scores[first].tolist(),
            strict=True,
        )
        return {
            n: dict(zip((*FIRST, "score"), (*row, score), strict=True)) for n, row, score in chosen
        }


def gather(pool: Pool, matches: Matches) -> Candidates:
    """Put side by side what each ranking gave the passages of a pool."""
    given = np.zeros((len(pool.numbers), len(FIRST)))
    if not len(pool.numbers):
        return Candidates(pool.numbers, given)
    given[:, 0] = pool.cosines
    given[:, 1:3] = pool.asked
    for column, ranking in enumerate((matches.words, matches.pairs), 3):
        given[np.searchsorted(pool.numbers, ranking.numbers), column] = ranking.scores
    given[:, 2] = _centred(given[:, 2])
    given[:, 3:] = _standardised(given[:, 3:])
    return Candidates(pool.numbers, given)


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
