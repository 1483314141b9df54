"""A small head over what the bundled model makes of each token: it says of each character whether it is outside,
begins a piece of a kind or goes on with one.

What speaks for each comes of the states (``lower_layers``) of its token and of those beside it, of its place within
its token, and of what it is by its form. A linear chain over the labels; Viterbi. ``training/lower.py`` learns it.
``tagger`` finds what is private by one, ``segments`` takes a question apart by another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.text import fold
from index.arrays import pack, unpack
from index.bert_folder import Matrix

PLACES = 8
"""Places within a token, and sizes of one, that are told apart."""
BESIDE = 2
"""Tokens on each side of a character's own that speak for it."""
_LONGEST = 200
"""Characters that are read at a time: fewer than the model's 512 tokens."""
_END = re.compile(r"[\n。！？!?；;]+")


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What the head looks at. ``states`` (tokens, dim); for each character its ``token`` (0, the mark
    before all, for a blank), its ``place`` in it and its ``forms`` (characters, forms)."""

    states: Matrix
    token: NDArray[np.int64]
    place: NDArray[np.int64]
    forms: Matrix

    @classmethod
    def of(cls, states: Matrix, spans: NDArray[np.int64], forms: Matrix) -> Seen:
        """Of what ``LowerLayers.states`` makes of a text as ``as_read`` gives it."""
        token = np.zeros(len(forms), np.int64)
        place = np.zeros(len(forms), np.int64)
        for n, (start, end) in enumerate(np.maximum(spans, 0).tolist()):
            size = end - start
            if n and size:
                inner = np.minimum(np.arange(size), PLACES - 1)
                token[start:end] = n
                place[start:end] = inner * PLACES + min(size, PLACES - 1)
        return cls(states, token, place, forms)

    def near(self) -> NDArray[np.int64]:
        """(characters, 2 · ``BESIDE`` + 1): the tokens from left to right; the text ends in its marks."""
        steps = np.arange(-BESIDE, BESIDE + 1)
        near: NDArray[np.int64] = np.clip(self.token[:, None] + steps, 0, len(self.states) - 1)
        return near


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """``tokens`` (2 · ``BESIDE`` + 1, dim, width): for the tokens beside and of a character; ``places``
    (``PLACES``², width); ``forms`` (forms, width); ``bias`` (width,); ``labels`` (width, labels) and
    ``label_bias`` (labels,): 0 outside, 1 + 2k begins a piece of kind k, 2 + 2k goes on with it. ``steps``
    (labels, labels): what one after the other is worth; ``bar``: what a piece has to be worth more than
    none, in nats. ``held``: all arrays by name, those of another use among them."""

    held: Mapping[str, Matrix]

    @classmethod
    def open(cls, path: Path) -> Head:
        """From a file of 8-bit numbers, each array in units of its own ``…_unit``."""
        return cls.of(unpack(path.read_bytes()))

    @classmethod
    def of(cls, packed: Mapping[str, NDArray[Any]]) -> Head:
        held = {
            name: array.astype(np.float32) * packed.get(f"{name}_unit", np.float32(1))
            for name, array in packed.items()
            if not name.endswith("_unit")
        }
        return cls(held)

    def with_bar(self, bar: float) -> Head:
        """The same with another bar."""
        return Head({**self.held, "bar": np.array([bar], np.float32)})

    def hidden(self, seen: Seen) -> Matrix:
        """(characters, width): what speaks for each."""
        held, near = self.held, seen.near()
        x = held["places"][seen.place] + seen.forms @ held["forms"] + held["bias"]
        for n, part in enumerate(held["tokens"]):
            x += (seen.states @ part)[near[:, n]]
        # GELU by tanh, as in training
        x *= 0.5 * (1 + np.tanh(0.7978845608 * (x + 0.044715 * x**3)))
        return x

    def labels_of(self, hidden: Matrix) -> list[int]:
        """The label of each character."""
        scores = hidden @ self.held["labels"] + self.held["label_bias"]
        scores[:, 1::2] -= self.held["bar"]
        return best(scores, self.held["steps"])


def pack_head(arrays: Mapping[str, Matrix], bar: float) -> bytes:
    """The file of a head: eight bits a number, each array in units of its own, and of its own for each
    column."""
    found: dict[str, NDArray[Any]] = {"bar": np.array([bar])}
    for name, array in arrays.items():
        unit = np.maximum(np.abs(array).max(axis=-2 if array.ndim > 1 else -1, keepdims=True), 1e-9)
        unit = (unit / 127).astype(np.float32)
        found[name] = np.rint(array / unit).astype(np.int8)
        found[f"{name}_unit"] = unit
    return pack(found)


def as_read(text: str) -> str:
    """Folded, except that Latin letters keep their case: John Smith is no john smith."""
    return "".join(c if c.isascii() else f for c, f in zip(text, fold(text), strict=True))


def best(scores: Matrix, steps: Matrix) -> list[int]:
    """The labels that together are worth most (Viterbi); none goes on where its kind did not begin.
    ``steps`` (labels, labels): what the one after the other is worth."""
    if not len(scores):
        return []
    bound = forbidden(len(steps))
    allowed = steps + bound
    worth = scores[0].astype(np.float64) + bound[0]
    came = []
    for row in scores[1:]:
        over = worth[:, None] + allowed
        came.append(over.argmax(axis=0))
        worth = over.max(axis=0) + row
    labels = [int(worth.argmax())]
    for back in reversed(came):
        labels.append(int(back[labels[-1]]))
    return labels[::-1]


@lru_cache(maxsize=8)
def forbidden(labels: int) -> Matrix:
    """(labels, labels): very low where a piece would go on that did not begin."""
    found = np.zeros((labels, labels), np.float32)
    for on in range(2, labels, 2):
        found[:, on] = -1e4
        found[(on - 1, on), on] = 0
    return found


def pieces(labels: Sequence[int]) -> list[tuple[int, int, int]]:
    """The pieces that begin and go on: from where to where, and the number of their kind.

    >>> pieces([0, 1, 2, 3])
    [(1, 3, 0), (3, 4, 1)]
    """
    found: list[tuple[int, int, int]] = []
    for place, label in enumerate(labels):
        kind = (label - 1) // 2
        if label % 2:
            found.append((place, place + 1, kind))
        elif label and found and found[-1][1] == place:
            found[-1] = (found[-1][0], place + 1, kind)
    return found


def stretches(plain: str) -> Iterator[tuple[int, str]]:
    """The text in stretches with their offsets: whole where it is short, else cut behind sentences,
    and where one is too long, anywhere."""
    start = 0
    while len(plain) - start > _LONGEST:
        ends = [m.end() for m in _END.finditer(plain, start, start + _LONGEST)]
        end = ends[-1] if ends else start + _LONGEST
        yield start, plain[start:end]
        start = end
    if plain[start:].strip():
        yield start, plain[start:]
