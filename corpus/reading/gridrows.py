"""The rows below a table's heads, each value with all the heads that stand over it."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.reading.cells import Row, first_text, spans_all
from corpus.reading.gridheads import corner_columns, joined_heads
from corpus.reading.rows import sentence


def lines_below_heads(rows: Sequence[Row], depth: int) -> list[str]:
    """The rows below the heads; a row that repeats the heads is left out, a title stands alone."""
    width = max(map(len, rows))
    names = [joined_heads(rows[:depth], column) for column in range(width)]
    for column in range(corner_columns(rows, depth)):
        names[column] = ""  # it names the heads beside it as likely as the names below
    if depth and _heads_rows(rows[depth:]) and not all(cell.head for cell in rows[0]):
        names[0] = ""  # heads on the left: what stands in the corner is the name of a row as well
    repeated = {tuple(cell.text for cell in row) for row in rows[:depth]}
    lines: list[str] = []
    for row in rows[depth:]:
        if depth and tuple(cell.text for cell in row) in repeated:
            continue
        if spans_all(row):
            lines.append(first_text(row))
        elif text := _row(names if depth else [], row):
            lines.append(text)
    return lines


def _heads_rows(rows: Sequence[Row]) -> bool:
    """Whether the markup makes the first cell of each row its head, and no other cell."""
    return all(row[0].head and not any(cell.head for cell in row[1:]) for row in rows)


def _row(names: Sequence[str], row: Row) -> str:
    """One row; a cell that is merged over several columns is said once, under what they share."""
    heads: list[str] = []
    cells: list[str] = []
    for place, cell in enumerate(row):
        name = names[place] if place < len(names) else ""
        if place and cell.origin == row[place - 1].origin:
            heads[-1] = _both(heads[-1], name)
        else:
            heads.append(name)
            cells.append(cell.text)
    return sentence(heads, cells)


def _both(one: str, other: str) -> str:
    """The heads of two columns that share a cell: 中断时间/三个月以内、三个月以上."""
    if not one or not other or one == other:
        return one or other
    above = one.rpartition("/")[0]
    other_above, _, other_last = other.rpartition("/")
    return f"{one}、{other_last}" if above == other_above else f"{one}、{other}"
