"""Where what is private stands in a text: a head (``chain``) over what the bundled model makes of each token.

What each character is by its form comes of ``forms``. ``training/lower.py`` learned the head
(``index/data/TAGGER_CARD.md``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from corpus.text import Span
from index.chain import Head, Seen, as_read, pieces, stretches
from index.encoder import lower_layers
from index.forms import forms
from index.lower_layers import LowerLayers
from index.private_numbers import numbers

FILE = Path(__file__).with_name("data") / "tagger.npz"
KINDS = ("name", "home", "account", "birth")
"""``account``: whatever leads to one person as a number or a handle does."""
LABELS = 1 + 2 * len(KINDS)
"""0 outside; 1 + 2k begins a piece of kind k, 2 + 2k goes on with it."""
_WORD = re.compile(r"(?<![A-Za-z\d_@.+-])[A-Za-z\d_@.+-]*[A-Za-z\d]")


class Tagger:
    """A head and the layers that it stands on."""

    def __init__(self, layers: LowerLayers, head: Head) -> None:
        self._layers = layers
        self._head = head

    @classmethod
    def open(cls, head: Path = FILE) -> Tagger:
        """The shipped head on the bundled model, whatever model the search uses. Raises ``ModelError``
        where that cannot be used here."""
        return cls(lower_layers(), Head.open(head))

    def find(self, text: str) -> list[tuple[int, int, str]]:
        """What is private, in order: from where to where, and its kind.

        >>> tagger().find("我叫李秀兰，断缴了两个月")
        [(2, 5, 'name')]
        """
        plain = as_read(text)
        spans: list[tuple[int, int, str]] = []
        for start, piece in stretches(plain):
            seen = Seen.of(*self._layers.states(piece), forms(piece))
            labels = self._head.labels_of(self._head.hidden(seen))
            spans += [(start + a, start + b, kind) for a, b, kind in spans_of(labels, piece)]
        again = {(plain[a:b], kind) for a, b, kind in spans if b - a > 1}
        spans += [(*s, kind) for said, kind in again for s in _all(said, plain)]
        return sorted(set(spans))


def spans_of(labels: Sequence[int], text: str) -> list[tuple[int, int, str]]:
    """The pieces that begin and go on, with their kind. A number (with its extension), an account or a word
    in Latin letters goes as a whole."""
    words = [*(match.span() for match in _WORD.finditer(text)), *numbers(text)]
    return [(*_whole(_stripped(a, b, text), words), KINDS[kind]) for a, b, kind in pieces(labels)]


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


def _all(said: str, plain: str) -> Iterator[Span]:
    """Wherever a piece that was found once stands."""
    place = plain.find(said)
    while place >= 0:
        yield place, place + len(said)
        place = plain.find(said, place + len(said))


@lru_cache(maxsize=1)
def tagger() -> Tagger:
    """The shipped tagger, read once (it never changes). Raises ``ModelError``."""
    return Tagger.open()
