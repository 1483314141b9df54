"""How many first rows of a table are heads, by its form, and how far they reach."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.reading.cells import AMOUNT, COLON, KINDS, LONGEST_HEAD, Row, head_like
from corpus.reading.gridlabels import short_and_different

_MOST_HEADS = 4  # rows


def heads_depth(rows: Sequence[Row]) -> int:
    """How many first rows are heads, by the form of the table; 0 where that is unsure."""
    if len(rows) < 2 or len(rows[0]) < 2:
        return 0
    first = rows[0]
    if not all(head_like(cell) or not cell.text for cell in first):
        return 0
    depth = 1
    if len({cell.origin for cell in first}) < len(first):  # cells merged: heads above heads
        depth = 1 + _reaches_down(rows)
    elif sum(not cell.text for cell in first) > 1:
        return 0
    rest = rows[depth:]
    plain = not any(cell.head or cell.strong for cell in first)
    if plain and len(first) in (4, 6) and depth == 1 and _may_be_pairs(rows):
        return 0
    if not rest or depth > _MOST_HEADS:
        return 0
    if not all(head_like(c) or not c.text for row in rows[:depth] for c in row):
        return 0
    corner = corner_columns(rows, depth)
    texts = [joined_heads(rows[:depth], n) for n in range(max(corner - 1, 0), len(first))]
    filled = [text for text in texts if text]
    if len(set(filled)) != len(filled) or sum(not text for text in texts) > 1:
        return 0
    return depth if _differs(rows, depth) else 0


def corner_columns(rows: Sequence[Row], depth: int) -> int:
    """How many columns the first cell of a lone row of heads covers, above names of rows; 0 where it
    is no such corner."""
    first, below = rows[0], rows[depth:]
    wide = sum(cell.origin == first[0].origin for cell in first)
    if depth != 1 or not 1 < wide < len(first):
        return 0
    stubs = [cell for row in below for cell in row[:wide]]
    return wide if all(not cell.text or head_like(cell) for cell in stubs) else 0


def joined_heads(rows: Sequence[Row], column: int) -> str:
    """All heads of a column from above, each merged cell once: 每月限额/职工医保."""
    seen: dict[str, None] = {}
    for row in rows:
        if column < len(row) and row[column].text:
            seen.setdefault(COLON.sub("", row[column].text))
    return "/".join(seen)


def _may_be_pairs(rows: Sequence[Row]) -> bool:
    """Whether label, value, label, value is as likely as four columns under heads."""
    kinds = sum(bool(KINDS.search(cell.text)) for cell in rows[0])
    return kinds < 2 and short_and_different(rows, len(rows[0]))


def _reaches_down(rows: Sequence[Row]) -> int:
    """How many more rows the merged cells of the first one head."""
    first = rows[0]
    down = 0
    for row in rows[1:_MOST_HEADS]:
        if len(row) == len(first) and any(
            a.text and a.origin == b.origin for a, b in zip(first, row, strict=True)
        ):
            down += 1
        else:
            break
    if down:
        return down
    blank = [n for n, cell in enumerate(first) if not cell.text]
    below = rows[1]
    named = all(below[n].text for n in blank if n < len(below))
    wide = len({c.origin for c in first if c.text}) < sum(bool(c.text) for c in first)
    return int(wide and named and all(head_like(cell) for cell in below))


def _differs(rows: Sequence[Row], depth: int) -> bool:
    """Whether the first rows read unlike those below: no amounts in them, or other type."""
    heads = [cell for row in rows[:depth] for cell in row if cell.text]
    below = [cell for row in rows[depth:] for cell in row if cell.text]
    if all(cell.strong or cell.head for cell in heads):
        return True
    merged = any(a.origin == b.origin for a in rows[0] for b in rows[0] if a is not b)
    kinds = sum(bool(KINDS.search(cell.text)) for cell in heads)
    measured = any(AMOUNT.search(c.text) or len(c.text) > LONGEST_HEAD for c in below)
    return merged or kinds > 0 or measured or not rows[0][0].text
