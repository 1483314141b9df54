"""Which cells of a Word table are marked as heads: by repeating on each page, or by their color."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Content:
    """What stands in one cell: its lines, and whether all words are bold."""

    lines: tuple[str, ...]
    bold: bool = False


@dataclass(slots=True)
class Placed:
    """A cell on its way into the grid."""

    content: Content
    origin: int
    shaded: bool = False
    head: bool = False
    down: bool = False


def marked(rows: Sequence[list[Placed]]) -> int:
    """How many first rows are marked as heads: repeated on each page, or the only ones that are
    shaded or bold. Columns of labels that alone are shaded are marked cell by cell."""
    filled = [row for row in rows if any(cell.content.lines for cell in row)]
    headed = 0
    while headed < len(filled) and all(cell.head for cell in filled[headed]):
        headed += 1
    if headed in (0, len(filled)):
        headed = _looks_headed(filled)
        _mark_labels(filled[headed:])
    merged = any(len({c.origin for c in row}) < len(row) for row in filled[:headed])
    reaching = (
        headed
        and headed < len(filled)
        and any(
            a.origin == b.origin for a, b in zip(filled[headed - 1], filled[headed], strict=True)
        )
    )
    for row in filled[:headed]:
        for cell in row:
            cell.head = True
    if merged or reaching:
        return 0  # whether more rows head the columns is told by the form
    place = next((n for n, row in enumerate(rows) if filled and row is filled[0]), 0)
    return headed + place if headed else 0


def _looks_headed(rows: Sequence[list[Placed]]) -> int:
    """How many first rows alone are shaded."""
    count = 0
    while count < len(rows) and all(c.shaded or not c.content.lines for c in rows[count]):
        count += 1
    below = [cell for row in rows[count:] for cell in row[1:]]
    return count if 0 < count < len(rows) and not any(cell.shaded for cell in below) else 0


def _mark_labels(rows: Sequence[list[Placed]]) -> None:
    """Cells of labels are marked as heads where they alone are shaded, and no whole column of
    values is."""
    cells = {id(cell): cell for row in rows for cell in row if cell.content.lines}.values()
    shaded = [cell for cell in cells if cell.shaded]
    if 0 < len(shaded) < len(cells) and all(
        row[0].shaded or not row[0].content.lines for row in rows
    ):
        for cell in shaded:
            cell.head = True
