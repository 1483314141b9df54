"""What lies near to vectors: ``index.types.Index.search`` in three steps, each one trip for all probes.

1. The nearest passages, the nearest titles and questions, the nearest articles of laws.
2. How near the passages of those articles are, and those that matched by words.
3. How near all ways to ask for the articles of all of these come.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Sized

import numpy as np
from numpy.typing import NDArray

from index.qdrant.backend import Filter, Got, Ids, OneOf
from index.qdrant.backend import Query as Ask
from index.qdrant.schema import let_through
from index.types import DIGITS, NEAREST_QUESTIONS, Pool, Probe, Ranking

SPARE = 20
"""So many more are asked for than wanted: of equal scores Qdrant takes any, and the first numbers are
to win."""
MOST = 4096
"""Passages or questions of the articles at hand asked for at first; more where that was not all."""
_ARTICLE = ("article",)

Asking = Callable[[Mapping[str, Sequence["Ask | None"]]], list[list[list[Got]]]]
"""Queries of several collections -> for each collection what each query found."""


class Searching:
    """``ask`` puts queries to collections; ``alive``: what the generation sees; ``rows``: titles and
    questions of an article, on average."""

    def __init__(self, ask: Asking, alive: Filter, rows: float) -> None:
        self._ask = ask
        self._alive = alive
        self._rows = rows

    def __call__(self, probes: Sequence[Probe]) -> list[Pool]:
        near, questions, statutes = self._nearest(probes)
        others = self._others(probes, near, questions)
        articles = [
            np.unique([*_owners(a).values(), *_owners(b).values()]).astype(np.int64)
            for a, b in zip(near, others, strict=True)
        ]
        asked = self._asked(probes, articles)
        return [
            _pool(probe, _united(near[n], others[n]), near[n], questions[n], statutes[n], asked[n])
            for n, probe in enumerate(probes)
        ]

    def _nearest(
        self, probes: Sequence[Probe]
    ) -> tuple[list[list[Got]], list[Ranking], list[list[Got]]]:
        only = [(*self._alive, *let_through(probe.only)) for probe in probes]
        most = [int(2 * p.articles_k * max(1.0, self._rows)) + SPARE for p in probes]
        near, rows, statutes = self._ask(
            {
                "passages": [_dense(p.vector, p.k, w) for p, w in zip(probes, only, strict=True)],
                "questions": [
                    Ask("dense", p.vector, m, w, _ARTICLE) if p.articles_k > 0 else None
                    for p, m, w in zip(probes, most, only, strict=True)
                ],
                "statutes": [_dense(p.vector[None], p.statutes_k, self._alive) for p in probes],
            }
        )
        for n, probe in enumerate(probes):
            while len(rows[n]) >= most[n] and len(_owners(rows[n])) < probe.articles_k + SPARE:
                most[n] *= 4
                more = Ask("dense", probe.vector, most[n], only[n], _ARTICLE)
                rows[n] = self._ask({"questions": [more]})[0][0]
        return (
            near,
            [_each_once(r, p.articles_k) for r, p in zip(rows, probes, strict=True)],
            statutes,
        )

    def _others(
        self, probes: Sequence[Probe], near: Sequence[list[Got]], questions: Sequence[Ranking]
    ) -> list[list[Got]]:
        """The passages that matched, and those of the nearest articles."""
        asks: list[Ask | None] = []
        for probe, found, articles in zip(probes, near, questions, strict=True):
            where = (*self._alive, *let_through(probe.only))
            matched = np.setdiff1d(probe.matched, [got.id for got in found]).tolist()
            asks += [
                _about(probe.vector, (Ids(matched), *where), matched, len(matched)),
                _about(
                    probe.vector, (OneOf("article", articles.numbers.tolist()), *where), articles
                ),
            ]
        found_all = self._all("passages", asks)
        return [_united(found_all[2 * n], found_all[2 * n + 1]) for n in range(len(probes))]

    def _asked(
        self, probes: Sequence[Probe], articles: Sequence[NDArray[np.int64]]
    ) -> list[dict[int, tuple[float, float]]]:
        """By article the best cosine and the mean of the best ``NEAREST_QUESTIONS``."""
        asks = [
            _about(probe.vector, (OneOf("article", own.tolist()), *self._alive), own)
            for probe, own in zip(probes, articles, strict=True)
        ]
        return [_asked_like(found) for found in self._all("questions", asks)]

    def _all(self, kind: str, asks: Sequence[Ask | None]) -> list[list[Got]]:
        """Everything that the queries' filters let through, however much that is."""
        found = self._ask({kind: asks})[0]
        for n, ask in enumerate(asks):
            while ask is not None and len(found[n]) >= ask.limit and ask.limit >= MOST:
                ask = Ask(ask.using, ask.vector, 4 * ask.limit, ask.where, ask.payload)
                found[n] = self._ask({kind: [ask]})[0][0]
        return found


def _dense(vector: NDArray[np.float32], k: int, where: Filter) -> Ask | None:
    return Ask("dense", vector, k + SPARE, where, _ARTICLE) if k > 0 else None


def _about(
    vector: NDArray[np.float32], where: Filter, wanted: Sized, limit: int = MOST
) -> Ask | None:
    return Ask("dense", vector, limit, where, _ARTICLE) if len(wanted) else None


def _owners(found: Sequence[Got]) -> dict[int, int]:
    return {got.id: int(got.payload["article"]) for got in found}


def _united(one: Sequence[Got], other: Sequence[Got]) -> list[Got]:
    return list({got.id: got for got in (*one, *other)}.values())


def _each_once(rows: Sequence[Got], k: int) -> Ranking:
    """The ``k`` articles with the nearest title or question."""
    best: dict[int, float] = {}
    for got in rows:
        article = int(got.payload["article"])
        best[article] = max(got.score, best.get(article, -np.inf))
    return _ranked(best, k)


def _asked_like(rows: Sequence[Got]) -> dict[int, tuple[float, float]]:
    scores: dict[int, list[float]] = {}
    for got in rows:
        scores.setdefault(int(got.payload["article"]), []).append(got.score)
    best = {a: sorted(s, reverse=True)[:NEAREST_QUESTIONS] for a, s in scores.items()}
    return {
        a: (s[0], float(np.mean(s)) if len(s) == NEAREST_QUESTIONS else np.nan)
        for a, s in best.items()
    }


def _ranked(scores: Mapping[int, float], k: int) -> Ranking:
    numbers = np.array(list(scores), np.int64)
    return Ranking.best(numbers, _rounded(list(scores.values())), k)


def _rounded(scores: Sequence[float]) -> NDArray[np.float64]:
    """Digits behind those that count differ with how Qdrant laid the vectors out."""
    rounded: NDArray[np.float64] = np.array(scores, np.float64).round(DIGITS)
    return rounded


def _pool(
    probe: Probe,
    found: Sequence[Got],
    near: Sequence[Got],
    questions: Ranking,
    statutes: Sequence[Got],
    asked: Mapping[int, tuple[float, float]],
) -> Pool:
    nearest = _ranked({got.id: got.score for got in near}, probe.k)
    # what was asked for to spare is no candidate unless it came another way
    spared = {got.id for got in near} - {*nearest.numbers.tolist(), *probe.matched.tolist()}
    own = {*questions.numbers.tolist()}
    kept = [
        got
        for got in sorted(found, key=lambda got: got.id)
        if got.id not in spared or int(got.payload["article"]) in own
    ]
    articles = np.array([int(got.payload["article"]) for got in kept], np.int64)
    return Pool(
        numbers=np.array([got.id for got in kept], np.int64),
        articles=articles,
        cosines=_rounded([got.score for got in kept]).astype(np.float32),
        asked=_rounded([x for a in articles.tolist() for x in asked[a]])
        .astype(np.float32)
        .reshape(-1, 2),
        near=nearest,
        questions=questions,
        statutes=_ranked({got.id: got.score for got in statutes}, probe.statutes_k),
    )
