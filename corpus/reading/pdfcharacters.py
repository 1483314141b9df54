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
_INK = 0.97  # of the height of the font: a box that is lower holds the ink alone
_LOW = 0.6  # of the size: a font that says to be so low speaks of the ink of its few letters
_ABOVE, _BELOW = 0.88, -0.12  # of the size, as Chinese fonts reach
_SLANT = math.radians(4)
_INVISIBLE = frozenset([3, 7])  # render modes without fill and stroke


@dataclass(frozen=True, slots=True)
class Style:
    """How all characters of one text object look. ``angle``: quarters of a turn, None: slantwise;
    ``above`` and ``below``: how far its font reaches from the line on which words stand."""

    angle: int | None
    invisible: bool
    white: bool
    pale: bool
    bold: bool
    key: int
    above: float = 0.0
    below: float = 0.0


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
        place = (box.left, box.bottom, box.right, box.top)
        found.append(Character(text, _whole(text_page, number, place, style), style))
    return found, lost


def _whole(text_page: Any, number: int, box: Rect, style: Style) -> Rect:
    """The place of an upright character as high as its font: of a font that is drawn (Type 3) PDFium
    gives the ink alone, and 一 is as high as a line."""
    left, bottom, right, top = box
    if style.angle != 0 or top - bottom >= _INK * (style.above - style.below):
        return box
    x, y = ctypes.c_double(), ctypes.c_double()
    if not raw.FPDFText_GetCharOrigin(text_page, number, x, y):
        return box
    return left, min(bottom, y.value + style.below), right, max(top, y.value + style.above)


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
    above, below = _reach(text_page, element, number)
    return Style(
        angle=quarter % 4 if straight else None,
        invisible=mode in _INVISIBLE or opaque <= _CLEAR,
        white=darkest >= _WHITE,
        pale=opaque < _FAINT or (grey and darkest >= _PALE),
        bold=_is_bold(element, fonts),
        key=key,
        above=above,
        below=below,
    )


def _reach(text_page: Any, element: Any, number: int) -> tuple[float, float]:
    """How far the font of a text object reaches above and below, on the page."""
    matrix = raw.FS_MATRIX()
    font = raw.FPDFTextObj_GetFont(element)
    if not font or not raw.FPDFText_GetMatrix(text_page, number, matrix):
        return 0.0, 0.0
    size = raw.FPDFText_GetFontSize(text_page, number) * math.hypot(matrix.c, matrix.d)
    above, below = ctypes.c_float(), ctypes.c_float()
    raw.FPDFFont_GetAscent(font, size, above)
    raw.FPDFFont_GetDescent(font, size, below)
    if above.value - below.value < _LOW * size or below.value > 0:
        return _ABOVE * size, _BELOW * size
    return above.value, below.value


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
