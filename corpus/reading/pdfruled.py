"""Tables that are drawn with lines on a PDF page: their grids, merged cells included."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from corpus.reading.broken import begins
from corpus.reading.cells import Cell
from corpus.reading.celltext import cell_text
from corpus.reading.pdfdrawn import Rect
from corpus.reading.pdfedges import beginnings, edges, groups, upright
from corpus.reading.pdfglyphs import Glyph, Marks
from corpus.reading.pdfrows import joint, rows_of

_MOST_RULES = 800  # of a page; a drawing has more
_MOST_COLUMNS, _MOST_ROWS = 40, 200
_FEW_CELLS, _ARTICLE = 4, 500  # cells; characters in one: lines that frame an article


@dataclass(slots=True)
class Table:
    """A table on a page. ``edges``: where its columns begin and end."""

    rows: list[list[Cell]]
    left: float
    top: float
    right: float
    bottom: float
    edges: tuple[float, ...] = ()
    glyphs: list[Glyph] = field(default_factory=list)


def ruled_tables(marks: Marks) -> tuple[list[Table], list[Glyph]]:
    """The tables of two columns and rows or more, and the characters that stand in none."""
    if len(marks.rules) > _MOST_RULES:
        return [], marks.glyphs
    tables: list[Table] = []
    rest = marks.glyphs
    for group in groups([upright(rule) for rule in marks.rules]):
        xs, ys = edges(group)
        if not (3 <= len(xs) <= _MOST_COLUMNS and 3 <= len(ys) <= _MOST_ROWS):
            continue
        table, rest = _table(group, xs, ys, rest, marks.fills)
        if table is not None:
            tables.append(table)
    return tables, rest


def _table(
    group: Sequence[Rect],
    xs: Sequence[float],
    ys: Sequence[float],
    glyphs: Sequence[Glyph],
    fills: Sequence[Rect],
) -> tuple[Table | None, list[Glyph]]:
    width, height = len(xs) - 1, len(ys) - 1
    origins = beginnings(group, xs, ys)
    if len({origins[r * width] for r in range(height)}) < 2 or len(set(origins)) < 4:
        return None, list(glyphs)
    held: dict[int, list[Glyph]] = {}
    rest: list[Glyph] = []
    for glyph in glyphs:
        column = _within((glyph.left + glyph.right) / 2, xs)
        row = _within(glyph.middle, ys)
        if column < 0 or row < 0:
            rest.append(glyph)
        else:
            held.setdefault(origins[row * width + column], []).append(glyph)
    if len(held) < 3:
        return None, list(glyphs)
    if len(held) <= _FEW_CELLS and max(map(len, held.values())) > _ARTICLE:
        return None, list(glyphs)
    rows = [_row(origins[r * width : (r + 1) * width], held) for r in range(height)]
    table = Table(_shaded(rows, xs, ys, fills), xs[0], ys[0], xs[-1], ys[-1], tuple(xs))
    return table, rest


def _within(value: float, edges: Sequence[float]) -> int:
    """The stretch between two edges that holds the value, -1 where none does."""
    place = bisect_right(edges, value) - 1
    return place if place < len(edges) - 1 else -1


def _row(origins: Sequence[int], held: dict[int, list[Glyph]]) -> list[Cell]:
    """One row of the grid, each cell with its text."""
    filled = [origin for origin in origins if origin in held]
    alone = len(set(filled)) == 1
    cells: list[Cell] = []
    for origin in origins:
        inside = held.get(origin, [])
        last = bool(filled) and origin == filled[-1]
        text = cell_text(_lines(inside), last=last, alone=alone) if inside else ""
        bold = bool(inside) and all(glyph.bold for glyph in inside if not glyph.text.isspace())
        cells.append(Cell(text, origin, strong=bold))
    return cells


def _lines(glyphs: Sequence[Glyph]) -> list[str]:
    """The lines of a cell, those in one that were broken to fit in."""
    lines: list[str] = []
    for row in rows_of(glyphs):
        text = " ".join(piece.text for piece in row)
        if lines and not begins(text):
            lines[-1] += joint(lines[-1], text) + text
        else:
            lines.append(text)
    return lines


def _shaded(
    rows: list[list[Cell]], xs: Sequence[float], ys: Sequence[float], fills: Sequence[Rect]
) -> list[list[Cell]]:
    """A first row that alone has a color behind it is marked as heads."""

    def shaded(row: int) -> bool:
        x, y = (xs[0] + xs[1]) / 2, (ys[row] + ys[row + 1]) / 2
        return any(
            min(f[0], f[2]) <= x <= max(f[0], f[2]) and min(f[1], f[3]) <= y <= max(f[1], f[3])
            for f in fills
        )

    if fills and shaded(0) and not any(shaded(n) for n in range(1, len(rows))):
        rows[0] = [Cell(c.text, c.origin, head=True, strong=True) for c in rows[0]]
    return rows
