"""The articles of laws of one generation, with the data on them: read once, and kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from weakref import WeakKeyDictionary

from corpus import statutes
from corpus.types import LawRef, Passage
from index.types import Index


@dataclass(frozen=True, slots=True)
class Laws:
    """By number. ``labels``: how the list of examples names an article (社会保险法 60); ``successors``: an
    article of a new law, the day on which that begins, and the older ones that it replaces."""

    passages: Mapping[int, Passage]
    refs: Mapping[int, LawRef]
    numbers: Mapping[LawRef, int]
    labels: Mapping[str, int]
    successors: Sequence[tuple[int, date | None, Sequence[int]]]

    def passage(self, ref: LawRef) -> Passage | None:
        """The words of an article, None where the generation does not hold it."""
        number = self.numbers.get(ref)
        return self.passages[number] if number is not None else None


_KNOWN: WeakKeyDictionary[Index, Laws] = WeakKeyDictionary()


def laws_of(index: Index) -> Laws:
    """Those of a generation; it is asked for them once."""
    known = _KNOWN.get(index)
    if known is None:
        known = _KNOWN[index] = _laws(index)
    return known


def _laws(index: Index) -> Laws:
    passages = {one.number: one.passage for one in index.statutes()}
    refs = {n: LawRef(*p.article.title.partition(" ")[::2]) for n, p in passages.items()}
    of = {ref: number for number, ref in refs.items()}
    successors = []
    for ref, older in statutes.predecessors().items():
        law = statutes.law(ref.law)
        if ref in of:
            begins = law.begins if law else None
            successors.append((of[ref], begins, [of[o] for o in older if o in of]))
    labels = {f"{ref.law} {statutes.parse_number(ref.article_no)}": of[ref] for ref in of}
    return Laws(passages, refs, of, labels, successors)
