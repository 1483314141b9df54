"""The articles of one space with their passages and claims: a file of JSON lines, read lazily.

Line n is article n, in the order of the ids. Opening counts the lines and no more; a line is
parsed when somebody asks for it. What the numbers of vectors and words mean is said here.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from corpus.fixed import question_key
from corpus.types import Article, Claim, Passage
from index.arrays import pack, unpack
from index.marks import Marks
from index.records import Later, decode, dumps, encode

# parsed rows kept at most: about 6 kB each, so some 120 MB when all of them are in use
KEPT = 20_000

_FIXED = b',"fixed":[{"question":'
"""In the line of an article that fixes an answer; in a text the marks would be escaped."""
_ID = re.compile(rb'\{"article":\{"id":("(?:[^"\\]|\\.)*")')


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


def pack_table(lines: Sequence[bytes], counts: Sequence[tuple[int, int]]) -> tuple[bytes, bytes]:
    """The two files of a table: the lines, and where each begins with its counts.

    ``counts``: for each article its number of passages and of question vectors.
    """
    ends = np.cumsum([len(line) + 1 for line in lines], dtype=np.int64)
    table = np.zeros((len(lines) + 1, 3), dtype=np.int64)
    table[1:, 0] = ends
    table[1:, 1:] = np.cumsum(np.asarray(counts, dtype=np.int64).reshape(-1, 2), axis=0)
    return b"".join(line + b"\n" for line in lines), pack({"table": table})


class Table:
    """Articles, passages and claims by number. Safe to read from many threads.

    ``starts[n]``: first byte of line n, first passage of article n, first question row of it;
    (articles + 1, 3) int64.
    """

    def __init__(self, lines: bytes, starts: NDArray[np.int64]) -> None:
        self._lines = lines
        self._starts = starts
        self._rows: dict[int, Row] = {}
        self._article_of = self._owners(1)
        self._asked_of = self._owners(2)

    @classmethod
    def from_bytes(cls, lines: bytes, table: bytes) -> Table:
        """Of the two files that ``pack_table`` made."""
        starts = unpack(table)["table"]
        if int(starts[-1, 0]) != len(lines):
            raise ValueError("the lines and their table are not of one make")
        return cls(lines, starts)

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
        for number in range(len(self)):
            line = self.line(number)
            if _FIXED in line:
                article = Row.from_line(line).article
                for one in article.fixed:
                    found.setdefault(question_key(one.question), number)
        return found

    def line(self, article: int) -> bytes:
        """An article's line as it stands in the file, without its end."""
        return self._lines[int(self._starts[article, 0]) : int(self._starts[article + 1, 0]) - 1]

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

    def asked_rows(self, article: int) -> range:
        """The rows of an article's title and questions."""
        return range(int(self._starts[article, 2]), int(self._starts[article + 1, 2]))

    def question_owners(self) -> NDArray[np.int64]:
        """(question rows,) the article that each belongs to."""
        return self._asked_of

    def starts(self, column: int) -> NDArray[np.int64]:
        """(articles,) the number of each article's first passage (0) or question row (1)."""
        return self._starts[:-1, column + 1]

    def counts(self, article: int) -> tuple[int, int]:
        """How many passages and question rows an article has."""
        passages, asked = (self._starts[article + 1, 1:] - self._starts[article, 1:]).tolist()
        return passages, asked

    @cached_property
    def ids(self) -> list[str]:
        """The articles' ids, in order, without parsing more than them."""
        return [_id(self.line(n)) for n in range(len(self))]

    def find(self, article_id: str) -> int | None:
        """Number of an article by its id, or None."""
        n = bisect_left(self.ids, article_id)
        return n if n < len(self) and self.ids[n] == article_id else None

    def _owners(self, column: int) -> NDArray[np.int64]:
        return np.repeat(np.arange(len(self)), np.diff(self._starts[:, column]))


def _id(line: bytes) -> str:
    match = _ID.match(line)
    if match is None:
        raise ValueError("a line that does not begin with an article's id")
    quoted = match[1]
    return str(json.loads(quoted)) if b"\\" in quoted else quoted[1:-1].decode("utf-8")
