"""Numbers with their unit, read from folded text: 三个月, 3 个月 and 3个月 are one thing.

What a quantity means for a question (a break, a wait, a sum) is left to the callers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")}
_DIGITS |= {"〇": 0, "两": 2, "俩": 2, "仨": 3}
_PLACES = {"十": 10, "百": 100, "千": 1000, "万": 10000}

# Longer units first: 个工作日 is not 个 and 工作日. 3月 is March, 3个月 a length.
_UNITS = {
    "个工作日": "个工作日",
    "工作日": "个工作日",
    "个自然日": "天",
    "个季度": "季度",
    "季度": "季度",
    "个星期": "周",
    "星期": "周",
    "个月": "个月",
    "个年度": "年",
    "周年": "年",
    "周岁": "岁",
    "块钱": "元",
    "小时": "小时",
    "年": "年",
    "月": "月",
    "天": "天",
    "日": "日",
    "号": "日",
    "周": "周",
    "元": "元",
    "块": "元",
    "岁": "岁",
    "%": "%",
    "步": "步",
    "条": "条",
    "款": "款",
    "项": "项",
}

_QUANTITY = re.compile(
    # nearly every character begins no quantity: told so at once, it takes less than half the time
    r"(?=[第\d零〇一两二三四五六七八九十百千万俩仨半])"
    r"(?P<ordinal>第[ \t]?)?"
    r"(?P<number>(?<![\d.])\d{1,9}(?:\.\d{1,4})?万?|[零〇一二两三四五六七八九十百千万]{1,9}|[俩仨半])"
    r"[ \t]{0,2}(?P<half>个半(?=月)|(?:个)?半(?=小时|天))?"
    r"(?P<unit>" + "|".join(_UNITS) + r"|(?<=[俩仨])月)"
    r"(?P<after>半(?![天日月年个]))?"
)
_PERCENT = re.compile(r"百分之(?P<number>[零一二三四五六七八九十百]{1,5}|\d{1,3})")


@dataclass(frozen=True, slots=True)
class Quantity:
    """``text[start:end]`` is a number with its unit; ``normals`` is how it is compared.

    The first of ``normals`` is its own form (``"3个月"``, ``"半年"``); equal lengths in months
    follow (``"6个月"``). Days are never turned into months: 90天 and 3个月 are different rules.
    """

    start: int
    end: int
    normals: tuple[str, ...]


def number(text: str) -> float | None:
    """The value of a Chinese or Arabic numeral, or None: 二十五 is 25, 两百 is 200.

    >>> number("二十五")
    25.0
    """
    if written := re.fullmatch(r"(\d+(?:\.\d+)?)(万?)", text):
        return float(written[1]) * (_PLACES["万"] if written[2] else 1)
    total, section, digit = 0, 0, 0
    for character in text:
        if character in _DIGITS:
            digit = digit * 10 + _DIGITS[character]
        elif character == "万":
            total, section, digit = (total + section + digit) * 10000, 0, 0
        elif character in _PLACES:
            section, digit = section + (digit or 1) * _PLACES[character], 0
        else:
            return None
    return float(total + section + digit) if text else None


def quantities(folded: str) -> list[Quantity]:
    """Every number with a unit, in order, of text that went through ``corpus.text.fold``.

    >>> [q.normals for q in quantities("断了半年,补3 个月")]
    [('半年', '6个月'), ('3个月',)]
    """
    found = [
        Quantity(m.start(), m.end(), normals)
        for m in _QUANTITY.finditer(folded)
        if (normals := _normals(m))
    ]
    for m in _PERCENT.finditer(folded):
        value = number(m["number"])
        if value is not None:
            found.append(Quantity(m.start(), m.end(), (f"{value:g}%",)))
    return sorted(found, key=lambda q: q.start)


def _normals(match: re.Match[str]) -> tuple[str, ...]:
    written, unit = match["number"], _UNITS.get(match["unit"], match["unit"])
    if written in ("俩", "仨") and unit == "月":
        unit = "个月"
    if written == "半":
        return {"年": ("半年", "6个月"), "个月": ("半个月", "15天")}.get(unit, ())
    if match["ordinal"]:
        return _ordinal(written, unit)
    half = 0.5 if match["half"] or match["after"] else 0.0
    if match["half"] and unit == "月":
        unit = "个月"
    normals: list[str] = []
    for value in _values(written):
        value += half
        if unit == "年" and value <= 30:
            normals += [f"{value:g}年", f"{value * 12:g}个月"]
        elif unit == "季度":
            normals += [f"{value:g}季度", f"{value * 3:g}个月"]
        else:
            normals.append(f"{_plain(value)}{unit}")
    return tuple(normals)


def _ordinal(written: str, unit: str) -> tuple[str, ...]:
    value = number(written)
    return (f"第{_plain(value)}{unit}",) if value is not None else ()


def _values(written: str) -> list[float]:
    """两三 (two or three) are two values; every other numeral is one."""
    if len(written) == 2 and all(_DIGITS.get(c, 0) > 0 for c in written):
        return [float(_DIGITS[c]) for c in written]
    value = number(written)
    return [] if value is None else [value]


def _plain(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)
