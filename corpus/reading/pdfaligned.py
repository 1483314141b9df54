"""Tables without lines on a PDF page: rows whose pieces stand in the same columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from corpus.reading.cells import Cell
from corpus.reading.pdfrows import Piece, Row, joint
from corpus.reading.pdfruled import Table

Span = tuple[float, float]

_GUTTER = 0.6  # heights: the least blank between two columns
_NEAR_ROWS = 3.5  # heights from one row to the next
_FEWEST_ROWS, _FEWEST_WIDE = 3, 2  # rows of two columns; of three and more
_MOST_ROWS = 300  # of a page
_FILLED = 0.6  # of the rows hold two pieces or more
_TIGHT = 0.75  # of the usual distance of rows: the same cell goes on
_MARKER = re.compile(
    r"[•·●■◆○▪\-–—]|[(（]?[一二三四五六七八九十\d]{1,3}[)）.、．]?|第.{1,5}[条章节]|[①-⑳]"
)


def aligned(rows: Sequence[Row]) -> Iterator[Row | Table]:
    """The rows, those that make up a table as one."""
    place = 0
    while place < len(rows):
        stop, gutters = _run(rows, place)
        table = _table(rows[place:stop], gutters)
        if table is None:
            yield rows[place]
            place += 1
        else:
            yield table
            place = stop


def _run(rows: Sequence[Row], start: int) -> tuple[int, list[Span]]:
    """Where the rows from ``start`` on stop to share gutters, and these gutters."""
    size = rows[start][0].size
    gutters = [(a.right, b.left) for a, b in pairwise(rows[start])]
    stop = start + 1
    while gutters and stop < min(len(rows), start + _MOST_ROWS):
        row = rows[stop]
        if row[0].middle - rows[stop - 1][0].middle > _NEAR_ROWS * size:
            break
        shared = _shared(gutters, _free(row), _GUTTER * size)
        if not shared or (len(shared) < len(gutters) and stop > start + 1):
            break
        gutters = shared
        stop += 1
    while (
        stop > start + 1 and len(rows[stop - 1]) == 1 and _column(rows[stop - 1][0], gutters) == 0
    ):
        stop -= 1
    return stop, gutters


def _free(row: Row) -> list[Span]:
    edges = [(float("-inf"), row[0].left)]
    edges += [(a.right, b.left) for a, b in pairwise(row)]
    return [*edges, (row[-1].right, float("inf"))]


def _shared(one: Sequence[Span], other: Sequence[Span], least: float) -> list[Span]:
    """What both leave free; both are in order from left to right."""
    found: list[Span] = []
    a = b = 0
    while a < len(one) and b < len(other):
        start, end = max(one[a][0], other[b][0]), min(one[a][1], other[b][1])
        if end - start >= least:
            found.append((start, end))
        if one[a][1] < other[b][1]:
            a += 1
        else:
            b += 1
    return found


def _column(piece: Piece, gutters: Sequence[Span]) -> int:
    return sum(piece.left >= (start + end) / 2 for start, end in gutters)


def _table(rows: Sequence[Row], gutters: Sequence[Span]) -> Table | None:
    """The rows as a table, None where they are none."""
    wide = sum(len(row) > 1 for row in rows)
    fewest = _FEWEST_ROWS if len(gutters) == 1 else _FEWEST_WIDE
    if not gutters or wide < fewest or wide < _FILLED * len(rows):
        return None
    lines = [_in_columns(row, gutters) for row in rows]
    firsts = [line[0] for line in lines if line[0]]
    if len(gutters) == 1 and all(_MARKER.fullmatch(text) for text in firsts):
        return None  # a list, its numbers apart
    if any(not any(line[n] for line in lines) for n in range(len(gutters) + 1)):
        return None
    count = 0
    cells: list[list[Cell]] = []
    for line, row in zip(_logical(lines, rows), rows, strict=True):
        if line is None:
            continue
        bold = all(piece.bold for piece in row)
        cells.append([Cell(text, count + n, strong=bold) for n, text in enumerate(line)])
        count += len(line)
    pieces = [piece for row in rows for piece in row]
    return Table(
        cells,
        min(p.left for p in pieces),
        min(p.top for p in pieces),
        max(p.right for p in pieces),
        max(p.bottom for p in pieces),
        tuple((start + end) / 2 for start, end in gutters),
    )


def _in_columns(row: Row, gutters: Sequence[Span]) -> list[str]:
    line = [""] * (len(gutters) + 1)
    for piece in row:
        place = _column(piece, gutters)
        line[place] = f"{line[place]} {piece.text}".strip()
    return line


def _logical(lines: Sequence[list[str]], rows: Sequence[Row]) -> list[list[str] | None]:
    """The lines, one that goes on in the cells above it joined to these (None in its place).

    It goes on where cells are empty and it stands nearer to the line above than rows do.
    """
    steps = [below[0].middle - above[0].middle for above, below in pairwise(rows)]
    full = [step for step, line in zip(steps, lines[1:], strict=True) if all(line)] or steps
    usual = median(full) if full else 0.0
    found: list[list[str] | None] = [list(lines[0])]
    last = found[0] or []
    for step, line in zip(steps, lines[1:], strict=True):
        if not all(line) and step < _TIGHT * usual:
            for place, text in enumerate(line):
                last[place] += (joint(last[place], text) if last[place] else "") + text
            found.append(None)
        else:
            last = list(line)
            found.append(last)
    return found
