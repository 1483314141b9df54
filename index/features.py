"""What a passage says for a question, in numbers: the features of the ranking and their weights.

The score is linear in the features. The weights are the conditional logistic regression that
``python -m benchmarks.tune`` fits on labelled questions, printing their recall under cross-validation:
here on ``tests/quality`` over our own articles and ``tests/quality/seeds.jsonl`` over a store of the
source pages. ``place`` alone is set and not fitted (0.2 there): whoever names a city gets what is
said of it first, and few of those questions name one. No other place holds a number of the ranking.
"""

from __future__ import annotations

import math
from collections.abc import Sequence, Set
from dataclasses import dataclass

import numpy as np

from corpus.types import NATIONAL, Scheme
from index.facets import Facets
from index.question import Question

WEIGHTS: dict[str, float] = {
    "cosine": 3.16,
    "asked_like": 7.52,
    "words": 0.47,
    "bigrams": 1.78,
    "covered": 1.21,
    "covered_exactly": 0.63,
    "covered_in_body": 1.24,
    "kind": 1.55,
    "scheme": 0.66,
    "hinted_scheme": -0.16,
    "place": 1.2,
    "length": 0.46,
    "other_actions": -0.56,
    "online": -0.57,
    "channel": -0.16,
    "short_answer": 0.60,
    "late": 12.18,
    "late_worst": 12.64,
    "late_window": 14.36,
    "action_in_head": -0.13,
    "action_anywhere": 0.76,
    "action_missing": -0.79,
    "title_asked": -1.01,
    "title_not_asked": -0.27,
    "heading_asked": 0.54,
    "log_length": 1.25,
    "cut": -0.43,
}
_WEIGHTS = np.array(list(WEIGHTS.values()))
RANKINGS = ("cosine", "asked_like", "words", "bigrams")
"""What the rankings themselves gave; the other features are read off the text."""

SHORT_ANSWER, REPORTED = "简要回答", "说法不一"
"""Sections of our own articles: the answer itself, and what others are reported to say."""

LATE = ("late", "late_worst", "late_window")
"""What ``index.late.late_scores`` gives; all 0 where there are no tokens."""

Row = dict[str, float]
"""Features by name."""

WordGroups = Sequence[tuple[float, tuple[str, ...]]]
"""Each word of the question: its rarity, and the words that count as the same, itself first."""


Weighted = Sequence[tuple[str, float]]
"""Words, each with its rarity."""


@dataclass(frozen=True, slots=True)
class Above:
    """The words that stand above a passage."""

    title: Weighted
    heading: Weighted


@dataclass(frozen=True, slots=True)
class Circumstances:
    """For whom and where the question is asked, from its own words or from what is known."""

    schemes: tuple[Scheme, ...] = ()
    hinted: tuple[Scheme, ...] = ()
    place: str | None = None


def totals(rows: Sequence[Row]) -> list[float]:
    """The score of each passage: the weighted sum of all its features."""
    values = np.array([[row[name] for name in WEIGHTS] for row in rows])
    scores: list[float] = (values * _WEIGHTS).sum(axis=1).tolist() if len(rows) else []
    return scores


def reread(
    asked: Question, f: Facets, above: Above, groups: WordGroups, said: Set[str], who: Circumstances
) -> Row:
    """The features read off the text of a passage. ``said``: every word of ``groups``."""
    covered, exactly, in_body = _coverage(groups, f)
    actions = len(asked.actions) or 1
    anywhere = asked.actions & (f.actions | f.body_actions)
    title, title_asked = _mass(above.title, said, asked.folded)
    heading, heading_asked = _mass(above.heading, said, asked.folded)
    same_length = asked.months is not None and any(abs(m - asked.months) < 0.2 for m in f.months)
    return {
        "covered": covered,
        "covered_exactly": exactly,
        "covered_in_body": in_body,
        "kind": float(any(kind in f.kinds for kind in asked.wants)),
        "scheme": _agreement(who.schemes, f.schemes),
        "hinted_scheme": 0.0 if who.schemes else _agreement(who.hinted, f.schemes),
        "place": _place(who.place, f.region),
        "length": float(same_length),
        "other_actions": len(f.actions - asked.actions) / 3,
        "online": _online(asked.online, f.online),
        "channel": _channel(asked.channels, f),
        "short_answer": float(SHORT_ANSWER in f.head),
        "action_in_head": len(asked.actions & f.actions) / actions,
        "action_anywhere": len(anywhere) / actions,
        "action_missing": float(bool(asked.actions) and not anywhere),
        "title_asked": title_asked / (title or 1.0),
        "title_not_asked": (title - title_asked) / 10,
        "heading_asked": heading_asked / (heading or 1.0),
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


def _mass(words: Weighted, said: Set[str], folded: str) -> tuple[float, float]:
    """The rarity of all words together, and of those that the question says too."""
    mass = asked = 0.0
    for word, weight in words:
        mass += weight
        if word in said or word in folded:
            asked += weight
    return mass, asked


def _agreement(asked: Sequence[Scheme], given: Sequence[Scheme]) -> float:
    if not asked or not given:
        return 0.0
    if set(asked) & set(given):
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


def _channel(asked: Sequence[str], f: Facets) -> float:
    if not asked:
        return -0.4 if f.channels else 0.0
    return 1.0 if any(channel in f.head or channel in f.body for channel in asked) else -1.0
