"""Trains what finds the procedures of a page, and writes ``corpus/data``: ``line_roles``, ``channels``, ``told``.

    python -m training.told --work WORK [--held AUTHORS] [--to FOLDER]

The chain learns from what the weights of lines say of authors they did not learn from: ``training.roles`` learns
once without each group of authors (kept in WORK), and once with all. ``--held``: authors from whom nothing is
learned; with ``--to`` and ``python -m benchmarks.readings --weights FOLDER --author AUTHOR`` how such pages are read.
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from corpus.line_roles import Lines
from corpus.pieces import pieces
from corpus.reading import read
from corpus.settings import ROOT
from corpus.text import fold
from corpus.told import BIAS, FIRST, LABELS, ON, OUTSIDE, REMARK, Unit, bound, features, units_in
from corpus.types import Article
from training import channels, roles
from training.aligned import Aligned, Stand, aligned
from training.pages import all_pages
from training.weights import DATA, use

Array = NDArray[np.float64]
STRENGTH = 0.5
"""Inverse of the penalty. On a8, a9 and a10 left out, of 118 lists 81 with 3, 91 with 0.5, 88 with 0.1."""
EAGER = 0.6
"""Added to what speaks for a list to begin, in nats: with 0, 81 of the 118 are found and 14 on no line that tells,
with 0.5 91 and 21, with 1 93 and 43."""
PLAIN = ("a9", "a10")
WORTH = 3.0
"""How far the pages count whose authors were told what a procedure is (``training/pages/README.md``)."""
GROUPS = (("a1", "a2"), ("a3", "a4"), ("a5", "a6", "a7"), ("a8",), ("a9",), ("a10",))
_BATCHES = 6


@dataclass(frozen=True, slots=True, eq=False)
class Chain:
    """``alone`` (units, features), ``beside`` (units, features), ``labels`` (units,)."""

    author: str
    alone: Array
    beside: Array
    labels: NDArray[np.int64]
    worth: float


def of_page(one: Aligned) -> Iterator[Chain]:
    """An article of a page as a whole, and what stands under each of its headings by itself."""
    for article, stands in one.articles:
        lines = Lines(fold(article.text), article.title)
        text = article.text
        found = [
            units_in(text, p.start, p.end, p.path, p.items if p.listed else ())
            for p in pieces(text, article.title, lines)
        ]
        whole = [unit for units in found for unit in units]
        yield from _sequence(one, article, stands, lines, whole)
        for _, under in groupby(whole, lambda unit: unit.path):
            units = list(under)
            if len(units) < len(whole):
                yield from _sequence(one, article, stands, lines, units)


def of_articles(articles: Sequence[Article]) -> Iterator[Chain]:
    """The sections of our own articles whose headings say whether they tell a procedure: a list each, so far as
    its members do not each name a way (``roles.OURS``)."""
    for article in articles:
        lines = Lines(fold(article.text), article.title)
        for piece in pieces(article.text, article.title, lines):
            kind = next((roles.OURS[name] for name in piece.path if name in roles.OURS), None)
            units = units_in(article.text, piece.start, piece.end, piece.path, piece.items)
            sure = kind in ("materials", "time", "place") or (
                kind == "steps" and len(piece.items) > 1
            )
            if sure and units:
                on = np.array([int(kind == "steps" and u.listed) for u in units])
                labels = np.where(on, ON, OUTSIDE)
                labels[on.argmax()] = FIRST if on.any() else OUTSIDE
                alone, beside = (t.astype(float) for t in features(article.text, lines, units))
                if (on[on.argmax() :] == on.any()).all():
                    yield Chain("ours", alone, beside, labels, roles.LESS)


def _sequence(
    one: Aligned, article: Article, stands: Sequence[Stand], lines: Lines, units: Sequence[Unit]
) -> Iterator[Chain]:
    if units:
        alone, beside = (table.astype(float) for table in features(article.text, lines, units))
        author = one.page.author
        worth = WORTH if author in PLAIN else 1.0
        yield Chain(author, alone, beside, _labels(one, stands, units), worth)


def _labels(one: Aligned, stands: Sequence[Stand], units: Sequence[Unit]) -> NDArray[np.int64]:
    """What each unit is by the page's procedures. Of two that share a line the longer counts."""
    numbers = [_number(stands, unit) for unit in units]
    labels = np.zeros(len(units), np.int64)
    for steps in sorted(one.page.steps, key=lambda s: len(s.lines)):
        on = [n for n, number in enumerate(numbers) if number in steps.lines]
        if not on:
            continue
        labels[on[0] : on[-1] + 1] = REMARK
        labels[on] = ON
        labels[on[0]] = FIRST
    # a list that a longer one took the beginning of
    for n, label in enumerate(labels):
        before = labels[n - 1] if n else OUTSIDE
        if label in (ON, REMARK) and before == OUTSIDE:
            labels[n] = FIRST
    for n in range(len(labels) - 1, -1, -1):
        behind = labels[n + 1] if n + 1 < len(labels) else OUTSIDE
        if labels[n] == REMARK and behind not in (ON, REMARK):
            labels[n] = OUTSIDE
    return labels


def _number(stands: Sequence[Stand], unit: Unit) -> int:
    """The labelled line on which most of the unit stands."""
    start, end = unit.span
    size, number = max(
        ((min(end, s.end) - max(start, s.start), s.number) for s in stands), default=(0, 0)
    )
    return number if size > 0 else 0


@dataclass(frozen=True, slots=True, eq=False)
class _Batch:
    """All chains beside each other, filled up to the longest: (chains, units, …). ``real``: whether a unit is
    one; ``taken`` 1 at the label of each."""

    alone: Array
    beside: Array
    real: NDArray[np.bool_]
    taken: Array
    worth: Array

    @classmethod
    def of(cls, found: Sequence[Chain]) -> _Batch:
        size, most = len(found), max(len(c.labels) for c in found)
        alone = np.zeros((size, most, found[0].alone.shape[1]))
        beside = np.zeros((size, most, found[0].beside.shape[1]))
        real = np.zeros((size, most), bool)
        taken = np.zeros((size, most, LABELS))
        for n, one in enumerate(found):
            length = len(one.labels)
            alone[n, :length], beside[n, :length] = one.alone, one.beside
            real[n, :length] = True
            taken[n, np.arange(length), one.labels] = 1
        worth = np.array([one.worth for one in found])
        return cls(alone, beside, real, taken, worth)


def learn(found: Sequence[Chain], strength: float = STRENGTH) -> tuple[Array, Array]:
    """(features, labels) and (features, labels, labels) by the likelihood of the labels."""
    longest = sorted(found, key=lambda one: len(one.labels))
    size = -(-len(found) // _BATCHES)
    batches = [_Batch.of(longest[n : n + size]) for n in range(0, len(found), size)]
    f, g = found[0].alone.shape[1], found[0].beside.shape[1]
    cut = f * LABELS

    def loss(weights: Array) -> tuple[float, Array]:
        own, steps = weights[:cut].reshape(f, LABELS), weights[cut:].reshape(g, LABELS, LABELS)
        total = float((weights**2).sum()) / (2 * strength)
        back = weights / strength
        for batch in batches:
            worth, at_alone, at_pairs = _likelihood(batch, own, steps)
            to_own = np.tensordot(batch.alone, at_alone, ((0, 1), (0, 1)))
            to_steps = np.tensordot(batch.beside, at_pairs, ((0, 1), (0, 1)))
            total -= worth
            back = back - np.concatenate([to_own.ravel(), to_steps.ravel()])
        return total, back

    start = np.zeros(cut + g * LABELS**2)
    done = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 120}).x
    own = done[:cut].reshape(f, LABELS)
    own[BIAS, FIRST] += EAGER
    return own, done[cut:].reshape(g, LABELS, LABELS)


def _likelihood(batch: _Batch, own: Array, steps: Array) -> tuple[float, Array, Array]:
    """The log likelihood of all labels, and what it would gain for each label and each pair of labels."""
    begin, between, end = bound()
    size, most = batch.real.shape
    alone = batch.alone @ own
    alone[:, 0] += begin
    last = batch.real.sum(axis=1) - 1
    alone[np.arange(size), last] += end
    pairs = np.tensordot(batch.beside, steps, (2, 0)) + between
    ahead, back = alone.copy(), np.zeros_like(alone)
    for t in range(1, most):
        over = _logsum(ahead[:, t - 1, :, None] + pairs[:, t], axis=1) + alone[:, t]
        ahead[:, t] = np.where(batch.real[:, t, None], over, ahead[:, t - 1])
    for t in range(most - 2, -1, -1):
        over = _logsum(pairs[:, t + 1] + (alone[:, t + 1] + back[:, t + 1])[:, None, :], axis=2)
        back[:, t] = np.where(batch.real[:, t + 1, None], over, 0)
    total = _logsum(ahead[:, -1], axis=1)
    weigh = (batch.worth[:, None] * batch.real)[:, :, None]
    likely = np.exp(np.minimum(0, ahead + back - total[:, None, None]))
    joint = ahead[:, :-1, :, None] + pairs[:, 1:] + (alone[:, 1:] + back[:, 1:])[:, :, None, :]
    at_pairs = np.zeros_like(pairs)
    both = batch.taken[:, :-1, :, None] * batch.taken[:, 1:, None, :]
    at_pairs[:, 1:] = both - np.exp(np.minimum(0, joint - total[:, None, None, None]))
    at_pairs[:, 1:] *= weigh[:, 1:, :, None]
    right = (batch.taken * alone).sum(axis=(1, 2)) + (both * pairs[:, 1:]).sum(axis=(1, 2, 3))
    return float((batch.worth * (right - total)).sum()), (batch.taken - likely) * weigh, at_pairs


def _logsum(values: Array, axis: int) -> Array:
    most = values.max(axis=axis, keepdims=True)
    found: Array = np.log(np.exp(values - most).sum(axis=axis)) + most.squeeze(axis)
    return found


@cache
def _examples() -> list[roles.Example]:
    ours = read(ROOT / "corpus" / "articles").articles
    return [*roles.of_pages(aligned(all_pages())), *roles.of_articles(ours), *roles.of_lists()]


def _without(group: Sequence[str], work: Path) -> Path:
    """The weights of lines that did not learn from a group of authors."""
    path = work / f"{'-'.join(group) or 'all'}.npz"
    if not path.exists():
        roles.write([e for e in _examples() if e.author not in group], path)
    return path


def make(work: Path, to: Path, held: Sequence[str]) -> None:
    """All three files, none of which learned from ``held``."""
    found = aligned(all_pages())
    known = [one for one in found if one.page.author not in held]
    ours = read(ROOT / "corpus" / "articles").articles
    told_where = [*channels.of_pages(known), *channels.of_articles(ours)]
    learned: list[Chain] = []
    for group in (*GROUPS, tuple(held)):
        shutil.copy(_without(group, work), to / "line_roles.npz")
        elsewhere = [one for one in told_where if one.author not in group]
        channels.write(elsewhere, to / "channels.npz")
        use(to)
        learned += [c for one in known if one.page.author in group for c in of_page(one)]
    learned += of_articles(ours)
    own, steps = learn(learned)
    np.savez_compressed(
        to / "told.npz", alone=own.astype(np.float32), beside=steps.astype(np.float32)
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--held", nargs="*", default=())
    parser.add_argument("--to", type=Path, default=DATA)
    options = parser.parse_args()
    for folder in (options.work, options.to):
        folder.mkdir(parents=True, exist_ok=True)
    make(options.work, options.to, options.held)


if __name__ == "__main__":
    main()
