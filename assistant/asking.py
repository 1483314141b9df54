"""One question, from its words to an answer that has passed its check, in one generation of the store:
answered as it was fixed, or as talk, or understood, searched for, judged and composed."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from assistant import phrases
from assistant.answer import compose, refuse, replied
from assistant.by_part import Answering
from assistant.checking import problems
from assistant.disputed import bearing, near
from assistant.dossier import Dossier
from assistant.evidence import Evidence
from assistant.ground import Asked
from assistant.laws import laws_of
from assistant.legal import CANDIDATES, legal, shown, witnesses_of
from assistant.models import Models
from assistant.nearest import nearest
from assistant.pinned import pinned
from assistant.pointing import earlier, step_again
from assistant.searched import PLAINLY, Searched
from assistant.searching import HITS, Searching
from assistant.sought import Sought
from assistant.talk import OTHER, RECORD
from assistant.types import Answer, LegalBasis
from assistant.unlike import unlike
from corpus.fixed import question_key
from corpus.types import Article
from index.found import Found, Search
from index.retrieve import Retriever
from index.types import Index

log = logging.getLogger(__name__)
_REFUSALS = {"off topic": phrases.OFF_TOPIC, "unanswered": phrases.REFUSED}


class Asking:
    """Questions to one generation: all of an answer comes from the one that its question began with."""

    def __init__(self, models: Models, retriever: Retriever) -> None:
        self._models = models
        self._retriever = retriever
        self._index = retriever.index

    def answer(self, asked: Asked, history: Sequence[Answer]) -> Answer:
        """A cited answer, a question back, or a refusal."""
        if (fixed := self._pinned(asked)) is not None:
            return fixed
        if (step := step_again(asked, history)) is not None:
            return step
        text, before = earlier(asked.text, history)
        return replace(self._heard(replace(asked, text=text), before), question=asked.text)

    def _heard(self, asked: Asked, history: Sequence[Answer]) -> Answer:
        """The answer to a turn that points back to nothing but what ``history`` ends with."""
        kind = self._models.talk.kind(asked.text, first=not history)
        if kind in phrases.TALK:
            known = history[-1].context if history else asked.context
            return replied(asked, kind, known, nearest=self._near(asked) if kind == RECORD else ())
        searching = Searching(self._models, self._retriever)
        searched = searching.searched(asked, () if kind == OTHER else history)
        judgement = searched.main.judgement
        if kind == OTHER and judgement.probability < PLAINLY:
            return refuse(searched.asked, phrases.OFF_TOPIC)
        if not searched.main.answered:
            return _unanswered(searched)
        return self._answered(searched)

    def legal(self, question: str, k: int, today: date) -> tuple[LegalBasis, ...]:
        """The articles of laws that bear on the question, best first, each with its state today."""
        (found,) = self._retriever.find_all(
            [Search(question, k=HITS, laws=CANDIDATES)], prepare=self._models.prepare
        )
        dossier = Dossier.bring(self._index, witnesses_of(found.pool).numbers.tolist())
        return self._legal(found, question, k, today, dossier)

    def _pinned(self, asked: Asked) -> Answer | None:
        """The answer that was fixed for this question, where it passes the check of any answer."""
        number = self._retriever.fixed.get(question_key(asked.text))
        if number is None:
            return None
        dossier = Dossier.bring(self._index, [number])
        entry = dossier.entry(number)
        answer = pinned(asked, entry, laws_of(self._index)) if entry is not None else None
        wrong = problems(answer, dossier) if answer is not None else []
        if wrong:
            log.error("a fixed answer failed its check: %s", "; ".join(wrong))
        return None if wrong else answer

    def _near(self, asked: Asked) -> tuple[str, ...]:
        """The questions nearest to a turn that can be answered."""
        hits = self._retriever.find(asked.text, k=HITS, region=asked.region).hits
        return nearest(hits, asked.region)

    def _answered(self, searched: Searched) -> Answer:
        """The answer, or a refusal where it fails its own check."""
        asked, found = searched.asked, searched.main.found
        witnesses = witnesses_of(found.pool).numbers.tolist()
        dossier = _brought(self._index, searched, (*near(found), *witnesses))

        ranked = self._legal(found, asked.understood, CANDIDATES, asked.today, dossier)

        def basis(articles: Iterable[Article]) -> tuple[LegalBasis, ...]:
            return shown(asked.understood, ranked, articles, laws_of(self._index), asked.today)

        def evidence(of: Sought) -> Evidence:
            return Evidence(of, dossier, self._retriever)

        answer = compose(
            asked,
            found,
            dossier,
            asks=[
                Answering(
                    ask, of.found.hits if of.answered or of.near else (), evidence(of), of.near
                )
                for ask, of in searched.asks
            ],
            evidence=evidence(searched.main),
            basis=basis,
            topics=bearing(searched.main, self._models.asked_for, dossier, self._retriever),
            unlike=unlike(searched.main),
            select=self._models.judge.select,
        )
        wrong = problems(answer, dossier)
        if wrong:
            log.error("an answer failed its check: %s", "; ".join(wrong))
            return refuse(asked, phrases.UNCHECKED)
        return answer

    def _legal(
        self, found: Found, question: str, k: int, today: date, dossier: Dossier
    ) -> tuple[LegalBasis, ...]:
        articles = [
            (dossier.article(number), cosine) for number, cosine in witnesses_of(found.pool)
        ]
        return legal(
            question,
            found,
            [(article, cosine) for article, cosine in articles if article is not None],
            laws_of(self._index),
            self._models.encoder.model,
            k=k,
            today=today,
        )


def _unanswered(searched: Searched) -> Answer:
    """A refusal: why, and the nearest questions that can be answered."""
    asked, main = searched.asked, searched.main
    place = asked.region or main.found.question.region or asked.context.region
    reasons = [_REFUSALS[main.judgement.verdict]]
    if main.judgement.lacking:
        reasons.append(phrases.NOTHING_OF.format(what=main.judgement.lacking))
    return refuse(asked, *reasons, nearest=nearest(main.found.hits, place))


def _brought(index: Index, searched: Searched, beside: Iterable[int]) -> Dossier:
    """The articles of all hits and those beside them; with the tokens of the first hits' articles,
    whose sentences are judged whichever of their passages was found."""
    answering = [searched.main, *(of for _, of in searched.asks if of.answered or of.near)]
    numbers: list[int] = []
    first: list[int] = []
    for found in (of.found for of in answering):
        owner = {seen.passage.article.id: seen.article for seen in found.seen.values()}
        passages = (p for hit in found.hits for p in (hit.passage, *hit.also))
        numbers += (owner[passage.article.id] for passage in passages)
        first.append(owner[found.hits[0].passage.article.id])
    return Dossier.bring(index, (*numbers, *beside), codes_of=first)
