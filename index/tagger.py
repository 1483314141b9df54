"""Where what is private stands in a text: a small head over what the bundled model makes of each token.

A character is outside all that is private, begins a piece of one kind (``KINDS``) or goes on with one. What
speaks for each comes of the states (``lower_layers``) of its token and of those beside it, of its place within
its token, and of what it is by its form (``forms``). ``training/tagger.py`` learned the head
(``index/data/TAGGER_CARD.md``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.errors import ModelError
from corpus.settings import Settings
from corpus.text import Span, fold
from index.arrays import unpack
from index.bert_folder import Matrix
from index.encoder import bundled_folder
from index.forms import forms
from index.lower_layers import LowerLayers

FILE = Path(__file__).with_name("data") / "tagger.npz"
KINDS = ("name", "home", "account", "birth")
"""``account``: whatever leads to one person as a number or a handle does."""
LABELS = 1 + 2 * len(KINDS)
"""0 outside; 1 + 2k begins a piece of kind k, 2 + 2k goes on with it."""
PLACES = 8
"""Places within a token, and sizes of one, that are told apart."""
BESIDE = 2
"""Tokens on each side of a character's own that speak for it."""
_LONGEST = 200
"""Characters that are read at a time: fewer than the model's 512 tokens."""
_END = re.compile(r"[\n。！？!?；;]+")
_WORD = re.compile(r"(?<![A-Za-z\d_@.+-])[A-Za-z\d_@.+-]*[A-Za-z\d]")


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What the head looks at. ``states`` (tokens, dim); for each character its ``token`` (0, the mark
    before all, for a blank), its ``place`` in it and its ``forms`` (characters, ``FORMS``)."""

    states: Matrix
    token: NDArray[np.int64]
    place: NDArray[np.int64]
    forms: Matrix

    @classmethod
    def of(cls, text: str, states: Matrix, spans: NDArray[np.int64]) -> Seen:
        """Of a text as ``as_read`` gives it and what ``LowerLayers.states`` makes of it."""
        token = np.zeros(len(text), np.int64)
        place = np.zeros(len(text), np.int64)
        for n, (start, end) in enumerate(np.maximum(spans, 0).tolist()):
            size = end - start
            if n and size:
                inner = np.minimum(np.arange(size), PLACES - 1)
                token[start:end] = n
                place[start:end] = inner * PLACES + min(size, PLACES - 1)
        return cls(states, token, place, forms(text))

    def near(self) -> NDArray[np.int64]:
        """(characters, 2 · ``BESIDE`` + 1): the tokens from left to right; the text ends in its marks."""
        steps = np.arange(-BESIDE, BESIDE + 1)
        near: NDArray[np.int64] = np.clip(self.token[:, None] + steps, 0, len(self.states) - 1)
        return near


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """``tokens`` (2 · ``BESIDE`` + 1, dim, width): for the tokens beside and of a character; ``places``
    (``PLACES``², width); ``forms`` (``FORMS``, width); ``bias`` (width,); ``labels`` (width, ``LABELS``) and
    ``label_bias`` (``LABELS``,). ``steps`` (``LABELS``, ``LABELS``): what one after the other is worth;
    ``bar``: what a piece has to be worth more than none, in nats."""

    tokens: Matrix
    places: Matrix
    forms: Matrix
    bias: Matrix
    labels: Matrix
    label_bias: Matrix
    steps: Matrix
    bar: float

    @classmethod
    def open(cls, path: Path = FILE) -> Head:
        """From a file of 8-bit numbers, each array in units of its own ``…_unit``."""
        held = unpack(path.read_bytes())

        def full(name: str) -> Matrix:
            return held[name].astype(np.float32) * held[f"{name}_unit"].astype(np.float32)

        return cls(
            full("tokens"),
            full("places"),
            full("forms"),
            full("bias"),
            full("labels"),
            full("label_bias"),
            full("steps"),
            bar=float(held["bar"][0]),
        )

    def scores(self, seen: Seen) -> Matrix:
        """(characters, ``LABELS``)."""
        near = seen.near()
        x = self.places[seen.place] + seen.forms @ self.forms + self.bias
        for n, part in enumerate(self.tokens):
            x += (seen.states @ part)[near[:, n]]
        # GELU by tanh, as in training
        x *= 0.5 * (1 + np.tanh(0.7978845608 * (x + 0.044715 * x**3)))
        scores: Matrix = x @ self.labels + self.label_bias
        scores[:, 1::2] -= self.bar
        return scores

    def labels_of(self, seen: Seen) -> list[int]:
        """The label of each character."""
        return best(self.scores(seen), self.steps)


def as_read(text: str) -> str:
    """Folded, except that Latin letters keep their case: John Smith is no john smith."""
    return "".join(c if c.isascii() else f for c, f in zip(text, fold(text), strict=True))


class Tagger:
    """A head and the layers that it stands on."""

    def __init__(self, layers: LowerLayers, head: Head) -> None:
        self._layers = layers
        self._head = head

    @classmethod
    def open(cls, head: Path = FILE) -> Tagger:
        """The shipped head on the bundled model, whatever model the search uses. Raises ``ModelError``
        where that cannot be used here."""
        folder = bundled_folder(Settings.from_environment())
        try:
            return cls(LowerLayers.open(folder), Head.open(head))
        except Exception as error:  # onnx and onnxruntime raise many kinds
            raise ModelError(f"自带的向量模型无法加载，辨认不出姓名：{error}") from error

    def find(self, text: str) -> list[tuple[int, int, str]]:
        """What is private, in order: from where to where, and its kind.

        >>> tagger().find("我叫李秀兰，断缴了两个月")
        [(2, 5, 'name')]
        """
        plain = as_read(text)
        spans: list[tuple[int, int, str]] = []
        for start, piece in _stretches(plain):
            labels = self._head.labels_of(Seen.of(piece, *self._layers.states(piece)))
            spans += [(start + a, start + b, kind) for a, b, kind in spans_of(labels, piece)]
        again = {(plain[a:b], kind) for a, b, kind in spans if b - a > 1}
        spans += [(*s, kind) for said, kind in again for s in _all(said, plain)]
        return sorted(set(spans))


def spans_of(labels: Sequence[int], text: str) -> list[tuple[int, int, str]]:
    """The pieces that begin and go on, with their kind. A number, an account or a word in Latin
    letters goes as a whole."""
    spans: list[tuple[int, int, str]] = []
    for place, label in enumerate(labels):
        kind = KINDS[(label - 1) // 2]
        if label % 2:
            spans.append((place, place + 1, kind))
        elif label and spans and spans[-1][1] == place:
            spans[-1] = (spans[-1][0], place + 1, kind)
    words = [match.span() for match in _WORD.finditer(text)]
    return [(*_whole(_stripped(a, b, text), words), kind) for a, b, kind in spans]


def _stripped(start: int, end: int, text: str) -> Span:
    """Without blanks before and behind."""
    inner = text[start:end].strip()
    first = text.find(inner, start)
    return first, first + len(inner)


def _whole(span: Span, words: Sequence[Span]) -> Span:
    """With the whole of the words that begin before it or end behind it."""
    start, end = span
    for a, b in words:
        if a < end and start < b:
            start, end = min(a, start), max(b, end)
    return start, end


def best(scores: Matrix, steps: Matrix) -> list[int]:
    """The labels that together are worth most (Viterbi); none goes on where its kind did not begin.
    ``steps`` (``LABELS``, ``LABELS``): what the one after the other is worth."""
    if not len(scores):
        return []
    allowed = steps + FORBIDDEN
    worth = scores[0].astype(np.float64) + FORBIDDEN[0]
    came = []
    for row in scores[1:]:
        over = worth[:, None] + allowed
        came.append(over.argmax(axis=0))
        worth = over.max(axis=0) + row
    labels = [int(worth.argmax())]
    for back in reversed(came):
        labels.append(int(back[labels[-1]]))
    return labels[::-1]


def _forbidden() -> Matrix:
    found = np.zeros((LABELS, LABELS), np.float32)
    for on in range(2, LABELS, 2):
        found[:, on] = -1e4
        found[(on - 1, on), on] = 0
    return found


FORBIDDEN = _forbidden()
"""(``LABELS``, ``LABELS``): very low where a piece would go on that did not begin."""


def _all(said: str, plain: str) -> Iterator[Span]:
    """Wherever a piece that was found once stands."""
    place = plain.find(said)
    while place >= 0:
        yield place, place + len(said)
        place = plain.find(said, place + len(said))


def _stretches(plain: str) -> Iterator[tuple[int, str]]:
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


@lru_cache(maxsize=1)
def tagger() -> Tagger:
    """The shipped tagger, read once (it never changes). Raises ``ModelError``."""
    return Tagger.open()
