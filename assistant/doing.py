"""What a question wants done, and what a passage is for: to stop cover, or to keep it.

「停保了怎么办」 is on restoring, though it speaks of a stop: what is past is not what is done.
"""

from __future__ import annotations

import re
from dataclasses import replace

from corpus.names import actions_in
from corpus.text import fold
from corpus.types import Passage
from index.kept import kept
from index.marks import actions_above
from index.question import Question

KEEPS, STOPS = frozenset({"恢复", "补缴", "续缴"}), frozenset({"停保", "退保"})

_PAST = re.compile(
    r"(?:暂停参保|停保|停缴|停|退保|中止)(?:[掉断下]?了|后|之后|以后|过|期间)|(?:停[掉断]|断[掉开]?)的"
)
_SAID: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "恢复",
        re.compile(
            r"重新(?:用|弄|开|办|交|缴|上|接)|再(?:接|开|用|续)|(?:接|续|开|弄|办|搞|找|捡)(?:起来|回来|回去)"
        ),
    ),
    ("续缴", re.compile(r"续费|接着用")),
)
_APPLIES = re.compile(r"(?:申请|办理?|登记|怎么)中断|中断(?:登记|参保登记)")
_ENDS = re.compile(r"停(?!车|[在留用电发牌])|不想(?:再)?(?:交|缴|要|参)|不(?:要|交|缴)了|减掉")


def doing(asked: Question) -> Question:
    """The question with all that it wants done, also where it is said in passing: 停 alone,
    「不想交了」, 「重新弄上」."""
    plain = _PAST.sub("", asked.folded)
    more = {name for name, pattern in _SAID if pattern.search(plain)}
    if _APPLIES.search(plain):
        more.add("停保")
    keeps = (asked.actions | more) & KEEPS
    if not keeps and _ENDS.search(plain) and "断缴" not in asked.actions:
        more.add("停保")
    return replace(asked, actions=asked.actions | more) if more - asked.actions else asked


@kept
def purpose(passage: Passage) -> frozenset[str]:
    """What a passage's title, headings and words say is done, without a stop that is past. Of an
    article on both, stopping and keeping, the nearest heading that names one of them decides."""
    named = actions_above(passage)
    if not named & STOPS or not named & KEEPS:
        return named
    for heading in reversed(passage.heading):
        near = aimed_at(actions_in(_PAST.sub("", fold(heading))))
        if near & (STOPS | KEEPS):
            return named - ((STOPS | KEEPS) - near)
    text = fold(" ".join((passage.article.title, *passage.heading, passage.text)))
    return named - (STOPS - actions_in(_PAST.sub("", text)))


def aimed_at(actions: frozenset[str]) -> frozenset[str]:
    """What is to be done of all that a question names: who wants to keep cover has stopped it already."""
    return actions - STOPS if actions & KEEPS else actions


def runs_against(asked: Question, passage: Passage) -> bool:
    """Whether a passage is plainly for stopping where one wants to keep, or the reverse."""
    said = purpose(passage)
    if asked.actions & KEEPS:
        return bool(said & STOPS and not said & KEEPS)
    return bool(asked.actions & STOPS and said & KEEPS and not said & STOPS)
