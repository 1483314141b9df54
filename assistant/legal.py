"""The legal basis of a question: which articles of laws it rests on, best first.

Lay people do not speak like statutes, so three bridges are weighed together: the nearest lay
wording of what each article settles (the statutes space), the words that both share, and the
``basis`` of the nearest articles of the corpus. What decides is data (``corpus/data/laws.yaml``,
the corpus); the weights here were found on half of ``tests/quality/legal.jsonl``.

Citations that a source got wrong are ``wrong_citations.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from assistant.kept import kept
from assistant.types import LegalBasis
from corpus import statutes
from corpus.citations import citations, mentioned_laws
from corpus.text import fold
from corpus.types import LawRef, Passage
from corpus.words import Words
from corpus.words import words as shared_words
from index.question import Question, read_question
from index.types import Hit, Index, Term

PENSION = ("社会保险法", range(10, 23))
"""Chapter two of 社会保险法: never the basis of a medical question, whoever cites it."""

CANDIDATES = 50  # by cosine, and as many by words
NEAR_ARTICLES = 8
SYNONYM_WEIGHT, BIGRAM_WEIGHT = 0.4, 0.35
BM25_WEIGHT = 0.02
BASIS_WEIGHT = 0.02
SIGN_WEIGHT = 0.03
LAW_NAMED = 0.05
SAME_MATTER, SAME_MATTER_BEGUN = 0.03, 0.08
"""Within this distance two articles on the same matter are taken to answer the same question; the
wider one lets a law that has begun stand before the one that it succeeds."""
FLOOR, SPAN = 0.86, 0.2
"""Scores of questions off the subject and of the plainest ones: 0 and 1 of relevance."""
SPEAKS, BEHIND = 0.55, 0.25
"""Relevance from which a statute is said to speak on the question (126 of the 132 questions of
``tests/quality/legal.jsonl`` reach it, 13 of 30 that only procedures answer do), and how far behind
the first one another may stay."""


class QueryEncoder(Protocol):
    """The part of an encoder that a search needs."""

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n, dim) float32 of unit length."""


@dataclass(slots=True)
class _Candidate:
    number: int
    passage: Passage
    ref: LawRef
    score: float


def legal(
    index: Index,
    encoder: QueryEncoder,
    question: str,
    *,
    k: int = 5,
    today: date | None = None,
    hits: Sequence[Hit] = (),
    vector: NDArray[np.float32] | None = None,
    words: Words | None = None,
    read: Question | None = None,
) -> tuple[LegalBasis, ...]:
    """The ``k`` articles of laws that the question rests on, best first, with their state today.

    ``hits`` are the passages already found for it: what their articles rest on counts too.
    ``vector`` is the question's, (dim,) float32, ``read`` what it says, where the caller has them. Articles that the
    question itself names come first, whatever their state.
    """
    day = today or date.today()
    asked = vector if vector is not None else encoder.encode_queries([question])[0]
    words = words or shared_words()
    pool = _candidates(index, read or read_question(question, words), asked, words)
    _add_basis(index, asked, hits, pool)
    _add_signs(question, pool)
    for name in mentioned_laws(question):
        for candidate in pool.values():
            if candidate.ref.law == name:
                candidate.score += LAW_NAMED
    _put_in_force_first(pool, day)
    named = _named(question, day)
    ranked = sorted(pool.values(), key=lambda c: (-c.score, c.number))
    known = {basis.ref for basis in named}
    found = [c for c in ranked if c.ref not in known]
    return (*named, *(_basis(c, day) for c in found[: max(0, k - len(named))]))[:k]


def speaks(basis: Sequence[LegalBasis]) -> tuple[LegalBasis, ...]:
    """Those that an answer shows: relevant in themselves and not far behind the first."""
    best = max((b.relevance for b in basis), default=0.0)
    return tuple(b for b in basis if b.relevance >= max(SPEAKS, best - BEHIND))


def is_silent(basis: Sequence[LegalBasis]) -> bool:
    """Whether no statute in force speaks: 「法律无直接规定，依参保地经办规程」."""
    return not any(b.state == "in force" for b in speaks(basis))


def is_pension(ref: LawRef) -> bool:
    """True for the pension chapter of 社会保险法."""
    law, numbers = PENSION
    return ref.law == law and statutes.parse_number(ref.article_no) in numbers


def _candidates(
    index: Index, question: Question, vector: NDArray[np.float32], words: Words
) -> dict[LawRef, _Candidate]:
    """Articles by the cosine of their nearest wording and their share of the best BM25."""
    near = index.nearest(vector, CANDIDATES, "statutes")
    matches = index.matching(_terms(question, words), CANDIDATES, "statutes")
    cosines = {hit.number: hit.score for hit in near}
    farthest = min(cosines.values(), default=0.0)
    top = matches[0].score if matches else 1.0
    shares = {match.number: match.score / top for match in matches}
    pool: dict[LawRef, _Candidate] = {}
    for number in dict.fromkeys((*cosines, *shares)):
        passage, ref = _statute(index, number)
        cosine, share = cosines.get(number, farthest), shares.get(number, 0.0)
        pool[ref] = _Candidate(number, passage, ref, cosine + BM25_WEIGHT * share)
    return pool


_STATUTES: WeakKeyDictionary[Index, dict[int, tuple[Passage, LawRef]]] = WeakKeyDictionary()


def _statute(index: Index, number: int) -> tuple[Passage, LawRef]:
    """An article of a law by its number in this generation."""
    known = _STATUTES.setdefault(index, {})
    if number not in known:
        passage = index.passage(number, "statutes")
        law, _, article_no = passage.article.title.partition(" ")
        known[number] = passage, LawRef(law, article_no)
    return known[number]


def _terms(question: Question, words: Words) -> list[Term]:
    terms = {word: Term(word) for word in question.words}
    for word in question.words:
        for other in words.synonyms(word):
            terms.setdefault(other, Term(other, SYNONYM_WEIGHT))
    bigrams = dict.fromkeys(words.bigrams(question.folded))
    return [*terms.values(), *(Term(b, BIGRAM_WEIGHT, "bigram") for b in bigrams)]


def _add_basis(
    index: Index,
    vector: NDArray[np.float32],
    hits: Sequence[Hit],
    pool: dict[LawRef, _Candidate],
) -> None:
    """Let the nearest articles of the corpus speak for what they rest on."""
    near = index.nearest(vector, NEAR_ARTICLES, "questions")
    weights: dict[LawRef, float] = {}
    for hit in near:
        numbers = index.passages_of(hit.number)
        basis = index.passage(numbers[0]).article.basis if numbers else ()
        for place, ref in enumerate(basis):
            share = _closeness(hit.score) * 0.8**place
            weights[ref] = max(weights.get(ref, 0.0), share)
    for rank, found in enumerate(hits[:3]):
        article = found.passage.article
        for place, ref in enumerate((*article.basis, *_cited(found.passage))):
            share = 0.5 * 0.8 ** (rank + place)
            weights[ref] = max(weights.get(ref, 0.0), share)
    for ref, share in weights.items():
        if ref in pool:
            pool[ref].score += BASIS_WEIGHT * share


@kept
def _cited(passage: Passage) -> tuple[LawRef, ...]:
    """The articles of laws that a passage cites."""
    return tuple(c.ref for c in citations(passage.text) if c.known)


def _add_signs(question: str, pool: dict[LawRef, _Candidate]) -> None:
    """Words that point to an article whatever stands around them (``laws.yaml``)."""
    folded = fold(question)
    for ref, pattern in statutes.signs().items():
        if ref in pool and pattern.search(folded):
            pool[ref].score += SIGN_WEIGHT


def _closeness(cosine: float) -> float:
    """0 for unrelated questions, 1 for the same one. multilingual-e5 puts nearly all pairs of
    questions on 医保 between .85 and 1."""
    return min(1.0, max(0.0, (cosine - 0.88) / 0.1))


def _put_in_force_first(pool: dict[LawRef, _Candidate], today: date) -> None:
    """Of a new law's article and the older ones on the same matter, the one in force leads."""
    for newer_ref, older_refs in statutes.predecessors().items():
        newer = pool.get(newer_ref)
        same = [pool[ref] for ref in older_refs if ref in pool] if newer else []
        if newer is None or not same:
            continue
        law = statutes.law(newer_ref.law)
        begun = law is not None and law.begins is not None and law.begins <= today
        distance = SAME_MATTER_BEGUN if begun else SAME_MATTER
        same = [c for c in same if abs(c.score - newer.score) <= distance]
        if not same:
            continue
        best = max(same, key=lambda c: c.score)
        first, second = (newer, best) if begun else (best, newer)
        first.score = max(first.score, second.score + 1e-6)


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


def _basis(candidate: _Candidate, today: date) -> LegalBasis:
    law = statutes.law(candidate.ref.law)
    return LegalBasis(
        law=candidate.ref.law,
        article_no=candidate.ref.article_no,
        text=candidate.passage.text,
        state=statutes.state(law, candidate.ref.article_no, today),
        effective=law.effective_date if law else None,
        version=law.version_date if law else None,
        relevance=round(min(1.0, max(0.0, (candidate.score - FLOOR) / SPAN)), 4),
        passage=candidate.passage,
    )
