"""What a passage says for a question, in numbers: the features of the ranking and their weights.

The score is linear in the features. The weights are the conditional logistic regression that
``python -m benchmarks.tune`` fits on labelled questions (it prints them with their cross-validated
recall); these were fitted on ``tests/quality`` and 155 questions over the source pages, which lie
outside the repo, so a fit on the repo's own sets alone gives others; no other place holds a number of the ranking.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.types import NATIONAL, Scheme
from index.facets import Facets
from index.question import Question

WEIGHTS: dict[str, float] = {
    "cosine": 48.0,
    "asked_like": 34.0,
    "words": 0.5,
    "bigrams": 2.9,
    "covered": 3.3,
    "covered_exactly": 2.5,
    "covered_in_body": 2.4,
    "kind": 1.9,
    "scheme": 1.15,
    "hinted_scheme": 0.9,
    "place": 1.2,
    "length": 1.3,
    "other_actions": -1.1,
    "online": 0.65,
    "short_answer": 0.75,
}
RANKINGS = ("cosine", "asked_like", "words", "bigrams")
"""What the rankings themselves gave; the other features are read off the text."""

SHORT_ANSWER, REPORTED = "简要回答", "说法不一"
"""Sections of our own articles: the answer itself, and what others are reported to say."""

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


def fused(row: Row) -> float:
    """The weighted sum of what the rankings gave."""
    return sum(WEIGHTS[name] * row[name] for name in RANKINGS)


def total(row: Row) -> float:
    """The score of a passage: the weighted sum of all its features, summed in a fixed order."""
    return sum(weight * row[name] for name, weight in WEIGHTS.items())


def reread(asked: Question, f: Facets, groups: WordGroups, who: Circumstances) -> Row:
    """The features read off the text of a passage."""
    whole = f.head + f.body
    mass = sum(weight for weight, _ in groups) or 1.0
    same_length = asked.months is not None and any(abs(m - asked.months) < 0.2 for m in f.months)
    return {
        "covered": sum(w for w, same in groups if any(s in whole for s in same)) / mass,
        "covered_exactly": sum(w for w, same in groups if same[0] in whole) / mass,
        "covered_in_body": sum(w for w, same in groups if any(s in f.body for s in same)) / mass,
        "kind": float(any(kind in f.kinds for kind in asked.wants)),
        "scheme": _agreement(who.schemes, f.schemes),
        "hinted_scheme": 0.0 if who.schemes else _agreement(who.hinted, f.schemes),
        "place": _place(who.place, f.region),
        "length": float(same_length),
        "other_actions": len(f.actions - asked.actions) / 3,
        "online": _online(asked.online, f.online),
        "short_answer": float(SHORT_ANSWER in f.head),
    }


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
