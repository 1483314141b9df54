"""What an answer is drawn from: the hits in the order in which they speak, and their pieces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from assistant.at_odds import holds_after
from assistant.dossier import Dossier
from assistant.evidence import Evidence
from assistant.stages import staged
from assistant.steps import steps_of
from assistant.types import Context
from corpus.circumstances import conditions
from corpus.text import fold
from corpus.turns import turn_in
from corpus.types import NATIONAL, Article, Passage, Scheme
from index.features import SHORT_ANSWER
from index.found import Found
from index.kept import kept
from index.question import Question
from index.types import Hit

DRAWN_FROM = 4
"""Hits whose steps, papers, places and times are shown: what lies further down is seldom asked."""
BEHIND = 5.1
"""… and only those whose score is not further behind the first."""


ANSWERS = -1.5
"""Log odds from which steps are shown to one who did not plainly ask how."""


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
class Ground:
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
    def of(cls, asked: Asked, found: Found, dossier: Dossier, evidence: Evidence) -> Ground:
        question = found.question
        place = asked.region or question.region or asked.context.region
        hits = for_the_case(found.hits, question, place, asked.today)
        near = near_hits(hits)
        pieces = _pieces(near, dossier)
        return cls(asked, found, dossier, evidence, question, place, hits, near, pieces)


def near_hits(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """The first hits, as far as they come near the very first."""
    return tuple(h for h in hits[:DRAWN_FROM] if hits[0].score - h.score <= BEHIND)


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


def told_by(near: Sequence[Hit], dossier: Dossier) -> list[Sequence[Passage]]:
    """What the summary is drawn from: the short answer of the first hit's article, whichever of its
    sections was found, then the hits."""
    own = _pieces_of(near[0].passage.article, dossier)
    short = tuple(piece for piece in own if SHORT_ANSWER in piece.heading)
    rest = [tuple(p for p in hit.passage.pieces if p not in short) for hit in near]
    return [section for section in (short, *rest) if section]


def for_the_case(
    hits: tuple[Hit, ...], asked: Question, place: str | None, today: date
) -> tuple[Hit, ...]:
    """The hits without those whose title is of another case, unless there are no others: a break of another length, or
    the change of scheme the other way round; those first that hold for the place or for the country, where one of
    them is near."""
    lapse, turn = asked.lapse(today), turn_in(asked.folded)

    def fits(title: str) -> bool:
        lengths = [condition for *_, condition in conditions(title)] if lapse else []
        held = not lengths or any(holds_after(c, lapse.compared) for c in lengths if lapse)
        return held and (turn is None or turn_in(title) in (turn, None))

    kept = tuple(hit for hit in hits if fits(fold(hit.passage.article.title)))
    return _for_the_place(kept or hits, place)


def _for_the_place(hits: tuple[Hit, ...], place: str | None) -> tuple[Hit, ...]:
    """The hits, those first that hold for the place or for the country, where one of them is near."""
    fits = [hit for hit in hits if hit.passage.article.region in (NATIONAL, place)]
    if not fits or hits[0].score - fits[0].score > BEHIND:
        return hits
    return (*fits, *(hit for hit in hits if hit not in fits))


def unspoken(ground: Ground) -> str | None:
    """The place asked about, where none of the hits that the answer is made of speaks of it."""
    asked, facets_of = ground.question, ground.found.facets_of
    spoken = any(facets_of(hit).region == asked.region for hit in ground.near)
    return None if spoken else asked.region


def relevant_steps(ground: Ground) -> list[Passage]:
    """Steps of the first hit's article, and where they tell nothing of the very channel asked for, of the next that does;
    where nothing says what is asked for, those that answer. Stages of one procedure are one passage."""
    asked = ground.question
    first = ground.hits[0].passage.article.id
    how = "steps" in asked.wants or asked.channels
    pieces = [p for p in ground.pieces if p.article.id == first]
    if not how:
        pieces = [p for p in pieces if not asked.wants and ground.evidence.answers(p) >= ANSWERS]
    elif asked.channels and not any(_tells(p, ground) for p in pieces):
        near = (p for hit in ground.near[1:] for p in hit.passage.pieces)
        pieces += [p for p in near if _tells(p, ground)][:1]
    wholes = [p for p in map(partial(_whole, ground.dossier), pieces) if steps_of(p)]
    return list({(p.article.id, p.start): p for p in wholes}.values())


def _tells(piece: Passage, ground: Ground) -> bool:
    """Whether a piece tells steps of a channel asked for that hold where the asker is."""
    return any(
        steps.channel in ground.question.channels and steps.place in (NATIONAL, ground.place)
        for steps in steps_of(piece)
    )


def _whole(dossier: Dossier, piece: Passage) -> Passage:
    """The procedure that a piece is a stage of; else the piece."""
    whole = _staged(piece.article, dossier)
    return whole if whole is not None and whole.start <= piece.start < whole.end else piece


@kept
def _staged(article: Article, dossier: Dossier) -> Passage | None:
    return staged(_pieces_of(article, dossier))


@kept
def _pieces_of(article: Article, dossier: Dossier) -> tuple[Passage, ...]:
    """An article's passages, each as its pieces of one kind."""
    return tuple(piece for p in dossier.passages(article.id) for piece in p.pieces)
