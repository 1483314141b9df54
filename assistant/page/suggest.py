"""Questions that can be answered, while one is typed: titles and ``questions`` of the articles that
share most of what has been typed.

Pairs of neighbouring characters decide, the rare ones most; no model, so that an answer takes a
millisecond. What is typed is neither kept nor logged.
"""

from __future__ import annotations

import math
import re
import threading
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from assistant.nearest import can_be_asked
from assistant.page.stock import entries
from corpus.text import fold
from corpus.types import NATIONAL, Article
from index.types import Index

LONGEST = 60
"""Characters typed that are looked at: who types more has found their words."""
ENOUGH = 0.35
"""Share of what was typed, by weight, that a question must have. Of 400 wordings of the shipped
articles, each hidden and typed to six tenths, .70 got suggestions and .35 one of their own article
(at .5: .42 and .19); of eight questions on other subjects one got any."""
_BEGINS, _HOLDS = 0.5, 0.25
"""What it is worth that a question begins with what was typed, or has it in one piece."""
_LONGEST_SHOWN = 40
"""Characters of a question on a button; longer ones are seldom what people ask."""
_NO_WORD = re.compile(r"[\W_]+")


class Suggestions:
    """The questions of one generation."""

    def __init__(self, stock: Iterable[Article]) -> None:
        self._asked: list[tuple[str, str, Article]] = []  # as shown, as searched, of which article
        postings: dict[str, list[int]] = {}
        for article in filter(can_be_asked, stock):
            for question in dict.fromkeys((article.title, *article.questions)):
                if len(question) > _LONGEST_SHOWN:
                    continue
                bare = _bare(question)
                for pair in set(_pairs(bare)):
                    postings.setdefault(pair, []).append(len(self._asked))
                self._asked.append((question, bare, article))
        self._postings = {pair: np.array(at, np.int32) for pair, at in postings.items()}

    def __len__(self) -> int:
        return len(self._asked)

    def find(self, typed: str, k: int = 6) -> tuple[str, ...]:
        """At most ``k`` questions, best first, one an article; those about a place only where it is
        typed. () for what says too little.

        >>> Suggestions([]).find("断缴")
        ()
        """
        bare = _bare(typed[:LONGEST])
        shares = self._shares(bare)
        near = np.flatnonzero(shares >= ENOUGH)
        ranked = sorted(near.tolist(), key=lambda n: self._rank(n, bare, shares))
        found: dict[str, str] = {}
        for number in ranked:
            question, _, article = self._asked[number]
            if article.region == NATIONAL or article.region in bare:
                found.setdefault(article.id, question)
            if len(found) == k:
                break
        return tuple(found.values())

    def _shares(self, bare: str) -> NDArray[np.float64]:
        """(n,) the share of the typed pairs that each question has, each weighed by its rarity."""
        shares = np.zeros(len(self._asked))
        total = 0.0
        for pair in set(_pairs(bare)):
            at = self._postings.get(pair)
            weight = math.log(1 + len(self._asked) / (len(at) if at is not None else 1))
            total += weight
            if at is not None:
                shares[at] += weight
        return shares / total if total else shares

    def _rank(self, number: int, bare: str, shares: NDArray[np.float64]) -> tuple[float, int, int]:
        """The best first, of equals the shorter."""
        held = self._asked[number][1]
        whole = _BEGINS if held.startswith(bare) else _HOLDS if bare in held else 0.0
        return -float(shares[number]) - whole, len(held), number


class Suggesting:
    """The suggestions of the current generation, made when they are first asked for. For threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._generation = ""
        self._made = Suggestions(())

    def of(self, index: Index) -> Suggestions:
        """Reads an entry of each article once a generation: may block for a moment."""
        with self._lock:
            if index.generation != self._generation:
                self._made = Suggestions(entry.article for entry in entries(index))
                self._generation = index.generation
            return self._made


def _bare(text: str) -> str:
    return _NO_WORD.sub("", fold(text))


def _pairs(bare: str) -> Iterator[str]:
    return (bare[i : i + 2] for i in range(len(bare) - 1))
