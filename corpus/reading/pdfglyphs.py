"""The characters of a PDF page that a reader sees, upright, with their places.

Not read: render mode 3, white on white paper, no size, outside of the page. Words that lie across the
page slantwise are watermarks. The invisible layer of words over a scanned page is read: it is what
the picture shows.
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pypdfium2.raw as raw

from corpus.reading.pdfdrawn import Drawn, Rect, drawn
from corpus.reading.pdfletters import letter, unknown

_TINY = 1.5  # points
_WHITE = 245  # of 255
_PALE = 160  # of 255: the darkest part of a color that only watermarks have
_CLEAR, _FAINT = 3, 150  # of 255: how opaque
_SLANT = math.radians(4)
_SCANNED = 0.6  # of the page: a picture so large is the page
_PLACES, _MOST_AREAS = 512, 1_000  # of a page across and down; drawn areas that are looked at
_INVISIBLE = frozenset([3, 7])  # render modes without fill and stroke


@dataclass(slots=True)
class Glyph:
    """One character; ``y`` grows downwards. ``size``: its height. ``pale``: of a light color."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    bold: bool = False
    pale: bool = False

    @property
    def size(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


@dataclass(slots=True)
class Marks:
    """What is on a page. ``sideways``: characters that run up or down its edge.

    ``rules``: lines as (left, top, right, bottom). ``unknown``: how many characters
    the fonts do not tell.
    """

    glyphs: list[Glyph] = field(default_factory=list)
    sideways: list[Glyph] = field(default_factory=list)
    rules: list[Rect] = field(default_factory=list)
    fills: list[Rect] = field(default_factory=list)
    height: float = 0.0
    right: float = 0.0
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class _Style:
    """How all characters of one text object look. ``angle``: quarters of a turn, None: slantwise."""

    angle: int | None
    invisible: bool
    white: bool
    pale: bool
    bold: bool


@dataclass(frozen=True, slots=True)
class _Raw:
    text: str
    box: Rect
    style: _Style


def page_marks(page: Any, text_page: Any) -> Marks:
    """The marks of one page, turned so that most of its words stand upright."""
    found, lost = _characters(text_page)
    things = drawn(page)
    frame = _frame(page)
    ground = _Ground(things, frame)
    seen = _seen(found, things, frame, ground)
    turns = Counter(c.style.angle for c in seen if c.style.angle is not None)
    turn = turns.most_common(1)[0][0] if turns else 0
    marks = Marks(unknown=lost)
    box = _turned(frame, turn or 0)
    marks.height, marks.right = box[3] - box[1], box[2]
    for character in seen:
        if character.style.angle == turn:
            pale = character.style.pale and not ground.covers(character.box)
            marks.glyphs.append(_glyph(character, turn or 0, pale=pale))
        elif character.style.angle is not None:
            marks.sideways.append(_glyph(character, character.style.angle, pale=False))
    marks.rules = [_turned(rule, turn or 0) for rule in things.rules]
    marks.fills = [_turned(area, turn or 0) for area in things.fills]
    return marks


def _characters(text_page: Any) -> tuple[list[_Raw], int]:
    """All characters that the page's words are set with, without blanks that PDFium adds; and how
    many the font does not tell."""
    found: list[_Raw] = []
    lost = 0
    styles: dict[int, _Style] = {}
    fonts: dict[int, bool] = {}
    box = raw.FS_RECTF()
    for number in range(raw.FPDFText_CountChars(text_page)):
        code = raw.FPDFText_GetUnicode(text_page, number)
        element = raw.FPDFText_GetTextObject(text_page, number)
        text = letter(code)
        if not element or not text:
            lost += bool(element) and unknown(code)
            continue
        key = ctypes.cast(element, ctypes.c_void_p).value or 0
        style = styles.get(key)
        if style is None:
            style = styles[key] = _style(text_page, element, number, fonts)
        raw.FPDFText_GetLooseCharBox(text_page, number, box)
        found.append(_Raw(text, (box.left, box.bottom, box.right, box.top), style))
    return found, lost


def _style(text_page: Any, element: Any, number: int, fonts: dict[int, bool]) -> _Style:
    mode = raw.FPDFTextObj_GetTextRenderMode(element)
    color = [ctypes.c_uint() for _ in range(4)]
    given = raw.FPDFPageObj_GetFillColor(element, *color)
    values = [c.value for c in color] if given else [0, 0, 0, 255]
    darkest, opaque = min(values[:3]), values[3]
    angle = -raw.FPDFText_GetCharAngle(text_page, number) % (2 * math.pi)
    quarter = round(angle / (math.pi / 2))
    straight = abs(angle - quarter * math.pi / 2) <= _SLANT
    grey = max(values[:3]) - darkest < 60
    return _Style(
        angle=quarter % 4 if straight else None,
        invisible=mode in _INVISIBLE or opaque <= _CLEAR,
        white=darkest >= _WHITE,
        pale=opaque < _FAINT or (grey and darkest >= _PALE),
        bold=_is_bold(element, fonts),
    )


def _is_bold(element: Any, known: dict[int, bool]) -> bool:
    font = raw.FPDFTextObj_GetFont(element)
    key = ctypes.cast(font, ctypes.c_void_p).value or 0
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


def _seen(found: Sequence[_Raw], things: Drawn, frame: Rect, ground: _Ground) -> list[_Raw]:
    """The characters that can be seen."""
    inside = [c for c in found if (_holds(frame, c.box) and _size(c) >= _TINY) or c.text == " "]
    seen = [
        c
        for c in inside
        if not c.style.invisible and not (c.style.white and not ground.covers(c.box))
    ]
    hidden = [c for c in inside if c.style.invisible]
    if len(hidden) > len(seen) and any(
        _area(p) >= _SCANNED * _area(frame) for p in things.pictures
    ):
        return [*seen, *hidden]
    return seen


def _size(character: _Raw) -> float:
    left, bottom, right, top = character.box
    return max(top - bottom, right - left)


class _Ground:
    """Where on the page something is drawn behind the words, place by place."""

    def __init__(self, things: Drawn, frame: Rect) -> None:
        self._frame = frame
        self._rows = [0] * _PLACES
        areas = sorted((*things.fills, *things.pictures), key=_area, reverse=True)
        for left, bottom, right, top in areas[:_MOST_AREAS]:
            low, high = self._across(left), self._across(right)
            bits = (1 << (high + 1)) - (1 << low)
            for row in range(self._up(bottom), self._up(top) + 1):
                self._rows[row] |= bits

    def covers(self, box: Rect) -> bool:
        """Whether something lies behind the middle of a character."""
        row, column = self._up((box[1] + box[3]) / 2), self._across((box[0] + box[2]) / 2)
        return bool(self._rows[row] >> column & 1)

    def _across(self, x: float) -> int:
        return _place(x, self._frame[0], self._frame[2])

    def _up(self, y: float) -> int:
        return _place(y, self._frame[1], self._frame[3])


def _place(value: float, start: float, end: float) -> int:
    place = (value - start) / max(end - start, 1.0) * _PLACES
    return int(min(max(place, 0.0), _PLACES - 1.0))


def _holds(area: Rect, box: Rect) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return area[0] <= x <= area[2] and area[1] <= y <= area[3]


def _area(box: Rect) -> float:
    return max(box[2] - box[0], 0) * max(box[3] - box[1], 0)


def _frame(page: Any) -> Rect:
    """The part of the page that is shown."""
    box = raw.FS_RECTF()
    if raw.FPDF_GetPageBoundingBox(page, box):
        return box.left, box.bottom, box.right, box.top
    return 0.0, 0.0, raw.FPDF_GetPageWidthF(page), raw.FPDF_GetPageHeightF(page)


def _glyph(character: _Raw, turn: int, *, pale: bool) -> Glyph:
    return Glyph(character.text, *_turned(character.box, turn), character.style.bold, pale)


def _turned(box: Rect, turn: int) -> Rect:
    """A place on the page after so many quarters of a turn, with y downwards."""
    left, bottom, right, top = box
    if turn == 1:
        return bottom, left, top, right
    if turn == 2:
        return -right, bottom, -left, top
    if turn == 3:
        return -top, -right, -bottom, -left
    return left, -top, right, -bottom
