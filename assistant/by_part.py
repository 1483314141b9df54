"""The summary of a question that asks several things: what answers each ask, under it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant import phrases
from assistant.asks import Ask
from assistant.book import CitationBook
from assistant.evidence import Evidence
from assistant.parts import Part, Statement
from assistant.summary import Sentence, quoted
from index.types import Hit

EACH, BEHIND = 2, 2.0
"""Sentences for each ask, and how far a second one may lie behind the likeliest, in log odds, whether that is told here or
was told before. Of 255 questions of many asks ``benchmarks.people`` finds .631 directly answered so, .620 without this, with what
misleads .051 and .055."""

Choose = Callable[[Sequence[Hit], Evidence], tuple[Sentence, ...]]
"""The sentences that answer, out of some hits, the likeliest first."""


@dataclass(frozen=True, slots=True)
class Answering:
    """An ask with what answers it, or only comes ``near``; without ``hits``: nothing does."""

    ask: Ask
    hits: tuple[Hit, ...]
    evidence: Evidence
    near: bool = False


def by_part(asks: Sequence[Answering], choose: Choose, book: CitationBook) -> tuple[Part, ...]:
    """A part for each ask; () where one answer does for all of them: then it is told as one.

    What was quoted for one ask is not quoted again for the next: that one stands in its heading too.
    """
    parts: list[_Part] = []
    told: dict[str, _Part] = {}
    for one in asks:
        said = choose(one.hits, one.evidence)[: 1 if one.near else EACH] if one.hits else ()
        likely = [s for s in said if s.score >= said[0].score - BEHIND]
        new = [s for s in likely if s.text not in told]
        if likely and not new and not one.near:
            told[likely[0].text].asks.append(one.ask.said)
            continue
        parts.append(_Part([one.ask.said], new, one.near))
        told.update((s.text, parts[-1]) for s in new)
    if len(parts) < 2 or not any(part.said and not part.near for part in parts):
        return ()
    return tuple(part.quoted(book) for part in parts)


@dataclass(frozen=True, slots=True)
class _Part:
    """Asks that the same sentences answer, or come ``near`` to."""

    asks: list[str]
    said: list[Sentence]
    near: bool

    def quoted(self, book: CitationBook) -> Part:
        said = quoted(self.said, book)
        if self.near and said:
            said = (Statement(phrases.PART_NEAR), *said)
        answered = bool(said) and not self.near
        return Part("；".join(self.asks), "answered" if answered else "refused", said)


def statements(parts: Sequence[Part]) -> tuple[Statement, ...]:
    """All that is said of them, in order; of what nothing answers, that."""
    return tuple(
        statement
        for part in parts
        for statement in (
            part.statements or (Statement(phrases.PART_UNANSWERED.format(ask=part.text)),)
        )
    )
