"""Where names of people stand in a text: a small head over what the bundled model makes of each token.

A character is outside a name, begins one or goes on with one. What speaks for each comes of the states
(``lower_layers``) of its token and of the two beside it, and of its place within its token. ``training/names.py`` learned the head (``index/data/NAMES_CARD.md``).
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
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
from index.lower_layers import LowerLayers

FILE = Path(__file__).with_name("data") / "names.npz"
PLACES = 8
"""Places within a token, and sizes of one, that are told apart."""
OUTSIDE, BEGINS, GOES_ON = range(3)
_LONGEST = 200
"""Characters that are read at a time: fewer than the model's 512 tokens."""
_ALONE = re.compile(
    r"(?<=[姓小老阿])[\u4e00-\u9fff]"
    r"|[\u4e00-\u9fff](?=某|总|字|先生|女士|小姐|太太|同志|大夫|医生|护士|老师|师傅|主任|经理|会计|老板"
    r"|[局科院处所队村]长|书记|阿姨|叔叔|大爷|大妈|大姐|大哥|奶奶|爷爷|[姐哥叔姨])"
)
"""Where one character is a name: 我姓王, 小王, 王女士. Elsewhere it is half a name, or none."""
_HALF = 2.5
"""Nats that speak against such a half."""
_END = re.compile(r"[\n。！？!?；;]+")


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """``tokens`` (3, dim, width): for the token before, of and after a character; ``places``
    (``PLACES``², width); ``bias`` (width,); ``labels`` (width, 3) and
    ``label_bias`` (3,). ``bar``: what a name has to be worth more than none, in nats."""

    tokens: Matrix
    places: Matrix
    bias: Matrix
    labels: Matrix
    label_bias: Matrix
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
            full("bias"),
            full("labels"),
            full("label_bias"),
            bar=float(held["bar"][0]),
        )

    def scores(self, seen: Seen) -> Matrix:
        """(characters, 3)."""
        before, own, after = (seen.states @ part for part in self.tokens)
        last = len(seen.states) - 1
        x = before[np.maximum(seen.token - 1, 0)] + own[seen.token]
        x += after[np.minimum(seen.token + 1, last)]
        x += self.places[seen.place] + self.bias
        # GELU by tanh, as in training
        x *= 0.5 * (1 + np.tanh(0.7978845608 * (x + 0.044715 * x**3)))
        scores: Matrix = x @ self.labels + self.label_bias
        scores[:, OUTSIDE] += self.bar
        return scores


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What the head looks at. ``states`` (tokens, dim); for each character its ``token`` (0, the mark
    before all, for a blank) and its ``place`` in it."""

    states: Matrix
    token: NDArray[np.int64]
    place: NDArray[np.int64]

    @classmethod
    def of(cls, text: str, layers: LowerLayers) -> Seen:
        """Of a text as ``as_read`` gives it."""
        states, spans = layers.states(text)
        token = np.zeros(len(text), np.int64)
        place = np.zeros(len(text), np.int64)
        for n, (start, end) in enumerate(np.maximum(spans, 0).tolist()):
            size = end - start
            if n and size:
                inner = np.minimum(np.arange(size), PLACES - 1)
                token[start:end] = n
                place[start:end] = inner * PLACES + min(size, PLACES - 1)
        return cls(states, token, place)


def as_read(text: str) -> str:
    """Folded, except that Latin letters keep their case: John Smith is no john smith."""
    return "".join(c if c.isascii() else f for c, f in zip(text, fold(text), strict=True))


class Names:
    """The tagger: a head and the layers that it stands on."""

    def __init__(self, layers: LowerLayers, head: Head) -> None:
        self._layers = layers
        self._head = head

    @classmethod
    def open(cls, head: Path = FILE) -> Names:
        """The shipped head on the bundled model, whatever model the search uses. Raises ``ModelError``
        where that cannot be used here."""
        folder = bundled_folder(Settings.from_environment())
        try:
            return cls(LowerLayers.open(folder), Head.open(head))
        except Exception as error:  # onnx and onnxruntime raise many kinds
            raise ModelError(f"自带的向量模型无法加载，辨认不出姓名：{error}") from error

    def find(self, text: str) -> list[Span]:
        """Spans of the names, in order.

        >>> names().find("我叫李秀兰，断缴了两个月")
        [(2, 5)]
        """
        plain = as_read(text)
        spans: list[Span] = []
        for start, piece in _stretches(plain):
            scores = self._head.scores(Seen.of(piece, self._layers))
            labels = best(scores, {match.start() for match in _ALONE.finditer(piece)})
            spans += [(start + a, start + b) for a, b in spans_of(labels)]
        spans += [
            s for name in {plain[a:b] for a, b in spans if b - a > 1} for s in _all(name, plain)
        ]
        return sorted(set(spans))


def spans_of(labels: Sequence[int]) -> list[Span]:
    """The runs that begin and go on."""
    spans: list[Span] = []
    for place, label in enumerate(labels):
        if label == BEGINS:
            spans.append((place, place + 1))
        elif label == GOES_ON and spans and spans[-1][1] == place:
            spans[-1] = (spans[-1][0], place + 1)
    return spans


def best(scores: Matrix, alone: Container[int] = ()) -> list[int]:
    """The labels that together are worth most (Viterbi); none goes on where nothing began, and few end
    at once, but for the places ``alone``."""
    if not len(scores):
        return []
    worth = scores[0].astype(np.float64)
    worth[GOES_ON] = -np.inf
    came = []
    for place, row in enumerate(scores[1:]):
        over = np.repeat(worth[:, None], 3, axis=1)
        over[OUTSIDE, GOES_ON] = -np.inf
        if place not in alone:
            over[BEGINS, (OUTSIDE, BEGINS)] -= _HALF
        came.append(over.argmax(axis=0))
        worth = over.max(axis=0) + row
    labels = [int(worth.argmax())]
    for back in reversed(came):
        labels.append(int(back[labels[-1]]))
    return labels[::-1]


def _all(name: str, plain: str) -> Iterator[Span]:
    """Wherever a name that was found once stands."""
    place = plain.find(name)
    while place >= 0:
        yield place, place + len(name)
        place = plain.find(name, place + len(name))


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
def names() -> Names:
    """The shipped tagger, read once (it never changes). Raises ``ModelError``."""
    return Names.open()
