"""Tables that are drawn with lines on a PDF page: their grids, merged cells included."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from corpus.reading.broken import begins
from corpus.reading.celltext import cell_text
from corpus.reading.grid import Cell
from corpus.reading.pdfdrawn import Rect
from corpus.reading.pdfglyphs import Glyph, Marks
from corpus.reading.pdfrows import joint, rows_of

_NEAR = 3.0  # points: lines so near meet
_MOST_RULES = 800  # of a page; a drawing has more
_MOST_COLUMNS, _MOST_ROWS = 40, 200
_FEW_CELLS, _ARTICLE = 4, 500  # cells; characters in one: lines that frame an article
_COVERED = 0.7  # of the side of a cell: a line along so much of it divides


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
    for group in _groups([_upright(rule) for rule in marks.rules]):
        xs, ys = _edges(group)
        if not (3 <= len(xs) <= _MOST_COLUMNS and 3 <= len(ys) <= _MOST_ROWS):
            continue
        table, rest = _table(group, xs, ys, rest, marks.fills)
        if table is not None:
            tables.append(table)
    return tables, rest


def _upright(rule: Rect) -> Rect:
    left, top, right, bottom = rule
    return min(left, right), min(top, bottom), max(left, right), max(top, bottom)


def _across(rule: Rect) -> bool:
    return rule[2] - rule[0] >= rule[3] - rule[1]


def _groups(rules: Sequence[Rect]) -> list[list[Rect]]:
    """Lines that meet, group by group."""
    heads = list(range(len(rules)))

    def head(place: int) -> int:
        while heads[place] != place:
            heads[place] = heads[heads[place]]
            place = heads[place]
        return place

    ordered = sorted(range(len(rules)), key=lambda n: rules[n][1])
    for number, one in enumerate(ordered):
        for other in ordered[number + 1 :]:
            if rules[other][1] > rules[one][3] + _NEAR:
                break
            if _meet(rules[one], rules[other]):
                heads[head(one)] = head(other)
    groups: dict[int, list[Rect]] = {}
    for place, rule in enumerate(rules):
        groups.setdefault(head(place), []).append(rule)
    return list(groups.values())


def _meet(one: Rect, other: Rect) -> bool:
    return (
        one[0] <= other[2] + _NEAR
        and other[0] <= one[2] + _NEAR
        and one[1] <= other[3] + _NEAR
        and other[1] <= one[3] + _NEAR
    )


def _edges(group: Sequence[Rect]) -> tuple[list[float], list[float]]:
    """Where columns and rows begin and end; the sides of a table may be left open."""
    across = [rule for rule in group if _across(rule)]
    down = [rule for rule in group if not _across(rule)]
    if not across or not down:
        return [], []
    xs = [rule[0] for rule in down]
    xs += [min(rule[0] for rule in across), max(rule[2] for rule in across)]
    ys = [rule[1] for rule in across]
    ys += [min(rule[1] for rule in down), max(rule[3] for rule in down)]
    return _merged(xs), _merged(ys)


def _merged(values: Sequence[float]) -> list[float]:
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > _NEAR:
            found.append(value)
    return found


def _table(
    group: Sequence[Rect],
    xs: Sequence[float],
    ys: Sequence[float],
    glyphs: Sequence[Glyph],
    fills: Sequence[Rect],
) -> tuple[Table | None, list[Glyph]]:
    width, height = len(xs) - 1, len(ys) - 1
    origins = _origins(group, xs, ys)
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


def _origins(group: Sequence[Rect], xs: Sequence[float], ys: Sequence[float]) -> list[int]:
    """For each place of the grid the place where its cell begins: those that no line divides."""
    width, height = len(xs) - 1, len(ys) - 1
    origins = list(range(width * height))
    right_of = _dividers([r for r in group if not _across(r)], xs, ys, down=True)
    below = _dividers([r for r in group if _across(r)], ys, xs, down=False)
    for row in range(height):
        for column in range(width):
            here = row * width + column
            if column and (column, row) not in right_of:
                origins[here] = origins[here - 1]
            elif row and (row, column) not in below:
                above = origins[here - width]
                if above % width == column:
                    origins[here] = above
    return origins


def _dividers(
    rules: Sequence[Rect], edges: Sequence[float], spans: Sequence[float], *, down: bool
) -> set[tuple[int, int]]:
    """Which edges, and which stretches of them, a line runs along."""
    along: dict[tuple[int, int], float] = {}
    for rule in rules:
        place, start, end = (rule[0], rule[1], rule[3]) if down else (rule[1], rule[0], rule[2])
        edge = min(range(len(edges)), key=lambda n: abs(edges[n] - place))
        for span in range(len(spans) - 1):
            covered = min(end, spans[span + 1]) - max(start, spans[span])
            if covered > 0:
                along[edge, span] = along.get((edge, span), 0.0) + covered
    return {
        (edge, span)
        for (edge, span), length in along.items()
        if length >= _COVERED * (spans[span + 1] - spans[span])
    }


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
