"""What is drawn on a PDF page besides words: rules, colored areas and pictures, with their places."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pypdfium2.raw as raw

Matrix = tuple[float, float, float, float, float, float]
Rect = tuple[float, float, float, float]
"""left, bottom, right, top in the page's own units."""

_SAME: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_MOST_OBJECTS = 20_000  # of a page; maps and charts have more and no tables
_MOST_SEGMENTS = 400  # of a path; more are artwork
_DEEPEST = 4  # forms within each other
_THIN = 2.5  # points: a bar so thin is a rule
_PICTURES = frozenset([raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_SHADING])
_OPAQUE = 255
_LIGHT = 240  # of 255: a color that nobody tells from white paper


@dataclass(slots=True)
class Drawn:
    """``rules``: lines across and down, as rectangles without a width or a height.

    ``lids``: boxes that hide what was drawn before them, each with its place in the order of drawing;
    ``order``: that of each text object.
    """

    rules: list[Rect] = field(default_factory=list)
    fills: list[Rect] = field(default_factory=list)
    pictures: list[Rect] = field(default_factory=list)
    lids: list[tuple[int, Rect]] = field(default_factory=list)
    order: dict[int, int] = field(default_factory=dict)


def drawn(page: Any) -> Drawn:
    """What is drawn on the page, forms taken apart."""
    found = Drawn()
    for count, (element, matrix) in enumerate(_objects(page)):
        if count >= _MOST_OBJECTS:
            break
        kind = raw.FPDFPageObj_GetType(element)
        if kind == raw.FPDF_PAGEOBJ_PATH:
            _path(element, matrix, found)
            if (lid := _lid(element, matrix)) is not None:
                found.lids.append((count, lid))
        elif kind == raw.FPDF_PAGEOBJ_TEXT:
            found.order[address(element)] = count
        elif kind in _PICTURES and (bounds := _bounds(element, matrix)) is not None:
            found.pictures.append(bounds)
    return found


def _objects(page: Any) -> Iterator[tuple[Any, Matrix]]:
    for number in range(raw.FPDFPage_CountObjects(page)):
        yield from _inner(raw.FPDFPage_GetObject(page, number), _SAME, 0)


def _inner(element: Any, matrix: Matrix, depth: int) -> Iterator[tuple[Any, Matrix]]:
    if raw.FPDFPageObj_GetType(element) != raw.FPDF_PAGEOBJ_FORM:
        yield element, matrix
        return
    if depth >= _DEEPEST:
        return
    below = _times(_matrix(element), matrix)
    for number in range(raw.FPDFFormObj_CountObjects(element)):
        yield from _inner(raw.FPDFFormObj_GetObject(element, number), below, depth + 1)


def _path(element: Any, outer: Matrix, found: Drawn) -> None:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(element, fill, stroke)
    bounds = _bounds(element, outer)
    if bounds is None or not (fill.value or stroke.value):
        return
    left, bottom, right, top = bounds
    if min(right - left, top - bottom) <= _THIN:
        middle_x, middle_y = (left + right) / 2, (bottom + top) / 2
        across = right - left >= top - bottom
        found.rules.append(
            (left, middle_y, right, middle_y) if across else (middle_x, bottom, middle_x, top)
        )
        return
    if fill.value and _colored(element):
        found.fills.append(bounds)
    if stroke.value and raw.FPDFPath_CountSegments(element) <= _MOST_SEGMENTS:
        found.rules.extend(_segments(element, _times(_matrix(element), outer)))


def _lid(element: Any, matrix: Matrix) -> Rect | None:
    """The place of a box that hides all behind it: filled, opaque, whole and not cut to a shape."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(element, fill, stroke)
    count = raw.FPDFPath_CountSegments(element)
    if not fill.value or count not in (4, 5) or raw.FPDFPageObj_HasTransparency(element):
        return None
    clip = raw.FPDFPageObj_GetClipPath(element)
    if clip and raw.FPDFClipPath_CountPaths(clip) > 0:
        return None
    color = [ctypes.c_uint() for _ in range(4)]
    if not raw.FPDFPageObj_GetFillColor(element, *color) or color[3].value < _OPAQUE:
        return None
    sides = sum(1 for _ in _segments(element, _times(_matrix(element), matrix)))
    return _bounds(element, matrix) if sides >= 3 else None


def address(element: Any) -> int:
    """What tells a drawn object from others of its page."""
    return ctypes.cast(element, ctypes.c_void_p).value or 0


def _segments(element: Any, matrix: Matrix) -> Iterator[Rect]:
    """The straight pieces of a path that run across or down."""
    start = last = (0.0, 0.0)
    for number in range(raw.FPDFPath_CountSegments(element)):
        segment = raw.FPDFPath_GetPathSegment(element, number)
        x, y = ctypes.c_float(), ctypes.c_float()
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        point = _moved((x.value, y.value), matrix)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == raw.FPDF_SEGMENT_LINETO and (line := _straight(last, point)):
            yield line
        last = point
        if raw.FPDFPathSegment_GetClose(segment) and (line := _straight(point, start)):
            yield line


def _straight(one: tuple[float, float], other: tuple[float, float]) -> Rect | None:
    (a, b), (c, d) = one, other
    if abs(b - d) <= _THIN / 2 < abs(a - c):
        return min(a, c), (b + d) / 2, max(a, c), (b + d) / 2
    if abs(a - c) <= _THIN / 2 < abs(b - d):
        return (a + c) / 2, min(b, d), (a + c) / 2, max(b, d)
    return None


def _colored(element: Any) -> bool:
    color = [ctypes.c_uint() for _ in range(4)]
    if not raw.FPDFPageObj_GetFillColor(element, *color):
        return True  # a pattern
    return color[3].value > 0 and min(c.value for c in color[:3]) < _LIGHT


def _bounds(element: Any, matrix: Matrix) -> Rect | None:
    sides = [ctypes.c_float() for _ in range(4)]
    if not raw.FPDFPageObj_GetBounds(element, *sides):
        return None
    left, bottom, right, top = (side.value for side in sides)
    corners = [_moved(c, matrix) for c in ((left, bottom), (right, top))]
    (a, b), (c, d) = corners
    return min(a, c), min(b, d), max(a, c), max(b, d)


def _matrix(element: Any) -> Matrix:
    values = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(element, values):
        return _SAME
    return values.a, values.b, values.c, values.d, values.e, values.f


def _times(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return (
        a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s,
        e * p + f * r + t, e * q + f * s + u,
    )  # fmt: skip


def _moved(point: tuple[float, float], matrix: Matrix) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    x, y = point
    return a * x + c * y + e, b * x + d * y + f
