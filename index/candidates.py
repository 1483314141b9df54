"""The passages that any of the rankings brings up, with what each ranking gave each of them.

Cosine for all; BM25 over words and over pairs of characters as shares of the best; and how near the
nearest title or question of the passage's article is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from index.features import FIRST, Row
from index.types import Index, Scored, Term

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
    index: Index,
    vector: NDArray[np.float32],
    words: Sequence[Term],
    bigrams: Sequence[Term],
    *,
    most: int = MOST,
) -> Candidates:
    """Ask every ranking for its best and put them side by side."""
    near = _apart(index.nearest(vector, most, "passages"))
    articles = _apart(index.nearest(vector, MOST // 2, "questions"))
    matches = [_apart(index.matching(terms, most, "passages")) for terms in (words, bigrams)]
    of_titles = _of_articles(index, *articles)
    numbers = np.unique(np.concatenate([near[0], of_titles[0], *(n for n, _ in matches)]))
    given = np.zeros((len(numbers), len(FIRST)))
    given[:, 1] = articles[1].min() if len(articles[1]) else 0.0
    for column, (ranked, scores) in enumerate((near, of_titles, *matches)):
        scale = scores[0] if column > 1 and len(scores) else 1.0
        given[np.searchsorted(numbers, ranked), column] = scores / scale
    others = np.ones(len(numbers), np.bool_)
    others[np.searchsorted(numbers, near[0])] = False
    given[others, 0] = index.cosines(vector, numbers[others].tolist())
    return Candidates(numbers, given)


def _apart(ranking: Sequence[Scored]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Numbers and scores of a ranking, (n,) each."""
    both = np.fromiter(chain.from_iterable(ranking), np.float64, 2 * len(ranking)).reshape(-1, 2)
    return both[:, 0].astype(np.int64), both[:, 1]


def _of_articles(
    index: Index, articles: NDArray[np.int64], scores: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The passages of some articles, each with the score of its article."""
    passages = [index.passages_of(article) for article in articles.tolist()]
    numbers = np.fromiter(chain.from_iterable(passages), np.int64)
    return numbers, np.repeat(scores, [len(p) for p in passages])
