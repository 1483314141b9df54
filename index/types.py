"""What the index gives, and the little that the rooms to its right may know of it.

``Index`` is the Protocol between this room and everything to its right: one generation, asked in few
calls on many things each, because an engine elsewhere answers each call over a network. A folder on
this machine (``index.store.Store``) is its first implementation. How an engine comes to its
generations is ``index.engine``. One answer asks in this order, several questions together:

    match     by words, while the model makes the vectors          -> Matches
    search    by vectors, among what matched too                   -> Pool
    passages  the first of each pool, by ``index.candidates``      -> Seen
    read      the articles that the answer is made of              -> Entry
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, Protocol, overload

import numpy as np
from numpy.typing import NDArray

from corpus.types import NATIONAL, Article, Claim, Passage, Scheme
from index.late import Codes
from index.marks import Marks

DIGITS = 6
"""Decimals of a score that count in an order: backends differ in those behind."""


class Term(NamedTuple):
    """One thing to look for in the keyword index: a jieba word or a pair of characters."""

    text: str
    weight: float = 1.0
    kind: Literal["word", "bigram"] = "word"


class Scored(NamedTuple):
    """``number`` of a passage, an article or a statute, and how well it fits."""

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

    @classmethod
    def best(cls, numbers: NDArray[np.int64], scores: NDArray[np.floating], k: int) -> Ranking:
        """The ``k`` best of (n,) numbers and scores, by ``order``."""
        chosen = order(numbers, scores)[: max(k, 0)]
        return cls(numbers[chosen], scores[chosen])

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


def order(numbers: NDArray[np.int64], scores: NDArray[np.floating]) -> NDArray[np.int64]:
    """(n,) places, the best score first; scores that agree to ``DIGITS`` by number. The one order of
    every backend: what is worth the same stands alike everywhere."""
    rounded = np.round(scores.astype(np.float64), DIGITS)
    places: NDArray[np.int64] = np.lexsort((numbers, -rounded))
    return places


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


@dataclass(frozen=True, slots=True)
class Filter:
    """Whom and where it is for; it works inside a search, so that what is rare does not starve.

    ``schemes``: passages of any of them, and those that name none; () lets all through. ``region``:
    passages of this place and of the whole country; None lets all through.
    """

    schemes: tuple[Scheme, ...] = ()
    region: str | None = None

    def __bool__(self) -> bool:
        return bool(self.schemes) or self.region is not None

    def lets(self, marks: Marks) -> bool:
        """Whether a passage with these marks may be found."""
        if self.schemes and marks.schemes and not set(self.schemes) & set(marks.schemes):
            return False
        return self.region is None or marks.region in (NATIONAL, self.region)


EVERYTHING = Filter()


@dataclass(frozen=True, slots=True)
class Query:
    """What to match by words. ``words`` and ``pairs`` among the passages, two rankings of ``k``;
    ``statutes`` (words and pairs together) among the articles of laws, one of ``statutes_k``;
    ``rare``: words whose rarity is wanted."""

    words: Sequence[Term] = ()
    pairs: Sequence[Term] = ()
    statutes: Sequence[Term] = ()
    rare: Sequence[str] = ()
    k: int = 0
    statutes_k: int = 0
    only: Filter = EVERYTHING


@dataclass(frozen=True, slots=True)
class Matches:
    """What a ``Query`` brought: ``words`` and ``pairs`` of passage numbers, ``statutes`` of statute
    numbers. ``rarity``: of each of its ``rare`` words the inverse document frequency (natural
    logarithm, BM25's form, over all passages), in their order."""

    words: Ranking
    pairs: Ranking
    statutes: Ranking
    rarity: Sequence[float]


@dataclass(frozen=True, slots=True, eq=False)
class Probe:
    """One search by vector, (dim,) float32 of unit length: the ``k`` nearest passages, the passages
    of the ``articles_k`` articles whose title or questions are nearest, and what matched by words
    (``matched``: any numbers of passages, (m,) int64). ``statutes_k`` articles of laws beside."""

    vector: NDArray[np.float32]
    matched: NDArray[np.int64]
    k: int
    articles_k: int
    statutes_k: int = 0
    only: Filter = EVERYTHING


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """What a ``Probe`` brought: candidates, with all that the first choice among them needs.

    ``numbers`` (n,) int64 of passages, ascending, each once; ``articles`` (n,) int64 of those that
    they belong to; ``cosines`` (n,) of their own text with the vector; ``asked`` (n, 2) how near
    the ways to ask for their articles (title and questions) come to it: the best cosine, and the
    mean of the best ``NEAREST_QUESTIONS``, NaN where there are fewer. ``near``: the nearest passages;
    ``questions``: the nearest articles by title or question, each by the best of them;
    ``statutes``: the nearest by their text or a question.
    """

    numbers: NDArray[np.int64]
    articles: NDArray[np.int64]
    cosines: NDArray[np.float32]
    asked: NDArray[np.float32]
    near: Ranking
    questions: Ranking
    statutes: Ranking

    def articles_of(self, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
        """(m,) the articles of some of the pool's passages, (m,)."""
        return self.articles[np.searchsorted(self.numbers, numbers)]


NEAREST_QUESTIONS = 3
"""Of an article's title and questions, whose mean counts: one may be near by chance. Over the shipped
articles the mean alone leads .76 of other people's words to their article, the best one .68."""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A passage as ranking and judging see it. ``article``: the number of its article; ``marks``:
    what was read off it when it was indexed, None where that is not known or was read by other
    patterns than today's; ``codes``: its tokens (``index.late``), None where they were not asked for
    or there are none that can be compared."""

    number: int
    article: int
    passage: Passage
    marks: Marks | None
    codes: Codes | None


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """An article with all that was drawn from it. ``passages`` in the order of the text, as
    ``Seen``; with ``codes`` only where these were asked for; ``claims`` as they were drawn."""

    number: int
    article: Article
    passages: Sequence[Seen]
    claims: Sequence[Claim]


@dataclass(frozen=True, slots=True)
class Statute:
    """An article of a law, by its number among the statutes; its passage is the whole of it."""

    number: int
    passage: Passage


class Index(Protocol):
    """One generation of the articles and the laws. It never changes, whatever a refresh does, and
    may be read from many threads at once.

    Each method is one call on many things; a program over a network makes each one round trip, or
    two. Numbers of passages, of articles and of statutes are three spaces of their own; they are not
    negative, are ordered, and mean something only within one generation. Nothing may take them to be
    dense: an engine may use hashes. Every ranking is in ``order``. Objects of one article (its
    ``Article``, its passages) should be the same at each call for as long as that costs little:
    what is worked out of them is kept by identity.

    Raises ``StoreError``, one Chinese sentence, where the engine cannot be reached or is damaged.
    """

    @property
    def generation(self) -> str:
        """Identity of the content: equal for equal input, whatever the machine. No round trip."""

    @property
    def model(self) -> str:
        """Identity of the model that made the vectors. No round trip."""

    @property
    def size(self) -> int:
        """Number of passages of articles (statutes not counted). No round trip."""

    def stale(self) -> bool:
        """True when another generation has taken the place of this one. Cheap enough for each
        question; False where that cannot be told now, because this one still answers."""

    def match(self, queries: Sequence[Query]) -> Sequence[Matches]:
        """What matches by BM25 over weighted terms, for each query in turn.

        In passages the fields title, questions, heading and body are scored together. Frequencies
        are those of the whole generation, whatever the filter."""

    def search(self, probes: Sequence[Probe]) -> Sequence[Pool]:
        """What lies near to vectors, for each probe in turn. Passages that its filter does not let
        through are in none of what it brings, ``matched`` ones neither; an article counts among
        ``questions`` when one of its passages is let through. Fewer where there are fewer."""

    def passages(self, numbers: Sequence[int], *, codes: bool = True) -> Sequence[Seen]:
        """Passages by number, in the order given, with their tokens unless ``codes`` is False.
        Raises ``KeyError`` for a number that there is not."""

    def read(
        self, articles: Sequence[int | str], *, codes_of: Sequence[int | str] = ()
    ) -> Sequence[Entry | None]:
        """Articles by number or id, in the order given; None for one that there is not.
        ``codes_of``: those of them whose passages' tokens are wanted too."""

    def blocks(self) -> Iterator[Sequence[Entry]]:
        """Every article once, in the order of their numbers, some hundreds at a time: for what looks
        at all of them. Statutes are not among them."""

    def statutes(self) -> Sequence[Statute]:
        """All articles of laws, in the order of their numbers. There are some thousands at most,
        however large the store; callers keep them."""

    def fixed(self) -> Mapping[str, int]:
        """The questions whose answer is fixed, by ``corpus.fixed.question_key``, each with the
        number of the article that fixes it. Written by hand, so few; callers keep them."""

    def regions(self) -> frozenset[str]:
        """Every place that a passage speaks of (``Marks.region``), the country among them. Callers
        keep them."""
