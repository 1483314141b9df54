"""The asks of a question: 「多少钱，什么时候截止，在手机上怎么交居民医保」 are three.

Where it parts is told by ``index.segments``. The case stands with each of them; what is only talk with none.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from corpus.words import words
from index.segments import Segment, segments

MOST = 3
"""Asks that are answered one by one; what comes behind them is left to the last."""
_OR = ("还是", "或者", "或是")
"""What begins so is the other half of the choice before it."""
_ENDS = " \t\r\n,，。.!！?？;；、…~"


@dataclass(frozen=True, slots=True)
class Ask:
    """``said``: the ask as it was put; ``text``: with the case, without the other asks."""

    said: str
    text: str


def asks(question: str) -> tuple[Ask, ...]:
    """The asks of a question, () where it has only one.

    >>> [ask.said for ask in asks("断了两个月怎么补要等多久")]
    ['怎么补', '要等多久']
    """
    found: list[Segment] = []
    for segment in segments(question):
        said = _said(question, segment)
        if found and _goes_on(found[-1], segment, said):
            found[-1] = replace(found[-1], end=segment.end)
        elif said and segment.kind != "talk":
            found.append(segment)
    asking = [s for s in found if s.kind == "ask"]
    if len(asking) < 2:
        return ()
    # where nothing is told beside the asks, the first one names what all are about: 「…交多少钱 低档呢」
    about = [s for s in found if s.kind == "case"] or asking[:1]
    return tuple(
        Ask(
            _said(question, ask),
            "，".join(_said(question, s) for s in found if s is ask or s in about),
        )
        for ask in asking[:MOST]
    )


def _goes_on(before: Segment, segment: Segment, said: str) -> bool:
    """Whether an ask is the other half of a choice, or only asks the one before it once more: 对吧."""
    if not before.kind == segment.kind == "ask":
        return False
    again = set(segment.wants) <= set(before.wants) and not words().keywords(said)
    return again or said.startswith(_OR)


def _said(question: str, segment: Segment) -> str:
    """Its words, without punctuation at the ends."""
    return question[segment.start : segment.end].strip(_ENDS)
