"""The sentences, steps and papers of a passage that may be quoted."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.circumstances import conditions
from corpus.reading.places import places_in
from corpus.text import fold, sentences, strip_span
from corpus.types import Passage
from index.features import REPORTED
from index.kept import kept

_BULLET = re.compile(r"(?:[-•·*]\s*)?")
_LEADS_ON = (":", "?")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a passage. ``lengths``: the lengths of break that it speaks of, or else its heading does;
    ``places``: those that it names."""

    start: int
    end: int
    lengths: tuple[str, ...]
    places: frozenset[str]


@kept
def quotable(passage: Passage) -> tuple[Sentence, ...]:
    """The sentences of a passage that may be quoted: none that only leads on to what follows."""
    words = passage.article.text
    if any(REPORTED in part for part in passage.heading):
        return ()
    found = []
    above = _lengths(fold(passage.heading[-1])) if passage.heading else ()
    spans = list(passage.items) if passage.kind in ("steps", "materials") and passage.items else []
    for start, end in spans or sentences(words, passage.start, passage.end):
        start, end = strip_span(words, start, end)
        start += len(_BULLET.match(words[start:end])[0])  # type: ignore[index]  # may be empty
        text = fold(words[start:end]).lstrip("#- ")
        if len(text) < 4 or words[start:end].startswith("#") or text.endswith(_LEADS_ON):
            continue
        found.append(Sentence(start, end, _lengths(text) or above, places_in(text)))
    return tuple(found)


def _lengths(folded: str) -> tuple[str, ...]:
    return tuple(length for _, _, length in conditions(folded))
