"""What is searched for, and what was found: for one question, or for several together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from corpus.types import Scheme
from index.facets import Facets
from index.features import Row, WordGroups
from index.question import Question
from index.types import Hit, Pool, Ranking, Seen


@dataclass(frozen=True, slots=True)
class Search:
    """``k``: passages wanted; ``scheme`` and ``region`` narrow: passages of another scheme or place
    are left out, national ones and those that name none always stay; a ``region`` is searched for as
    if the question had named it. ``prefer`` and ``place`` (known from the conversation) only rank, and
    only where the question itself names none. ``focus``: the part of the question that is asked for,
    in words that stand by themselves; its vector weighs as much as that of the whole, and the passages
    are read again for it alone. ``laws``: articles of laws wanted, by words and by vector each."""

    question: str
    k: int = 5
    scheme: Scheme | None = None
    region: str | None = None
    prefer: Scheme | None = None
    place: str | None = None
    focus: str | None = None
    laws: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """The hits of a question, best first, and the evidence that ``index.scope`` judges by.

    ``vector`` is the question's, (dim,) float32, ``tokens`` its tokens where the encoder gives any;
    ``groups`` its words. ``missing_place`` is the place asked of when no hit speaks of it. ``pool``:
    what lay near, for whomever and of whatever place; ``laws``: the articles of laws that share words with it. ``seen`` and ``facets``:
    the passages that were ranked, by number, the hits' among them. ``asked``: the words that are to be answered, the
    search's ``focus`` where it had one.
    """

    question: Question
    asked: str
    hits: tuple[Hit, ...]
    vector: NDArray[np.float32]
    pool: Pool
    laws: Ranking
    groups: WordGroups = ()
    evidence: Row = field(default_factory=dict)
    missing_place: str | None = None
    tokens: NDArray[np.float32] | None = None
    seen: Mapping[int, Seen] = field(default_factory=dict)
    facets: Mapping[int, Facets] = field(default_factory=dict)

    def facets_of(self, hit: Hit) -> Facets:
        """What a hit says, as the ranking saw it."""
        return self.facets[hit.number]

    def text_of(self, hit: Hit) -> str:
        """Title, headings and words of a hit, folded and without white space."""
        f = self.facets_of(hit)
        return f.head + f.body
