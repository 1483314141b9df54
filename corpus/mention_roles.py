"""What a place, or a way of doing things, that a question names is to the asker: the place whose rules decide, the way that is
wanted, the one that is not.

A linear model over the characters before and behind the name, as ``corpus.time_roles``; the name itself is not read.
``training/mention_roles.py`` found the weights on labelled questions (``data/MENTIONS_CARD.md``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from corpus import hashed
from corpus.hashed import Floats, Weights
from corpus.reading.places import mentions_at, names_at

Kind = Literal["place", "channel"]
Span = tuple[int, int]
_DATA = Path(__file__).with_name("data")
FILES: Mapping[Kind, Path] = {
    "place": _DATA / "place_roles.npz",
    "channel": _DATA / "channel_roles.npz",
}
ROLES: Mapping[Kind, tuple[str, ...]] = {
    "place": ("cover", "other"),
    "channel": ("wanted", "excluded", "other"),
}
"""Of a place: its rules decide what is asked; anything else (where one comes from, is treated, only works). Of a way: he
wants it, he does not want or cannot use it, it is only told."""
_OTHER = "\u25ce"
"""Stands for another name of the kind."""
_NOWHERE = "某地"
_CLAUSE = re.compile(r"[^,，。?？;；!！]+")
PLAINLY_NOT = 1.0
"""By how much, in log odds, that a way is not wanted has to lie before all else: to leave out what is wanted does more harm. Chosen on
``held/channels_b`` when that had been used: .82 of 50 are told so and 1 of 97 others, .76 and 1 by the whole text alone; the likeliest of all tells .92
and 6."""
PLAIN = 1.0
"""By how much, in log odds, one of several places has to lie before the others to be told as the one. Of 331 questions with several by two hands,
each by what the other taught, that is so of .45, and right for .92 of these; the likeliest of all is right for .80."""


def roles_of(
    folded: str, spans: Sequence[Span], kind: Kind, weights: Weights | None = None
) -> tuple[str, ...]:
    """The role of each name. ``spans``: where they stand, in order; ``weights``: others than the shipped ones."""
    odds = _odds(folded, spans, weights or hashed.weights_in(FILES[kind]))
    return tuple(ROLES[kind][int(one.argmax())] for one in odds)


def unwanted(folded: str, spans: Sequence[Span]) -> list[bool]:
    """Of ways of doing things that a question names, whether each is plainly not wanted: by all that stands around it, or by
    its clause alone.

    >>> unwanted("居民医保怎么交,除了支付宝还能在哪交", [(10, 13)])
    [True]
    """
    against = _against(folded, spans)
    for clause in _CLAUSE.finditer(folded):
        inside = [n for n, (a, b) in enumerate(spans) if clause.start() <= a and b <= clause.end()]
        begin = clause.start()
        own = [(spans[n][0] - begin, spans[n][1] - begin) for n in inside]
        for n, odds in zip(inside, _against(clause.group(), own), strict=True):
            against[n] = max(against[n], odds)
    return [odds >= PLAINLY_NOT for odds in against]


def _against(text: str, spans: Sequence[Span]) -> list[float]:
    """By how much, in log odds, that each way is not wanted lies before all else."""
    found = _odds(text, spans, hashed.weights_in(FILES["channel"])) if spans else []
    return [float(one[1] - max(one[0], one[2])) for one in found]


def where_covered(folded: str, weights: Weights | None = None) -> str:
    """The question; of several places that it names only the one whose rules decide it, where that is plain.

    >>> where_covered("户口在湖南,在广州参保,能退吗")
    '户口在某地,在广州参保,能退吗'
    """
    spans = mentions_at(folded)
    names = [folded[start:end] for start, end in spans]
    if len(set(names)) < 2:
        return folded
    odds = _odds(folded, spans, weights or hashed.weights_in(FILES["place"]))
    covers = [float(one[0] - one[1]) for one in odds]
    best = covers.index(max(covers))
    if (
        max(o for name, o in zip(names, covers, strict=True) if name != names[best])
        > covers[best] - PLAIN
    ):
        return folded
    others = [s for s, name in zip(spans, names, strict=True) if name != names[best]]
    return _somewhere(folded, others)


def anywhere(folded: str) -> str:
    """The question without the names of the places in it.

    >>> anywhere("郑州职工医保断了5个月,多久能报")
    '某地职工医保断了5个月,多久能报'
    """
    return _somewhere(folded, names_at(folded))


def _somewhere(folded: str, spans: Sequence[Span]) -> str:
    for start, end in reversed(spans):
        folded = folded[:start] + _NOWHERE + folded[end:]
    return folded


def _odds(folded: str, spans: Sequence[Span], weights: Weights) -> list[Floats]:
    return [hashed.odds(weights, fields(folded, spans, n)) for n in range(len(spans))]


def fields(folded: str, spans: Sequence[Span], n: int) -> tuple[str, ...]:
    """What is read of the ``n``-th of the names of a text."""
    return hashed.around(folded, spans, n, _OTHER)
