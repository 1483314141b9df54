"""The last look at an answer before it leaves: every quote against its article, every number.

Invariants 1 and 3 of the design: words of a source are slices of it, each ``[n]`` has one citation
and each citation is used, a refusal cites nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from assistant.dossier import Dossier
from assistant.types import Answer, Citation, Statement


def problems(answer: Answer, dossier: Dossier) -> list[str]:
    """What is wrong with an answer, in English for the log; empty when all holds. ``dossier`` holds
    the articles that it may quote, as they are stored."""
    found = []
    for citation in answer.citations:
        quote = citation.quote
        stored = dossier.article(quote.passage.article.id)
        if stored is None:
            found.append(f"[{citation.number}] quotes an article that the store does not hold")
        elif not 0 <= quote.start < quote.end <= len(stored.text):
            found.append(f"[{citation.number}] lies outside its article")
        elif stored.text[quote.start : quote.end] != quote.text:
            found.append(f"[{citation.number}] differs from its article")
    numbers = [c.number for c in answer.citations]
    if numbers != list(range(1, len(numbers) + 1)):
        found.append(f"citations are numbered {numbers}")
    listed = dict(zip(numbers, answer.citations, strict=True))
    used = {c.number: c for c in _used(answer)}
    if used != listed:
        differing = sorted(n for n in used | listed if used.get(n) != listed.get(n))
        found.append(f"citations {differing} are not listed as they are used")
    for statement in _quoting(answer):
        if all(statement.text != c.quote.text for c in statement.citations):
            found.append(f"{statement.text[:20]!r} is not what its citation quotes")
    for step in (step for p in answer.procedures for step in p.steps):
        if all(step.text not in c.quote.text for c in step.citations):
            found.append(f"{step.text[:20]!r} is no step of the list that is quoted")
    for basis in answer.legal_basis:
        if basis.passage is not None and basis.text != basis.passage.article.text:
            found.append(f"{basis.law}{basis.article_no} differs from the statute")
    if answer.status == "refused" and (answer.citations or answer.hits or answer.legal_basis):
        found.append("a refusal has sources")
    return found


def statements(answer: Answer) -> Iterator[Statement]:
    """Every statement of an answer, wherever it stands."""
    yield from answer.summary
    yield from (*answer.materials, *answer.places, *answer.times, *answer.cautions)
    yield from (c.national for c in answer.conflicts if c.national)


def _quoting(answer: Answer) -> Iterator[Statement]:
    """Statements that are a source's words throughout."""
    yield from (s for s in answer.summary if s.citations)
    yield from (*answer.materials, *answer.places, *answer.times)
    yield from (c.national for c in answer.conflicts if c.national)


def _used(answer: Answer) -> Iterator[Citation]:
    for statement in statements(answer):
        yield from statement.citations
    for procedure in answer.procedures:
        for step in procedure.steps:
            yield from step.citations
    for conflict in answer.conflicts:
        yield from (claim.citation for claim in conflict.claims)
