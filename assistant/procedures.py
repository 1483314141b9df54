"""Steps in order, one list per channel, never cut; papers, places and times each apart.

What steps a passage tells is ``steps.py``; here those that a question is helped by are chosen.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from datetime import date

from assistant.book import CitationBook
from assistant.steps import Steps, steps_of
from assistant.types import Procedure, Statement, Step
from corpus.text import Span, fold, sentences, strip_span
from corpus.types import Passage, PassageKind
from index.question import Question

MOST_PROCEDURES = 6
MOST_LINES = 8
OFFLINE = ("窗口", "单位办理", "电话", "邮寄", "自助机")


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
            holds = all(passage.article.holds(*span, today) for span in steps.spans)
            told = any(_place(steps) == _place(other) for other in found)
            if holds and not told and _fits(asked, steps):
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


def _fits(asked: Question, steps: Steps) -> bool:
    """Whether steps are not plainly those of another scheme, or done in a way that is not wanted."""
    if steps.channel in asked.excluded or (
        "线上" in asked.excluded and steps.channel not in OFFLINE
    ):
        return False
    return not (asked.schemes and steps.schemes) or not set(asked.schemes).isdisjoint(steps.schemes)


def _place(steps: Steps) -> tuple[str, tuple[Span, ...]]:
    """Where a list stands."""
    return steps.passage.article.id, steps.spans


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
