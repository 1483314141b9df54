"""Characters of a PDF page as rows of pieces: what stands side by side without a wide gap.

Blanks come from the places of the characters: where a line is set wide, the gaps between all of its
characters are no blanks.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from corpus.reading.pdfglyphs import Glyph

_SAME_ROW = 0.5  # of the height: middles so near stand in one row
_APART = 1.2  # heights beyond the usual gap of the row: a column begins
_BLANK = 0.3  # heights beyond the usual gap: a blank between words
_CHINESE_BLANK, _MIXED_BLANK = 0.45, 0.8  # between Chinese characters; a Chinese and a Latin one
_LEVEL = 0.35  # of the height: characters of one run
_OVER = 0.75  # of the height: marks are set into the blank half of the mark before them
_MOST_LAYERS = 3
_SPREAD = 0.6  # heights: a usual gap so wide is a line set wide
_CLOSES, _OPENS = re.compile("[，。、；：？！）》」』”’%％]"), re.compile("[（《「『“‘]")
_CHINESE = re.compile("[\u2e80-\u9fff\u3000-\u303f\uf900-\ufaff\uff00-\uffef“”‘’…—]")


@dataclass(slots=True)
class Piece:
    """Words without a wide gap in them."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    bold: bool = False

    @property
    def size(self) -> float:
        return max(self.bottom - self.top, 1.0)

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


Row = list[Piece]
"""Pieces at one height, from left to right."""


def rows_of(glyphs: Sequence[Glyph]) -> list[Row]:
    """The rows of the characters, from top to bottom."""
    found: list[list[list[Glyph]]] = []
    middle = size = 0.0
    for run in sorted(_runs(glyphs), key=lambda r: r[0].middle):
        first = run[0]
        if found and first.middle - middle <= _SAME_ROW * min(size, first.size):
            found[-1].append(run)
        else:
            found.append([run])
            middle, size = first.middle, first.size
    layers = [layer for line in found for layer in _layers(line)]
    made = ([piece for piece in _pieces(layer) if piece.text] for layer in layers)
    return [row for row in made if row]


def words_of(glyphs: Sequence[Glyph], edges: Sequence[float] = ()) -> str:
    """The words in the order in which they are set, a line for each run: nothing is placed, joined
    or left out, so that what the careful reading loses shows. ``edges``: of the columns of tables,
    ascending, where words end."""
    return "\n".join(_spaced(run, edges) for run in _runs(glyphs))


def _spaced(run: Sequence[Glyph], edges: Sequence[float]) -> str:
    text = run[0].text
    for before, after in pairwise(run):
        gap = after.left - before.right > _BLANK * after.size
        crossed = bisect(edges, _center(before)) != bisect(edges, _center(after))
        text += f" {after.text}" if gap or crossed else after.text
    return text


def _center(glyph: Glyph) -> float:
    return (glyph.left + glyph.right) / 2


def _runs(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """Characters that are set one after another at one height."""
    found: list[list[Glyph]] = []
    for glyph in glyphs:
        if glyph.text.isspace():
            continue
        last = found[-1][-1] if found else None
        if (
            last is not None
            and abs(glyph.middle - found[-1][0].middle) <= _LEVEL * glyph.size
            and -_LEVEL * glyph.size <= glyph.left - last.right <= _APART * glyph.size
        ):
            found[-1].append(glyph)
        else:
            found.append([glyph])
    return found


@dataclass(slots=True)
class _Layer:
    """Runs of a row side by side, and what the last of them says."""

    glyphs: list[Glyph]
    last: str


def _layers(runs: Sequence[list[Glyph]]) -> list[list[Glyph]]:
    """The runs of a row in one line; one that is printed over another is a line of its own, or
    nothing where it says the same once more."""
    layers: list[_Layer] = []
    for run in sorted(runs, key=lambda r: r[0].left):
        said = "".join(glyph.text for glyph in run)
        free = next((layer for layer in layers if _clear(layer, run)), None)
        if free is not None:
            free.glyphs.extend(run)
            free.last = said
        elif all(layer.last != said and layer.glyphs[-1].text != said for layer in layers):
            if len(layers) < _MOST_LAYERS:
                layers.append(_Layer(list(run), said))
            else:
                layers[-1].glyphs.extend(run)
    return [layer.glyphs for layer in layers]


def _clear(layer: _Layer, run: Sequence[Glyph]) -> bool:
    return layer.glyphs[-1].right - run[0].left <= _OVER * run[0].size


def _pieces(line: Sequence[Glyph]) -> Iterator[Piece]:
    size = median(g.size for g in line)
    gaps = [after.left - before.right for before, after in pairwise(line)]
    usual = _usual(gaps, size)
    start = 0
    for place, gap in enumerate(gaps):
        if gap > usual + _APART * size:
            yield _piece(line[start : place + 1], usual, size)
            start = place + 1
    yield _piece(line[start:], usual, size)


def _usual(gaps: Sequence[float], size: float) -> float:
    """The gap between characters that says nothing: most gaps of a line set wide are alike."""
    if len(gaps) < 3:
        return 0.0
    middle = median(gaps)
    return max(middle, 0.0) if middle < _SPREAD * size or len(gaps) > 5 else 0.0


def _piece(glyphs: Sequence[Glyph], usual: float, size: float) -> Piece:
    text = glyphs[0].text
    for before, after in pairwise(glyphs):
        gap = after.left - before.right - usual
        chinese = bool(_CHINESE.match(before.text)) + bool(_CHINESE.match(after.text))
        if chinese == 1 and before.text in ".)":
            chinese = 0  # a number and its mark, then the words
        close = _CLOSES.match(after.text) or _OPENS.match(before.text)
        if gap > (_BLANK, _MIXED_BLANK, _CHINESE_BLANK)[chinese] * size and not close:
            text += " "
        text += after.text
    return Piece(
        text,
        glyphs[0].left,
        min(g.top for g in glyphs),
        max(g.right for g in glyphs),
        max(g.bottom for g in glyphs),
        all(g.bold for g in glyphs),
    )


def joint(before: str, after: str) -> str:
    """A blank between Latin words, nothing where a Chinese character stands at either side."""
    latin = re.search(r"[A-Za-z0-9,.;:)]\Z", before) and re.match(r"[A-Za-z(]", after)
    return " " if latin else ""
