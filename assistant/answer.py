"""Puts one answer together out of what was found: quotes in order, each cited, and our phrases.

What is quoted is chosen in ``summary``, ``procedures``, ``legal``, ``conflicts`` and ``cautions``;
here they are called in the order in which a reader meets them, so that citations count up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from assistant import phrases
from assistant.book import CitationBook
from assistant.by_part import Answering, by_part, statements
from assistant.cautions import cautions
from assistant.clarify import clarification
from assistant.conflicts import conflicts
from assistant.dossier import Dossier
from assistant.evidence import Evidence
from assistant.ground import (
    Asked,
    Ground,
    for_the_case,
    near_hits,
    relevant_steps,
    told_by,
    unspoken,
)
from assistant.judges import Select
from assistant.procedures import lines, procedures
from assistant.summary import Sentence, likeliest, quoted
from assistant.topics import Topic
from assistant.types import Answer, Context, LegalBasis, Part, Statement
from assistant.unlike import Read
from corpus.types import Article
from index.found import Found
from index.types import Hit


def compose(
    asked: Asked,
    found: Found,
    dossier: Dossier,
    *,
    evidence: Evidence,
    basis: Callable[[Iterable[Article]], Sequence[LegalBasis]],
    topics: Sequence[Topic] = (),
    unlike: Sequence[tuple[Read, Read]] = (),
    asks: Sequence[Answering] = (),
    select: Select,
) -> Answer:
    """The answer to a question that the sources do answer. ``basis``: what law it shows where some articles answer; ``topics``: those that bear
    on it, the likeliest first (``assistant.disputed``); ``unlike``: lines of others that answer it
    differently (``assistant.unlike``); ``asks``: what answers each of its asks, where it
    has several; ``select``: see ``assistant.judges``. All that is read lies in ``dossier``."""
    ground = Ground.of(asked, found, dossier, evidence)
    book, parts, summary = _summary(ground, asks, select)
    clarify = clarification(
        ground.question,
        ground.hits,
        [statement.text for statement in summary],
        asked.context,
        schemes_of=lambda hit: found.facets_of(hit).schemes,
    )
    answer = Answer(
        question=asked.text,
        understood=asked.understood,
        status="clarify" if clarify else "answered",
        summary=(*((Statement(clarify.question),) if clarify else ()), *summary),
        legal_basis=tuple(basis(_answering(parts, summary))),
        options=clarify.options if clarify else (),
        hits=_with_leads(found.hits, asks),
        context=asked.context,
        today=asked.today,
        parts=parts,
    )
    return _warned(
        _at_odds(_sections(answer, ground, book), ground, topics, unlike, book), ground, book
    )


def _summary(
    ground: Ground, asks: Sequence[Answering], select: Select
) -> tuple[CitationBook, tuple[Part, ...], tuple[Statement, ...]]:
    """What answers, ask by ask where it has several, and the book in which it is cited."""
    book = CitationBook()

    def chosen(hits: Sequence[Hit], evidence: Evidence) -> tuple[Sentence, ...]:
        return likeliest(
            ground.question,
            told_by(
                near_hits(
                    for_the_case(tuple(hits), ground.question, ground.place, ground.asked.today)
                ),
                ground.dossier,
            ),
            evidence,
            place=ground.place,
            today=ground.asked.today,
            select=select,
        )

    if parts := by_part(asks, chosen, book):
        return book, parts, statements(parts)
    return book, (), quoted(chosen(ground.hits, ground.evidence), book)


def _answering(parts: Sequence[Part], summary: Sequence[Statement]) -> Iterator[Article]:
    """The articles that answer: of each ask the one that is quoted first."""
    for said in [part.statements for part in parts] if parts else [summary]:
        yield from (s.citations[0].quote.passage.article for s in said[:1] if s.citations)


def _sections(answer: Answer, ground: Ground, book: CitationBook) -> Answer:
    """… with steps, papers, places and times, and what could be asked next. A sentence of the summary is not told
    again."""
    steps = procedures(ground.question, relevant_steps(ground), book, today=ground.asked.today)
    first = ground.hits[0].passage.article.id
    own = [piece for piece in ground.pieces if piece.article.id == first]
    told = {statement.text for statement in answer.summary if statement.text.endswith("。")}
    materials, places, times = (
        lines(own, kind, book, today=ground.asked.today, told=told)
        for kind in ("materials", "place", "time")
    )
    return replace(
        answer,
        procedures=steps,
        materials=materials,
        places=places,
        times=times,
        follow_ups=_follow_ups(ground.found, steps=bool(steps), materials=bool(materials)),
    )


def _at_odds(
    answer: Answer,
    ground: Ground,
    topics: Sequence[Topic],
    unlike: Sequence[tuple[Read, Read]],
    book: CitationBook,
) -> Answer:
    """… with what the sources say differently, the summary saying so where neither a national rule nor a difference of
    place, year or case settles it."""
    asked = ground.asked
    found = conflicts(
        asked.understood,
        topics,
        unlike,
        scheme=asked.scheme or asked.context.scheme,
        region=asked.region or asked.context.region,
        today=asked.today,
        number=book.cite,
    )
    lead = tuple(
        Statement(phrases.CONFLICT_LEADS.format(about=c.about))
        for c in found
        if not (c.explained or c.national)
    )
    return replace(answer, summary=(*answer.summary, *lead), conflicts=found)


def _warned(answer: Answer, ground: Ground, book: CitationBook) -> Answer:
    """… with what a careful reader is warned of, and all that is cited."""
    missing = ground.found.missing_place or unspoken(ground)
    if missing and any(missing in said.text for said in answer.summary if said.citations):
        missing = None  # a sentence of an article on the whole country tells of it
    warned = cautions(
        book.citations,
        answer.procedures,
        region=ground.asked.region or ground.asked.context.region,
        note=phrases.missing_place(missing),
        today=ground.asked.today,
        basis=answer.legal_basis,
    )
    return replace(answer, cautions=warned, citations=book.citations)


def refuse(asked: Asked, *reasons: str, nearest: tuple[str, ...] = ()) -> Answer:
    """An answer that says that there is none: our phrases, no sources, where to ask instead, and
    what could be asked."""
    said = tuple(Statement(reason) for reason in reasons)
    return Answer(
        question=asked.text,
        understood=asked.understood,
        status="refused",
        summary=(*said, Statement(phrases.ASK_LOCALLY)),
        nearest=nearest,
        context=asked.context,
        today=asked.today,
    )


def replied(asked: Asked, kind: str, known: Context, *, nearest: tuple[str, ...] = ()) -> Answer:
    """What is said to a turn that no article answers; ``kind``: a key of ``phrases.TALK``; ``known``: what the talk has told,
    which is kept; ``nearest``: what could be asked."""
    said = (Statement(phrases.TALK[kind]),)
    return Answer(
        question=asked.text,
        understood=asked.text,
        status="refused",
        summary=said,
        nearest=nearest,
        context=known,
        today=asked.today,
    )


def _with_leads(hits: tuple[Hit, ...], asks: Sequence[Answering]) -> tuple[Hit, ...]:
    """The hits, with the best one of each ask behind the first; as many as before."""
    leads = {one.hits[0].number: one.hits[0] for one in asks if one.hits}
    leads.pop(hits[0].number, None)
    rest = [hit for hit in hits[1:] if hit.number not in leads]
    return (hits[0], *leads.values(), *rest)[: len(hits)]


def _follow_ups(found: Found, *, steps: bool, materials: bool) -> tuple[str, ...]:
    asked = found.question.wants
    offered = [
        (phrases.FOLLOW_UPS["steps"], "steps" not in asked and not steps),
        (phrases.FOLLOW_UPS["materials"], "materials" not in asked and not materials),
        (phrases.FOLLOW_UPS["time"], "time" not in asked),
        (phrases.FOLLOW_UPS["online"], found.question.online is None and steps),
        (phrases.FOLLOW_UPS["legal"], "legal" not in asked),
    ]
    return tuple(text for text, fits in offered if fits)[:3]
