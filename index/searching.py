"""One search over a folder's generation: what a vector brings up, and how near each of it lies."""

from __future__ import annotations

from itertools import chain

import numpy as np
from numpy.typing import NDArray

from index.contents import Half
from index.types import NEAREST_QUESTIONS, Pool, Probe, Ranking

Vector = NDArray[np.float32]
Numbers = NDArray[np.int64]


def pool(articles: Half, laws: Half, probe: Probe, passing: NDArray[np.bool_] | None) -> Pool:
    """The candidates of a probe. ``passing``: (n,) the passages that may be found, None for all."""
    table, vector = articles.table, probe.vector
    near = articles.vectors.nearest(vector, probe.k, passing)
    questions = _questions(articles, vector, probe.articles_k, passing)
    asked = np.fromiter(
        chain.from_iterable(map(table.passages_of, questions.numbers.tolist())), np.int64
    )
    numbers = np.unique(np.concatenate([near.numbers, asked, probe.matched]))
    if passing is not None:
        numbers = numbers[passing[numbers]]
    owners = table.articles_of(numbers)
    return Pool(
        numbers,
        owners,
        articles.vectors.cosines(vector, numbers),
        _asked_like(articles, vector, owners),
        near,
        questions,
        _statutes(laws, vector, probe.statutes_k),
    )


def _asked_like(half: Half, vector: Vector, owners: Numbers) -> NDArray[np.float32]:
    """(n, 2) how near the ways to ask for some articles come, see ``Pool.asked``: all rows at once."""
    each, back = np.unique(owners, return_inverse=True)
    firsts, ends = half.table.asked_spans(each)
    sizes = ends - firsts
    begins = np.cumsum(sizes) - sizes
    rows = np.arange(sizes.sum()) + np.repeat(firsts - begins, sizes)
    cosines = half.asked.cosines(vector, rows)
    ordered = cosines[np.lexsort((-cosines, np.repeat(np.arange(len(each)), sizes)))]
    several = sizes >= NEAREST_QUESTIONS
    found = np.full((len(each), 2), np.nan, np.float32)
    found[:, 0] = ordered[begins]
    found[several, 1] = ordered[begins[several, None] + np.arange(NEAREST_QUESTIONS)].mean(axis=1)
    return found[back]


def _questions(half: Half, vector: Vector, k: int, passing: NDArray[np.bool_] | None) -> Ranking:
    """The ``k`` articles with the nearest title or question; each counts once, by its best."""
    owners = half.table.question_owners()
    open_rows = None
    if passing is not None:
        let = np.zeros(len(half.table), np.bool_)
        let[half.table.articles_of(np.flatnonzero(passing))] = True
        open_rows = let[owners]
    wanted = 2 * k * -(-len(owners) // max(1, len(half.table)))
    while True:
        rows = half.asked.nearest(vector, wanted, open_rows)
        found = _each_once(owners[rows.numbers], rows.scores, k)
        if len(found) >= k or len(rows) < wanted or wanted >= len(owners):
            return found
        wanted *= 4


def _each_once(numbers: Numbers, scores: NDArray[np.floating], k: int) -> Ranking:
    """The ``k`` best; each number by the best of its scores."""
    each, back = np.unique(numbers, return_inverse=True)
    best = np.full(len(each), -np.inf, scores.dtype)
    np.maximum.at(best, back, scores)
    return Ranking.best(each, best, k)


def _statutes(half: Half, vector: Vector, k: int) -> Ranking:
    """The ``k`` nearest, by text or by the best question: there are few, and looking at each is
    quicker than two searches."""
    if k < 1:
        return Ranking.empty()
    cosines = half.vectors.cosines(vector)
    np.maximum.at(
        cosines,
        half.table.starts(0)[half.table.question_owners()],
        half.asked.cosines(vector),
    )
    return Ranking.best(np.arange(len(cosines)), cosines, k)
