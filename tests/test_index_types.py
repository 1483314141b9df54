"""The one order of all backends."""

from __future__ import annotations

import numpy as np

from index.types import Pool, Ranking, Scored, order

NUMBERS = np.array([9, 4, 7, 2])


def test_scores_that_agree_to_six_decimals_stand_by_number() -> None:
    scores = np.array([0.5000001, 0.5000002, 0.5000012, 0.1])
    assert order(NUMBERS, scores).tolist() == [2, 1, 0, 3]
    assert order(NUMBERS, scores.astype(np.float32)).tolist() == [2, 1, 0, 3]


def test_the_best_are_cut_after_they_are_ordered() -> None:
    ranking = Ranking.best(NUMBERS, np.array([0.5, 0.5, 0.5, 0.5]), 2)
    assert list(ranking) == [Scored(2, 0.5), Scored(4, 0.5)]
    assert list(ranking[:1]) == [ranking[0]]
    assert len(Ranking.best(NUMBERS, np.zeros(4), -1)) == len(Ranking.empty()) == 0


def test_numbers_may_be_hashes() -> None:
    numbers = np.array([5, 2**40, 2**62])
    none = Ranking.empty()
    columns = np.zeros(3, np.float32), np.zeros((3, 2), np.float32)
    pool = Pool(numbers, np.array([8, 2**50, 8]), *columns, none, none, none)
    assert pool.articles_of(np.array([2**62, 2**40])).tolist() == [8, 2**50]
