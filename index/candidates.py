"""The passages that any of the rankings brings up, with what each ranking gave each of them.

Cosine for all; how near the nearest title or question of the passage's article is; BM25 over words
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
    """``numbers`` (n,) of passages, ascending; ``given`` (n, 4) in the order of ``FIRST``."""

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
    articles = index.nearest(vector, MOST // 2, "questions")
    rankings = (near, _of_articles(index, articles), *matches)
    numbers = np.unique(np.concatenate([ranking.numbers for ranking in rankings]))
    given = np.zeros((len(numbers), len(FIRST)))
    given[:, 1] = articles.scores[-1] if len(articles) else 0.0
    for column, ranking in enumerate(rankings):
        given[np.searchsorted(numbers, ranking.numbers), column] = ranking.scores
    others = np.ones(len(numbers), np.bool_)
    others[np.searchsorted(numbers, near.numbers)] = False
    given[others, 0] = index.cosines(vector, numbers[others].tolist())
    given[:, 2:] = _standardised(given[:, 2:])
    return Candidates(numbers, given)


def _standardised(columns: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each column with mean 0 and deviation 1; one of equal values is all 0."""
    if not len(columns):
        return columns
    apart = columns - columns.sum(axis=0) / len(columns)
    spread = np.sqrt((apart * apart).sum(axis=0) / len(columns))
    scaled: NDArray[np.float64] = apart / np.where(spread > 1e-9, spread, 1.0)
    return scaled


def _of_articles(index: Index, articles: Ranking) -> Ranking:
    """The passages of some articles, each with the score of its article."""
    passages = [index.passages_of(article) for article in articles.numbers.tolist()]
    numbers = np.fromiter(chain.from_iterable(passages), np.int64)
    return Ranking(numbers, np.repeat(articles.scores, [len(p) for p in passages]))
