"""What a passage is for: to stop cover, or to keep it.

「停保了怎么办」 is on restoring, though it speaks of a stop: what is past is not what is done.
"""

from __future__ import annotations

import re

from corpus.names import actions_in
from corpus.text import fold
from corpus.types import Passage
from index.kept import kept
from index.marks import headings, plain

KEEPS, STOPS = frozenset({"恢复", "补缴", "续缴"}), frozenset({"停保", "退保"})

_PAST = re.compile(
    r"(?:暂停参保|停保|停缴|停|退保|中止)(?:[掉断下]?了|后|之后|以后|过|期间)|(?:停[掉断]|断[掉开]?)的"
)


@kept
def purpose(passage: Passage) -> frozenset[str]:
    """What a passage's title, headings and words say is done, without a stop that is past. Of an
    article on both, stopping and keeping, the nearest heading that names one of them decides."""
    named = actions_in(plain(passage.article.title) + plain(" ".join(headings(passage))))
    if not named & STOPS or not named & KEEPS:
        return named
    for heading in reversed(passage.heading):
        near = _aimed_at(actions_in(_PAST.sub("", fold(heading))))
        if near & (STOPS | KEEPS):
            return named - ((STOPS | KEEPS) - near)
    text = fold(" ".join((passage.article.title, *passage.heading, passage.text)))
    return named - (STOPS - actions_in(_PAST.sub("", text)))


def _aimed_at(actions: frozenset[str]) -> frozenset[str]:
    """What is done of all that a heading names: who keeps cover has stopped it already."""
    return actions - STOPS if actions & KEEPS else actions
