"""The saved check questions, asked before and after a refresh.

``corpus/checks.jsonl`` holds a JSON object a line: ``{"question": "断缴两个月怎么补"}``. What is
compared is the article of the first hit and whether the question is answered at all, by the same
search and the same decision as everywhere; answers are composed in the room to the right.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.errors import ArticleError
from corpus.settings import ROOT
from corpus.words import Words
from index.late import Matrix, question_vectors
from index.report import Outcome
from index.retrieve import QueryEncoder, Retriever
from index.scope import judge
from index.types import Index

CHECKS = ROOT / "corpus" / "checks.jsonl"


def read_checks(path: Path = CHECKS) -> tuple[str, ...]:
    """The questions, none where there is no file. Raises ArticleError naming a line that is bad."""
    if not path.exists():
        return ()
    questions = []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if line.strip():
            try:
                questions.append(str(json.loads(line)["question"]))
            except (ValueError, KeyError, TypeError):
                raise ArticleError(
                    f'{path} 第 {number} 行不是检查问题：应为 {{"question": "……"}}。'
                ) from None
    return tuple(dict.fromkeys(questions))


class _Remembering:
    """The questions are the same before and after: each is embedded once."""

    def __init__(self, encoder: QueryEncoder) -> None:
        self._encode = lru_cache(maxsize=1000)(lambda text: question_vectors(encoder, text))

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n, dim) float32."""
        return np.stack([self._encode(text)[0] for text in texts])

    def encode_question(self, text: str) -> tuple[Matrix, Matrix | None]:
        """As ``index.late.TokenAsker`` says."""
        return self._encode(text)


class Checks:
    """Asks them of a generation. To be handed to ``refresh``."""

    def __init__(
        self, questions: tuple[str, ...], encoder: QueryEncoder, words: Words, *, today: date
    ) -> None:
        self.questions = questions
        self.encoder = _Remembering(encoder)
        self.words = words
        self.today = today

    def __call__(self, index: Index) -> Mapping[str, Outcome]:
        retriever = Retriever(index, self.encoder, self.words)
        return {question: self._ask(retriever, question) for question in self.questions}

    def _ask(self, retriever: Retriever, question: str) -> Outcome:
        found = retriever.find(question, k=10)
        answered = judge(found, retriever, today=self.today).verdict == "in"
        if not answered:
            return Outcome("", "refused")
        first = found.hits[0].passage.article
        return Outcome(first.id, "answered", first.title, first.sha)
