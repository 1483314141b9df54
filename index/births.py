"""Days of birth in a text: a day, or a month with its year, that somebody was born in.

A year alone stays: whether somebody can retire hangs on it, and it names nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.text import Span

_HAN = "零〇一二三四五六七八九十"
_YEAR = rf"(?:(?:19|20)\d\d|\d\d|[{_HAN}]{{2,4}})\s?年\s?"
_CALENDAR = "(?:农历|阴历|阳历|公历)?"
_MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九正冬腊])\s?月份?\s?"
_DAY = (
    rf"(?:(?:初|廿)[{_HAN}]|[{_HAN}]{{1,3}}[日号]?|(?:3[01]|[12]\d|0?[1-9])\s?[日号]?)(?![\d个天])"
)
_DATE = (
    rf"(?:(?:{_YEAR})?{_CALENDAR}{_MONTH}{_DAY}|{_YEAR}{_CALENDAR}{_MONTH}"
    r"|(?<!\d)(?:19|20)\d\d\s?[-./]\s?\d{1,2}(?:\s?[-./]\s?\d{1,2})?(?!\d)"
    r"|(?<!\d)\d{1,2}/\d{1,2}/(?:19|20)\d\d(?!\d)"
    r"|(?<!\d)(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d))"
)
_BORN_THEN = re.compile(
    rf"({_DATE})\s?(?:这天|那天|这个)?(?:,\s?)?(?:出生|生的|生人|生日|诞生|生(?=[,。.;:、)\s]|\Z))"
)
_THEN_BORN = re.compile(
    rf"(?:born(?: on| in)?|date of birth|出生(?:日期|年月日?|时间|于|在)?|生日|生于|诞生于)(?:\s|[:是为在于,]|农历|阴历|阳历){{0,4}}({_DATE})"
)
_TOLD_AGAIN = re.compile(
    rf"(?:档案|系统|身份证|户口本?|实际|真实|阳历|农历|写[成的]?|成了?|改[成为]?|错[成为]?)[里上中]?"
    rf"(?:是|写[成的]?|成了|为|[:,])?({_DATE})"
)
"""The same day as somebody else has it, told beside a day of birth."""


def births(plain: str) -> Iterator[Span]:
    """Spans in a folded text.

    >>> text = "我1990年11月23日出生，2010年3月参保"
    >>> [text[a:b] for a, b in births(text)]
    ['1990年11月23日']
    """
    found = [m.span(1) for p in (_BORN_THEN, _THEN_BORN) for m in p.finditer(plain)]
    if found:
        found += [match.span(1) for match in _TOLD_AGAIN.finditer(plain)]
    yield from found
