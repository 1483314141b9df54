"""Symbols of fonts like Wingdings that Word documents use as marks."""

from __future__ import annotations

# By the last byte of their code, in Wingdings and in Symbol
_SYMBOLS = {
    0xFC: "✓", 0xFE: "☑", 0xFD: "☒", 0xA8: "☐", 0x6F: "□", 0xFB: "✗", 0x6E: "■", 0x6C: "●",
    0x75: "◆", 0xD8: "➢", 0xE0: "→", 0xF0: "⇨", 0x28: "☎", 0x29: "☎", 0x2A: "✉",
}  # fmt: skip
_SYMBOL_FONT = {
    0xB7: "·",
    0xB3: "≥",
    0xA3: "≤",
    0xB4: "×",
    0xB8: "÷",
    0xB1: "±",
    0xB0: "°",
    0xAE: "→",
}
_CIRCLED = range(0x81, 0x8B)  # ① to ⑩ of Wingdings


def symbol(font: str, code: str) -> str:
    """The character that a symbol of a font shows, "" for an ornament that nobody reads.

    >>> symbol("Wingdings", "F0FE"), symbol("Symbol", "F0B3")
    ('☑', '≥')
    """
    try:
        value = int(code, 16)
    except ValueError:
        return ""
    kind = font.lower()
    if kind.startswith("wingdings"):
        if value & 0xFF in _CIRCLED:
            return chr(ord("①") + (value & 0xFF) - _CIRCLED.start)
        return _SYMBOLS.get(value & 0xFF, "")
    if kind == "symbol":
        low = value & 0xFF
        return _SYMBOL_FONT.get(low, chr(low) if 0x20 <= low < 0x7F else "")
    private = 0xE000 <= value <= 0xF8FF
    return "" if private or not 0x20 <= value < 0x110000 or 0xD800 <= value < 0xE000 else chr(value)
