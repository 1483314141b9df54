"""What a passage says for a question, in numbers: the features of the ranking and their weights.

The score is linear in the features. The weights are the conditional logistic regression that
``python -m benchmarks.tune`` fits on labelled questions, printing their recall under cross-validation:
here on ``tests/quality`` over our own articles and ``tests/quality/seeds.jsonl`` over a store of the
source pages. ``place`` alone is set and not fitted (0.2 there): whoever names a city gets what is
said of it first, and few of those questions name one. No other place holds a number of the ranking.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

import numpy as np

from corpus.types import NATIONAL, Scheme
from index.facets import Facets
from index.question import Question

WEIGHTS: dict[str, float] = {
    "cosine": 4.43,
    "asked_like": 8.02,
    "words": 0.28,
    "bigrams": 2.36,
    "covered": 1.90,
    "covered_exactly": 0.15,
    "covered_in_body": 1.70,
    "kind": 1.83,
    "scheme": 1.10,
    "hinted_scheme": -0.15,
    "place": 0.55,
    "length": 1.17,
    "other_actions": -0.54,
    "online": -0.69,
    "short_answer": 0.59,
    "late": 8.09,
    "late_worst": 13.30,
    "late_window": 19.69,
    "action_anywhere": 0.73,
    "action_missing": -1.20,
    "log_length": 1.54,
    "cut": -0.70,
}
_WEIGHTS = np.array(list(WEIGHTS.values()))
_weighed = itemgetter(*WEIGHTS)

FIRST = {"cosine": 27.6, "asked_like": 29.2, "words": 0.51, "bigrams": 2.14}
"""What the rankings themselves gave, weighed without the rest: by it the passages are chosen that are
read again; the other features are read off the text. These proportions are set: fitted by themselves
(83, 36, 2.7, 2.9) they bring the right one among the chosen as often, .997, and the whole does no
better."""

SHORT_ANSWER, REPORTED = "简要回答", "说法不一"
"""Sections of our own articles: the answer itself, and what others are reported to say."""

LATE = ("late", "late_worst", "late_window")
"""What ``index.late.late_scores`` gives; all 0 where there are no tokens."""

Row = dict[str, float]
"""Features by name."""

WordGroups = Sequence[tuple[float, tuple[str, ...]]]
"""Each word of the question: its rarity, and the words that count as the same, itself first."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """For whom and where the question is asked, from its own words or from what is known."""

    schemes: tuple[Scheme, ...] = ()
    hinted: tuple[Scheme, ...] = ()
    place: str | None = None


def totals(rows: Sequence[Row]) -> list[float]:
    """The score of each passage: the weighted sum of all its features."""
    values = np.array([_weighed(row) for row in rows])
    scores: list[float] = (values * _WEIGHTS).sum(axis=1).tolist() if len(rows) else []
    return scores


def reread(asked: Question, f: Facets, groups: WordGroups, who: Circumstances) -> Row:
    """The features read off the text of a passage."""
    covered, exactly, in_body = _coverage(groups, f)
    anywhere = asked.actions & (f.actions | f.body_actions)
    same_length = asked.months is not None and any(abs(m - asked.months) < 0.2 for m in f.months)
    return {
        "covered": covered,
        "covered_exactly": exactly,
        "covered_in_body": in_body,
        "kind": float(not f.kinds.isdisjoint(asked.wants)),
        "scheme": _agreement(who.schemes, f.schemes),
        "hinted_scheme": 0.0 if who.schemes else _agreement(who.hinted, f.schemes),
        "place": _place(who.place, f.region),
        "length": float(same_length),
        "other_actions": len(f.actions - asked.actions) / 3,
        "online": _online(asked.online, f.online),
        "short_answer": float(SHORT_ANSWER in f.head),
        "action_anywhere": len(anywhere) / (len(asked.actions) or 1),
        "action_missing": float(bool(asked.actions) and not anywhere),
        "log_length": math.log(len(f.body) or 1) / 2,
        "cut": float(f.cut),
    }


def _coverage(groups: WordGroups, f: Facets) -> tuple[float, float, float]:
    """Of the question's words, by rarity: the share that the passage holds with what stands above
    it, by itself or another word for the same; by itself; and without what stands above."""
    mass = covered = exactly = in_body = 0.0
    head, body = f.head, f.body
    for weight, same in groups:
        mass += weight
        first = same[0]
        above = first in head
        below = first in body
        if above or below:
            exactly += weight
        if not below:
            for word in same:
                if word in body:
                    below = True
                    break
        if below:
            in_body += weight
        elif not above:
            for word in same:
                if word in head:
                    above = True
                    break
        if above or below:
            covered += weight
    mass = mass or 1.0
    return covered / mass, exactly / mass, in_body / mass


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
    if given == NATIONAL:
        return 0.0
    if asked is None:
        return -0.4
    return 1.0 if asked == given else -1.0


def _online(asked: bool | None, given: bool | None) -> float:
    if asked is None or given is None:
        return 0.0
    return 1.0 if asked is given else -1.0
