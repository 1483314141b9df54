"""A table's cells as lines in which each value stands with all its heads.

    病种：癫痫；每月最高支付限额/职工医保：410元。

What heads what is told by the form of the table: cells marked as heads, merged cells, rows that hold
no amount above rows that do, labels with a colon. Where that is unsure the row is given as written:
a false pairing is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from corpus.reading.cells import Row, first_text, head_like, spans_all
from corpus.reading.gridheads import heads_depth
from corpus.reading.gridlabels import labelled_pairs
from corpus.reading.gridrows import lines_below_heads

_UNIT = re.compile(r"[（(]?(?:计量|金额)?单位\s?[:：]\s?[^，。；：:]{1,10}[)）]?")


def table_lines(rows: Sequence[Row], headed: int = 0) -> list[str]:
    """The lines of a table. ``headed``: how many first rows the markup marks as heads."""
    marked = {id(row) for row in rows[:headed]}
    kept = [row for row in rows if any(cell.text for cell in row)]
    headed = sum(id(row) in marked for row in kept)
    lines: list[str] = []
    while len(kept) > 1 and spans_all(kept[0]):
        lines.append(first_text(kept[0]))
        kept = kept[1:]
        headed = max(headed - 1, 0)
    if not kept:
        return lines
    if kept[0][0].text and _UNIT.fullmatch(kept[0][0].text) and len(kept) > 1:
        unit = kept[0][0]  # 单位：元 in the corner measures the table and heads nothing
        lines.append(unit.text)
        kept[0] = [replace(c, text="") if c.origin == unit.origin else c for c in kept[0]]
    kept = _stacked(kept)
    if pairs := labelled_pairs(kept, headed):
        return lines + pairs
    depth = headed or heads_depth(kept)
    return lines + lines_below_heads(kept, depth)


def _stacked(rows: list[Row]) -> list[Row]:
    """A long table that is set in several columns side by side, the same heads above each, as one."""
    width = len(rows[0])
    for wide in range(2, width // 2 + 1):
        heads = [cell.text for cell in rows[0][:wide]]
        again = [[c.text for c in rows[0][n : n + wide]] for n in range(0, width, wide)]
        if width % wide or len(set(heads)) < wide or any(part != heads for part in again):
            continue
        if not all(map(head_like, rows[0])) or any(len(row) != width for row in rows):
            return rows
        below = [row[n : n + wide] for n in range(0, width, wide) for row in rows[1:]]
        return [rows[0][:wide], *(row for row in below if any(cell.text for cell in row))]
    return rows
