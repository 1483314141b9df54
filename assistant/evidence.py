"""How likely each sentence of the passages that an answer is drawn from answers the question."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.dossier import Dossier
from assistant.sought import Sought
from corpus.types import Passage
from index.judgement import Judged
from index.line_odds import Place
from index.retrieve import Retriever
from index.types import Seen


class Evidence:
    """The judged passages of one question; what was not judged for the decision is judged when it is
    asked for, an article at a time. ``dossier``: where the articles lie that were brought for the
    answer; what it lacks is asked of the index."""

    def __init__(self, of: Sought, dossier: Dossier, retriever: Retriever) -> None:
        self._known: dict[str, list[Judged]] = {}
        self._whole: set[str] = set()
        self._lines = of.lines
        self._found = of.found
        self._dossier = dossier
        self._retriever = retriever
        for one in of.judgement.judged:
            self._known.setdefault(one.passage.article.id, []).append(one)

    def read(self, places: Sequence[Place]) -> list[float]:
        """The log odds that each line answers, read beside the question; 0 where the bundled model does not run."""
        return self._lines.read(places)

    def odds(self, piece: Passage, start: int, end: int) -> float:
        """The log odds that a sentence answers, by its tokens; 0 where the model gives nothing to judge by."""
        judged = self._of(piece)
        return judged.of(start, end) if judged is not None else 0.0

    def answers(self, piece: Passage) -> float:
        """The log odds that the passage of a piece answers; 0 where there is nothing to judge by."""
        judged = self._of(piece)
        return judged.answers if judged is not None else 0.0

    def _of(self, piece: Passage) -> Judged | None:
        here = self._known.setdefault(piece.article.id, [])
        found = _holding(here, piece)
        if found is None and self._found.tokens is not None:
            known = {one.passage.id for one in here}
            rest = [seen for seen in self._around(piece) if seen.passage.id not in known]
            here += self._retriever.judged(self._found, rest)
            found = _holding(here, piece)
        return found

    def _around(self, piece: Passage) -> Sequence[Seen]:
        """The passages of a piece's article with their tokens: all of them, or, where the search saw
        the one that holds it, those that it saw."""
        article = piece.article.id
        if article in self._whole:
            return ()
        seen = [s for s in self._found.seen.values() if s.passage.article.id == article]
        entry = self._dossier.entry(article)
        brought = entry.passages if entry is not None else ()
        if not brought or any(s.codes is None for s in brought):
            if any(_holds(s.passage, piece) for s in seen):
                return seen
            brought = self._retriever.index.passages([s.number for s in brought])
        self._whole.add(article)
        return brought


def _holding(judged: Sequence[Judged], piece: Passage) -> Judged | None:
    return next((j for j in judged if _holds(j.passage, piece)), None)


def _holds(passage: Passage, piece: Passage) -> bool:
    return passage.start <= piece.start and piece.end <= passage.end
