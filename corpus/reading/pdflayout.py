"""The order in which the rows of a PDF page are read: columns one after another, tables row by row.

Which columns are read one after another is told by ``pdfgutter``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from corpus.reading.pdfaligned import aligned
from corpus.reading.pdfgutter import gutter as gutter_of
from corpus.reading.pdfrows import Row
from corpus.reading.pdfruled import Table

_LARGE = 1.2  # times the usual size
_DEEPEST = 4


@dataclass(slots=True)
class Text:
    """A line of text, the column that it stands in, and how far that could reach."""

    row: Row
    left: float
    right: float
    limit: float

    @property
    def words(self) -> str:
        return " ".join(piece.text for piece in self.row)

    @property
    def room(self) -> float:
        return self.limit - self.left


Block = Text | Table
_Item = Row | Table


def in_order(rows: Sequence[Row], tables: Sequence[Table], right: float) -> Iterator[Block]:
    """All lines and tables of a page as they are read. ``right``: where the paper ends."""
    margin = min((row[0].left for row in rows), default=0.0)
    yield from _ordered([*rows, *tables], right - max(margin, 0.0), 0)


def _ordered(items: Sequence[_Item], limit: float, depth: int) -> Iterator[Block]:
    items = sorted(items, key=_top)
    gutter = (
        gutter_of([item for item in items if isinstance(item, list)]) if depth < _DEEPEST else None
    )
    if gutter is None:
        yield from _plain(items, limit)
        return
    lefts: list[_Item] = []
    rights: list[_Item] = []
    usual = median(item[0].size for item in items if isinstance(item, list))
    for item in items:
        left, right = _split(item, gutter)
        title = not lefts and not rights and _is_title(item, usual)
        if title or (not left and not right):
            yield from _ordered_sides(lefts, rights, (gutter, limit), depth)
            lefts, rights = [], []
            yield from _plain([item], limit)
            continue
        lefts.extend([left] if left else [])
        rights.extend([right] if right else [])
    yield from _ordered_sides(lefts, rights, (gutter, limit), depth)


def _ordered_sides(
    lefts: list[_Item], rights: list[_Item], limits: tuple[float, float], depth: int
) -> Iterator[Block]:
    for side, limit in zip((lefts, rights), limits, strict=True):
        if side:
            yield from _ordered(side, limit, depth + 1)


def _plain(items: Sequence[_Item], limit: float) -> Iterator[Block]:
    """Rows from top to bottom, those that stand in columns as a table."""
    rows: list[Row] = []
    for item in items:
        if isinstance(item, Table):
            yield from _rows(rows, limit)
            rows = []
            yield item
        else:
            rows.append(item)
    yield from _rows(rows, limit)


def _rows(rows: Sequence[Row], limit: float) -> Iterator[Block]:
    if not rows:
        return
    left = min(row[0].left for row in rows)
    right = max(row[-1].right for row in rows)
    for part in aligned(rows):
        if isinstance(part, Table):
            yield part
        else:
            yield Text(part, left, right, limit)


def _is_title(item: _Item, usual: float) -> bool:
    """Whether a row in large letters stands over the columns, wherever it is set."""
    return isinstance(item, list) and all(piece.size >= _LARGE * usual for piece in item)


def _top(item: _Item) -> float:
    return item.top if isinstance(item, Table) else min(piece.middle for piece in item)


def _split(item: _Item, x: float) -> tuple[_Item | None, _Item | None]:
    """What of an item stands left and right of a gutter; twice None where it crosses it."""
    if isinstance(item, Table):
        return (item, None) if item.right <= x else (None, item) if item.left >= x else (None, None)
    if any(piece.left < x < piece.right for piece in item):
        return None, None
    left = [piece for piece in item if piece.right <= x]
    right = [piece for piece in item if piece.left >= x]
    return left or None, right or None
