"""The characters of a PDF page that a reader sees, upright, with their places.

Words that lie across the page slantwise are watermarks and left out.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pypdfium2.raw as raw

from corpus.reading.pdfcharacters import Character, characters
from corpus.reading.pdfdrawn import Rect, drawn
from corpus.reading.pdfseen import Ground, seen


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


def page_marks(page: Any, text_page: Any) -> Marks:
    """The marks of one page, turned so that most of its words stand upright."""
    found, lost = characters(text_page)
    things = drawn(page)
    frame = _frame(page)
    ground = Ground(things, frame)
    shown = seen(found, things, frame, ground)
    turns = Counter(c.style.angle for c in shown if c.style.angle is not None)
    turn = turns.most_common(1)[0][0] if turns else 0
    marks = Marks(unknown=lost)
    box = _turned(frame, turn or 0)
    marks.height, marks.right = box[3] - box[1], box[2]
    for character in shown:
        if character.style.angle == turn:
            pale = character.style.pale and not ground.covers(character.box)
            marks.glyphs.append(_glyph(character, turn or 0, pale=pale))
        elif character.style.angle is not None:
            marks.sideways.append(_glyph(character, character.style.angle, pale=False))
    marks.rules = [_turned(rule, turn or 0) for rule in things.rules]
    marks.fills = [_turned(area, turn or 0) for area in things.fills]
    return marks


def _frame(page: Any) -> Rect:
    """The part of the page that is shown."""
    box = raw.FS_RECTF()
    if raw.FPDF_GetPageBoundingBox(page, box):
        return box.left, box.bottom, box.right, box.top
    return 0.0, 0.0, raw.FPDF_GetPageWidthF(page), raw.FPDF_GetPageHeightF(page)


def _glyph(character: Character, turn: int, *, pale: bool) -> Glyph:
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
