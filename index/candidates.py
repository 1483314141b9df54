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
Columns = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Candidates:
    """``numbers`` (n,) of passages, ascending; ``given`` (n, 5) in the order of ``FIRST``."""

    numbers: NDArray[np.int64]
    given: Columns

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


def gather(pool: Pool, matches: Matches, whole: tuple[Pool, Matches] | None = None) -> Candidates:
    """Put side by side what each ranking gave the passages of a pool. ``whole``: what the same search
    brought without a filter, where there was one: on its scale the scores are put, so that they mean
    the same whoever asks."""
    given = _given(pool, matches)
    return Candidates(pool.numbers, _scaled(given, given if whole is None else _given(*whole)))


def _given(pool: Pool, matches: Matches) -> Columns:
    """(n, 5) as the rankings have them."""
    given = np.zeros((len(pool.numbers), len(FIRST)))
    given[:, 0] = pool.cosines
    given[:, 1:3] = pool.asked
    for column, ranking in enumerate((matches.words, matches.pairs), 3):
        given[np.searchsorted(pool.numbers, ranking.numbers), column] = ranking.scores
    return given


def _scaled(given: Columns, whole: Columns) -> Columns:
    """``asked_near`` less the mean of ``whole``, 0 where there is none: who has one question only is
    neither behind nor ahead. What matched by words with mean 0 and deviation 1 of ``whole``; a column
    of equal values is all 0."""
    if not len(whole):
        return given
    near = whole[:, 2][~np.isnan(whole[:, 2])]
    mean = whole[:, 3:].sum(axis=0) / len(whole)
    apart = whole[:, 3:] - mean
    spread = np.sqrt((apart * apart).sum(axis=0) / len(whole))
    scaled: Columns = given.copy()
    scaled[:, 2] = np.where(
        np.isnan(given[:, 2]), 0.0, given[:, 2] - near.sum() / max(1, len(near))
    )
    scaled[:, 3:] = (given[:, 3:] - mean) / np.where(spread > 1e-9, spread, 1.0)
    return scaled
