"""Chinese and Arabic numbers, read and written: 三十二 and 32 are one number.

``statutes`` uses it for article numbers and ``claims`` for amounts of time and money.
"""

from __future__ import annotations

import re

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "○": 0}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_CHINESE = "".join(_DIGITS) + "".join(_UNITS) + "万"
NUMBER = rf"(?:[0-9０-９]+(?:[.．][0-9０-９]+)?|[{_CHINESE}]+)"
"""Regular expression of one number in either script."""
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．", "0123456789.")


def read_number(text: str) -> float | None:
    """The number that ``text`` is, or None: ``"三十二"`` 32, ``"１２"`` 12, ``"两"`` 2,
    ``"二〇二五"`` 2025, ``"一万二"`` None (colloquial short forms are not guessed)."""
    text = text.translate(_FULL_WIDTH)
    if re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", text):
        return float(text)
    if not text or any(c not in _CHINESE for c in text):
        return None
    if all(c in _DIGITS for c in text):
        return float("".join(str(_DIGITS[c]) for c in text))
    return _with_units(text)


def _with_units(text: str) -> float | None:
    total = section = digit = 0
    last_unit, after_zero = 100_000_000, True
    for c in text:
        if c in _DIGITS:
            if digit:
                return None
            digit = _DIGITS[c]
            after_zero = after_zero or digit == 0
        elif c == "万":
            total, section, digit, last_unit = (section + digit) * 10_000, 0, 0, 10_000
            after_zero = False
        else:
            unit = _UNITS[c]
            if unit >= last_unit:
                return None
            section += (digit or 1) * unit
            digit, last_unit, after_zero = 0, unit, False
    if digit and last_unit > 10 and not after_zero:
        return None  # 一百二: said for 120, written for neither
    return float(total + section + digit)


def write_number(number: int) -> str:
    """``32`` as 三十二, the way laws number their articles (up to 9999)."""
    if not 0 < number < 10_000:
        raise ValueError(f"{number} is not a number between 1 and 9999")
    names = "零一二三四五六七八九"
    parts: list[str] = []
    rest = number
    for unit, name in ((1000, "千"), (100, "百"), (10, "十")):
        digit, rest = divmod(rest, unit)
        if digit:
            parts.append(names[digit] + name)
        elif parts and rest and not parts[-1].endswith("零"):
            parts.append("零")
    if rest:
        parts.append(names[rest])
    written = "".join(parts)
    return written[1:] if written.startswith("一十") else written
