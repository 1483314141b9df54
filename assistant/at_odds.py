"""Whether two claims exclude each other, or whether place, year or length of break explains it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from corpus import matters
from corpus.types import NATIONAL, Article, Claim, Scheme

Verdict = Literal["agree", "at odds", "断缴时间", "地区", "年份"]
"""``at odds``: both cannot be right. A Chinese word: what accounts for the difference."""

_CONDITION = re.compile(r"(≤|>|≥|累计)(\d+(?:\.\d+)?)(个月|天|年)")
_YEAR = re.compile(r"20\d\d(?=年)")
_AT_ONCE = {"无", "当月", "当天"}
SHORT_BREAK = 3.0
"""Months up to which 医保办发〔2021〕43号 counts a break as short."""
_EMPLOYED = frozenset[Scheme]({"职工", "灵活就业"})


@dataclass(frozen=True, slots=True)
class Said:
    """A claim, and the article in which it stands."""

    claim: Claim
    article: Article

    @property
    def source(self) -> str:
        """Who says it: the page reported, or the article's own title."""
        reported = self.claim.source
        return reported.publisher + reported.name if reported else self.article.title

    @property
    def date(self) -> date | None:
        reported = self.claim.source
        return reported.published if reported else self.article.source.published

    @property
    def region(self) -> str:
        return self.claim.region

    @property
    def values(self) -> frozenset[str]:
        """The claim's values; no wait, this month and today all mean at once."""
        values = frozenset(self.claim.normal.split("；")) - {""}
        return values | {"即时"} if values & _AT_ONCE else values


def verdict(a: Said, b: Said) -> Verdict:
    """How two claims on one matter stand to each other."""
    if a.values & b.values or not _comparable(a, b):
        return "agree"
    first, second = is_long(a.claim.condition), is_long(b.claim.condition)
    if first is not None and second is not None and first != second:
        return "断缴时间"
    if a.region != b.region:
        return "地区"
    years = [set(_YEAR.findall(s.claim.value)) for s in (a, b)]
    if all(years) and not years[0] & years[1]:
        return "年份"
    return "at odds"


def _comparable(a: Said, b: Said) -> bool:
    """A source is only set against itself where the matter allows of one answer; a claim without
    a recognised value only against others of its own 说法不一."""
    if not (a.values and b.values):  # the article itself sets the two against each other
        return a.article.id == b.article.id and a.claim.about == b.claim.about
    if a.source != b.source:
        return True
    matter = matters.matter(a.claim.about)
    return bool(matter and matter.one_answer) and a.claim.start != b.claim.start


def by_scheme(said: Sequence[Said], asked: Collection[Scheme]) -> list[list[Said]]:
    """The claims parted by scheme, the scheme of the best hit first: only claims for the same
    people can be at odds. What names no scheme may be meant for any."""
    if asked:
        wanted = frozenset(asked)
        if wanted & _EMPLOYED:
            wanted |= _EMPLOYED
        return [[s for s in said if s.claim.scheme is None or s.claim.scheme in wanted]]
    groups: list[frozenset[Scheme]] = []
    for one in said:
        scheme = one.claim.scheme
        if scheme is not None:
            group = _EMPLOYED if scheme in _EMPLOYED else frozenset[Scheme]({scheme})
            if group not in groups:
                groups.append(group)
    parted = [[s for s in said if s.claim.scheme is None or s.claim.scheme in g] for g in groups]
    return parted or [list(said)]


def is_long(condition: str) -> bool | None:
    """Whether a condition speaks of a break longer than three months; None if of none."""
    match = _CONDITION.match(condition)
    if match is None:
        return None
    return not (match[1] == "≤" and _months(match) <= SHORT_BREAK)


def holds_after(condition: str, months: float) -> bool:
    """Whether what is said under a condition can hold after a break of that many months."""
    match = _CONDITION.match(condition)
    if match is None or match[1] == "累计":
        return True
    limit = _months(match)
    if match[1] == "≤":
        return months <= limit
    return months >= limit  # half a year counts as over 180 days


def break_in(folded: str, months: float | None) -> float | None:
    """The break that a folded question tells of, in months: a little more for 超过3个月, None
    where the length is what it asks about (要等90天吗)."""
    if months is None or not re.search("断|停|欠|没交|中断", folded):
        return None
    if re.search(r"等(?:满|待)?\d+[个天月]|缓冲", folded):
        return None
    more = re.search(r"超过|以上|多了|多月|以后|之后", folded)
    return months + 0.1 if more else months


def _months(match: re.Match[str]) -> float:
    return float(match[2]) * {"个月": 1.0, "年": 12.0, "天": 1 / 30}[match[3]]


def is_local(said: Said) -> bool:
    """Whether a claim is said of one place."""
    return said.region != NATIONAL
