"""Characters of a PDF that stand for others: radicals of some fonts, marks of symbol fonts.

A page that shows 居民 may hold 居⺠: the font's table names the radical that looks like the character.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_ALIKE = "⺁厂⺇几⺊卜⺒巳⺟母⺠民⻁虎⻄西⻅见⻆角⻉贝⻋车⻑長⻓长⻔门⻘青⻙韦⻚页⻛风⻜飞⻝食⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻬齐⻮齿⻰龙⻳龟"
"""Radicals that Unicode gives no plain form, each with the character that it looks like."""
_SYMBOLS = range(0xF000, 0xF100)  # where symbol fonts lie
_PRIVATE = range(0xE000, 0xF900)
_UNKNOWN = 0xFFFD


@lru_cache(maxsize=1)
def _plain() -> dict[int, str]:
    table = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}
    table.update(zip(map(ord, _ALIKE[::2]), _ALIKE[1::2], strict=True))
    return table


def letter(code: int) -> str:
    """The character that is shown; "•" for a mark of a symbol font, "" for what is no character.

    >>> letter(0x2EA0), letter(0x2F49), letter(0xF06C)
    ('民', '月', '•')
    """
    if code in _SYMBOLS:
        return "•"
    if code < 0x20 or 0xD800 <= code < 0xE000 or code > 0x10FFFF or unknown(code):
        return ""
    return _plain().get(code) or chr(code)


def unknown(code: int) -> bool:
    """Whether the font does not say which character it is."""
    return code == _UNKNOWN or (code in _PRIVATE and code not in _SYMBOLS)
