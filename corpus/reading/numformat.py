"""Numbers of a spreadsheet as its cells show them: 0.7 under 「0%」 is 70%, 45352 a day.

A cell holds a number and a format code; who reads the sheet sees what the code makes of it, and that
alone may be quoted. Codes that are not understood (fractions, several conditions) show the number.
"""

from __future__ import annotations

import math
import re
from datetime import datetime, timedelta

# built-in codes by number, where they are more than General (ECMA-376, 18.8.30, and zh-CN)
BUILT_IN: dict[int, str] = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%",
    14: "yyyy-m-d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm", 19: "h:mm:ss",
    20: "h:mm", 21: "h:mm:ss", 22: "yyyy-m-d h:mm", 27: 'yyyy"年"m"月"', 28: 'm"月"d"日"',
    29: 'm"月"d"日"', 30: "m-d-yy", 31: 'yyyy"年"m"月"d"日"', 32: "h:mm", 33: "h:mm:ss",
    36: 'yyyy"年"m"月"', 37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00",
    45: "mm:ss", 46: "h:mm:ss", 47: "mm:ss", 50: 'yyyy"年"m"月"', 51: 'm"月"d"日"',
    52: 'yyyy"年"m"月"', 53: 'm"月"d"日"', 54: 'm"月"d"日"', 55: "h:mm", 56: "h:mm:ss",
    57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip
_LITERAL = re.compile(r'"([^"]{0,200})"|\\(.)|\[\$([^\[\]-]{0,40})[^\[\]]{0,40}\]')
_CORE = re.compile(r"[#0?][#0?,]*(?:\.[#0?]*)?|\.[0#?]+")
_LAST_DAY = 2_958_465  # 9999-12-31


def shown(value: float, code: str, *, since_1904: bool = False) -> str:
    """What a cell shows.

    >>> shown(0.7, "0%"), shown(45352, "yyyy-m-d"), shown(1200, '#,##0.00"元"'), shown(3.0, "")
    ('70%', '2024-03-01', '1,200.00元', '3')
    """
    if not math.isfinite(value):
        return ""
    bare = re.sub(r'"[^"]*"|\\.|\[(?![hms])[^\]]*\]|[_*].', "", code.split(";")[0])
    if (
        not bare
        or bare.lower() in ("general", "@", "g/通用格式")
        or "E+" in bare
        or "/" in _slash(bare)
    ):
        return general(value)
    if re.search(r"[yd]|h|ss|mm:|am/pm", bare, re.I):
        return _day(value + 1462 if since_1904 else value, bare) or general(value)
    return _number(value, code) or general(value)


def general(value: float) -> str:
    """A number without a format: no exponent, no digits of the machine's own (0.30000000000000004)."""
    if value == int(value) and abs(value) < 1e18:
        return str(int(value))
    text = f"{value:.10g}"
    return f"{value:.10f}".rstrip("0").rstrip(".") if "e" in text else text


def _slash(bare: str) -> str:
    """The code where it is no date: a slash there makes fractions."""
    return "" if re.search(r"[ymdh]", bare, re.I) else bare


def _day(value: float, bare: str) -> str:
    if not 0 <= value <= _LAST_DAY:
        return ""
    when = datetime(1899, 12, 30) + timedelta(days=round(value * 86_400) / 86_400)
    day, time = re.search("[yd]", bare, re.I), re.search("h|ss", bare, re.I)
    parts = []
    if day and not re.search("y", bare, re.I):
        parts.append(f"{when.month}月{when.day}日")
    elif day and not re.search("d", bare, re.I):
        parts.append(f"{when.year}年{when.month}月")
    elif day:
        parts.append(f"{when.year}-{when.month:02}-{when.day:02}")
    if time or not day:
        parts.append(
            f"{when.hour:02}:{when.minute:02}" + (f":{when.second:02}" if when.second else "")
        )
    return " ".join(parts)


def _number(value: float, code: str) -> str:
    sections = code.split(";")
    section = sections[1] if value < 0 and len(sections) > 1 and sections[1] else sections[0]
    held: list[str] = []

    def hold(found: re.Match[str]) -> str:
        held.append(next((g for g in found.groups() if g is not None), ""))
        return chr(0xE000 + len(held) - 1)

    plain = re.sub(r"\[[^\]]*\]|[_*].", "", _LITERAL.sub(hold, section))
    core = _CORE.search(plain)
    if core is None or len(held) > 20:
        return ""
    whole, _, part = core.group().partition(".")
    percent = plain.count("%")
    amount = abs(value) * 100**percent
    text = f"{amount:,.{len(part)}f}" if "," in whole.rstrip(",") else f"{amount:.{len(part)}f}"
    digits, dot, decimals = text.partition(".")
    while decimals and len(decimals) > part.count("0") and decimals.endswith("0"):
        decimals = decimals[:-1]
    digits = digits.rjust(whole.count("0"), "0") if "," not in digits else digits
    signed = "-" if value < 0 and section is sections[0] else ""
    made = signed + plain[: core.start()] + digits + (dot + decimals if decimals else "")
    made += plain[core.end() :]
    return re.sub("[\ue000-\ue013]", lambda m: held[ord(m.group()) - 0xE000], made).strip()
