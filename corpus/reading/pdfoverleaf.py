"""Tables of a PDF that go on over the page."""

from __future__ import annotations

from corpus.reading.cells import Cell
from corpus.reading.pdfruled import Table

_SAME_EDGE = 15.0  # points: a table goes on where its columns do


def goes_on(table: Table, below: Table) -> bool:
    """Whether a table is the rest of the one before it: it stands higher and has its columns."""
    return (
        below.top < table.bottom
        and len(table.edges) == len(below.edges)
        and all(abs(a - b) <= _SAME_EDGE for a, b in zip(table.edges, below.edges, strict=True))
    )


def joined(table: Table, below: Table) -> Table:
    """One table: a cell that is empty at the top of a page belongs to the one above it."""
    highest = max((cell.origin for row in table.rows for cell in row), default=0) + 1
    rows = [[Cell(c.text, c.origin + highest, c.head, c.strong) for c in row] for row in below.rows]
    last = table.rows[-1]
    first = rows[0]
    if len(first) == len(last) and not first[0].text and any(cell.text for cell in first):
        empty = first[0].origin
        for row in rows:
            if row[0].origin != empty:
                break
            row[0] = last[0]
    return Table(
        [*table.rows, *rows], table.left, below.top, table.right, below.bottom, table.edges
    )
