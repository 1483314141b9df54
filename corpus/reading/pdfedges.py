"""The lines on a PDF page as the edges of the columns and rows of tables."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.reading.pdfdrawn import Rect

_NEAR = 3.0  # points: lines so near meet
_COVERED = 0.7  # of the side of a cell: a line along so much of it divides


def upright(rule: Rect) -> Rect:
    left, top, right, bottom = rule
    return min(left, right), min(top, bottom), max(left, right), max(top, bottom)


def _across(rule: Rect) -> bool:
    return rule[2] - rule[0] >= rule[3] - rule[1]


def groups(rules: Sequence[Rect]) -> list[list[Rect]]:
    """Lines that meet, group by group."""
    heads = list(range(len(rules)))

    def head(place: int) -> int:
        while heads[place] != place:
            heads[place] = heads[heads[place]]
            place = heads[place]
        return place

    ordered = sorted(range(len(rules)), key=lambda n: rules[n][1])
    for number, one in enumerate(ordered):
        for other in ordered[number + 1 :]:
            if rules[other][1] > rules[one][3] + _NEAR:
                break
            if _meet(rules[one], rules[other]):
                heads[head(one)] = head(other)
    groups: dict[int, list[Rect]] = {}
    for place, rule in enumerate(rules):
        groups.setdefault(head(place), []).append(rule)
    return list(groups.values())


def _meet(one: Rect, other: Rect) -> bool:
    return (
        one[0] <= other[2] + _NEAR
        and other[0] <= one[2] + _NEAR
        and one[1] <= other[3] + _NEAR
        and other[1] <= one[3] + _NEAR
    )


def edges(group: Sequence[Rect]) -> tuple[list[float], list[float]]:
    """Where columns and rows begin and end; the sides of a table may be left open."""
    across = [rule for rule in group if _across(rule)]
    down = [rule for rule in group if not _across(rule)]
    if not across or not down:
        return [], []
    xs = [rule[0] for rule in down]
    xs += [min(rule[0] for rule in across), max(rule[2] for rule in across)]
    ys = [rule[1] for rule in across]
    ys += [min(rule[1] for rule in down), max(rule[3] for rule in down)]
    return _merged(xs), _merged(ys)


def _merged(values: Sequence[float]) -> list[float]:
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > _NEAR:
            found.append(value)
    return found


def beginnings(group: Sequence[Rect], xs: Sequence[float], ys: Sequence[float]) -> list[int]:
    """For each place of the grid the place where its cell begins: those that no line divides."""
    width, height = len(xs) - 1, len(ys) - 1
    origins = list(range(width * height))
    right_of = _dividers([r for r in group if not _across(r)], xs, ys, down=True)
    below = _dividers([r for r in group if _across(r)], ys, xs, down=False)
    for row in range(height):
        for column in range(width):
            here = row * width + column
            if column and (column, row) not in right_of:
                origins[here] = origins[here - 1]
            elif row and (row, column) not in below:
                above = origins[here - width]
                if above % width == column:
                    origins[here] = above
    return origins


def _dividers(
    rules: Sequence[Rect], edges: Sequence[float], spans: Sequence[float], *, down: bool
) -> set[tuple[int, int]]:
    """Which edges, and which stretches of them, a line runs along."""
    along: dict[tuple[int, int], float] = {}
    for rule in rules:
        place, start, end = (rule[0], rule[1], rule[3]) if down else (rule[1], rule[0], rule[2])
        edge = min(range(len(edges)), key=lambda n: abs(edges[n] - place))
        for span in range(len(spans) - 1):
            covered = min(end, spans[span + 1]) - max(start, spans[span])
            if covered > 0:
                along[edge, span] = along.get((edge, span), 0.0) + covered
    return {
        (edge, span)
        for (edge, span), length in along.items()
        if length >= _COVERED * (spans[span + 1] - spans[span])
    }
