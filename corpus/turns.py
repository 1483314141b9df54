"""From which scheme to which somebody changes, or wants to: 「辞职回家了，医保怎么改成农村的」 is from 职工 to 居民.

Each word that names or hints at a scheme (单位, 老家) is what is left, what is wanted, or neither: told by a linear model over the
characters around it, other such words by marks; ``training/turns.py`` found the weights on labelled questions
(``data/TURNS_CARD.md``). What they tell together is the change. Who pays for himself counts as employed.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np

from corpus import hashed
from corpus.hashed import CLOSE, FAR, NEAR, Floats, Weights
from corpus.names import hints_at

Side = Literal["职工", "居民"]
Turn = tuple[Side, Side]
Mention = tuple[Side, tuple[str, ...]]
"""A word for a scheme, and what is read of it."""

FILE = Path(__file__).with_name("data") / "turns.npz"
TURNS: tuple[Turn | None, ...] = (("职工", "居民"), ("居民", "职工"), None)
SIDES: tuple[Side, Side] = ("职工", "居民")
ROLES = ("left", "wanted", "other")
LABELS = tuple(f"{side} {role}" for side in SIDES for role in ROLES)
"""What a word is; the model tells all of them, of which those of the word's own side are looked at."""
_MARKS: dict[Side, str] = {"职工": "\u25c7", "居民": "\u25c6"}
PLAIN = 2.5
"""By how much, in log odds, a change lies before all else to be told. Of 600 questions by two hands, each by what the other taught, .51 and .57 of
the changes are told so, .02 and .07 the other way, and .04 and .05 of the others are taken for one; 3.0: .45 and .51, .01 and .05, .02 and .03."""


def turn_in(folded: str, weights: Weights | None = None) -> Turn | None:
    """The change that a text speaks of; None where it speaks of none, or not plainly. ``weights``: others than the shipped ones.

    >>> turn_in("离职后职工医保停了,怎么转成居民医保")
    ('职工', '居民')
    """
    odds = odds_of(folded, weights or hashed.weights_in(FILE))
    first, second = np.argsort(-odds)[:2]
    return TURNS[first] if odds[first] - odds[second] >= PLAIN else None


def odds_of(folded: str, weights: Weights) -> Floats:
    """(3,) log odds of each of ``TURNS``, up to a constant."""
    found = np.zeros(len(TURNS), np.float32)
    read = mentions(folded)
    for side, seen in read:
        begin = SIDES.index(side) * len(ROLES)
        left, wanted, other = hashed.odds(weights, seen)[begin : begin + len(ROLES)]
        forth, back = (left, wanted) if side == SIDES[0] else (wanted, left)
        found += np.array([forth, back, other]) - np.logaddexp.reduce([left, wanted, other])
    scaled: Floats = found / np.float32(max(1, len(read)) ** 0.5)
    return scaled


def mentions(folded: str) -> list[Mention]:
    """The words for schemes in a text, in order, each with the fields that are read of it."""
    found = [(start, end, _side(scheme)) for start, end, scheme in hints_at(folded)]
    return [
        (side, _fields(side, folded[start:end], *_around(folded, found, n)))
        for n, (start, end, side) in enumerate(found)
    ]


def _side(scheme: str) -> Side:
    return "居民" if scheme == "居民" else "职工"


def _around(folded: str, found: list[tuple[int, int, Side]], n: int) -> tuple[str, str]:
    """What stands before and behind the ``n``-th word, the others told by their marks."""
    before, at = "", 0
    for start, end, side in found[:n]:
        before += folded[at:start] + _MARKS[side]
        at = end
    before += folded[at : found[n][0]]
    behind, at = "", found[n][1]
    for start, end, side in found[n + 1 :]:
        behind += folded[at:start] + _MARKS[side]
        at = end
    return before, behind + folded[at:]


def _fields(side: Side, name: str, before: str, behind: str) -> tuple[str, ...]:
    own = _MARKS[side]
    order = "|".join("".join(c for c in text if c in _MARKS.values()) for text in (before, behind))
    return (
        before[-CLOSE:] + own,
        before[-NEAR:],
        before[-FAR:],
        own + behind[:CLOSE],
        behind[:NEAR],
        behind[:FAR],
        own + name,
        own + order,
    )
