"""Whether two claims exclude each other, or whether place, year or length of break explains it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import combinations
from typing import Literal

from corpus.types import Article, Claim, Passage, Scheme

Verdict = Literal["agree", "at odds", "断缴时间", "地区", "年份"]
"""``at odds``: both cannot be right. A Chinese word: what accounts for the difference."""

Case = tuple[frozenset[str], bool | None, str, frozenset[str]]
"""A claim's values, whether it is said of a long break, its place, the years that it names."""

_CONDITION = re.compile(r"(≤|<|>|≥|累计)(\d+(?:\.\d+)?)(个月|天|年)")
YEAR = re.compile(r"20\d\d(?=年)")
_AT_ONCE = {"无", "当月", "当天"}
SHORT_BREAK = 3.0
"""Months up to which 医保办发〔2021〕43号 counts a break as short."""
_EMPLOYED = frozenset[Scheme]({"职工", "灵活就业"})


@dataclass(frozen=True)  # no slots: what is derived is kept, a claim meets many others
class Said:
    """A claim, the article in which it stands, and the passage that holds it."""

    claim: Claim
    article: Article
    passage: Passage | None = None

    @cached_property
    def source(self) -> str:
        """Who says it: the page reported, or the article's own title."""
        reported = self.claim.source
        if reported is None:
            return self.article.title
        return reported.publisher + reported.name + self.claim.locator.removesuffix("节选")

    @property
    def date(self) -> date | None:
        reported = self.claim.source
        return reported.published if reported else self.article.source.published

    @property
    def region(self) -> str:
        return self.claim.region

    @cached_property
    def values(self) -> frozenset[str]:
        """The claim's values; no wait, this month and today all mean at once."""
        values = frozenset(self.claim.normal.split("；")) - {""}
        return values | {"即时"} if values & _AT_ONCE else values

    @cached_property
    def case(self) -> Case:
        """What decides whether it excludes another: values, length of break, place, years."""
        return self.values, is_long(self.claim.condition), self.region, self.years

    @cached_property
    def years(self) -> frozenset[str]:
        """Those that the value names, else the last one that its line names before it (年度：2024年度；
        个人缴费：380元)."""
        if named := YEAR.findall(self.claim.value):
            return frozenset(named)
        text = self.article.text
        at = text.find(self.claim.value, self.claim.start, self.claim.end)
        line = text.rfind("\n", 0, self.claim.start) + 1
        return frozenset(YEAR.findall(text[line : max(at, self.claim.start)])[-1:])


def verdict(a: Said, b: Said) -> Verdict:
    """How two claims on one matter stand to each other."""
    return _verdict(a.case, b.case) if _comparable(a, b) else "agree"


def disagreeing(said: Sequence[Said], rule: Said | None = None) -> tuple[list[Said], set[Verdict]]:
    """Those that do not agree with another one or with the rule, in their order, and how they stand.

    The same as asking ``verdict`` of each pair, but equal cases are compared once: of a thousand
    articles many say the same.
    """
    cases: dict[Case, list[Said]] = {}
    for one in (*said, rule) if rule else said:
        cases.setdefault(one.case, []).append(one)
    shown: set[int] = set()
    kinds: set[Verdict] = set()
    groups = list(cases.items())
    for i, (case, group) in enumerate(groups):
        for other_case, others in groups[i:] if not case[0] else groups[i + 1 :]:
            found = _verdict(case, other_case)
            if found == "agree":
                continue
            apart = {id(s) for s in _comparable_to(group, others)}
            apart |= {id(s) for s in _comparable_to(others, group)}
            if apart:
                kinds.add(found)
                shown |= apart
    return [s for s in said if id(s) in shown], kinds


def kinds_of(said: Sequence[Said]) -> set[Verdict]:
    """How claims that were told apart stand to each other: what accounts for the difference of any two."""
    return {_verdict(a.case, b.case) for a, b in combinations(said, 2)}


def _comparable_to(group: Sequence[Said], others: Sequence[Said]) -> Iterator[Said]:
    """Those of a group that can be set against at least one of the others."""
    sources = {other.source for other in others}
    valued = bool(group[0].values and others[0].values)
    for one in group:
        if (valued and (len(sources) > 1 or one.source not in sources)) or any(
            _comparable(one, other) for other in others if other is not one
        ):
            yield one


def _verdict(a: Case, b: Case) -> Verdict:
    (values, long, region, years), (others, other_long, other_region, other_years) = a, b
    if values & others:
        return "agree"
    if long is not None and other_long is not None and long != other_long:
        return "断缴时间"
    if region != other_region:
        return "地区"
    if years and other_years and not years & other_years:
        return "年份"
    return "at odds"


def _comparable(a: Said, b: Said) -> bool:
    """No source is set against itself; a claim without a recognised value only against others of its own 说法不一."""
    if not (a.values and b.values):  # the article itself sets the two against each other
        return a.article.id == b.article.id and a.claim.about == b.claim.about
    return a.source != b.source


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


def for_others(one: Scheme | None, other: Scheme | None) -> bool:
    """Whether one is said of people in another scheme; who pays for himself counts as employed."""
    if one is None or other is None or {one, other} <= _EMPLOYED:
        return False
    return one != other


def is_long(condition: str) -> bool | None:
    """Whether a condition speaks of a break longer than three months; None if of none."""
    match = _CONDITION.match(condition)
    if match is None:
        return None
    return not (match[1] in "≤<" and _months(match) <= SHORT_BREAK)


def holds_after(condition: str, months: float) -> bool:
    """Whether what is said under a condition can hold after a break of that many months."""
    match = _CONDITION.match(condition)
    if match is None or match[1] == "累计":
        return True
    limit = _months(match)
    if match[1] in "≤<":
        return months < limit or (months == limit and match[1] == "≤")
    return months >= limit  # half a year counts as over 180 days


def _months(match: re.Match[str]) -> float:
    return float(match[2]) * {"个月": 1.0, "年": 12.0, "天": 1 / 30}[match[3]]
