"""The order in which the rows of a PDF page are read: columns one after another, tables row by row.

Two columns of running text are told from a table by their lines, which reach the edge of the column
and need not stand at one height.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from corpus.reading.pdfaligned import aligned
from corpus.reading.pdfrows import Piece, Row
from corpus.reading.pdfruled import Table

_BIN = 4.0  # points
_CENTRAL = (0.15, 0.85)  # of the width: where a gutter may be
_GUTTER = 0.8  # heights
_CROSSING = 0.2  # of the rows: titles over the columns
_ALIKE = 0.05  # of the pieces: strips that so few more pieces cross are as empty
_FEWEST_LINES = 3
_FEWEST_BESIDE = 8  # rows of a column that is no running text
_FULL, _FULL_SHARE = 1.6, 0.5  # heights from the edge; part of the lines that reach it
_LONG = 12  # characters of a line of running text
_LEVEL, _LEVEL_SHARE = 0.25, 0.6  # heights; rows of a table stand at one height
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
        _gutter([item for item in items if isinstance(item, list)]) if depth < _DEEPEST else None
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


def _gutter(rows: Sequence[Row]) -> float | None:
    """Where two columns meet that are read one after the other, None where there are none."""
    pieces = [piece for row in rows for piece in row]
    if len(pieces) < 2 * _FEWEST_LINES:
        return None
    start, end = min(p.left for p in pieces), max(p.right for p in pieces)
    size = median(p.size for p in pieces)
    best = _emptiest(pieces, start, end, size)
    if best is None:
        return None
    lefts = [left for row in rows if (left := [p for p in row if p.right <= best])]
    rights = [right for row in rows if (right := [p for p in row if p.left >= best])]
    fewest = min(len(lefts), len(rights))
    if fewest < _FEWEST_LINES:
        return None
    if _runs(lefts) and _runs(rights):
        return best
    return best if fewest >= _FEWEST_BESIDE and _apart(lefts, rights) else None


def _emptiest(pieces: Sequence[Piece], start: float, end: float, size: float) -> float | None:
    """The middle of the strip down the page that fewest pieces cross."""
    count = int((end - start) / _BIN) + 1
    if count > 5_000:
        return None
    changes = [0] * (count + 1)
    for piece in pieces:
        changes[int((piece.left - start) / _BIN)] += 1
        changes[min(int((piece.right - start) / _BIN) + 1, count)] -= 1
    covered: list[int] = []
    level = 0
    for change in changes[:count]:
        level += change
        covered.append(level)
    low, high = (int(count * part) for part in _CENTRAL)
    fewest = min(covered[low:high], default=len(pieces))
    if fewest > _CROSSING * len(pieces):
        return None
    few = max(fewest + int(_ALIKE * len(pieces)), 1)
    best, place = (0, 0), low
    while place < high:
        stop = place
        while stop < count and covered[stop] <= few:
            stop += 1
        if stop - place > best[0]:
            best = (stop - place, place)
        place = max(stop, place + 1)
    wide, first = best
    return start + (first + wide / 2) * _BIN if wide * _BIN >= _GUTTER * size else None


def _runs(rows: Sequence[Row]) -> bool:
    """Whether the rows are running text: long, and most of them reach the edge."""
    edge = sorted(row[-1].right for row in rows)[int(len(rows) * 0.9)]
    full = [row for row in rows if edge - row[-1].right <= _FULL * row[-1].size]
    lengths = [sum(len(piece.text) for piece in row) for row in full]
    return len(full) >= _FULL_SHARE * len(rows) and bool(lengths) and median(lengths) >= _LONG


def _apart(lefts: Sequence[Row], rights: Sequence[Row]) -> bool:
    """Whether the rows of the two sides stand at heights of their own."""
    one, other = sorted((lefts, rights), key=len)
    heights = sorted(row[0].middle for row in other)
    level = place = 0
    for row in sorted(one, key=lambda r: r[0].middle):
        reach = _LEVEL * row[0].size
        while place < len(heights) and heights[place] < row[0].middle - reach:
            place += 1
        level += place < len(heights) and heights[place] <= row[0].middle + reach
    return level < _LEVEL_SHARE * len(one)
