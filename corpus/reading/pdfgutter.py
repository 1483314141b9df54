"""The gutter between two columns of a PDF page that are read one after the other.

Columns of running text are told from a table by their lines, which reach the edge of the column and
need not stand at one height.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from corpus.reading.pdfrows import Piece, Row

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


def gutter(rows: Sequence[Row]) -> float | None:
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
