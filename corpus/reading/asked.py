"""A numbered list of questions without 问 and 答: each line that asks, and what stands below it.

1、断缴两个月怎么补？
由新单位申报补缴。
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from corpus.reading.types import Line

_ASKED = re.compile(
    r"\s{0,12}(?:#{1,6}\s{0,3})?(?:第?\s?(\d{1,3})\s?[.、．)）:：问]|[（(](\d{1,3})[）)]|[QqＱ](\d{1,3})\s?[.、:：]?"
    r"|([一二三四五六七八九十百]{1,4})[、.．])\s{0,3}([^\d\s.].{2,90}[？?])\s{0,3}$"
)
_LISTS = re.compile(r"问答|解答|答疑|常见问题|热点问题|热点问答|百问|FAQ|Q\s?&\s?A", re.I)
"""What a page of questions calls itself; else 一、…？ heads a part of an article."""
_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")}
_NUMBERED = re.compile(r"\s{0,12}(?:#{1,6}\s{0,3})?\d{1,3}\s?[.、．)）]\s{0,3}\D")
_LEAST = 2


def mark_numbered(lines: Sequence[Line], named: str = "") -> list[Line]:
    """The lines, those marked as questions that are numbered one after the other and answered.

    ``named``: what the page calls itself. Where it is no list by its name, numbered lines before
    the first question say that the numbers count parts of an article.
    """
    listed = _LISTS.search(named) is not None
    found = {
        i: m
        for i, line in enumerate(lines)
        if (m := _ASKED.match(line.text)) and (listed or not m.group(4))
    }
    if len(found) < _LEAST or any(line.question for line in lines):
        return list(lines)
    numbers = [_number(next(filter(None, m.groups()[:4]))) for m in found.values()]
    rising = sum(b == a + 1 for a, b in pairwise(numbers))
    if rising * 4 < 3 * (len(numbers) - 1) or not all(_answered(lines, i, found) for i in found):
        return list(lines)
    before = next(iter(found))
    if not listed and any(_NUMBERED.match(line.text) for line in lines[:before]):
        return list(lines)
    return [replace(line, question=True) if i in found else line for i, line in enumerate(lines)]


def _answered(lines: Sequence[Line], place: int, found: dict[int, re.Match[str]]) -> bool:
    """Whether anything stands between a question and the next one."""
    for below in range(place + 1, len(lines)):
        if lines[below].text.strip():
            return below not in found
    return False


def _number(written: str) -> int:
    """3, 三, 十二, 二十."""
    if written.isdecimal():
        return int(written)
    tens, ten, units = written.rpartition("十")
    return 10 * (_DIGITS.get(tens, 1) if ten else 0) + _DIGITS.get(units, 0)
