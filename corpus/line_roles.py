"""What a line of a page is for: a linear model over its characters and what stands round it.

A unit is a line, an item of a list or a sentence: a span of an article's text. Single characters, pairs and
threes of the unit, of its beginning and its end, of what stands before and behind it, and of the headings
over it are hashed; each has a weight for each kind. ``training/roles.py`` found the weights on labelled
pages (``data/ROLES_CARD.md``).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from corpus.markers import marker_at
from corpus.text import Span, fold, strip_span
from corpus.types import Passage, PassageKind

FILE = Path(__file__).with_name("data") / "line_roles.npz"
KINDS: tuple[PassageKind, ...] = get_args(PassageKind)
NONE, TELLS, BEGINS = len(KINDS), len(KINDS) + 1, len(KINDS) + 2
"""After the kinds: a line of none of them (a heading, a question, a menu), one that tells a procedure or
a part of one, and one with which a procedure begins."""
OUTPUTS = BEGINS + 1
BUCKETS = 1 << 14
"""Different n-grams that are told apart, of any length."""
FIELDS = 8
"""The unit, its beginning, its end, near before, before, behind, the nearest heading, title and outer
headings: each has a weight for each n-gram."""
BAR = -1.0
"""Log odds from which a line tells a procedure: best F1 on authors left out."""
BEGUN = 0.5
"""Log odds from which it begins one: rightly said of .86 of the lines of authors left out."""
_INNER = FIELDS - 2  # in the text itself
_LONGEST, _OPENING, _CLOSING, _NEAR, FAR = 300, 10, 6, 8, 60
_BLOCK, _HELD = 4096, 8  # characters whose sums are made at once; blocks held, of 2.3 MB each

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


def grams(folded: str) -> Ints:
    """(characters, 3): the buckets of the one, two and three characters that begin at each. All digits
    are one."""
    codes = np.frombuffer(folded.encode("utf-32-le", "replace"), "<u4").astype(np.uint64)
    codes[(codes >= ord("0")) & (codes <= ord("9"))] = ord("0")
    padded = np.concatenate([codes, np.zeros(2, np.uint64)])
    one = codes * np.uint64(0x9E3779B1)
    two = one + padded[1:-1] * np.uint64(0x85EBCA6B) + np.uint64(1)
    three = two + padded[2:] * np.uint64(0xC2B2AE35) + np.uint64(2)
    mixed = np.stack([one, two, three], axis=1)
    mixed ^= mixed >> np.uint64(15)
    mixed *= np.uint64(0x2545F4914F6CDD1D)
    found: Ints = (mixed >> np.uint64(40)).astype(np.int64) % BUCKETS
    return found


def bare(text: str, start: int, end: int) -> Span:
    """The span without blanks and without the mark that begins it."""
    start, end = strip_span(text, start, end)
    mark = marker_at(text, start, end)
    return (mark.end, end) if mark is not None and mark.end < end else (start, end)


def windows(start: int, end: int, size: int) -> tuple[Span, ...]:
    """The spans of the fields of a unit that lie in its own text, of ``size`` characters."""
    return (
        (start, min(end, start + _LONGEST)),
        (start, min(end, start + _OPENING)),
        (max(start, end - _CLOSING), end),
        (max(0, start - _NEAR), start),
        (max(0, start - FAR), start),
        (end, min(size, end + FAR)),
    )


class Lines:
    """A folded text made ready, so that any span of it can be read. ``begin``: where it begins in its
    article, in whose characters all spans count; ``FAR`` beside a span are enough to read it."""

    def __init__(self, folded: str, title: str = "", begin: int = 0) -> None:
        self._folded = folded
        self._title = title
        self._begin = begin
        self._blocks: dict[int, NDArray[np.float64]] = {}
        self._known: dict[tuple[Span, tuple[str, ...]], Floats] = {}

    @classmethod
    def of(cls, passage: Passage) -> Lines:
        """As much of the article as a passage is read with."""
        begin = max(0, passage.start - FAR)
        text = passage.article.text[begin : passage.end + FAR]
        return cls(fold(text), passage.article.title, begin)

    def _sums(self, block: int) -> NDArray[np.float64]:
        """(characters + 1, fields of the text itself, ``OUTPUTS``): sums of weights up to each character of
        a block and of what a field that begins there may reach beyond it."""
        if block not in self._blocks:
            if len(self._blocks) == _HELD:
                self._blocks.clear()
            weights, _ = _model()
            start, end = block * _BLOCK, (block + 1) * _BLOCK + _LONGEST
            ids = grams(self._folded[start : end + 2])[: end - start]
            width = _INNER * OUTPUTS
            sums = np.zeros((len(ids) + 1, width))
            # one length of gram after the other: three times less memory than all at once
            for column in ids.T:
                sums[1:] += weights[column, :width]
            np.cumsum(sums, axis=0, out=sums)
            self._blocks[block] = sums.reshape(-1, _INNER, OUTPUTS)
        return self._blocks[block]

    def scores(self, spans: Sequence[Span], path: Sequence[str] = ()) -> Floats:
        """(n, ``OUTPUTS``) log odds of spans that stand under the headings ``path``, outermost first."""
        over = tuple(path)
        above = self.above(over) + _model()[1]
        found = np.empty((len(spans), OUTPUTS), np.float32)
        for n, span in enumerate(spans):
            if (span, over) in self._known:
                found[n] = self._known[span, over]
                continue
            start, end = bare(self._folded, span[0] - self._begin, span[1] - self._begin)
            ends = np.array(windows(start, end, len(self._folded)))
            sums = np.array([self._sum(field, a, b) for field, (a, b) in enumerate(ends.tolist())])
            sizes = np.maximum(1, 3 * (ends[:, 1] - ends[:, 0]))
            found[n] = above + (sums / np.sqrt(sizes)[:, None]).sum(axis=0)
            self._known[span, over] = found[n].copy()
        return found

    def above(self, path: tuple[str, ...]) -> NDArray[np.float64]:
        """(``OUTPUTS``,): what title and headings say for all that stands under them."""
        return _over((self._title, *path[:-1]), _INNER + 1) + _over(path[-1:], _INNER)

    def _sum(self, field: int, start: int, end: int) -> NDArray[np.float64]:
        """(``OUTPUTS``,): what the characters of a span add to a field."""
        block, at = divmod(start, _BLOCK)
        sums = self._sums(block)
        found: NDArray[np.float64] = sums[at + end - start, field] - sums[at, field]
        return found

    def tell(self, spans: Sequence[Span], path: Sequence[str] = ()) -> list[bool]:
        """Of each span whether it tells a procedure, or a part of one."""
        return [bool(odds > BAR) for odds in self.scores(spans, path)[:, TELLS]]

    def says(self, spans: Sequence[Span], path: Sequence[str] = ()) -> bool:
        """Whether any of the spans says something, and is no mere heading."""
        scores = self.scores(spans, path)[:, : NONE + 1]
        return bool((scores.argmax(axis=1) != NONE).any())


@lru_cache(maxsize=4096)
def _over(names: tuple[str, ...], field: int) -> NDArray[np.float64]:
    """(``OUTPUTS``,): what headings add."""
    weights, _ = _model()
    ids = np.concatenate([grams(fold(name)).ravel() for name in names] or [np.zeros(0, np.int64)])
    if not len(ids):
        return np.zeros(OUTPUTS)
    own = weights[ids, field * OUTPUTS : (field + 1) * OUTPUTS]
    total: NDArray[np.float64] = own.sum(axis=0, dtype=np.float64) / len(ids) ** 0.5
    return total


@lru_cache(maxsize=1)
def _model() -> tuple[Floats, Floats]:
    """(``BUCKETS``, fields · ``OUTPUTS``) weights, kept as 8-bit numbers in units of each output, and
    (``OUTPUTS``,) what each begins with."""
    with np.load(FILE) as held:
        unit = np.tile(held["unit"], FIELDS)
        return held["weights"].astype(np.float32) * unit, held["bias"].astype(np.float32)
