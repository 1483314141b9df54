"""The articles of one space with their passages and claims: lines of JSON in several files.

Line n is article n, in the order of the ids, and lies in the piece that holds the number
(``index.cuts``). A line is read and parsed when somebody asks for it. What the numbers of
vectors and words mean is said here.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from corpus.fixed import question_key
from corpus.types import Article, Claim, Passage
from index.blocks import Block
from index.marks import Marks
from index.records import Later, decode, dumps, encode

# parsed rows kept at most: about 6 kB each, so some 120 MB when all of them are in use
KEPT = 20_000


@dataclass(frozen=True, slots=True)
class Row:
    """An article and what was drawn from it. ``marks``: one for each passage, or none at all."""

    article: Article
    passages: Sequence[Passage]
    claims: Sequence[Claim] = ()
    marks: Sequence[Marks] = ()

    def to_line(self) -> str:
        """One line of JSON. ``from_line`` gives back an equal row."""
        parts = {
            "article": self.article,
            "passages": tuple(encode(p, leave_out="article") for p in self.passages),
            "claims": tuple(self.claims),
            **({"marks": tuple(self.marks)} if self.marks else {}),
        }
        return dumps(parts)

    @classmethod
    def from_line(cls, line: str | bytes) -> Row:
        """The row that ``to_line`` wrote. Raises ``ValueError``, ``KeyError`` or ``TypeError``; what
        was drawn may do so later, when it is looked at: of most articles one passage is."""
        parts = json.loads(line)
        article = decode(Article, parts["article"])
        return cls(
            article,
            Later(Passage, parts["passages"], article=article),
            Later(Claim, parts["claims"]),
            Later(Marks, parts.get("marks", ())),
        )


def starts_of(lengths: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """(articles + 1, 3) where each begins: of articles, the bytes of whose lines with their ends
    ``lengths`` are, with so many passages and question rows (``counts``: (articles, 2))."""
    table = np.zeros((len(lengths) + 1, 3), dtype=np.int64)
    table[1:, 0] = np.cumsum(lengths, dtype=np.int64)
    table[1:, 1:] = np.cumsum(counts.reshape(-1, 2), axis=0)
    return table


class Table:
    """Articles, passages and claims by number. Safe to read from many threads.

    ``starts[n]``: first byte of line n, first passage of article n, first question row of it;
    (articles + 1, 3) int64. ``ids`` of the articles, in order. ``cuts``: the articles with which the
    ``pieces`` begin, and the end. ``fixes``: the key of a question whose answer is fixed and the id
    of the article that fixes it, for each of them, by article.
    """

    def __init__(
        self,
        starts: NDArray[np.int64],
        ids: Sequence[str],
        cuts: Sequence[int],
        pieces: Sequence[Block],
        fixes: Sequence[tuple[str, str]] = (),
    ) -> None:
        self._starts = starts
        self.ids = list(ids)
        self.cuts = list(cuts)
        self._pieces = pieces
        self.fixes = [(key, article_id) for key, article_id in fixes]
        if len(ids) != len(starts) - 1 or len(pieces) != len(cuts) - 1:
            raise ValueError("the ids, the pieces and their table are not of one make")
        self._rows: dict[int, Row] = {}
        self._article_of = self._owners(1)
        self._asked_of = self._owners(2)

    def __len__(self) -> int:
        return len(self._starts) - 1

    @property
    def size(self) -> int:
        """Number of passages."""
        return int(self._starts[-1, 1])

    @property
    def questions(self) -> int:
        """Number of question rows."""
        return int(self._starts[-1, 2])

    @cached_property
    def fixed(self) -> Mapping[str, int]:
        """The key of each question whose answer is fixed, and the number of the article that fixes
        it; of two, the first."""
        found: dict[str, int] = {}
        for key, article_id in self.fixes:
            found.setdefault(key, bisect_left(self.ids, article_id))
        return found

    def line(self, article: int) -> bytes:
        """An article's line as it stands in the file, without its end."""
        piece = bisect_right(self.cuts, article) - 1
        first = int(self._starts[self.cuts[piece], 0])
        begin, end = (self._starts[article : article + 2, 0] - first).tolist()
        return self._pieces[piece].read(begin, end - 1)

    def sizes(self) -> NDArray[np.int64]:
        """(articles,) bytes of each line, its end included."""
        return np.diff(self._starts[:, 0])

    def row(self, article: int) -> Row:
        """An article by its number."""
        found = self._rows.get(article)
        if found is None:
            if not 0 <= article < len(self):
                raise IndexError(f"article {article} of {len(self)}")
            found = Row.from_line(self.line(article))
            if len(self._rows) >= KEPT:
                self._rows.clear()
            # another thread may have been first: all must see one and the same object
            found = self._rows.setdefault(article, found)
        return found

    def rows(self) -> Iterable[Row]:
        """All of them in order, without keeping them."""
        return (Row.from_line(self.line(n)) for n in range(len(self)))

    def passage(self, number: int) -> Passage:
        article = self.article_of(number)
        return self.row(article).passages[number - int(self._starts[article, 1])]

    def marks(self, number: int) -> Marks | None:
        """Those of a passage, or None where there are none."""
        article = self.article_of(number)
        marks = self.row(article).marks
        return marks[number - int(self._starts[article, 1])] if marks else None

    def passages_of(self, article: int) -> range:
        return range(int(self._starts[article, 1]), int(self._starts[article + 1, 1]))

    def article_of(self, number: int) -> int:
        if not 0 <= number < self.size:
            raise IndexError(f"passage {number} of {self.size}")
        return int(self._article_of[number])

    def articles_of(self, numbers: Sequence[int] | NDArray[np.int64]) -> NDArray[np.int64]:
        """(n,) the articles that some passages belong to."""
        return self._article_of[np.asarray(numbers, np.int64)]

    def asked_spans(
        self, articles: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """(n,) each: the first row of the title and questions of some articles, and the one behind the last."""
        return self._starts[articles, 2], self._starts[articles + 1, 2]

    def question_owners(self) -> NDArray[np.int64]:
        """(question rows,) the article that each belongs to."""
        return self._asked_of

    def starts(self, column: int) -> NDArray[np.int64]:
        """(articles,) the number of each article's first passage (0) or question row (1)."""
        return self._starts[:-1, column + 1]

    def counts(self) -> NDArray[np.int64]:
        """(articles, 2) how many passages and question rows each has."""
        return np.diff(self._starts[:, 1:], axis=0)

    def runs(self, column: int) -> list[tuple[int, int]]:
        """The first and the end of what each piece holds: articles (0), passages (1), question
        rows (2)."""
        at = self._starts[self.cuts, column] if column else np.array(self.cuts)
        return list(pairwise(at.tolist()))

    def find(self, article_id: str) -> int | None:
        """Number of an article by its id, or None."""
        n = bisect_left(self.ids, article_id)
        return n if n < len(self) and self.ids[n] == article_id else None

    def _owners(self, column: int) -> NDArray[np.int64]:
        return np.repeat(np.arange(len(self)), np.diff(self._starts[:, column]))


def fixes_of(article: Article) -> list[tuple[str, str]]:
    """The keys of the questions whose answers an article fixes, each with its id."""
    return [(question_key(one.question), article.id) for one in article.fixed]
