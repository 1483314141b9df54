"""The legal basis of a question: which articles of laws it rests on, best first.

Lay people do not speak like statutes, so four bridges are weighed together: the nearest lay
wording of what each article settles (the statutes space), how like it is to example questions of
each (``corpus/data/asked_law.txt``), the words that both share, and the ``basis`` of the nearest
articles of the corpus. What decides is data (``corpus/data``, the corpus);
the weights here were found on half of ``tests/quality/legal.jsonl``.

Citations that a source got wrong are ``wrong_citations.py``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from assistant.classifier import NONE, Classifier
from assistant.laws import Laws
from assistant.types import LegalBasis
from corpus import statutes
from corpus.citations import LawCitation, citations, mentioned_laws
from corpus.statutes import Law, LawState
from corpus.types import Article, LawRef, Passage
from index.found import Found
from index.kept import kept
from index.types import DIGITS, Hit, Pool, Ranking

PENSION = ("社会保险法", range(10, 23))
"""Chapter two of 社会保险法: never the basis of a medical question, whoever cites it."""

LIST = "asked_law"
"""Example questions by the articles that they rest on."""
CANDIDATES = 50
"""Articles of laws by cosine, and as many by words."""
NEAR_ARTICLES = 8
BM25_WEIGHT = 0.093
BASIS_WEIGHT = 0.093
HEARD_WEIGHT, HEARD_LEAST = 0.7, 0.1
"""Of what the examples say, and from when on it counts."""
NOTHING_WEIGHT = 0.3
"""Of what they say for no article at all: taken from every article's score. Chosen, as ``SPEAKS``, on
``tests/quality/basis_[ab].jsonl`` when these had been used."""
LAW_NAMED = 0.23
SAME_MATTER, SAME_MATTER_BEGUN = 0.14, 0.37
"""Within this distance two articles on the same matter are taken to answer the same question; the
wider one lets a law that has begun stand before the one that it succeeds."""
AHEAD = 2 * 10.0**-DIGITS
"""By so much the law in force stands before the other, however the two are rounded."""
FLOOR, SPAN = 0.17, 1.4
"""Scores of questions off the subject and of the plainest ones: 0 and 1 of relevance."""
SHOWN = 3
"""Articles of laws that an answer shows at most."""
BEARS = 0.2
"""Relevance from which an article of a law is shown because the article that answers rests on it. Of the answered of the same
questions a right one is shown for .91, for .87 without any such; one is shown for 11 of 30 on which none is said to speak, and for 2. Without
a bar .91 and 25 of 30."""
SPEAKS, BEHIND = 0.45, 0.25
"""Relevance from which a statute is said to speak on the question, and how far behind the first one
another may stay. Of 200 questions on an article a right one is shown for .87, and one is shown for 3 of 60 on which none speaks
(``tests/quality/basis_[ab].jsonl``); at .5 for .81 and none, at .4 for .94 and 6."""


def legal(
    question: str,
    found: Found,
    witnesses: Sequence[tuple[Article, float]],
    laws: Laws,
    model: str,
    *,
    k: int = 5,
    today: date | None = None,
) -> tuple[LegalBasis, ...]:
    """The ``k`` articles of laws that the question rests on, best first, with their state today.

    ``found``: what a search with ``CANDIDATES`` laws found for it: what the articles of its hits rest
    on counts too, and what the ``witnesses`` do, those of ``witnesses_of`` with their cosines.
    ``model``: of the vectors. Articles that the question itself names come first, whatever their state.
    """
    day = today or date.today()
    scores = _scores(found.pool.statutes, found.laws)
    heard = hears(model)
    _add_heard(laws, scores, heard.weights().kinds, heard.weigh_all(question, found.vector))
    _add_basis(witnesses, found.hits, laws, scores)
    mentioned = mentioned_laws(question)
    for number in scores if mentioned else ():
        scores[number] += LAW_NAMED * (laws.refs[number].law in mentioned)
    _put_in_force_first(laws, scores, day)
    named = _named(question, day)
    refs = {basis.ref for basis in named}
    ranked = sorted(scores, key=lambda number: (-round(scores[number], DIGITS), number))
    first = [n for n in ranked[: k + len(named)] if laws.refs[n] not in refs]
    return (*named, *(_basis(laws, n, scores[n], day) for n in first))[:k]


def witnesses_of(pool: Pool) -> Ranking:
    """The articles of the corpus, by number, that speak for what they rest on."""
    return pool.questions[:NEAR_ARTICLES]


def shown(
    question: str,
    ranked: Sequence[LegalBasis],
    articles: Iterable[Article],
    laws: Laws,
    today: date,
) -> tuple[LegalBasis, ...]:
    """What an answer shows, ``SHOWN`` at most: what the question names; of what the ``articles`` that answer rest on by
    their own account the likeliest to bear on it; what speaks on it whoever names it; and what else those rest on.
    ``ranked``: what ``legal`` gave for the question."""
    named = {citation.ref for citation in citations(question)}
    given = [b for b in ranked if b.ref in named]
    rest = rested_on((ref for article in articles for ref in article.basis), ranked, laws, today)
    own = [b for b in rest if b.relevance >= BEARS]
    each = {b.ref: b for b in (*given, *own[:1], *speaks(ranked), *own[1:])}
    return (*each.values(),)[:SHOWN]


def rested_on(
    refs: Iterable[LawRef], ranked: Sequence[LegalBasis], laws: Laws, today: date
) -> list[LegalBasis]:
    """Those of some articles of laws that the store holds, with their state on a day; first those that are ``ranked``,
    as they are there."""
    place = {basis.ref: n for n, basis in enumerate(ranked)}
    held = [ref for ref in dict.fromkeys(refs) if ref in laws.numbers]
    held.sort(key=lambda ref: place.get(ref, len(place)))
    return [
        ranked[place[ref]] if ref in place else _basis(laws, laws.numbers[ref], FLOOR, today)
        for ref in held
    ]


def speaks(basis: Sequence[LegalBasis]) -> tuple[LegalBasis, ...]:
    """Those that are relevant in themselves and not far behind the first."""
    best = max((b.relevance for b in basis), default=0.0)
    return tuple(b for b in basis if b.relevance >= max(SPEAKS, best - BEHIND))


def is_pension(ref: LawRef) -> bool:
    """True for the pension chapter of 社会保险法."""
    law, numbers = PENSION
    return ref.law == law and statutes.parse_number(ref.article_no) in numbers


def _scores(near: Ranking, matches: Ranking) -> dict[int, float]:
    """Articles by the cosine of their nearest wording and their share of the best BM25."""
    scores: dict[int, float] = dict(zip(near.numbers.tolist(), near.scores.tolist(), strict=True))
    farthest = min(scores.values(), default=0.0)
    shares = matches.scores * (BM25_WEIGHT / (float(matches.scores[0]) if len(matches) else 1.0))
    for number, share in zip(matches.numbers.tolist(), shares.tolist(), strict=True):
        scores[number] = scores.get(number, farthest) + share
    return scores


@lru_cache(maxsize=4)
def hears(model: str) -> Classifier:
    """Tells which articles a question rests on, from example questions of each."""
    return Classifier(LIST, model)


def _add_heard(
    laws: Laws, scores: dict[int, float], kinds: Sequence[str], weights: NDArray[np.float32]
) -> None:
    """Add what the examples say of an article, less what they say for none at all. ``weights``:
    (kinds,)."""
    farthest = min(scores.values(), default=0.0)
    nothing = NOTHING_WEIGHT * max(0.0, float(weights[kinds.index(NONE)]))
    for place in np.flatnonzero(weights > HEARD_LEAST).tolist():
        number = laws.labels.get(kinds[place])
        if number is not None:
            score = scores.get(number, farthest)
            scores[number] = score + HEARD_WEIGHT * float(weights[place])
    if nothing:
        for number in scores:
            scores[number] -= nothing


def _add_basis(
    witnesses: Sequence[tuple[Article, float]],
    hits: Sequence[Hit],
    laws: Laws,
    scores: dict[int, float],
) -> None:
    """Let the nearest articles of the corpus speak for what they rest on."""
    weights: dict[LawRef, float] = {}
    for article, cosine in witnesses:
        for place, ref in enumerate(article.basis):
            share = _closeness(cosine) * 0.8**place
            weights[ref] = max(weights.get(ref, 0.0), share)
    for rank, found in enumerate(hits[:3]):
        article_basis = found.passage.article.basis
        cites = (c.ref for c in cited(found.passage) if c.known)
        for place, ref in enumerate((*article_basis, *cites)):
            share = 0.5 * 0.8 ** (rank + place)
            weights[ref] = max(weights.get(ref, 0.0), share)
    for ref, share in weights.items():
        number = laws.numbers.get(ref)
        if number in scores:
            scores[number] += BASIS_WEIGHT * share


@kept
def cited(passage: Passage) -> tuple[LawCitation, ...]:
    """Every article of a law that a passage cites; the offsets are those of ``passage.text``."""
    return citations(passage.text)


def _closeness(cosine: float) -> float:
    """0 for unrelated questions, 1 for the same one, as the bundled model's cosines lie."""
    return min(1.0, max(0.0, (cosine - 0.34) / 0.6))


def _put_in_force_first(laws: Laws, scores: dict[int, float], today: date) -> None:
    """Of a new law's article and the older ones on the same matter, the one in force leads."""
    for newer, begins, older in laws.successors:
        if newer not in scores:
            continue
        begun = begins is not None and begins <= today
        distance = SAME_MATTER_BEGUN if begun else SAME_MATTER
        same = [n for n in older if n in scores and abs(scores[n] - scores[newer]) <= distance]
        if not same:
            continue
        best = max(same, key=lambda number: scores[number])
        first, second = (newer, best) if begun else (best, newer)
        scores[first] = max(scores[first], scores[second] + AHEAD)


def _named(question: str, today: date) -> tuple[LegalBasis, ...]:
    """The articles that the question names, even those that do not exist."""
    found: dict[LawRef, LegalBasis] = {}
    for citation in citations(question):
        ref = citation.ref
        if is_pension(ref):
            continue
        law = statutes.law(ref.law, today=today)
        text = statutes.article_text(law, ref.article_no) if law else None
        found[ref] = LegalBasis(
            law=ref.law,
            article_no=ref.article_no,
            text=text or "",
            state=statutes.state(ref.law, ref.article_no, today),
            effective=law.effective_date if law else None,
            version=law.version_date if law else None,
            relevance=1.0,
        )
    return tuple(found.values())


def _basis(laws: Laws, number: int, score: float, today: date) -> LegalBasis:
    ref, passage = laws.refs[number], laws.passages[number]
    law, state = _of_day(ref, today)
    return LegalBasis(
        law=ref.law,
        article_no=ref.article_no,
        text=passage.text,
        state=state,
        effective=law.effective_date if law else None,
        version=law.version_date if law else None,
        relevance=round(min(1.0, max(0.0, (score - FLOOR) / SPAN)), 4),
        passage=passage,
    )


@lru_cache(maxsize=4096)
def _of_day(ref: LawRef, today: date) -> tuple[Law | None, LawState]:
    """The newest version of an article's law, and the state of the article in it on that day."""
    law = statutes.law(ref.law)
    return law, statutes.state(law, ref.article_no, today)
