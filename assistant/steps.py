"""The steps that a passage tells: one list for each channel that it names.

Depends on the passage alone. Pages that were flattened tell several channels in one line, list
ways beside each other as if they were steps, or put a short procedure into one sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.channels import FAR, channel
from corpus.kinds import units_of
from corpus.line_roles import Lines
from corpus.markers import turns
from corpus.names import app_in
from corpus.passages import is_cut
from corpus.reading.places import region_of
from corpus.text import Span, fold, sentences, strip_span
from corpus.told import Unit, runs, told, units_in
from corpus.types import NATIONAL, Passage, Scheme
from index.facets import facets
from index.features import SHORT_ANSWER
from index.kept import kept

_ONLINE = ("手机", "网站")
_SHOWN_AS = {"单位代办": "单位办理"}
_BLANK = re.compile(r"\s+")
_ARROW = re.compile(r"\s{0,20}(?:→|->|=>|＞|>>)\s*")
_LABEL = re.compile(r"\s{0,20}[^→：:，,。；;\s][^→：:，,。；;]{1,23}?\s{0,20}[：:]\s*")
_MARKS = re.compile(r"[\s:：\-•·]*")
_WORD = re.compile(r"\w")
_CHANNEL_TITLE = re.compile(
    r"(?:通过|使用)?(?:支付宝|微信|银行app|手机银行|国家医保服务平台|小程序|公众号|线下窗口?|官网)"
    r"(?:小程序|公众号|app|线上)?(?:缴费|缴纳|办理|支付|续交|查询|渠道|操作)?"
)
_SHOWN = re.compile('[「【“"]|打开|登录|点击|进入|选择')
_CLAUSE = re.compile(r"(?<!步)[，,；;]\s*")  # 第一步，打开…… is one step
_HALF = re.compile(r"[；;]\s*")
_PREFACE = 12  # characters before 先 that tell who does it or where


@dataclass(frozen=True, slots=True)
class Steps:
    """Spans of the article, in order, and what is known of them all."""

    passage: Passage
    spans: tuple[Span, ...]
    channel: str
    schemes: tuple[Scheme, ...]
    place: str
    truncated: bool


@kept
def steps_of(passage: Passage) -> tuple[Steps, ...]:
    """The lists of a passage, in the order of the text; () where it tells none."""
    if SHORT_ANSWER in passage.heading:
        return ()
    lines = Lines.of(passage)
    lists = [found for run in _runs(passage, lines) for found in _lists(passage, lines, run)]
    f = facets(passage)
    return tuple(
        Steps(
            passage=passage,
            spans=tuple(found),
            channel=channel_of(passage, found),
            schemes=f.schemes,
            place=f.region if f.region not in ("", NATIONAL) else _place(passage, found),
            truncated=is_cut(passage) and found is lists[-1],
        )
        for found in lists
    )


def _place(passage: Passage, spans: Sequence[Span]) -> str:
    """The one place that the steps themselves name (微信「日照医保」小程序), or 全国."""
    return region_of(passage.article.text[spans[0][0] : spans[-1][1]], "")


def channel_of(passage: Passage, spans: Sequence[Span]) -> str:
    """Where steps are done; of what is done on a phone or a website the app by its name."""
    text, start = passage.article.text, spans[0][0]
    own = "\n".join(text[a:b] for a, b in spans)
    before = text[max(0, start - FAR) : start]
    found = channel(own, before, passage.heading, passage.article.title)
    if found not in _ONLINE:
        return _SHOWN_AS.get(found, found)
    said = (fold(own), *map(fold, passage.heading[::-1]))
    return next(filter(None, map(app_in, said)), "线上")


def _runs(passage: Passage, lines: Lines) -> list[list[Span]]:
    """The lines or items that tell one procedure each."""
    if passage.parts and passage.items:
        return [lines_of(passage)]  # stages that were put together
    text = passage.article.text
    units = units_in(text, passage.start, passage.end, passage.heading, passage.items)
    found = [[units[n].span for n in run] for run in runs(told(text, lines, units))]
    # what ends in a colon introduces the steps behind it
    return [run[1:] if len(run) > 1 and text[run[0][1] - 1] in "：:" else run for run in found]


def _lists(passage: Passage, lines: Lines, run: Sequence[Span]) -> list[list[Span]]:
    """The steps of one procedure; of several where its lines are menu paths, or one line tells of several
    channels."""
    menus = [menu for span in run for menu in _menus(passage, span)]
    if menus:
        return menus if len(run) < 2 or len(menus) > 1 else [list(run)]
    if len(run) > 1:
        return [list(run)]
    (span,) = run
    parts = _by_channel(passage, lines, span)
    return [_turned(passage, lines, part) for part in parts]


def _by_channel(passage: Passage, lines: Lines, span: Span) -> list[Span]:
    """A line that tells of several channels, one sentence after the other, in parts; else whole."""
    text = passage.article.text
    units = [Unit(a, (a, b), passage.heading, False) for a, b in sentences(text, *span)]
    found = [
        (units[run[0]].start, units[run[-1]].span[1]) for run in runs(told(text, lines, units))
    ]
    names = [channel_of(passage, [part]) for part in found]
    return found if len(set(names)) == len(names) > 1 else [span]


def _turned(passage: Passage, lines: Lines, span: Span) -> list[Span]:
    folded = fold(passage.article.text[slice(*span)])
    cuts = [span[0] + at for at in turns(folded)]
    return _turns(passage, span, cuts) if cuts else _told(passage, lines, span)


def lines_of(passage: Passage) -> list[Span]:
    """The list's items, else the lines. A heading that tells what to do first (下载并登录 app) is the
    first of them."""
    text = passage.article.text
    spans = list(passage.items) or units_of(text, passage.start, passage.end)
    name = passage.heading[-1] if passage.heading else ""
    at = text.find(name, passage.start, spans[0][0]) if passage.items and name else -1
    if at >= 0 and Lines.of(passage).tell([(at, at + len(name))])[0]:
        spans[:0] = [(at, at + len(name))]
    stripped = (strip_span(text, a, b) for a, b in spans)
    return [(a, b) for a, b in stripped if _WORD.search(text, a, b) and text[a] != "#"]


def _told(passage: Passage, lines: Lines, span: Span) -> list[Span]:
    """A procedure told in prose: its sentences from the first to the last that tells; of a single one
    (到窗口，填表，办手续) its clauses."""
    text, (start, end) = passage.article.text, span
    start = label.end() if (label := _LABEL.match(text, start, end)) else start
    spans = [strip_span(text, a, b) for a, b in sentences(text, start, end)]
    told = lines.tell(spans, passage.heading)
    if any(told):
        spans = spans[told.index(True) : len(told) - told[::-1].index(True)]
    return spans if len(spans) > 1 else _clauses(passage, lines, spans[0])


def _turns(passage: Passage, span: Span, cuts: list[int]) -> list[Span]:
    """What is told as 先 …，再 …，最后 …: a step from each of these words to the next, the last one
    to the end of its sentence."""
    text = passage.article.text
    spans = sentences(text, *span)
    start = next(a for a, b in spans if a <= cuts[0] < b)
    end = next(b for a, b in spans if a <= cuts[-1] < b)
    if label := _LABEL.match(text, start, cuts[0]):
        start = label.end()
    if cuts[0] - start <= _PREFACE:
        cuts[0] = start
    parts = (strip_span(text, a, b) for a, b in pairwise([*cuts, end]))
    return [(a, b) for a, b in parts if a < b]


def _menus(passage: Passage, span: Span) -> list[list[Span]]:
    """The menu paths of one line (微信缴费 打开微信 → 点「我」→ 「服务」), one for each channel."""
    text, (start, end) = passage.article.text, span
    if len(_ARROW.findall(text, start, end)) < 2:
        return []
    first, *rest = _cut(_ARROW, text, start, end)
    # what stands before the first step introduces it
    pieces = _cut(_BLANK, text, *first)[-1:]
    for part in rest:
        pieces += _cut(_BLANK, text, *part)
    menus: list[list[Span]] = [[]]
    for a, b in pieces:
        if _CHANNEL_TITLE.fullmatch(fold(text[a:b])):
            menus.append([])
        else:
            menus[-1].append((a, b))
    menus = [_without_preface(text, menu) for menu in menus]
    return [
        menu for menu in menus if len(menu) > 1 and _SHOWN.search(text, menu[0][0], menu[-1][1])
    ]


def _without_preface(text: str, menu: list[Span]) -> list[Span]:
    """Without marks before a step and a label before the first."""
    menu = [strip_span(text, a + len(_MARKS.match(text, a, b)[0]), b) for a, b in menu]  # type: ignore[index]  # may be empty
    menu = [(a, b) for a, b in menu if a < b]
    if menu and (label := _LABEL.match(text, *menu[0])) and label.end() < menu[0][1]:
        menu[0] = (label.end(), menu[0][1])
    return menu


def _clauses(passage: Passage, lines: Lines, span: Span) -> list[Span]:
    """A sentence clause by clause, where most of its clauses tell what to do."""
    text, (start, end) = passage.article.text, span
    halves = _cut(_HALF, text, start, end)
    parts = halves if len(halves) > 2 else _cut(_CLAUSE, text, start, end)
    told = lines.tell(parts, passage.heading)
    return parts if 2 * sum(told) >= len(parts) else [span]


def _cut(pattern: re.Pattern[str], text: str, start: int, end: int) -> list[Span]:
    """The stretches between the matches of a pattern, without white space at their ends."""
    found: list[Span] = []
    for match in pattern.finditer(text, start, end):
        found.append((start, match.start()))
        start = match.end()
    stripped = (strip_span(text, a, b) for a, b in (*found, (start, end)))
    return [(a, b) for a, b in stripped if a < b]
