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
from corpus.hashed import Floats, Weights, beside, reach
from corpus.names import hints_at
from corpus.types import Scheme

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
    found = hints_at(folded)
    spans = [(start, end) for start, end, _ in found]
    sides = [_side(scheme) for *_, scheme in found]
    marks = [_MARKS[side] for side in sides]
    return [
        (side, _fields(marks[n], folded[slice(*spans[n])], *beside(folded, spans, n, marks)))
        for n, side in enumerate(sides)
    ]


def _side(scheme: Scheme) -> Side:
    return "居民" if scheme == "居民" else "职工"


def _fields(own: str, name: str, before: str, behind: str) -> tuple[str, ...]:
    """What stands around a word, the word, and in which order the others stand before and behind it; ``own``: its mark."""
    order = "|".join("".join(c for c in text if c in _MARKS.values()) for text in (before, behind))
    return (*reach(before, behind, own), own + name, own + order)
