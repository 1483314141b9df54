"""What a passage says for a question, in numbers: the features of the ranking and their weights.

The score is linear in the features. The weights are the conditional logistic regression that
``python -m benchmarks.tune`` fits on questions of several origins, each origin weighing alike; it
also fits with each origin left out and prints how the ranking fares there. A feature stays only where
it helps origins that it was not fitted on. No other place holds a number of the ranking.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

import numpy as np

from corpus.names import is_scheme_name
from corpus.types import NATIONAL, Scheme
from index.facets import Facets
from index.question import Question

WEIGHTS: dict[str, float] = {
    "cosine": 6.42,
    "asked_like": 5.30,
    "asked_near": 17.59,
    "bigrams": 0.15,
    "late": 11.90,
    "late_window": 5.96,
    "covered": 1.41,
    "covered_in_body": 1.06,
    "kind": 0.49,
    "scheme": 0.35,
    "place": 1.50,
}
_WEIGHTS = np.array(list(WEIGHTS.values()))
_weighed = itemgetter(*WEIGHTS)

FIRST = {
    "cosine": 21.81,
    "asked_like": 7.20,
    "asked_near": 18.65,
    "words": 0.17,
    "bigrams": 0.26,
}
"""What the rankings themselves gave, weighed without the rest: by it the passages are chosen that are
read again; the other features are read off the text."""

SHORT_ANSWER, REPORTED = "简要回答", "说法不一"
"""Sections of our own articles: the answer itself, and what others are reported to say."""

LATE = ("late", "late_window")
"""What ``index.late.late_scores`` gives; all 0 where there are no tokens."""

Row = dict[str, float]
"""Features by name."""

WordGroups = Sequence[tuple[float, tuple[str, ...]]]
"""Each word of the question: its rarity, and the words that count as the same, itself first."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """For whom and where the question is asked, from its own words or from what is known."""

    schemes: tuple[Scheme, ...] = ()
    place: str | None = None


def totals(rows: Sequence[Row]) -> list[float]:
    """The score of each passage: the weighted sum of all its features."""
    values = np.array([_weighed(row) for row in rows])
    scores: list[float] = (values * _WEIGHTS).sum(axis=1).tolist() if len(rows) else []
    return scores


def reread(asked: Question, f: Facets, groups: WordGroups, who: Circumstances) -> Row:
    """The features read off the text of a passage."""
    covered, in_body = _coverage(groups, f)
    return {
        "covered": covered,
        "covered_in_body": in_body,
        "kind": float(not f.kinds.isdisjoint(asked.wants)),
        "scheme": _agreement(who.schemes, f.schemes),
        "place": _place(who.place, f.region),
    }


def telling(groups: WordGroups) -> WordGroups:
    """Without the names of schemes, which are a facet and no words to be found again; all of them
    where there is nothing else."""
    kept = [group for group in groups if not is_scheme_name(group[1][0])]
    return kept or groups


def _coverage(groups: WordGroups, f: Facets) -> tuple[float, float]:
    """Of the question's words, by rarity: the share that the passage holds with what stands above
    it, by itself or another word for the same; and without what stands above."""
    mass = covered = in_body = 0.0
    head, body = f.head, f.body
    for weight, same in groups:
        mass += weight
        below = False
        for word in same:
            if word in body:
                below = True
                break
        if below:
            in_body += weight
            covered += weight
            continue
        for word in same:
            if word in head:
                covered += weight
                break
    mass = mass or 1.0
    return covered / mass, in_body / mass


def held(groups: Mapping[int, Sequence[str]], text: str) -> list[int]:
    """Which of some words a text holds, by their number: itself or another for the same."""
    found = []
    for number, same in groups.items():
        for word in same:
            if word in text:
                found.append(number)
                break
    return found


def _agreement(asked: Sequence[Scheme], given: Sequence[Scheme]) -> float:
    if not asked or not given:
        return 0.0
    if not frozenset(asked).isdisjoint(given):
        return 1.0 if len(given) == 1 else 0.5
    return -1.0


def _place(asked: str | None, given: str) -> float:
    """What is said of one place is for those who are there; who names none is told of all."""
    if given == NATIONAL:
        return 0.0
    return 1.0 if asked == given else -1.0
