"""Times in a question or on a page, by their form: lengths (两个月, 半年多, 一年零两个月) and points (去年10月, 3月15号).

What a time is of (a break, an age, a wait) is told by ``corpus.time_roles``. 「24年」 is both a length and a point:
which is meant is left to who reads it.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal

from corpus.quantities import number

Bound = Literal["", "more", "at least", "at most", "less"]
"""What a length is told as: itself, more than it (超过3个月, 3个多月), 3个月以上, 3个月以内, less than it (不满3个月)."""


@dataclass(frozen=True, slots=True)
class Time:
    """``text[start:end]``. ``months``: a length, in months of 30 days, None where it is none or has no number
    (几个月); ``bound``: what it is told as; ``in_days``: whether it is counted in days or weeks. ``least``: where a range is told
    (3至6个月) its other end, in months; ``whole``: from where to where it is told (超过3个月, 3个月以内). ``point``: the point
    that it names, if it may be one."""

    start: int
    end: int
    months: float | None = None
    bound: Bound = ""
    point: Point | None = None
    in_days: bool = False
    least: float | None = None
    whole: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Point:
    """A year, a month or a day, as far as it is told. ``year``: as it is written (24 is 2024), else None;
    ``years_off``: from this year; ``months_off``, ``days_off``: from this month, from today. ``part``: 初, 中, 底, 上 or 下 (half a year)."""

    year: int | None = None
    years_off: int | None = None
    month: int | None = None
    months_off: int | None = None
    day: int | None = None
    days_off: int | None = None
    part: str = ""

    @property
    def dated(self) -> bool:
        """Whether it says of which year it is."""
        return not (self.year is self.years_off is self.months_off is self.days_off is None)

    def span(self, today: date) -> tuple[date, date]:
        """Its first and last day, seen from ``today``: without a year the latest that has begun, or one that begins within
        ``SOON``."""
        if self.days_off is not None:
            near = today + timedelta(days=self.days_off)
            return near, near
        month, year = self.month, today.year + (self.years_off or 0)
        if self.months_off is not None:
            counted = today.year * 12 + today.month - 1 + self.months_off
            year, month = counted // 12, counted % 12 + 1
        elif self.year is not None:
            year = self.year
        elif self.years_off is None and month is not None:
            day = min(self.day or 1, 28)
            ahead = [y for y in (year + 1, year, year - 1) if date(y, month, day) <= today + SOON]
            year = ahead[0]
        elif month is None and self.day is not None:
            month = today.month
        first, last = month or 1, month or 12
        if month is None and self.part:
            first, last = {"初": (1, 2), "中": (6, 7), "上": (1, 6), "下": (7, 12)}.get(self.part, (12, 12))  # fmt: skip
        days = monthrange(year, last)[1]
        begin, end = 1, days
        if month is not None and self.part:
            begin, end = {"初": (1, 10), "中": (11, 20)}.get(self.part, (21, days))
        if self.day is not None and month is not None:
            begin = end = min(self.day, days)
        return date(year, first, begin), date(year, last, end)


_NUMBER = r"(?:\d{1,3}(?:\.\d)?|[零〇一二三四五六七八九十百两俩仨]{1,5}|好?几)"
_SOME = r"(?P<some>[多来几把出])?头?"
SOON = timedelta(days=45)
"""How far ahead a point without a year may lie: in November the 12月15号 of one who leaves is that to come."""
_PAIR = "[一俩仨两]?[俩仨两]"
_LENGTHS = tuple(
    (re.compile(pattern), months)
    for pattern, months in (
        (rf"(?P<years>{_NUMBER})年[零又带]?(?:(?P<number>{_NUMBER}){_SOME}个(?P<half>半)?|(?P<pair>{_PAIR}))月", 1.0),
        (rf"(?P<number>{_NUMBER}){_SOME}个?年(?![初底末中级])(?:头|度(?!假))?(?P<half>半(?!个?月))?(?P<more>多(?![少久长大]))?", 12.0),
        (rf"(?P<number>{_NUMBER}){_SOME}个(?P<half>半)?(?P<more>[多来])?(?:自然)?月(?P<half_of>半(?!年))?(?:零(?P<over>{_NUMBER})天)?", 1.0),
        (rf"(?P<number>{_NUMBER})(?P<more>[多来])月", 1.0),
        (rf"(?P<number>{_PAIR})月", 1.0),
        (rf"(?P<number>{_NUMBER}){_SOME}个?(?:自然|工作)?(?:天|日(?![期子常]))", 1 / 30),
        (rf"(?P<number>{_NUMBER}){_SOME}个?(?P<half>半)?(?:星期|礼拜|周(?![岁年一二三四五六日末]))", 7 / 30),
        (rf"(?P<number>{_NUMBER})个?季度", 3.0),
        (r"大半年", 8.0),
        (r"小半年", 5.0),
        (r"半年(?P<more>多(?![少久长大]))?", 6.0),
        (r"[大小]?半[拉个]?月(?P<more>多(?![少久长大]))?", 0.5),
        (r"个把月", 1.0),
        (r"个把(?:星期|礼拜)", 7 / 30),
        (r"年把", 12.0),
    )
)  # fmt: skip
"""Each with what one of it is, in months of 30 days."""
_YEAR = re.compile(
    r"(?:(?P<year>(?:19|20)\d\d|(?<!\d)\d\d|[二一][零〇九][零〇一二三四五六七八九]{2}|[零〇一二][零〇一二三四五六七八九])年(?:份|度)?"
    r"|(?P<named>大前年|前年|去年|上年|今年|本年|明年|后年)度?)(?!级)"
)
_MONTH = re.compile(
    r"的?(?:(?<!\d)(?P<month>1[0-2]|0?[1-9]|十[一二]?|(?<!十)[一二三四五六七八九])月(?![卡票薪嫂经子])份?"
    r"|(?P<named>上上个?月|上个?月|这个?月|本月|当月|下下个?月|下个?月))"
)
_DAY = re.compile(
    r"(?P<day>(?<!\d)[0-3]?\d|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])(?P<named>[号日](?![线楼窗令文]))?"
    r"(?![\d年月天个岁元块%号日多来])"
)
_PART = re.compile(r"年?(?P<part>[初底末中])(?!级)|(?P<half>[上下])半年")
_ALONE = re.compile(r"(?P<of>[年月])(?P<part>[初底末中])(?!级)|(?P<half>[上下])半年")
_NUMERIC = re.compile(
    r"(?<!\d)(20\d\d)[./-](1[0-2]|0?[1-9])(?![\d%])(?:[./-](3[01]|[12]\d|0?[1-9])(?!\d))?"
)
_NAMED = {
    "昨": Point(days_off=-1),
    "前": Point(days_off=-2),
    "今": Point(days_off=0),
    "明": Point(days_off=1),
    "元旦": Point(month=1, day=1),
    "五一": Point(month=5, day=1),
    "国庆": Point(month=10, day=1),
    "春节": Point(month=2),
    "过年": Point(month=2),
}
_NAME = re.compile(r"(?P<day>[昨前今明])(?:天|儿(?:个)?|日)|元旦|五一(?!线|路)|国庆|春节|过年")
_YEARS_OFF = {"大前": -3, "前": -2, "去": -1, "上": -1, "今": 0, "本": 0, "明": 1, "后": 2}
_MONTHS_OFF = {"上上": -2, "上": -1, "这": 0, "本": 0, "当": 0, "下下": 2, "下": 1}
_BEGINS = re.compile(
    r"(?<!第)[\d昨元五国春过〇一二三四五六七八九十百两俩仨好几半大小多个年月去前上今本明后这当下]"
)
_WORDS: Mapping[Bound, str] = {
    "at most": "[不没未](?:有)?(?:超过?|多于|大于|高于|长于|逾|过)|≤|最多|至多",
    "less": "[不没未](?:有)?(?:到|满|足|够|达到?)|够不上|少于|小于|短于|将近|快|<",
    "more": "超过?|多于|不止|大于|长于|逾|过|>",
    "at least": "≥|至少|最少",
}
"""What stands before a length that is told so; the first that fits counts (不超过 before 超过)."""
_BEFORE = {bound: re.compile(rf"(?:{words})了?(?:过)?$") for bound, words in _WORDS.items()}
_BEHIND = re.compile(
    r"(?:\([^)]{1,6}\))?[及或]?"
    r"(?:(?P<more>多(?![少久])|还?要?多|开外|有余|不止)|(?P<at_least>以上)|(?P<at_most>以内|之内|以下|内(?!容))|(?P<less>不到))"
    r"(?P<without>\(不[含包][^)]{0,8}\))?"
)
_NOT_IN = re.compile(r"(?:没有?|未|不)能?[在于]$")
"""没有在3个月内补缴: after more than three months."""
_RANGE = re.compile(rf"(?P<least>{_NUMBER})(?:个月|天|日)?[至到~—\-](?=(?P<most>{_NUMBER}))")


def times(folded: str) -> tuple[Time, ...]:
    """All that a folded text names, in order.

    >>> [folded[t.start:t.end] for folded in ("去年10月离职,断了一年零两个月",) for t in times(folded)]
    ['去年10月', '一年零两个月']
    """
    return tuple(_times(folded))


def _times(folded: str) -> Iterator[Time]:
    at = 0
    while begun := _BEGINS.search(folded, at):
        at = begun.start()
        length, point = _length(folded, at), _point(folded, at)
        ends = [one.end for one in (length, point) if one]
        if not ends:
            at += 1
            continue
        end = max(ends)
        own = length if length and length.end == end else Time(at, end)
        yield replace(own, point=point.point if point and point.end == end else None)
        at = end


def _length(folded: str, at: int) -> Time | None:
    if ranged := _RANGE.match(folded, at):
        least, most = _mean(ranged["least"]), _length(folded, ranged.end())
        if least and most and most.months:
            each = most.months / (_mean(ranged["most"]) or 1.0)
            whole = (at, most.whole[1])
            ranged_to = replace(most, start=at, least=least * each, whole=whole)
            return ranged_to if least * each < most.months else None
    for pattern, each in _LENGTHS:
        found = pattern.match(folded, at)
        if found is None:
            continue
        told = found.groupdict()
        counted = told.get("number") or told.get("pair")
        several = _mean(counted) if counted else 1.0
        if several is not None:
            several += 0.5 * bool(told.get("half") or told.get("half_of"))
            years = _mean(told["years"]) if "years" in told else 0.0
            over = _mean(told["over"]) if told.get("over") else 0.0
            several = None if years is None else several * each + 12 * years + (over or 0.0) / 30
        if several is not None and each == 12.0 and several > 60 * 12:
            continue  # 2025年 is no length
        more = bool(told.get("some") or told.get("more"))
        bound, whole = _bound(folded, at, found.end(), more)
        return Time(at, found.end(), several, bound, in_days=each < 0.5, whole=whole)
    return None


def _mean(written: str) -> float | None:
    """两三 is two and a half; None of 几."""
    digits = [number(c) for c in written]
    if len(written) == 2 and all(d and d < 10 for d in digits) and not written.isdigit():
        return sum(d for d in digits if d) / 2
    return None if "几" in written else number(written)


def _bound(folded: str, start: int, end: int, more: bool) -> tuple[Bound, tuple[int, int]]:
    """What a length is told as, and from where to where."""
    begin = max(0, start - 6)
    before, behind = folded[begin:start], _BEHIND.match(folded, end)
    last = behind.end() if behind else end
    for bound, words in _BEFORE.items():
        if found := words.search(before):
            return bound, (begin + found.start(), last)
    if behind is None:
        return "more" if more else "", (start, end)
    if behind["at_most"] and _NOT_IN.search(before):
        return "more", (start, last)
    beyond = bool(behind["without"])
    if behind["at_least"] and not (more or beyond):
        return "at least", (start, last)
    if behind["at_most"] and not beyond:
        return "at most", (start, last)
    return "less" if behind["less"] or behind["at_most"] else "more", (start, last)


@dataclass(frozen=True, slots=True)
class _Read:
    end: int
    point: Point


def _point(folded: str, at: int) -> _Read | None:
    if found := _NUMERIC.match(folded, at):
        year, month, day = (int(n) if n else None for n in found.groups())
        return _Read(found.end(), Point(year=year, month=month, day=day))
    if found := _ALONE.match(folded, at):
        part = (found["part"] or found["half"]).replace("末", "底")
        own = (
            Point(months_off=0, part=part) if found["of"] == "月" else Point(years_off=0, part=part)
        )
        return _Read(found.end(), own)
    if found := _NAME.match(folded, at):
        return _Read(found.end(), _NAMED[found["day"] or found[0]])
    year_of, end = _YEAR.match(folded, at), at
    told: dict[str, Any] = {}
    if year_of:
        end = year_of.end()
        if year_of["named"]:
            told["years_off"] = _YEARS_OFF[re.sub("年$", "", year_of["named"])]
        else:
            written = int(number(year_of["year"]) or 0)
            told["year"] = (
                written if written > 99 else 2000 + written if written < 60 else 1900 + written
            )
    if month_of := _MONTH.match(folded, end):
        end = month_of.end()
        if month_of["named"]:
            told["months_off"] = _MONTHS_OFF[re.sub("个?月$", "", month_of["named"])]
        else:
            told["month"] = int(number(month_of["month"]) or 1)
    if (month_of or not year_of) and (day_of := _DAY.match(folded, end)):
        day = int(number(day_of["day"]) or 0)
        if 1 <= day <= 31 and (month_of or day_of["named"] == "号"):
            return _Read(day_of.end(), Point(**told, day=day))
    if not told:
        return None
    part_of = _PART.match(folded, end)
    part = (part_of["part"] or part_of["half"]) if part_of else ""
    return _Read(part_of.end() if part_of else end, Point(**told, part=part.replace("末", "底")))
