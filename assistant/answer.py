"""Puts one answer together out of what was found: quotes in order, each cited, and our phrases.

What is quoted is chosen in ``summary``, ``procedures``, ``legal``, ``conflicts`` and ``cautions``;
here they are called in the order in which a reader meets them, so that citations count up.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from assistant import phrases
from assistant.book import CitationBook
from assistant.by_part import Answering, by_part, statements
from assistant.cautions import cautions
from assistant.clarify import clarification
from assistant.conflicts import conflicts
from assistant.doing import doing, runs_against
from assistant.dossier import Dossier
from assistant.evidence import Evidence, Odds
from assistant.judges import Select
from assistant.kept import kept
from assistant.procedures import lines, procedures
from assistant.stages import staged
from assistant.steps import steps_of
from assistant.summary import MOST, summarise
from assistant.types import Answer, Citation, Conflict, Context, LegalBasis, Part, Statement
from corpus.types import NATIONAL, Article, Passage, Scheme
from index.facets import Facets
from index.features import SHORT_ANSWER
from index.found import Found
from index.question import Question
from index.types import Hit

DRAWN_FROM = 4
"""Hits whose steps, papers, places and times are shown: what lies further down is seldom asked."""
BEHIND = 5.1
"""… and only those whose score is not further behind the first."""


ANSWERS = -1.5
"""Log odds from which steps are shown to one who did not plainly ask how."""
CLAIMS = 0.0
"""… and from which a sentence that disagrees with others bears on the question: where that is as likely as not."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question with all that is known when its answer is put together."""

    text: str
    understood: str
    context: Context
    scheme: Scheme | None
    region: str | None
    today: date


@dataclass(frozen=True, slots=True)
class _Ground:
    """What an answer stands on: the question as it is read, where it is asked for, the hits, best
    first, those that come near the first, and the pieces that all but the summary is drawn from."""

    asked: Asked
    found: Found
    dossier: Dossier
    evidence: Evidence
    question: Question
    place: str | None
    hits: tuple[Hit, ...]
    near: tuple[Hit, ...]
    pieces: tuple[Passage, ...]

    @classmethod
    def of(cls, asked: Asked, found: Found, dossier: Dossier, evidence: Evidence) -> _Ground:
        question = doing(found.question)
        place = asked.region or question.region or asked.context.region
        hits = _for_the_place(_of_the_matter(question, found.hits, found.facets_of), place)
        near = _near(hits)
        pieces = _pieces(near, dossier)
        return cls(asked, found, dossier, evidence, question, place, hits, near, pieces)


def compose(
    asked: Asked,
    found: Found,
    dossier: Dossier,
    *,
    evidence: Evidence,
    basis: Sequence[LegalBasis],
    about: Sequence[str] = (),
    beside: Sequence[int] = (),
    asks: Sequence[Answering] = (),
    select: Select,
) -> Answer:
    """The answer to a question that the sources do answer. ``about``: the matters it asks for;
    ``beside``: the articles heard on them beside the hits' (``assistant.conflicts``); ``asks``: what
    answers each of its asks, where it has several; ``select``: see ``assistant.judges``. All that is
    read lies in ``dossier``."""
    ground = _Ground.of(asked, found, dossier, evidence)
    clarify = clarification(
        ground.question,
        ground.hits,
        asked.context,
        schemes_of=lambda hit: found.facets_of(hit).schemes,
    )
    book, parts, summary = _summary(ground, asks, select)
    answer = Answer(
        question=asked.text,
        understood=asked.understood,
        status="clarify" if clarify else "answered",
        summary=(*((Statement(clarify.question),) if clarify else ()), *summary),
        legal_basis=tuple(basis),
        options=clarify.options if clarify else (),
        hits=_with_leads(found.hits, asks),
        context=asked.context,
        today=asked.today,
        parts=parts,
    )
    return _warned(
        _at_odds(_sections(answer, ground, book), ground, about, beside, book), ground, book
    )


def _summary(
    ground: _Ground, asks: Sequence[Answering], select: Select
) -> tuple[CitationBook, tuple[Part, ...], tuple[Statement, ...]]:
    """What answers, ask by ask where it has several, and the book in which it is cited."""
    book = CitationBook()

    def told(hits: Sequence[Hit], odds: Odds, most: int) -> tuple[Statement, ...]:
        return summarise(
            ground.question,
            _told(_near(_for_the_place(tuple(hits), ground.place)), ground.dossier),
            odds,
            book,
            place=ground.place,
            today=ground.asked.today,
            select=select,
            most=most,
        )

    if parts := by_part(asks, told):
        return book, parts, statements(parts)
    book = CitationBook()  # nothing of the asks is shown
    return book, (), told(ground.hits, ground.evidence.odds, MOST)


def _sections(answer: Answer, ground: _Ground, book: CitationBook) -> Answer:
    """… with steps, papers, places and times, and what could be asked next."""
    steps = procedures(ground.question, _relevant_steps(ground), book, today=ground.asked.today)
    first = ground.hits[0].passage.article.id
    own = [piece for piece in ground.pieces if piece.article.id == first]
    materials, places, times = (
        lines(own, kind, book, today=ground.asked.today) for kind in ("materials", "place", "time")
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
    ground: _Ground,
    about: Sequence[str],
    beside: Sequence[int],
    book: CitationBook,
) -> Answer:
    """… with what the sources say differently, the summary saying so where nothing explains it."""
    found = [
        conflict
        for conflict in _conflicts(ground.asked, ground.found, ground.dossier, about, beside)
        if _bears(conflict, ground.evidence.odds)
    ]
    lead = tuple(
        Statement(phrases.CONFLICT_LEADS.format(about=c.about)) for c in found if not c.explained
    )
    shown = tuple(_numbered(conflict, book) for conflict in found)
    return replace(answer, summary=(*answer.summary, *lead), conflicts=shown)


def _warned(answer: Answer, ground: _Ground, book: CitationBook) -> Answer:
    """… with what a careful reader is warned of, and all that is cited."""
    missing = ground.found.missing_place or _unspoken(ground)
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


def replied(asked: Asked, kind: str, *, nearest: tuple[str, ...] = ()) -> Answer:
    """What is said to a turn that no article answers; ``kind``: a key of ``phrases.TALK``; ``nearest``:
    what could be asked."""
    said = (Statement(phrases.TALK[kind]),)
    return Answer(
        question=asked.text,
        understood=asked.text,
        status="refused",
        summary=said,
        nearest=nearest,
        context=asked.context,
        today=asked.today,
    )


def _numbered(conflict: Conflict, book: CitationBook) -> Conflict:
    """The conflict with the numbers that its quotes have in this answer."""

    def cite(citation: Citation) -> Citation:
        quote = citation.quote
        return book.cite(quote.passage, quote.start, quote.end)

    claims = tuple(replace(claim, citation=cite(claim.citation)) for claim in conflict.claims)
    national = conflict.national
    if national is not None:
        national = replace(national, citations=tuple(map(cite, national.citations)))
    return replace(conflict, claims=claims, national=national)


def _conflicts(
    asked: Asked,
    found: Found,
    dossier: Dossier,
    about: Sequence[str],
    beside: Sequence[int],
) -> tuple[Conflict, ...]:
    """What the sources say differently, numbered as if they stood alone."""
    return conflicts(
        asked.understood,
        found.hits,
        dossier,
        scheme=asked.scheme or asked.context.scheme,
        region=asked.region or asked.context.region,
        actions=doing(found.question).actions,
        today=asked.today,
        number=CitationBook().cite,
        beside=beside,
        about=about,
    )


def _bears(conflict: Conflict, odds: Odds) -> bool:
    """Whether two of the sentences that disagree are likely to answer what is asked: those on the same
    matter often answer another question."""
    quotes = (claim.citation.quote for claim in conflict.claims)
    likely = sorted(odds(quote.passage, quote.start, quote.end) for quote in quotes)
    return likely[-min(2, len(likely))] >= CLAIMS


def _near(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    return tuple(h for h in hits[:DRAWN_FROM] if hits[0].score - h.score <= BEHIND)


def _with_leads(hits: tuple[Hit, ...], asks: Sequence[Answering]) -> tuple[Hit, ...]:
    """The hits, with the best one of each ask behind the first; as many as before."""
    leads = {one.hits[0].number: one.hits[0] for one in asks if one.hits}
    leads.pop(hits[0].number, None)
    rest = [hit for hit in hits[1:] if hit.number not in leads]
    return (hits[0], *leads.values(), *rest)[: len(hits)]


def _pieces(hits: Sequence[Hit], dossier: Dossier) -> tuple[Passage, ...]:
    """What steps, papers, places and times are drawn from: the best hit, the rest of its article,
    the other hits; each as its pieces of one kind."""
    rest = _pieces_of(hits[0].passage.article, dossier)
    pieces = [
        *hits[0].passage.pieces,
        *rest,
        *(piece for hit in hits[1:] for piece in hit.passage.pieces),
    ]
    return tuple({(p.article.id, p.start, p.end, p.kind): p for p in pieces}.values())


def _told(near: Sequence[Hit], dossier: Dossier) -> list[Sequence[Passage]]:
    """What the summary is drawn from: the short answer of the first hit's article, whichever of its
    sections was found, then the hits."""
    own = _pieces_of(near[0].passage.article, dossier)
    short = tuple(piece for piece in own if SHORT_ANSWER in piece.heading)
    rest = [tuple(p for p in hit.passage.pieces if p not in short) for hit in near]
    return [section for section in (short, *rest) if section]


def _of_the_matter(
    asked: Question, hits: tuple[Hit, ...], facets_of: Callable[[Hit], Facets]
) -> tuple[Hit, ...]:
    """The hits, those first that are on what is done in the question, where the best one is on
    something else: a place alone (沈阳 … 断缴怎么补) leads to whatever is said of it, and how to
    restore shares most words with how to stop."""
    if runs_against(asked, hits[0].passage):
        hits = tuple(sorted(hits, key=lambda hit: runs_against(asked, hit.passage)))
    if not asked.actions or not asked.region or facets_of(hits[0]).actions & asked.actions:
        return hits
    return tuple(sorted(hits, key=lambda hit: not facets_of(hit).actions & asked.actions))


def _for_the_place(hits: tuple[Hit, ...], place: str | None) -> tuple[Hit, ...]:
    """The hits, those first that hold for the place or for the country, where one of them is near."""
    fits = [hit for hit in hits if hit.passage.article.region in (NATIONAL, place)]
    if not fits or hits[0].score - fits[0].score > BEHIND:
        return hits
    return (*fits, *(hit for hit in hits if hit not in fits))


def _unspoken(ground: _Ground) -> str | None:
    """The place asked about, where none of the hits that the answer is made of speaks of it."""
    asked, facets_of = ground.question, ground.found.facets_of
    spoken = any(facets_of(hit).region == asked.region for hit in ground.near)
    return None if spoken else asked.region


def _relevant_steps(ground: _Ground) -> list[Passage]:
    """Steps of the first hit's article, and of others that tell of the very channel asked for; where
    nothing says what is asked for, those that answer. Stages of one procedure are one passage."""
    asked, hits = ground.question, ground.hits
    first = hits[0].passage.article.id
    how = "steps" in asked.wants or asked.channels
    close = [h for h in hits[1:] if hits[0].score - h.score <= BEHIND]
    further = [p for hit in close if asked.channels for p in hit.passage.pieces]
    named = [p for p in further if any(s.channel in asked.channels for s in steps_of(p))]
    own = [p for p in ground.pieces if p.article.id == first]
    if not how and not asked.wants:
        own = [p for p in own if ground.evidence.answers(p) >= ANSWERS]
    pieces = [*own, *named] if how or not asked.wants else []
    wholes = [p for p in map(partial(_whole, ground.dossier), pieces) if p.kind == "steps"]
    return list({(p.article.id, p.start): p for p in wholes}.values())


def _whole(dossier: Dossier, piece: Passage) -> Passage:
    """The procedure that a piece is a stage of; else the piece."""
    wholes = _staged(piece.article, dossier)
    return next((w for w in wholes if w.start <= piece.start < w.end), piece)


@kept
def _staged(article: Article, dossier: Dossier) -> tuple[Passage, ...]:
    return staged(_pieces_of(article, dossier))


@kept
def _pieces_of(article: Article, dossier: Dossier) -> tuple[Passage, ...]:
    """An article's passages, each as its pieces of one kind."""
    return tuple(piece for p in dossier.passages(article.id) for piece in p.pieces)


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
