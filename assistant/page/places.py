"""Which place a program means: a name from outside is looked up, and what we know goes on.

Whatever goes on may stand in an answer, so nothing does that is not a place: a province or a
prefecture, by any of its usual names, or a region that an article of the store has.
"""

from __future__ import annotations

import re

from assistant.page import words
from assistant.page.types import Searching
from corpus.errors import InputError
from corpus.reading.places import region_of
from corpus.types import NATIONAL

_NAME = re.compile(r"[\u4e00-\u9fff·]{2,20}")
_SUFFIX = re.compile(r"(?:市|县|区|旗|自治州|自治县|地区|盟)$")


class Places:
    """Names that are known, and those of the store, read once a generation."""

    def __init__(self) -> None:
        self._generation = ""
        self._of_store: frozenset[str] = frozenset()

    def known(self, given: str | None, searching: Searching) -> str | None:
        """The place as articles name it; None where none is given. Raises InputError for what is
        no place that we know. May block for a moment."""
        name = (given or "").strip()
        if not name or name == NATIONAL:
            return name or None
        if _NAME.fullmatch(name):
            # some names are ordinary words too, and are places before 医保 alone
            found = region_of(f"{name}医保", "")
            if found != NATIONAL:
                return found
            for form in (name, _SUFFIX.sub("", name)):
                if form in self._regions(searching):
                    return form
        raise InputError(words.UNKNOWN_PLACE)

    def _regions(self, searching: Searching) -> frozenset[str]:
        index = searching.index
        if index.generation != self._generation:
            marks = (index.marks(number) for number in range(index.size))
            self._of_store = frozenset(mark.region for mark in marks if mark)
            self._generation = index.generation
        return self._of_store
