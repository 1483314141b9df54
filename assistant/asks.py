"""The asks of a question: 「多少钱，什么时候截止，在手机上怎么交居民医保」 are three.

Told by the form of a clause: what a language asks with is a closed class. What is no ask is the case, and
stands with each of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MOST = 3
"""Asks that are answered one by one; what comes behind them is left to the last."""
SHORTEST = 3
"""Characters of an ask; 「对吧」 or 「啥」 belong to what stands before."""
_BREAKS = re.compile(
    r"(?<=[,，。!！?？;；、…~])|(?<=[\u4e00-\u9fff,，?？])\s+(?=[\u4e00-\u9fff])|\n"
)
"""Between clauses; a blank beside a figure (满 25 年) is none."""
_GOES_ON = re.compile(r"^(?:还是|或者|或是)")
"""What begins so is the rest of the ask before it."""
_ASKS = re.compile(
    r"多少|多久|多长|多大|几(?:[个天年月号岁点成次种]|时)|(?:什么|啥)(?!也|都)|哪|怎么|怎样|咋|如何|何时|为何|谁"
    r"|(?P<a>[\u4e00-\u9fff])[不没](?P=a)|能否|是否|可否|有没有|还是"
    r"|(?:吗|么|呢|不|没|咩)[呀啊哦喔嘞嘛]?$|[?？]$"
)
_ENDS = " \t\r\n,，。.!！;；、…~"


@dataclass(frozen=True, slots=True)
class Ask:
    """``said``: the ask as it was put; ``text``: with the case, without the other asks."""

    said: str
    text: str


def asks(question: str) -> tuple[Ask, ...]:
    """The asks of a question, () where it has only one.

    >>> [ask.said for ask in asks("断了两个月，怎么补，要等多久")]
    ['怎么补', '要等多久']
    """
    clauses: list[tuple[str, bool]] = []
    for piece in _BREAKS.split(question):
        bare = piece.strip(_ENDS)
        asking = bool(_ASKS.search(bare))
        if not bare:
            continue
        if clauses and (
            len(bare.rstrip("?？")) < SHORTEST or (clauses[-1][1] and _GOES_ON.match(bare))
        ):
            before, was = clauses[-1]
            clauses[-1] = f"{before}，{bare}", was
        else:
            clauses.append((bare, asking))
    places = [n for n, (_, asking) in enumerate(clauses) if asking]
    if len(places) < 2:
        return ()
    found = []
    for place in places[:MOST]:
        others = set(places) - {place}
        text = "，".join(clause for n, (clause, _) in enumerate(clauses) if n not in others)
        found.append(Ask(clauses[place][0], text))
    return tuple(found)
