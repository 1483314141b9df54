"""Numbers the citations of one answer, in the order in which they are first used."""

from __future__ import annotations

from assistant.types import Citation, Quote
from corpus.types import Passage


class CitationBook:
    """Gives each distinct quote one number, from 1."""

    def __init__(self) -> None:
        self._numbered: dict[tuple[str, int, int], Citation] = {}

    def cite(self, passage: Passage, start: int | None = None, end: int | None = None) -> Citation:
        """The citation of ``passage.article.text[start:end]``; the whole passage by default."""
        quote = Quote(
            passage,
            passage.start if start is None else start,
            passage.end if end is None else end,
        )
        key = (passage.article.id, quote.start, quote.end)
        if key not in self._numbered:
            self._numbered[key] = Citation(len(self._numbered) + 1, quote)
        return self._numbered[key]

    @property
    def citations(self) -> tuple[Citation, ...]:
        return tuple(self._numbered.values())
