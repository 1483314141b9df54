"""Dates as Chinese pages write them, and nothing guessed where a page writes none."""

from __future__ import annotations

import re
from datetime import date

_FULL_WIDTH = str.maketrans("０１２３４５６７８９－／．：", "0123456789-/.:")
_CHINESE = "零〇○一二三四五六七八九十"
_TYPED = f"{_CHINESE}0O"  # 二00一年
DATE = (
    r"(?:(?<!\d)(?:19|20)\d\d\s?[-/.]\s?\d{1,2}\s?[-/.]\s?\d{1,2}(?!\d)"
    r"|(?<!\d)(?:19|20)\d\d\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*[日号]"
    rf"|[一二][{_TYPED}]{{3}}年[{_CHINESE}]{{1,2}}月[{_CHINESE}]{{1,3}}日)"
)
"""Regular expression of one whole date (year, month and day) in ``plain`` text."""
_PARTS = re.compile(rf"[{_CHINESE}][{_TYPED}]*|\d+")
_VALUES = dict(zip(_TYPED, (0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0, 0), strict=False))


def plain(text: str) -> str:
    """Full-width digits and marks as half-width ones, so that ``DATE`` finds them."""
    return text.translate(_FULL_WIDTH)


def read_date(text: str) -> date | None:
    """The first date in the text, or None: 2024-08-01, 2024年8月1日, 二〇二四年八月一日,
    2024-08-01T10:00:00+08:00. A day that no calendar has is None."""
    found = re.search(DATE, plain(text))
    if not found:
        return None
    year, month, day = (_number(part) for part in _PARTS.findall(found.group()))
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _number(written: str) -> int:
    """2025, 二〇二五, 十二, 二十六, 三十."""
    if written.isdecimal():
        return int(written)
    tens, ten, units = written.rpartition("十")
    if ten:
        return 10 * (_VALUES[tens] if tens else 1) + (_VALUES[units] if units else 0)
    return int("".join(str(_VALUES[digit]) for digit in written))
