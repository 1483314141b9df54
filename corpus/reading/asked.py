"""A numbered list of questions without 问 and 答: each line that asks, and what stands below it.

    1、断缴两个月怎么补？
    由新单位申报补缴。
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from corpus.reading.types import Line

_ASKED = re.compile(
    r"\s{0,12}(?:#{1,6}\s{0,3})?(?:第?\s?(\d{1,3})\s?[.、．)）:：问]|[（(](\d{1,3})[）)]|[QqＱ](\d{1,3})\s?[.、:：]?)"
    r"\s{0,3}([^\d\s.].{2,90}[？?])\s{0,3}$"
)
_NUMBERED = re.compile(r"\s{0,12}(?:#{1,6}\s{0,3})?\d{1,3}\s?[.、．)）]\s{0,3}\D")
_LEAST = 2


def mark_numbered(lines: Sequence[Line]) -> list[Line]:
    """The lines, those marked as questions that are numbered one after the other and answered.

    All numbered lines on that level must ask, or the numbers count parts of an answer.
    """
    found = {i: m for i, line in enumerate(lines) if (m := _ASKED.match(line.text))}
    if len(found) < _LEAST or any(line.question for line in lines):
        return list(lines)
    numbers = [int(next(filter(None, m.groups()[:3]))) for m in found.values()]
    rising = sum(b == a + 1 for a, b in zip(numbers, numbers[1:], strict=False))
    if rising * 4 < 3 * (len(numbers) - 1) or not all(_answered(lines, i, found) for i in found):
        return list(lines)
    before = next(iter(found))
    if any(_NUMBERED.match(line.text) for line in lines[:before]):
        return list(lines)
    return [replace(line, question=True) if i in found else line for i, line in enumerate(lines)]


def _answered(lines: Sequence[Line], place: int, found: dict[int, re.Match[str]]) -> bool:
    """Whether anything stands between a question and the next one."""
    for below in range(place + 1, len(lines)):
        if lines[below].text.strip():
            return below not in found
    return False
