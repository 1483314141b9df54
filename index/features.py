"""What a section says for a question, in numbers: the features of the ranking and their weights.

The score is linear in the features. The weights are the conditional logistic regression that
``python -m benchmarks.tune`` fits on labelled questions (it prints them with their cross-validated
recall); no other place holds a number of the ranking.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.types import NATIONAL, PassageKind, Scheme
from index.facets import Facets
from index.question import Question

WEIGHTS: dict[str, float] = {
    "cosine": 29.0,
    "mean_cosine": 41.0,
    "asked_like": 4.5,
    "words": 1.26,
    "bigrams": 1.58,
    "covered": 2.76,
    "covered_exactly": 2.2,
    "covered_in_body": 4.6,
    "kind": 1.3,
    "note": 1.1,
    "scheme": 1.06,
    "hinted_scheme": 1.66,
    "place": 1.67,
    "length": 1.45,
    "amount": 0.74,
    "other_actions": -1.7,
    "online": 2.5,
}
RANKINGS = ("cosine", "mean_cosine", "asked_like", "words", "bigrams")
"""What the rankings themselves gave; the other features are read off the text."""

WordGroups = Sequence[tuple[float, tuple[str, ...]]]
"""Each word of the question: its rarity, and the words that count as the same, itself first."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """For whom and where the question is asked, from its own words or from what is known."""

    schemes: tuple[Scheme, ...] = ()
    hinted: tuple[Scheme, ...] = ()
    place: str | None = None


def fused(row: dict[str, float]) -> float:
    """The weighted sum of what the rankings gave."""
    return sum(WEIGHTS[name] * row[name] for name in RANKINGS)


def total(row: dict[str, float]) -> float:
    """The score of a section: the weighted sum of all its features, summed in a fixed order."""
    return sum(weight * row[name] for name, weight in WEIGHTS.items())


def reread(
    asked: Question,
    parts: Sequence[Facets],
    kind: PassageKind,
    groups: WordGroups,
    who: Circumstances,
) -> dict[str, float]:
    """The features read off the text of a section; ``kind`` is that of its best passage."""
    body = "".join(f.body for f in parts)
    whole = body + "".join(dict.fromkeys(f.head for f in parts))
    mass = sum(weight for weight, _ in groups) or 1.0
    theirs = parts[0].schemes
    said = {action for f in parts for action in f.actions}
    return {
        "covered": sum(w for w, same in groups if any(s in whole for s in same)) / mass,
        "covered_exactly": sum(w for w, same in groups if same[0] in whole) / mass,
        "covered_in_body": sum(w for w, same in groups if any(s in body for s in same)) / mass,
        "kind": float(kind in asked.wants),
        "note": float(kind == "note"),
        "scheme": _agreement(who.schemes, theirs),
        "hinted_scheme": 0.0 if who.schemes else _agreement(who.hinted, theirs),
        "place": max(_place(who.place, f.region) for f in parts),
        "length": float(_same_length(asked.months, parts)),
        "amount": float(asked.amount and any(c.isdigit() for c in body)),
        "other_actions": len(said - asked.actions) / 3,
        "online": _online(asked.online, parts),
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


def _same_length(months: float | None, parts: Sequence[Facets]) -> bool:
    return bool(months) and any(abs(m - (months or 0)) < 0.2 for f in parts for m in f.months)


def _online(asked: bool | None, parts: Sequence[Facets]) -> float:
    if asked is None or all(f.online is None for f in parts):
        return 0.0
    return 1.0 if any(f.online is asked for f in parts) else -1.0
