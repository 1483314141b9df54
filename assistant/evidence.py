"""How likely each sentence of the passages that an answer is drawn from answers the question."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from corpus.types import Passage
from index.judgement import Judged
from index.retrieve import Found, Retriever

Odds = Callable[[Passage, int, int], float]
"""The log odds that a sentence of a passage answers."""


class Evidence:
    """The judged passages of one question; what was not judged for the decision is judged when it is
    asked for, an article at a time."""

    def __init__(self, judged: Sequence[Judged], found: Found, retriever: Retriever) -> None:
        self._known: dict[str, list[Judged]] = {}
        self._seen: set[str] = set()
        self._found = found
        self._retriever = retriever
        for one in judged:
            self._known.setdefault(one.passage.article.id, []).append(one)

    def odds(self, piece: Passage, start: int, end: int) -> float:
        """The log odds that a sentence answers; 0 where the model gives nothing to judge by."""
        judged = self._of(piece)
        return judged.of(start, end) if judged is not None else 0.0

    def answers(self, piece: Passage) -> float:
        """The log odds that the passage of a piece answers; 0 where there is nothing to judge by."""
        judged = self._of(piece)
        return judged.answers if judged is not None else 0.0

    def _of(self, piece: Passage) -> Judged | None:
        article = piece.article.id
        here = self._known.setdefault(article, [])
        found = _holding(here, piece)
        if found is None and article not in self._seen:
            self._seen.add(article)
            index = self._retriever.index
            number = index.number_of(article)
            known = {one.passage.id for one in here}
            rest = [
                n
                for n in (index.passages_of(number) if number is not None else ())
                if index.passage(n).id not in known
            ]
            here += self._retriever.judged(self._found, rest)
            found = _holding(here, piece)
        return found


def _holding(judged: Sequence[Judged], piece: Passage) -> Judged | None:
    return next(
        (j for j in judged if j.passage.start <= piece.start and piece.end <= j.passage.end), None
    )
