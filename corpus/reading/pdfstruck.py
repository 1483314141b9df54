"""Words of a PDF page that a line is drawn through.

A line of a table or of a form runs on beyond the words; one that strikes them out is as long as they.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace

from corpus.reading.pdfdrawn import Rect
from corpus.reading.pdfglyphs import Glyph

_MIDDLE = 0.18  # of the height: so near to the middle a line strikes out
_ENDS = 0.6  # heights: so near to the ends of the words it ends
_MOST_RULES = 800  # of a page; a drawing has more


def without_struck(glyphs: Sequence[Glyph], rules: Sequence[Rect]) -> list[Glyph]:
    """The characters, those that a line strikes out without a text: their places leave no gap."""
    across = [rule for rule in rules if abs(rule[2] - rule[0]) > abs(rule[3] - rule[1])]
    if not across or len(across) > _MOST_RULES:
        return list(glyphs)
    by_height = sorted((g for g in glyphs if not g.text.isspace()), key=lambda g: g.middle)
    heights = [glyph.middle for glyph in by_height]
    largest = max((glyph.size for glyph in by_height), default=0.0)
    struck: set[int] = set()
    for left, y, right, _ in across:
        reach = _MIDDLE * largest
        near = by_height[bisect_left(heights, y - reach) : bisect_right(heights, y + reach)]
        under = [
            g
            for g in near
            if abs(g.middle - y) <= _MIDDLE * g.size and left <= (g.left + g.right) / 2 <= right
        ]
        if under and _ends_with(under, left, right):
            struck.update(map(id, under))
    return [replace(g, text="") if id(g) in struck else g for g in glyphs]


def _ends_with(glyphs: Sequence[Glyph], left: float, right: float) -> bool:
    """Whether a line begins and ends where the words do."""
    first = min(glyphs, key=lambda g: g.left)
    last = max(glyphs, key=lambda g: g.right)
    return abs(first.left - left) <= _ENDS * first.size and abs(last.right - right) <= (
        _ENDS * last.size
    )
