"""The passages that any of the rankings brings up, with what each ranking gave each of them.

Cosine for all; BM25 over words and over pairs of characters as shares of the best; and how near the
nearest title or question of the passage's article is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.features import RANKINGS, WEIGHTS, Row
from index.types import Index, Scored, Term

MOST = 60
"""Passages that each ranking brings at least; half as many articles by their titles."""
_WEIGHTS = np.array([WEIGHTS[name] for name in RANKINGS])


@dataclass(frozen=True, slots=True)
class Candidates:
    """``numbers`` (n,) of passages, ascending; ``given`` (n, 4) in the order of ``RANKINGS``."""

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
            n: dict(zip((*RANKINGS, "score"), (*row, score), strict=True))
            for n, row, score in chosen
        }


def gather(
    index: Index,
    vector: NDArray[np.float32],
    words: Sequence[Term],
    bigrams: Sequence[Term],
    *,
    most: int = MOST,
) -> Candidates:
    """Ask every ranking for its best and put them side by side."""
    near = index.nearest(vector, most, "passages")
    matches = [index.matching(terms, most, "passages") for terms in (words, bigrams)]
    titles = index.nearest(vector, MOST // 2, "questions")
    of_titles = [Scored(n, hit.score) for hit in titles for n in index.passages_of(hit.number)]
    rankings = (near, of_titles, *matches)
    numbers = np.unique(np.array([hit.number for ranking in rankings for hit in ranking], np.int64))
    given = np.zeros((len(numbers), len(RANKINGS)))
    given[:, 1] = min((hit.score for hit in titles), default=0.0)
    for column, ranking in enumerate(rankings):
        places = np.searchsorted(numbers, [hit.number for hit in ranking])
        scale = ranking[0].score if column > 1 and ranking else 1.0
        given[places, column] = [hit.score / scale for hit in ranking]
    found = np.zeros(len(numbers), np.bool_)
    found[np.searchsorted(numbers, [hit.number for hit in near])] = True
    given[~found, 0] = index.cosines(vector, numbers[~found].tolist())
    return Candidates(numbers, given)
