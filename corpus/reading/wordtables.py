"""Tables of a Word document as grids: merged cells, cells left out at either side, marked heads.

What heads what is judged by ``grid``. Tables that only place text on a page are no grids.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from corpus.reading.cells import Cell
from corpus.reading.celltext import cell_text, split_lines
from corpus.reading.grid import table_lines
from corpus.reading.wordheads import Content, Placed, marked
from corpus.reading.wordlooks import shading
from corpus.reading.wordparts import Element, attribute, child, number, own, switched
from corpus.reading.wordstyles import Style

_MOST_COLUMNS = 63  # Word has no more
_MOST_FILLED = 400_000  # places of a grid; behind them merged cells are read as single ones
_LONGEST_CELL, _MOST_LINES = 400, 4  # characters and lines; longer cells place an article
_LONGEST_LABEL = 24
_FEW_ROWS = 2  # of a table that places an article
_APART = re.compile(r"([\u3400-\u9fff])[ \u3000]{1,6}([\u3400-\u9fff])")


Read = Callable[[Element, bool], Content]
"""Reads a cell; the second argument: whether it is shaded."""


def places_text(table: Element) -> bool:
    """Whether the table is there to place text: one column, or an article in a cell that no label
    stands beside."""
    rows = [[cell for cell in own(row, "tc")] for row in own(table, "tr")]
    if all(len(row) <= 1 for row in rows):
        return True
    return len(rows) <= _FEW_ROWS and any(_holds_article(row) for row in rows)


def _holds_article(row: Sequence[Element]) -> bool:
    """Whether a cell of the row holds many lines and no short label stands beside it."""
    sizes = [_size(cell) for cell in row]
    labels = [place for place, (length, _) in enumerate(sizes) if 0 < length <= _LONGEST_LABEL]
    return not labels and any(
        length > _LONGEST_CELL and count >= _MOST_LINES for length, count in sizes
    )


def _size(cell: Element) -> tuple[int, int]:
    """Characters and paragraphs of a cell, roughly."""
    length = sum(len(text.text or "") for text in cell.iter("{*}t"))
    return length, sum(1 for _ in cell.iter("{*}p"))


def read_table(table: Element, style: Style, read: Read) -> list[str]:
    """The lines of a table, each value with its heads. ``style``: that of the table."""
    rows = _grid(table, style, read)
    headed = marked(rows)
    cells = [_cells(row) for row in rows]
    return split_lines(table_lines(cells, headed))


def _grid(table: Element, style: Style, read: Read) -> list[list[Placed]]:
    rows: list[list[Placed]] = []
    count = filled = 0
    for tr in own(table, "tr"):
        properties = child(tr, "trPr")
        if child(properties, "del") is not None or switched(child(properties, "hidden")):
            continue
        before = min(number(attribute(child(properties, "gridBefore"))), _MOST_COLUMNS)
        row = [Placed(Content(()), count + n + 1) for n in range(before)]
        count += before
        heads = bool(switched(child(properties, "tblHeader")))
        for cell in own(tr, "tc"):
            of_cell = child(cell, "tcPr")
            width = max(number(attribute(child(of_cell, "gridSpan")), 1), 1)
            width = min(width, _MOST_COLUMNS) if filled < _MOST_FILLED else 1
            above = rows[-1][len(row)] if rows and len(row) < len(rows[-1]) else None
            placed = _covering(of_cell, row, above)
            if placed is None:
                count += 1
                shaded = bool(shading(of_cell))
                content = read(cell, shaded or style.shaded)
                down = child(of_cell, "vMerge") is not None
                placed = Placed(content, count, shaded, heads, down)
            row.extend([placed] * width)
            filled += width
        rows.append(row)
    width = max(map(len, rows), default=0)
    for row in rows:
        short = width - len(row)
        row.extend(Placed(Content(()), count + n + 1) for n in range(short))
        count += short
        filled += short
    return rows


def _covering(
    properties: Element | None, row: Sequence[Placed], above: Placed | None
) -> Placed | None:
    """The cell that covers this place: the one above or the one before it that is merged with it."""
    down = child(properties, "vMerge")
    if down is not None and attribute(down) != "restart" and above is not None and above.down:
        return above
    across = child(properties, "hMerge")
    if across is not None and attribute(across) != "restart" and row:
        return row[-1]
    return None


def _cells(row: Sequence[Placed]) -> list[Cell]:
    """A row of the grid, each cell with its text."""
    filled = [cell for cell in row if cell.content.lines]
    alone = len({cell.origin for cell in filled}) == 1
    cells: list[Cell] = []
    for cell in row:
        last = bool(filled) and cell.origin == filled[-1].origin
        text = cell_text(cell.content.lines, last=last, alone=alone and not cell.down)
        text = _APART.sub(r"\1\2", text) if _APART.fullmatch(text) else text
        cells.append(Cell(text, cell.origin, cell.head, cell.content.bold or cell.shaded))
    return cells
