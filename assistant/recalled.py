"""An index that remembers what was nearest to the question at hand.

The search, the legal basis and the conflicts each ask for what lies nearest to the same vector, the
first for the most. At ten thousand passages each further search would cost a tenth of encoding.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from corpus.types import Article, Claim, Passage
from index.late import Codes
from index.marks import Marks
from index.types import Index, Ranking, Space, Term


class Recalled:
    """An ``Index`` over another one. Each thread has a memory of its own, of one vector."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._memory = threading.local()

    def nearest(self, vector: NDArray[np.float32], k: int, space: Space) -> Ranking:
        """As the index gives it, or the first of what was found for the very same vector."""
        memory = self._memory
        if getattr(memory, "vector", None) is not vector:
            memory.vector, memory.found = vector, {}
        asked, found = memory.found.get(space, (0, Ranking.empty()))
        if asked < k:
            found = self._index.nearest(vector, k, space)
            memory.found[space] = k, found
        first: Ranking = found[:k]
        return first

    @property
    def generation(self) -> str:
        return self._index.generation

    @property
    def model(self) -> str:
        return self._index.model

    @property
    def size(self) -> int:
        return self._index.size

    def matching(self, terms: Sequence[Term], k: int, space: Space) -> Ranking:
        return self._index.matching(terms, k, space)

    def asked_like(
        self, vector: NDArray[np.float32], numbers: Sequence[int]
    ) -> NDArray[np.float32]:
        return self._index.asked_like(vector, numbers)

    def cosines(self, vector: NDArray[np.float32], numbers: Sequence[int]) -> NDArray[np.float32]:
        return self._index.cosines(vector, numbers)

    def late(
        self, asked: NDArray[np.float32], numbers: Sequence[int]
    ) -> NDArray[np.float32] | None:
        return self._index.late(asked, numbers)

    def tokens(self, numbers: Sequence[int]) -> list[Codes] | None:
        return self._index.tokens(numbers)

    def rarity(self, words: Sequence[str]) -> Sequence[float]:
        return self._index.rarity(words)

    def passage(self, number: int, space: Space = "passages") -> Passage:
        return self._index.passage(number, space)

    def marks(self, number: int) -> Marks | None:
        return self._index.marks(number)

    def passages_of(self, article: int) -> Sequence[int]:
        return self._index.passages_of(article)

    def article_of(self, number: int) -> int:
        return self._index.article_of(number)

    def number_of(self, article_id: str) -> int | None:
        return self._index.number_of(article_id)

    def article(self, article_id: str) -> Article | None:
        return self._index.article(article_id)

    def fixed(self, key: str) -> str | None:
        return self._index.fixed(key)

    def claims(self, article_id: str) -> Sequence[Claim]:
        return self._index.claims(article_id)
