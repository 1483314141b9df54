"""Numbers written the way laws number their articles: 32 is 三十二.

Reading numbers, in either script, is ``quantities``.
"""

from __future__ import annotations


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
