"""Which lines tell a procedure together: where each begins, what goes on with it, what is a remark in between.

What speaks for each line is what ``line_roles`` finds in its words and in those of its neighbours, its mark
and the way it ends; a linear chain weighs the lines of a passage together (Viterbi). ``training/told.py``
found the weights on labelled pages (``data/ROLES_CARD.md``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.channels import odds as channel_odds
from corpus.kinds import units_of
from corpus.line_roles import BEGINS, KINDS, NONE, TELLS, Lines
from corpus.markers import Marker, marker_at
from corpus.text import Span

FILE = Path(__file__).with_name("data") / "told.npz"
OUTSIDE, FIRST, ON, REMARK = range(4)
"""What a line is: of no procedure, the first of one, one that goes on with it, a remark between two steps."""
LABELS = 4
BIAS = 0
"""The feature that every unit has."""
_NEVER = -1e6
_ARROW = re.compile(r"→|->|=>|＞|>>")
_LABEL = re.compile(r"\s{0,20}[^→：:，,。；;\s][^→：:，,。；;]{0,23}?\s{0,20}[：:]")
_WORD = re.compile(r"\w")
_LONGEST_MARK = 10
_BINS = (-99.0, -3.0, -1.5, -0.5, 0.5, 1.5, 3.0, 99.0)
_COUNTED = ("cn", "cn()", "1.", "1)", "a)", "①", "step")

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Unit:
    """A line, or an item of a list. ``start`` is where its mark stands, ``span`` what it says; ``path`` the
    headings over it; ``listed``: it is an item with a mark or
    a label."""

    start: int
    span: Span
    path: tuple[str, ...]
    listed: bool


def units_in(
    text: str, start: int, end: int, path: tuple[str, ...], items: Sequence[Span] = ()
) -> list[Unit]:
    """The items of ``text[start:end]`` and the lines before, between and behind them."""
    found: list[Unit] = []
    at = start
    for item in items:
        mark = _mark_before(text, at, item)
        found += _lines(text, at, mark, path)
        listed = mark < item[0] or _LABEL.match(text, *item) is not None
        found.append(Unit(mark, item, path, listed))
        at = max(at, item[1])
    return found + _lines(text, at, end, path)


def _lines(text: str, start: int, end: int, path: tuple[str, ...]) -> list[Unit]:
    found = []
    for a, b in units_of(text, start, end):
        mark = marker_at(text, a, b)
        span = (mark.end if mark and mark.end < b else a, b)
        if _WORD.search(text, *span):
            found.append(Unit(a, span, path, False))
    return found


def _mark_before(text: str, at: int, item: Span) -> int:
    """Where the mark of an item begins, not before ``at``; where the item does, if it bears none."""
    for start in range(max(at, item[0] - _LONGEST_MARK), item[0]):
        mark = marker_at(text, start, item[1])
        if mark is not None and mark.end == item[0]:
            return start
    return item[0]


def told(text: str, lines: Lines, units: Sequence[Unit]) -> list[int]:
    """Of each unit what it is."""
    if not units:
        return []
    alone, beside = features(text, lines, units)
    own, steps = _model()
    return best(alone @ own, np.einsum("nf,fab->nab", beside, steps))


def runs(labels: Sequence[int]) -> list[list[int]]:
    """The units of each procedure, remarks left out.

    >>> runs([0, 1, 3, 2, 1, 0])
    [[1, 3], [4]]
    """
    found: list[list[int]] = []
    for n, label in enumerate(labels):
        if label == FIRST:
            found.append([n])
        elif label == ON:
            found[-1].append(n)
    return found


def features(text: str, lines: Lines, units: Sequence[Unit]) -> tuple[Floats, Floats]:
    """(units, features) of each alone, (units, features) of each with the one before it."""
    odds = _odds(lines, units)
    marks = [marker_at(text, u.start, u.span[1]) for u in units]
    alone = np.concatenate([_forms(text, units, marks), _words(lines, odds, units)], axis=1)
    return alone.astype(np.float32), _beside(text, odds, units, marks)


def _odds(lines: Lines, units: Sequence[Unit]) -> Floats:
    """(units, outputs of ``line_roles``)."""
    found: list[Floats] = []
    at = 0
    while at < len(units):
        to = at
        while to < len(units) and units[to].path == units[at].path:
            to += 1
        found.append(lines.scores([u.span for u in units[at:to]], units[at].path))
        at = to
    return np.concatenate(found)


def _words(lines: Lines, odds: Floats, units: Sequence[Unit]) -> Floats:
    """What the words of a unit say, and those of the units beside it under the same headings."""
    tells = np.tanh(odds[:, TELLS] / 2)
    steps = np.tanh(odds[:, KINDS.index("steps")] / 2)
    own = [tells, np.clip(odds[:, TELLS] / 4, -1, 1), steps, np.tanh(odds[:, BEGINS] / 2)]
    own += [np.tanh(odds[:, kind] / 2) for kind in range(NONE + 1)]
    paths = [u.path for u in units]
    for by in (-2, -1, 1, 2):
        near = np.array(
            [
                tells[n + by] if 0 <= n + by < len(paths) and paths[n + by] == paths[n] else 0
                for n in range(len(paths))
            ]
        )
        own.append(near)
    listed = np.array([u.listed for u in units], np.float32)
    share, most, least = _shares(tells, units)
    own += [share, most, least, listed * tells, np.array([lines.above(p)[TELLS] for p in paths])]
    for low, high in pairwise(_BINS):
        inside = (odds[:, TELLS] > low) & (odds[:, TELLS] <= high)
        own += [inside, inside * listed]
    return np.stack(own, axis=1)


def _shares(tells: Floats, units: Sequence[Unit]) -> Floats:
    """(3, units): how far the items tell among which a unit stands without a line between them: on the average,
    at most and at least."""
    found = np.zeros((3, len(units)), np.float32)
    at = 0
    while at < len(units):
        to = at + 1
        while to < len(units) and units[to].listed and units[at].listed:
            to += 1
        if to - at > 1:
            within = tells[at:to]
            found[:, at:to] = np.array([within.mean(), within.max(), within.min()])[:, None]
        at = to
    return found


def _forms(text: str, units: Sequence[Unit], marks: Sequence[Marker | None]) -> Floats:
    """What a unit looks like."""
    labels = Counter(_label(text, u) for u in units)
    rows = []
    for n, (unit, mark) in enumerate(zip(units, marks, strict=True)):
        said = text[unit.span[0] : unit.span[1]]
        label = _label(text, unit)
        first = n == 0 or units[n - 1].path != unit.path
        last = n + 1 == len(units) or units[n + 1].path != unit.path
        family = mark.family if mark else ""
        rows.append(
            (
                1,
                unit.listed,
                family in _COUNTED and mark is not None and mark.number == 1,
                family in _COUNTED and mark is not None and mark.number != 1,
                family == "•",
                family in ("question", "#") or said[-1:] in "?？",
                len(_ARROW.findall(said)) > 1,
                said[-1:] in "：:",
                said[-1:] in "。！!.",
                said[-1:] in "；;，,",
                bool(label),
                labels[label] > 1 and bool(label),
                first,
                last,
                first and last,
                min(2.0, np.log1p(len(said)) / 3),
            )
        )
    return np.array(rows, np.float32)


def _label(text: str, unit: Unit) -> str:
    found = _LABEL.match(text, *unit.span)
    return found[0] if found else ""


def _beside(
    text: str, odds: Floats, units: Sequence[Unit], marks: Sequence[Marker | None]
) -> Floats:
    """What speaks for one unit after the other."""
    apart = _apart(text, units)
    rows = []
    for n, unit in enumerate(units):
        mark, before = marks[n], marks[n - 1] if n else None
        family = mark.family if mark else ""
        same = n > 0 and units[n - 1].path == unit.path
        together = n > 0 and unit.listed and units[n - 1].listed
        begun = np.tanh(odds[n, BEGINS] / 2)
        counted = family in _COUNTED and mark is not None
        rows.append(
            (
                1,
                same,
                counted and mark is not None and mark.number == 1,
                counted and mark is not None and _goes_on(mark, marks[:n]),
                n > 0
                and bool(mark)
                and bool(before)
                and before is not None
                and before.family == family,
                n > 0 and bool(mark) and not before,
                n > 0 and bool(before) and not mark,
                n > 0 and text[units[n - 1].span[1] - 1] in "：:",
                n > 0 and text[units[n - 1].span[1] - 1] in "；;，,",
                begun,
                begun * together,
                begun * (same and not together),
                together,
                apart[n],
                apart[n] * same,
                np.tanh(odds[n, TELLS] / 2),
                np.tanh(odds[n - 1, TELLS] / 2) if n else 0,
            )
        )
    return np.array(rows, np.float32)


def _apart(text: str, units: Sequence[Unit]) -> Floats:
    """(units,): how likely a unit by its own words is done elsewhere than the one before it."""
    each = np.array([channel_odds(text[slice(*u.span)]) for u in units])
    likely = np.exp(each - each.max(axis=1, keepdims=True))
    likely /= likely.sum(axis=1, keepdims=True)
    found = np.zeros(len(units), np.float32)
    found[1:] = 1 - (likely[1:] * likely[:-1]).sum(axis=1)
    return found


def _goes_on(mark: Marker, before: Sequence[Marker | None]) -> bool:
    """Whether a number is the next after the last of its kind."""
    last = next((m for m in reversed(before) if m and m.family == mark.family), None)
    return last is not None and mark.number == (last.number or 0) + 1


def bound() -> tuple[Floats, Floats, Floats]:
    """What is out of the question: (labels,) at the beginning, (labels, labels), (labels,) at the end."""
    begin, between, end = (np.zeros(shape, np.float32) for shape in ((4,), (4, 4), (4,)))
    begin[[ON, REMARK]] = _NEVER
    end[REMARK] = _NEVER
    between[OUTSIDE, [ON, REMARK]] = _NEVER
    between[REMARK, [OUTSIDE, FIRST]] = _NEVER
    return begin, between, end


def best(alone: Floats, steps: Floats) -> list[int]:
    """The labels that together are worth most. ``alone`` (units, labels), ``steps`` (units, labels of the one
    before, labels); the first of ``steps`` has none before it."""
    begin, between, end = bound()
    worth = alone[0] + begin
    came = []
    for row, step in zip(alone[1:], steps[1:], strict=True):
        over = worth[:, None] + step + between
        came.append(over.argmax(axis=0))
        worth = over.max(axis=0) + row
    labels = [int((worth + end).argmax())]
    for back in reversed(came):
        labels.append(int(back[labels[-1]]))
    return labels[::-1]


@lru_cache(maxsize=1)
def _model() -> tuple[Floats, Floats]:
    """(features, labels) and (features, labels, labels)."""
    with np.load(FILE) as held:
        return held["alone"].astype(np.float32), held["beside"].astype(np.float32)
