"""The characters that the words of a PDF page are set with, and how each looks."""

from __future__ import annotations

import ctypes
import math
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as raw

from corpus.reading.pdfdrawn import Rect, address
from corpus.reading.pdfletters import letter, unknown

_WHITE = 245  # of 255
_PALE = 160  # of 255: the darkest part of a color that only watermarks have
_CLEAR, _FAINT = 3, 150  # of 255: how opaque
_SLANT = math.radians(4)
_INVISIBLE = frozenset([3, 7])  # render modes without fill and stroke


@dataclass(frozen=True, slots=True)
class Style:
    """How all characters of one text object look. ``angle``: quarters of a turn, None: slantwise."""

    angle: int | None
    invisible: bool
    white: bool
    pale: bool
    bold: bool
    key: int


@dataclass(frozen=True, slots=True)
class Character:
    text: str
    box: Rect
    style: Style


def characters(text_page: Any) -> tuple[list[Character], int]:
    """All characters that the page's words are set with, without blanks that PDFium adds; and how
    many the font does not tell."""
    found: list[Character] = []
    lost = 0
    styles: dict[int, Style] = {}
    fonts: dict[int, bool] = {}
    box = raw.FS_RECTF()
    for number in range(raw.FPDFText_CountChars(text_page)):
        code = raw.FPDFText_GetUnicode(text_page, number)
        element = raw.FPDFText_GetTextObject(text_page, number)
        text = letter(code)
        if not element or not text:
            lost += bool(element) and unknown(code)
            continue
        key = address(element)
        style = styles.get(key)
        if style is None:
            style = styles[key] = _style(text_page, element, number, fonts, key)
        raw.FPDFText_GetLooseCharBox(text_page, number, box)
        found.append(Character(text, (box.left, box.bottom, box.right, box.top), style))
    return found, lost


def _style(text_page: Any, element: Any, number: int, fonts: dict[int, bool], key: int) -> Style:
    mode = raw.FPDFTextObj_GetTextRenderMode(element)
    color = [ctypes.c_uint() for _ in range(4)]
    given = raw.FPDFPageObj_GetFillColor(element, *color)
    values = [c.value for c in color] if given else [0, 0, 0, 255]
    darkest, opaque = min(values[:3]), values[3]
    angle = -raw.FPDFText_GetCharAngle(text_page, number) % (2 * math.pi)
    quarter = round(angle / (math.pi / 2))
    straight = abs(angle - quarter * math.pi / 2) <= _SLANT
    grey = max(values[:3]) - darkest < 60
    return Style(
        angle=quarter % 4 if straight else None,
        invisible=mode in _INVISIBLE or opaque <= _CLEAR,
        white=darkest >= _WHITE,
        pale=opaque < _FAINT or (grey and darkest >= _PALE),
        bold=_is_bold(element, fonts),
        key=key,
    )


def _is_bold(element: Any, known: dict[int, bool]) -> bool:
    font = raw.FPDFTextObj_GetFont(element)
    key = address(font)
    if key not in known:
        known[key] = _bold_font(font)
    return known[key]


def _bold_font(font: Any) -> bool:
    size = raw.FPDFFont_GetBaseFontName(font, None, 0) if font else 0
    if not 0 < size < 200:
        return False
    buffer = ctypes.create_string_buffer(size)
    raw.FPDFFont_GetBaseFontName(font, buffer, size)
    return any(word in buffer.value.lower() for word in (b"bold", b"hei", b"black"))
