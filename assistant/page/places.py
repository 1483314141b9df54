"""Which place a program means: a name from outside is looked up, and what we know goes on.

Whatever goes on may stand in an answer, so nothing does that is not a place: one that the gazetteer
knows, or a region that an article of the store has.
"""

from __future__ import annotations

from assistant.page import words
from assistant.page.types import Searching
from corpus.errors import InputError
from corpus.reading.gazetteer import place_named


class Places:
    """Names that are known, and those of the store, read once a generation."""

    def __init__(self) -> None:
        self._generation = ""
        self._of_store: frozenset[str] = frozenset()

    def known(self, given: str | None, searching: Searching) -> str | None:
        """The place as articles name it; None where none is given. Raises InputError for what is
        no place that we know. May block for a moment."""
        name = (given or "").strip()
        if not name:
            return None
        found = place_named(name)
        if found or name in self._regions(searching):
            return found or name
        raise InputError(words.UNKNOWN_PLACE)

    def _regions(self, searching: Searching) -> frozenset[str]:
        index = searching.index
        if index.generation != self._generation:
            self._of_store = index.regions()
            self._generation = index.generation
        return self._of_store
