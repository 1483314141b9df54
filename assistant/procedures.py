"""Steps in order, one list per channel, never cut; papers, places and times each apart.

What steps a passage tells is ``steps.py``; here those that a question is helped by are chosen.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from datetime import date

from assistant.book import CitationBook
from assistant.purpose import KEEPS, STOPS
from assistant.steps import Steps, steps_of
from assistant.types import Procedure, Statement, Step
from corpus.text import fold, sentences, strip_span
from corpus.types import Passage, PassageKind
from index.question import Question

MOST_PROCEDURES = 6
MOST_LINES = 8
SAME_STEPS = 0.45
"""Share of the longer list's character pairs from which two lists tell the same steps. Of the
shorter one's it would let a short list stand for one with more steps."""
OFFLINE = ("窗口", "单位办理", "电话", "邮寄", "自助机")
_APART = frozenset({"停保", "退保", "密码", "办卡", "打印", "查询"})
"""What nobody wants to be shown unasked."""


def procedures(
    asked: Question, passages: Sequence[Passage], book: CitationBook, *, today: date
) -> tuple[Procedure, ...]:
    """A procedure for each channel of the passages, the asked channel first, else in their order; none
    of which a step does not hold on the day."""
    found: list[Steps] = []
    for passage in passages:
        for steps in steps_of(passage):
            if len(found) == MOST_PROCEDURES:
                break
            first = passage.article.id == passages[0].article.id
            holds = all(passage.article.holds(*span, today) for span in steps.spans)
            told = any(_same_list(steps, other) for other in found)
            if holds and not told and _fits(asked, steps, first=first):
                found.append(steps)

    def wanted(steps: Steps) -> int:
        if asked.channels:
            return 0 if steps.channel in asked.channels else 1
        if asked.online is None:
            return 0
        offline = steps.channel in OFFLINE
        return int(offline if asked.online else not offline)

    found.sort(key=wanted)  # stable: equal ones stay in the order of the hits
    return tuple(_procedure(steps, book) for steps in found)


def _fits(asked: Question, steps: Steps, *, first: bool) -> bool:
    """Whether steps are not plainly those of another thing (how to go on paying, where somebody
    asks how to stop) or of another scheme. ``first``: of the best hit's article."""
    if asked.schemes and steps.schemes and not set(asked.schemes) & set(steps.schemes):
        return False
    if asked.actions & KEEPS:  # 停了怎么恢复: the stop is past
        return bool(steps.actions & KEEPS or not steps.actions & STOPS)
    if asked.actions & STOPS:
        return bool(steps.actions & STOPS or not steps.actions & KEEPS)
    return first or not steps.actions or not steps.actions <= _APART - asked.actions


def _same_list(steps: Steps, other: Steps) -> bool:
    """Whether two articles tell the same steps of one channel: the first told is enough."""
    if steps.passage.article.id == other.passage.article.id or steps.channel != other.channel:
        return steps.spans == other.spans and steps.passage.article.id == other.passage.article.id
    here, there = steps.pairs, other.pairs
    return len(here & there) >= SAME_STEPS * max(len(here), len(there))


def _procedure(steps: Steps, book: CitationBook) -> Procedure:
    passage = steps.passage
    text = passage.article.text
    cited = (book.cite(passage, steps.spans[0][0], steps.spans[-1][1]),)
    return Procedure(
        channel=steps.channel,
        steps=tuple(Step(text[a:b], cited) for a, b in steps.spans),
        scheme=steps.schemes[0] if len(steps.schemes) == 1 else None,
        place=steps.place,
        title=passage.heading[-1] if passage.heading else passage.article.title,
        truncated=steps.truncated,
    )


def lines(
    passages: Iterable[Passage],
    kind: PassageKind,
    book: CitationBook,
    *,
    today: date,
    told: Container[str] = (),
) -> tuple[Statement, ...]:
    """Papers, places or times out of the passages of that kind that hold on the day, without doubles and without
    what was ``told`` before, each cited."""
    found: dict[str, Statement] = {}
    for passage in passages:
        if passage.kind != kind:
            continue
        text = passage.article.text
        spans = list(passage.items) or sentences(text, passage.start, passage.end)
        for start, end in spans:
            start, end = strip_span(text, start, end)
            start = _after_label(text, start, end)
            line = text[start:end]
            key = re.sub(r"\W+", "", fold(line))
            if not key or line.startswith("#") or line.endswith(("：", ":")) or key in found:
                continue
            if line in told:
                continue
            if not passage.article.holds(start, end, today):
                continue
            if len(found) == MOST_LINES:
                return tuple(found.values())
            found[key] = Statement(line, (book.cite(passage, start, end),))
    return tuple(found.values())


_LABEL = re.compile(
    r"[•\-*·]?\s{0,20}(?:(?:准备|所需|需要|办理|提交)?(?:材料|资料|证件|地点|时间|时限|流程|方式)|携带)\s{0,20}[:：]\s*"
)


def _after_label(text: str, start: int, end: int) -> int:
    """Where a line begins behind its bullet and its label (「• 准备材料 ：」)."""
    match = _LABEL.match(text, start, end)
    return match.end() if match and match.end() < end else start
