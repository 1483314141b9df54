"""Steps in order, one list per channel, never cut; papers, places and times each apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from assistant.book import CitationBook
from assistant.types import Procedure, Statement, Step
from corpus.passages import is_cut
from corpus.text import Span, fold, sentences, strip_span
from corpus.types import NATIONAL, Passage, PassageKind
from index.facets import facets
from index.question import Question

MOST_PROCEDURES = 6
MOST_LINES = 8
SAME_STEPS = 0.45
"""Share of the shorter list's character pairs from which two lists tell the same steps."""

# first match wins: the named channels before the general ones
_CHANNELS: tuple[tuple[str, str], ...] = (
    ("支付宝", r"支付宝"),
    ("国家医保服务平台", r"国家医保服务平台|国家医保app"),
    ("手机银行", r"手机银行|银行app"),
    ("粤省事", r"粤省事"),
    ("天府通办", r"天府通"),
    ("浙里办", r"浙里办"),
    ("赣服通", r"赣服通"),
    ("微信", r"微信|公众号|小程序"),
    ("单位网上", r"单位.{0,8}(?:网上|网厅|网站|官网|平台)|企业账户|人员增减|网上办事大厅|单位网上"),
    ("线上", r"线上|网上|app|手机|平台|官网|登录|点击"),
    ("窗口", r"窗口|线下|大厅|现场|经办机构|社保局|医保局|医保中心|服务点|村委|街道|柜台|携带"),
    ("单位办理", r"单位|人力资源|人事"),
)


def procedures(
    asked: Question, passages: Sequence[Passage], book: CitationBook
) -> tuple[Procedure, ...]:
    """A procedure for each steps passage, the asked channel first, else in the given order."""
    found: list[tuple[Passage, list[Span]]] = []
    for passage in passages:
        if passage.kind != "steps" or len(found) == MOST_PROCEDURES:
            continue
        spans = _step_spans(passage)
        found += [(passage, arrows) for span in spans if len(arrows := _arrows(passage, span)) > 1]
        if len(spans) < 2 or any(_same_list(passage, spans, *other) for other in found):
            continue
        found.append((passage, spans))

    def wanted(entry: tuple[Passage, list[Span]]) -> int:
        name = channel_of(*entry)
        if asked.channels:
            return 0 if name in asked.channels else 1
        if asked.online is None:
            return 0
        offline = name in ("窗口", "单位办理", "线下")
        return int(offline if asked.online else not offline)

    found.sort(key=wanted)  # stable: equal ones stay in the order of the hits
    return tuple(_procedure(passage, spans, book) for passage, spans in found)


def _same_list(
    passage: Passage, spans: Sequence[Span], other: Passage, others: Sequence[Span]
) -> bool:
    """Whether two articles tell the same steps of one channel: the first told is enough."""
    if passage.article.id == other.article.id or channel_of(passage) != channel_of(other):
        return False
    here, there = (
        {
            text[i : i + 2]
            for a, b in each
            for text in (p.article.text[a:b],)
            for i in range(b - a - 1)
        }
        for p, each in ((passage, spans), (other, others))
    )
    return len(here & there) >= SAME_STEPS * min(len(here), len(there))


def _procedure(passage: Passage, spans: Sequence[Span], book: CitationBook) -> Procedure:
    f = facets(passage)
    text = passage.article.text
    steps = tuple(Step(text[a:b], (book.cite(passage, a, b),)) for a, b in spans)
    return Procedure(
        channel=channel_of(passage, spans),
        steps=steps,
        scheme=f.schemes[0] if len(f.schemes) == 1 else None,
        place=f.region or NATIONAL,
        title=passage.heading[-1] if passage.heading else passage.article.title,
        truncated=is_cut(passage),
    )


def _step_spans(passage: Passage) -> list[Span]:
    """The list's items; where the source writes steps as plain sentences, those."""
    text = passage.article.text
    spans = list(passage.items) or sentences(text, passage.start, passage.end)
    stripped = (strip_span(text, a, b) for a, b in spans)
    return [(a, b) for a, b in stripped if b > a and not text.startswith("#", a)]


_ARROW = re.compile(r"\s*(?:→|->|=>|＞|>>)\s*")
_CHANNEL_LABEL = re.compile(r"[^→：:]{2,20}\s*[：:]\s*")


def _arrows(passage: Passage, span: Span) -> list[Span]:
    """The steps of a menu path in one line (打开微信 → 点「我」→ 「服务」), behind its label."""
    text, (start, end) = passage.article.text, span
    if len(_ARROW.findall(text[start:end])) < 2:
        return []
    if label := _CHANNEL_LABEL.match(text, start, end):
        start = label.end()
    found: list[Span] = []
    for arrow in _ARROW.finditer(text, start, end):
        found.append((start, arrow.start()))
        start = arrow.end()
    return [strip_span(text, a, b) for a, b in (*found, (start, end)) if text[a:b].strip()]


def channel_of(passage: Passage, spans: Sequence[Span] = ()) -> str:
    """The channel that steps are about: by the steps, else by the headings, the text, the title."""
    text = passage.article.text
    own = text[spans[0][0] : spans[-1][1]] if spans else ""
    for where in (" ".join(passage.heading[::-1]), own, passage.text, passage.article.title):
        folded = fold(where)
        for name, pattern in _CHANNELS:
            if re.search(pattern, folded):
                return name
    return "线下"


def lines(
    passages: Iterable[Passage], kind: PassageKind, book: CitationBook
) -> tuple[Statement, ...]:
    """Papers, places or times out of the passages of that kind, without doubles, each cited."""
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
            if len(found) == MOST_LINES:
                return tuple(found.values())
            found[key] = Statement(line, (book.cite(passage, start, end),))
    return tuple(found.values())


_LABEL = re.compile(
    r"[•\-*·]?\s*(?:(?:准备|所需|需要|办理|提交)?(?:材料|资料|证件|地点|时间|时限|流程|方式)|携带)\s*[:：]\s*"
)


def _after_label(text: str, start: int, end: int) -> int:
    """Where a line begins behind its bullet and its label (「• 准备材料 ：」)."""
    match = _LABEL.match(text, start, end)
    return match.end() if match and match.end() < end else start
