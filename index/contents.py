"""What the files of a generation hold, and their opening.

articles.jsonl, articles.table      articles with passages and claims      (index.table)
passages.faiss, passages.keys       a vector for each passage               (index.vectors)
questions.faiss, questions.keys     a vector for each title and question
passages.words                      the keyword index                       (index.postings)
passages.spans, passages.tokens*    the tokens of passages, for some models (index.tokens)
statutes.*                          the same for the articles of laws
sources.jsonl, sources.keys         what was read from which file           (index.ledger)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.arrays import unpack
from index.keywords import Keywords
from index.postings import Postings
from index.table import Table
from index.tokens import PassageTokens
from index.vectors import Vectors

ROOMS = ("articles", "statutes")
"""The two tables: what people ask about, and the law."""

VECTORS = {"articles": "passages", "statutes": "statutes"}
"""Name of a table's passages among the files of vectors and words."""

SOURCE_KEYS = "sources.keys"

ReadFile = Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class Half:
    """The articles, or the statutes: their table, vectors and words.

    ``owners``: for each row of ``asked`` the number of the article (of its first passage among the
    statutes) that is asked for.
    """

    table: Table
    vectors: Vectors
    asked: Vectors
    words: Keywords
    tokens: PassageTokens | None = None

    @classmethod
    def read(cls, room: str, read: ReadFile, *, tokens: bool = False) -> Half:
        """From the files of a generation, with ``tokens`` where it has them. Raises ``ValueError``
        where the files make no sense."""
        space = VECTORS[room]
        table = Table.from_bytes(read(f"{room}.jsonl"), read(f"{room}.table"))
        half = cls(
            table,
            Vectors.from_bytes(read(f"{space}.faiss")),
            Vectors.from_bytes(read(asked_name(room) + ".faiss")),
            Keywords(Postings.from_bytes(read(f"{space}.words"))),
            PassageTokens.read(read) if tokens else None,
        )
        sizes = (len(half.vectors), len(half.words), len(half.asked))
        matched = half.tokens is None or len(half.tokens) == table.size
        if sizes != (table.size, table.size, table.questions) or not matched:
            raise ValueError(f"{room}: {sizes} rows for {table.size} passages")
        return half


def asked_name(room: str) -> str:
    """Name of the files with the vectors of titles and questions."""
    return "questions" if room == "articles" else "statute_questions"


def read_keys(read: ReadFile, name: str) -> NDArray[np.uint8]:
    """(n, 16) what each row of ``<name>.faiss`` was made from, see ``index.texts.keys_of``."""
    return unpack(read(f"{name}.keys"))["keys"]
