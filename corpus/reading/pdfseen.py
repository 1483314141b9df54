"""Which characters of a PDF page a reader sees.

Not those of render mode 3, white ones on white paper, ones of no size, outside of the page or under a box. The
invisible layer of words over a scanned page is read: it is what the picture shows.
"""

from __future__ import annotations

from collections.abc import Sequence

from corpus.reading.pdfcharacters import Character
from corpus.reading.pdfdrawn import Drawn, Rect

_TINY = 1.5  # points
_SCANNED = 0.6  # of the page: a picture so large is the page
_PLACES, _MOST_AREAS = 512, 1_000  # of a page across and down; drawn areas that are looked at

_SQUARES, _MOST_LIDS = 256, 300  # the same for boxes that hide what is behind them


def seen(found: Sequence[Character], things: Drawn, frame: Rect, ground: Ground) -> list[Character]:
    """The characters that can be seen."""
    inside = [c for c in found if (_holds(frame, c.box) and _size(c) >= _TINY) or c.text == " "]
    shown = [
        c
        for c in inside
        if not c.style.invisible
        and not (c.style.white and not ground.covers(c.box))
        and not ground.hides(c)
    ]
    hidden = [c for c in inside if c.style.invisible]
    if len(hidden) > len(shown) and any(
        _area(p) >= _SCANNED * _area(frame) for p in things.pictures
    ):
        return [*shown, *hidden]
    return shown


def _size(character: Character) -> float:
    left, bottom, right, top = character.box
    return max(top - bottom, right - left)


class Ground:
    """Where on the page something is drawn behind the words or over them, place by place."""

    def __init__(self, things: Drawn, frame: Rect) -> None:
        self._frame = frame
        self._rows = [0] * _PLACES
        areas = sorted((*things.fills, *things.pictures), key=_area, reverse=True)
        for left, bottom, right, top in areas[:_MOST_AREAS]:
            low, high = self._across(left), self._across(right)
            bits = (1 << (high + 1)) - (1 << low)
            for row in range(self._up(bottom), self._up(top) + 1):
                self._rows[row] |= bits

        self._order = things.order
        self._tops = [[-1] * _SQUARES for _ in range(_SQUARES)] if things.lids else []
        for order, (left, bottom, right, top) in things.lids[:_MOST_LIDS]:
            low, high = (
                _place(left, *self._wide(), _SQUARES) + 1,
                _place(right, *self._wide(), _SQUARES),
            )
            first, last = (
                _place(bottom, *self._high(), _SQUARES) + 1,
                _place(top, *self._high(), _SQUARES),
            )
            for row in range(first, last):
                self._tops[row][low:high] = [order] * max(high - low, 0)

    def hides(self, character: Character) -> bool:
        """Whether a box was drawn over a character after it."""
        if not self._tops:
            return False
        left, bottom, right, top = character.box
        row = _place((bottom + top) / 2, *self._high(), _SQUARES)
        column = _place((left + right) / 2, *self._wide(), _SQUARES)
        return self._tops[row][column] > self._order.get(character.style.key, 1 << 30)

    def covers(self, box: Rect) -> bool:
        """Whether something lies behind the middle of a character."""
        row, column = self._up((box[1] + box[3]) / 2), self._across((box[0] + box[2]) / 2)
        return bool(self._rows[row] >> column & 1)

    def _across(self, x: float) -> int:
        return _place(x, *self._wide(), _PLACES)

    def _up(self, y: float) -> int:
        return _place(y, *self._high(), _PLACES)

    def _wide(self) -> tuple[float, float]:
        return self._frame[0], self._frame[2]

    def _high(self) -> tuple[float, float]:
        return self._frame[1], self._frame[3]


def _place(value: float, start: float, end: float, count: int) -> int:
    place = (value - start) / max(end - start, 1.0) * count
    return int(min(max(place, 0.0), count - 1.0))


def _holds(area: Rect, box: Rect) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return area[0] <= x <= area[2] and area[1] <= y <= area[3]


def _area(box: Rect) -> float:
    return max(box[2] - box[0], 0) * max(box[3] - box[1], 0)
