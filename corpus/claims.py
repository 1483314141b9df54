"""What a source claims, drawn from its text when it is indexed: 待遇等待期 is 6个月, says 找法网.

Any source text will do. Our own articles say who claims what in the lines of their 说法不一, which
``claim_lines`` reads. Which claims are at odds with each other, and which of them a question asks
for, is ``assistant/conflicts.py``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from corpus import matters
from corpus.circumstances import conditions, normal_length, region_in, scheme_of
from corpus.claim_lines import line_claims
from corpus.matters import LENGTH, Matter, Value
from corpus.text import fold, sentences, strip_span
from corpus.types import NATIONAL, Article, Claim, Passage
from corpus.versions import version_of

CLAIMS_VERSION = version_of(__name__)
"""Part of a store's identity: changes whenever other claims could be drawn."""

_PART = re.compile(r"[;\n]")
_SHORTEST, _LONGEST = 2, 1_000  # characters of what is looked at: no sentence is longer
_NEAR = 16
"""Characters between a condition and the value that it belongs to, for both to be shown
(60天内补缴,次月起). Further apart they stand on their own."""
_CLAUSE, _BREAK = re.compile(r"[,;:。!?()\s]"), re.compile(r"[;:。!?\s]")
_JOINS = re.compile("(?:(?:但|且|而|并且|同时)(?=.{3}))?")
_WIDER, _WIDEST = 24, 40
"""Characters of the clause around a value that are shown with it on either side, and of all that is
shown with the clauses before it: 次月 alone says nothing, 断缴次月起暂停医保报销 does."""
_DAY = re.compile(r"(\d{1,2})月(?:(\d{1,2})[日号]|([底末]))?")
_BY_SEX = re.compile(r"男[^\d女]{0,10}(?P<man>\d{1,2})年.{0,3}女[^\d]{0,10}(?P<woman>\d{1,2})年")
_LAST = {2: 28, 4: 30, 6: 30, 9: 30, 11: 30}
_AMOUNT = re.compile(r"\d{1,12}(?:\.\d{1,6})?(?:元|%)")
_PAPER = re.compile(
    r"身份证|户口[本簿薄]|医[保疗]卡|社保卡|解除[^、,]{0,8}证明书?|劳动合同(?!证)|招工备案表"
    r"|审批表|登记表|申请表|医疗保险卡|缴费证明|参保凭证|凭证|照片|委托书"
)
_OFFICES = (
    ("税务", "税务"),
    ("医保", "医保(?:局|中心|经办|事务|个账)|基本医疗保险的经办|医疗保障"),
    ("社保", "社保|社会保险"),
    ("社区", "(?:社区|街道|村委)(?!.{0,6}医保)"),
)


def claims(article: Article, passages: Sequence[Passage]) -> tuple[Claim, ...]:
    """Every claim of an article, in the order of the text; none for an article of a law."""
    if article.kind == "statute":
        return ()
    if article.own:
        return line_claims(article, says)
    found: dict[tuple[str, str, int], Claim] = {}
    folded = fold(article.text)
    for piece in (piece for passage in passages for piece in passage.pieces):
        if piece.kind != "legal":
            for claim in _piece_claims(article, piece, folded):
                found.setdefault((claim.about, claim.normal, claim.start), claim)
    return tuple(sorted(found.values(), key=lambda c: (c.start, c.end, c.about)))


def says(about: str, folded: str) -> list[tuple[int, int, str]]:
    """``(start, end, normal)`` of the values that a folded sentence gives for a matter."""
    matter = matters.matter(about)
    return [] if matter is None else _values(matter, folded)


def normal_value(folded: str) -> str:
    """One value for comparison: ``九十天`` 90天, ``1年`` 12个月, ``11月30日前`` 11-30."""
    if years := _BY_SEX.search(folded):
        return f"男{years['man']}年女{years['woman']}年"
    days = [_day(m) for m in _DAY.finditer(folded)]
    if days:
        return "至".join(days)
    if papers := sorted(set(_PAPER.findall(folded))):
        return "、".join(papers)
    if "个人或单位" in folded or "单位或个人" in folded:
        return "个人或单位"
    if re.fullmatch("(?:用人)?单位(?:经办人员)?", folded):
        return "单位"
    if re.fullmatch("个人|本人", folded):
        return "本人"
    if office := _office(folded):
        return office
    if amount := _AMOUNT.search(folded):
        return amount[0]
    if length := re.search(LENGTH, folded):
        return normal_length(length[0])
    month = re.search("次月|当月|次日|当天|次年|即时|第二天|下个月", folded)
    same = {"第二天": "次日", "下个月": "次月", "即时": "当天"}
    return same.get(month[0], month[0]) if month else re.sub(r"[\s,、起的]", "", folded)


def _piece_claims(article: Article, passage: Passage, folded: str) -> Iterator[Claim]:
    headings = (fold(article.title), *(fold(h) for h in passage.heading))
    condition, scheme, before = "", None, passage.start
    for start, end in _parts(article.text, folded, passage.start, passage.end):
        text = folded[start:end]
        if "\n" in article.text[before:start]:
            condition, scheme = "", None
        before = start
        own = conditions(text)
        scheme = scheme_of(text, headings, article, before=scheme)
        found = _all_values(text, headings)
        region = region_in(text, article) if found else ""  # the dearest of all: only if needed
        for matter, a, b, normal in found:
            near = None if matter.of_break else _condition_of(own, text, a)
            shown = (near[0] if near and a - near[1] <= _NEAR else a), b
            shown = shown if matter.bare else _clause(text, *shown)
            yield Claim(
                about=matter.about,
                value=article.text[start + shown[0] : start + shown[1]].strip(),
                normal=normal,
                start=start,
                end=end,
                scheme=scheme or matter.scheme,
                region=region,
                condition="" if matter.of_break else near[2] if near else condition,
                national=article.source.national and region == NATIONAL,
            )
        if own:
            condition = own[-1][2]


def _clause(text: str, start: int, end: int) -> tuple[int, int]:
    """The clause of a folded sentence that a value stands in, with those that lead to it, where
    they are short."""
    right = next((m.start() for m in _CLAUSE.finditer(text, end)), len(text))
    end = right if right - end <= _WIDER else end
    opens = max((m.end() for m in _BREAK.finditer(text, 0, start)), default=0)
    lefts = [opens, *(m.end() for m in _CLAUSE.finditer(text, opens, start))]
    for left in lefts:
        if end - left <= _WIDEST or (left == lefts[-1] and start - left <= _WIDER):
            return _JOINS.match(text, left).end(), end  # type: ignore[union-attr]  # may be empty
    return start, end


@lru_cache(maxsize=2_000)
def _all_values(text: str, headings: tuple[str, ...]) -> tuple[tuple[Matter, int, int, str], ...]:
    """The values that a folded sentence gives, of every matter that it speaks of. Kept for a while:
    pages say the same sentence again and again, and damaged ones do little else."""
    whole = "\n".join((*headings, text))
    found: list[tuple[Matter, int, int, str]] = []
    for matter in matters.matters():
        values = _values(matter, text)
        if values and _fits(matter, text, whole):
            found += [(matter, *value) for value in values]
    return tuple(found)


def _parts(text: str, folded: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Sentences, cut once more at semicolons and line ends: what a claim is quoted as."""
    for a, b in sentences(text, start, end):
        cut = a
        for mark in [*(m.end() for m in _PART.finditer(folded, a, b)), b]:
            span = strip_span(text, cut, mark)
            if _SHORTEST <= span[1] - span[0] <= _LONGEST:
                yield span
            cut = mark


def _fits(matter: Matter, text: str, whole: str) -> bool:
    if matter.excluded and matter.excluded.search(text):
        return False
    return matter.within is None or bool(matter.within.search(whole))


def _values(matter: Matter, text: str) -> list[tuple[int, int, str]]:
    found: list[tuple[int, int, str]] = []
    for value in matter.values:
        for match in value.pattern.finditer(text):
            a, b = match.span("value")
            if matter.unled and matter.unled.search(_CLAUSE.split(text[:a])[-1]):
                continue
            if not any(x < b and a < y for x, y, _ in found):
                found.append((a, b, _normal(matter, value, match["value"])))
    return sorted(found)


def _normal(matter: Matter, value: Value, words: str) -> str:
    if value.normal:
        return value.normal
    if matter.raw:
        return re.sub(r"\s", "", words)
    normal = normal_value(words)
    return normal.rpartition("至")[2] if matter.last_day else normal


def _condition_of(
    found: Sequence[tuple[int, int, str]], text: str, start: int
) -> tuple[int, int, str] | None:
    """The condition that a value stands under: the last one before it, turned round where 否则
    or 逾期 stands between them."""
    before = [c for c in found if c[1] <= start]
    if not before:
        return None
    a, b, condition = before[-1]
    if condition.startswith(("≤", "<")) and re.search("否则|逾期|不然", text[b:start]):
        return a, b, ">" + condition[1:]
    return a, b, condition


def _office(folded: str) -> str:
    """The kind of office that is named first, or ""."""
    named = [(m.start(), name) for name, words in _OFFICES if (m := re.search(words, folded))]
    return min(named)[1] if named else ""


def _day(match: re.Match[str]) -> str:
    if match[2]:
        return f"{int(match[1]):02d}-{int(match[2]):02d}"
    month = int(match[1])
    return f"{month:02d}-{_LAST.get(month, 31)}" if match[3] else f"{month:02d}"
