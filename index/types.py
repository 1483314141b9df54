"""What the index gives, and the little that the rooms to its right may know of it.

``Index`` is the Protocol between this room and everything to its right. A folder on this machine
(``index.store.Store``) is its first implementation; an engine elsewhere can be the second, so no
path and no file appears in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol, overload

import numpy as np
from numpy.typing import NDArray

from corpus.types import Article, Claim, Passage
from index.late import Codes
from index.marks import Marks

Space = Literal["passages", "questions", "statutes"]
"""Three spaces are searched apart. ``passages``: faq and policy passages, by passage number.
``questions``: each faq or policy article's title and ``questions``, by article number.
``statutes``: the articles of laws, by passage number."""


class Term(NamedTuple):
    """One thing to look for in the keyword index: a jieba word or a pair of characters."""

    text: str
    weight: float = 1.0
    kind: Literal["word", "bigram"] = "word"


class Scored(NamedTuple):
    """``number`` (of a passage or an article, see ``Space``) and how well it fits."""

    number: int
    score: float


@dataclass(frozen=True, slots=True, eq=False)
class Ranking(Sequence[Scored]):
    """What a search found, best first: ``numbers`` (n,) int64 and ``scores`` (n,) of a float type.
    Read one by one it is a sequence of ``Scored``."""

    numbers: NDArray[np.int64]
    scores: NDArray[np.floating]

    @classmethod
    def empty(cls) -> Ranking:
        return cls(np.zeros(0, np.int64), np.zeros(0, np.float32))

    def __len__(self) -> int:
        return len(self.numbers)

    def __iter__(self) -> Iterator[Scored]:
        return map(Scored, self.numbers.tolist(), self.scores.tolist())

    @overload
    def __getitem__(self, at: int) -> Scored: ...

    @overload
    def __getitem__(self, at: slice) -> Ranking: ...

    def __getitem__(self, at: int | slice) -> Scored | Ranking:
        if isinstance(at, slice):
            return Ranking(self.numbers[at], self.scores[at])
        return Scored(int(self.numbers[at]), float(self.scores[at]))


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question. ``why`` names what each ranking gave it; ``also`` are the
    near-identical passages of other articles that this one stands for; ``number`` is the passage's
    in its generation.
    """

    passage: Passage
    score: float
    why: Mapping[str, float] = field(default_factory=dict)
    also: tuple[Passage, ...] = ()
    number: int = -1


NEAREST_QUESTIONS = 3
"""Of an article's title and questions, whose mean counts: one may be near by chance. Over the shipped
articles the mean alone leads .76 of other people's words to their article, the best one .68."""


class Index(Protocol):
    """Nearest vectors, matching words, passages by number, and which generation this is.

    Numbers run from 0, are dense, and mean something only within one generation. An instance is
    one generation: it never changes, and may be read from many threads at once.
    """

    @property
    def generation(self) -> str:
        """Identity of the content: equal for equal input, whatever the machine."""

    @property
    def model(self) -> str:
        """Identity of the model that made the vectors."""

    @property
    def size(self) -> int:
        """Number of passages of articles (statutes not counted)."""

    def nearest(self, vector: NDArray[np.float32], k: int, space: Space) -> Ranking:
        """The ``k`` nearest by cosine, best first. ``vector``: (dim,) float32 of unit length.
        Fewer than ``k`` where there are fewer. In ``questions`` an article counts once."""

    def matching(self, terms: Sequence[Term], k: int, space: Space) -> Ranking:
        """The ``k`` best by BM25 over the weighted terms, best first. In ``passages`` the fields
        title, questions, heading and body are scored together; ``questions`` takes none."""

    def asked_like(
        self, vector: NDArray[np.float32], numbers: Sequence[int]
    ) -> NDArray[np.float32]:
        """(n, 2) how near the ways to ask for the given passages' articles (title and questions) come
        to the vector: the best cosine, and the mean of the best ``NEAREST_QUESTIONS``, NaN where there are
        fewer."""

    def cosines(self, vector: NDArray[np.float32], numbers: Sequence[int]) -> NDArray[np.float32]:
        """(n,) cosines of the given passages' own text with the vector."""

    def late(
        self, asked: NDArray[np.float32], numbers: Sequence[int]
    ) -> NDArray[np.float32] | None:
        """(n, 2) late interaction of a question's tokens with the given passages, as
        ``index.late.late_scores`` says; None where the index holds no tokens."""

    def tokens(self, numbers: Sequence[int]) -> list[Codes] | None:
        """The tokens of the given passages; None where the index holds none that can be compared."""

    def rarity(self, words: Sequence[str]) -> Sequence[float]:
        """Inverse document frequency (natural logarithm, BM25's form) of each word, in passages."""

    def passage(self, number: int, space: Space = "passages") -> Passage:
        """A passage by its number; in ``statutes`` the numbers of that space."""

    def marks(self, number: int) -> Marks | None:
        """What was read off a passage when it was indexed; None where that is not known, or was
        read by other patterns than today's."""

    def passages_of(self, article: int) -> Sequence[int]:
        """Numbers of an article's passages, in the order of the text."""

    def article_of(self, number: int) -> int:
        """Number of the article that a passage belongs to."""

    def number_of(self, article_id: str) -> int | None:
        """Number of a faq or policy article, or None."""

    def article(self, article_id: str) -> Article | None:
        """An article by its id, statutes included, or None."""

    def fixed(self, key: str) -> str | None:
        """The id of the article that fixes the answer to the question of that
        ``corpus.fixed.question_key``, or None."""

    def claims(self, article_id: str) -> Sequence[Claim]:
        """What the article claims (drawn when it was indexed)."""
