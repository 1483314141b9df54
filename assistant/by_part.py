"""The summary of a question that asks several things: what answers each ask, under it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant import phrases
from assistant.asks import Ask
from assistant.evidence import Evidence
from assistant.parts import Part, Statement
from index.types import Hit

EACH = 2
"""Sentences for each ask."""

Summarise = Callable[[Sequence[Hit], Evidence, int], tuple[Statement, ...]]
"""The sentences, at most so many, that answer, out of some hits."""


@dataclass(frozen=True, slots=True)
class Answering:
    """An ask with what answers it; without ``hits``: nothing does."""

    ask: Ask
    hits: tuple[Hit, ...]
    evidence: Evidence


def by_part(asks: Sequence[Answering], summarise: Summarise) -> tuple[Part, ...]:
    """A part for each ask; () where one answer does for all of them: then it is told as one.

    What was quoted for one ask is not quoted again for the next.
    """
    parts: list[Part] = []
    told: set[str] = set()
    for one in asks:
        said = summarise(one.hits, one.evidence, EACH) if one.hits else ()
        new = tuple(statement for statement in said if statement.text not in told)
        told.update(statement.text for statement in new)
        if new:
            parts.append(Part(one.ask.said, "answered", new))
        elif not said:
            parts.append(Part(one.ask.said, "refused"))
    answered = [part for part in parts if part.statements]
    return tuple(parts) if answered and len(parts) > 1 else ()


def statements(parts: Sequence[Part]) -> tuple[Statement, ...]:
    """All that is said of them, in order; of what nothing answers, that."""
    return tuple(
        statement
        for part in parts
        for statement in (
            part.statements or (Statement(phrases.PART_UNANSWERED.format(ask=part.text)),)
        )
    )
