"""``Assistant``: open a store once, then retrieve, ask, find the law, refresh. Safe for threads.

It always works on one generation of the store at a time: a question ends on the generation it
began with, and the next one takes up what a refresh has made current in between.
"""

from __future__ import annotations

import copy
import logging
import re
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from assistant import phrases
from assistant.answer import Asked, compose, refuse, replied
from assistant.asked_for import AskedFor, is_everyday
from assistant.by_part import Answering
from assistant.checking import problems
from assistant.conflicts import beside
from assistant.conversation import Resolved, leaning, resolve
from assistant.dossier import Dossier
from assistant.evidence import Evidence
from assistant.hits import Hits
from assistant.language_model import open_judge
from assistant.laws import laws_of
from assistant.legal import CANDIDATES, hears, legal, speaks, witnesses_of
from assistant.nearest import nearest
from assistant.pinned import pinned
from assistant.searched import Searched, Sought
from assistant.talk import OTHER, RECORD, Talk
from assistant.types import Answer, Context, LegalBasis
from assistant.warm import look, warm
from corpus.fixed import question_key
from corpus.given import characters
from corpus.reading import Trust
from corpus.settings import Settings
from corpus.types import Scheme
from corpus.words import words
from index.build import Progress
from index.checks import Checks, read_checks
from index.corrections import Correction
from index.encoder import Encoder, open_encoder
from index.engine import Checks as Asking
from index.engine import Engine
from index.engines import engine_at
from index.found import Found, Search
from index.ledger import kept
from index.posed import check_input
from index.question import Question, read_question
from index.report import Outcome, RefreshReport
from index.reranker import open_reranker
from index.retrieve import Retriever
from index.scope import LOOKED_AT, judge
from index.types import Index

log = logging.getLogger(__name__)
T = TypeVar("T")
PLAINLY_ANSWERED = 0.7
"""Probability from which a question that sounds like another subject is answered all the same: the
articles in the store say what is ours."""
HITS = 10
"""Hits that an answer looks at and carries."""


class Assistant:
    """Answers from one store. Make it with ``Assistant.open()``; it may be shared by threads."""

    def __init__(self, engine: Engine, index: Index, encoder: Encoder, settings: Settings) -> None:
        self.settings = settings
        self.engine = engine
        self._encoder = encoder
        self._words = words(settings)
        self._asked_for = AskedFor(encoder.model)
        self._talk = Talk(encoder)
        self._judge = open_judge(settings, self._words)
        self._lock = threading.Lock()
        self._reranker = open_reranker(settings)
        self._retriever = self._over(index)

    @classmethod
    def open(
        cls,
        store: str | Path | None = None,
        *,
        settings: Settings | None = None,
        encoder: Encoder | None = None,
        progress: Progress | None = None,
    ) -> Assistant:
        """Open a store, a folder or the address of an engine (docs/engines.md); the default one is
        built from ``corpus/articles`` on first use.

        Raises ``StoreError`` where the folder is no store, is damaged or was made with another
        model, and ``ModelError`` where no model can be loaded or a language model is named by half.
        """
        settings = settings or Settings.from_environment()
        engine = engine_at(settings.address if store is None else store)
        encoder = encoder or open_encoder(settings, progress=progress)
        if engine.address == settings.address and not engine.exists():
            cls._make(engine, (settings.articles,), encoder, settings, progress)
        return cls._opened(engine, encoder, settings)

    @classmethod
    def create(
        cls,
        store: str | Path,
        *paths: str | Path,
        settings: Settings | None = None,
        encoder: Encoder | None = None,
        progress: Progress | None = None,
    ) -> Assistant:
        """Make a store of the articles in ``paths`` (and the statutes), and open it.

        Raises ``InputError`` where nothing in ``paths`` can be read.
        """
        settings = settings or Settings.from_environment()
        engine = engine_at(store)
        encoder = encoder or open_encoder(settings, progress=progress)
        cls._make(engine, paths, encoder, settings, progress)
        return cls._opened(engine, encoder, settings)

    @classmethod
    def _make(
        cls,
        engine: Engine,
        paths: Sequence[str | Path],
        encoder: Encoder,
        settings: Settings,
        progress: Progress | None,
    ) -> None:
        engine.refresh(
            paths,
            encoder=encoder,
            words=words(settings),
            settings=settings,
            progress=progress,
        )

    @classmethod
    def _opened(cls, engine: Engine, encoder: Encoder, settings: Settings) -> Assistant:
        opened = cls(engine, engine.open(model=encoder.model), encoder, settings)
        # now, so that the first questions need not wait for it
        opened._asked_for.classifier.weights()
        opened._talk.classifier.weights()
        hears(encoder.model).weights()
        look(opened._retriever.index, encoder.dimension)
        warm(opened._retriever, date.today())
        return opened

    def over(self, index: Index) -> Assistant:
        """The same assistant over another generation, that of a trial for one."""
        other = copy.copy(self)
        other._retriever = self._over(index)
        return other

    def _over(self, index: Index) -> Retriever:
        return Retriever(index, self._encoder, self._words, reranker=self._reranker)

    @property
    def retriever(self) -> Retriever:
        """The search over the current generation, taken up anew when a refresh has replaced it."""
        if self._retriever.index.stale():
            with self._lock:
                if self._retriever.index.stale():
                    self._retriever = self._over(self.engine.open(model=self._encoder.model))
        return self._retriever

    def retrieve(
        self,
        question: str,
        k: int = 5,
        scheme: Scheme | None = None,
        region: str | None = None,
        today: date | None = None,
    ) -> Hits:
        """The ``k`` passages that fit best (fewer where the store has fewer), best first.

        Statutes come from ``legal``. Whether any of them answers is for ``ask`` to say; where it
        would refuse on the day, the note says so. Empty only where there is nothing to search.
        Raises ``InputError`` for an empty or overlong question, ``k`` < 1, an unknown scheme or
        region.
        """
        check_input(question, k=k, scheme=scheme)
        question = characters(question)
        retriever = self.retriever
        found = retriever.find(question, k=k, scheme=scheme, region=region)
        if not found.hits or not re.search(r"\w", question):
            return Hits(question, (), phrases.NOTHING_TO_SEARCH)
        verdict = judge(found, retriever, today=today or date.today())
        answered = "" if verdict.verdict == "in" else phrases.NEAREST
        notes = (answered, phrases.missing_place(found.missing_place))
        return Hits(question, found.hits, "".join(filter(None, notes)))

    def legal(self, question: str, k: int = 5, today: date | None = None) -> tuple[LegalBasis, ...]:
        """The articles of laws that bear on the question, best first, each with its state today."""
        check_input(question, k=k)
        question = characters(question)
        retriever = self.retriever
        (found,) = retriever.find_all(
            [Search(question, k=HITS, laws=CANDIDATES)], prepare=self._prepare
        )
        dossier = Dossier.bring(retriever.index, witnesses_of(found.pool).numbers.tolist())
        return self._legal(found, question, k, today or date.today(), retriever.index, dossier)

    def ask(
        self,
        question: str,
        history: Sequence[Answer] = (),
        scheme: Scheme | None = None,
        region: str | None = None,
        today: date | None = None,
    ) -> Answer:
        """A cited answer, a question back, or a refusal; ``history`` holds the earlier answers.

        Deterministic for the same store, question, history and ``today``.
        Raises ``InputError`` as ``retrieve`` does; never anything else for a question's sake.
        """
        check_input(question, scheme=scheme)
        retriever, text = self.retriever, characters(question)
        asked = Asked(text, text, Context(), scheme, retriever.place(region), today or date.today())
        if (fixed := self._pinned(asked, retriever)) is not None:
            return fixed
        kind = self._talk.kind(text, first=not history)
        if kind in phrases.TALK:
            near = _beside(asked, retriever) if kind == RECORD else ()
            return replied(asked, kind, nearest=near)
        asked, searched = self._searched(asked, () if kind == OTHER else history, retriever)
        judgement = searched.main.judgement
        if kind == OTHER and judgement.probability < PLAINLY_ANSWERED:
            return refuse(asked, phrases.OFF_TOPIC)
        if not searched.main.answered:
            place = asked.region or searched.main.found.question.region or asked.context.region
            near = nearest(searched.main.found.hits, place)
            reasons = [_REFUSALS[judgement.verdict]]
            if judgement.lacking:
                reasons.append(phrases.NOTHING_OF.format(what=judgement.lacking))
            return refuse(asked, *reasons, nearest=near)
        return self._answered(asked, searched, retriever)

    def _pinned(self, asked: Asked, retriever: Retriever) -> Answer | None:
        """The answer that was fixed for this question, where it passes the check of any answer."""
        number = retriever.fixed.get(question_key(asked.text))
        if number is None:
            return None
        dossier = Dossier.bring(retriever.index, [number])
        entry = dossier.entry(number)
        answer = pinned(asked, entry, laws_of(retriever.index)) if entry is not None else None
        wrong = problems(answer, dossier) if answer is not None else []
        if wrong:
            log.error("a fixed answer failed its check: %s", "; ".join(wrong))
        return None if wrong else answer

    def _searched(
        self, asked: Asked, history: Sequence[Answer], retriever: Retriever
    ) -> tuple[Asked, Searched]:
        """What was found for a question as it stands in its talk, and whether that answers it."""

        def reads(text: str) -> Question:
            return read_question(characters(text), self._words)

        turn = reads(asked.text)
        held: list[frozenset[str]] = []  # asked of the index once, and only where it is wanted

        def known(word: str) -> bool:
            if not held:
                held.append(retriever.known(turn.words))
            return word in held[0] or is_everyday(word)

        resolved = resolve(turn, history, reads=reads, known=known, rewrite=self._judge.rewrite)
        heard = self._search(asked, resolved, retriever)
        if heard[1].main.answered or resolved.follow_up:
            return heard
        again = leaning(turn, history, reads=reads, rewrite=self._judge.rewrite)
        if again is not None:
            further = self._search(asked, again, retriever)
            main = further[1].main
            if main.answered and self._told(turn, main.found):
                return further
        return heard

    def _search(
        self, asked: Asked, resolved: Resolved, retriever: Retriever
    ) -> tuple[Asked, Searched]:
        context = resolved.context

        def search(focus: str | None) -> Search:
            return Search(
                resolved.text,
                k=HITS,
                scheme=asked.scheme,
                region=asked.region,
                prefer=asked.scheme or context.scheme,
                place=asked.region or context.region,
                focus=focus,
                laws=CANDIDATES,
            )

        searches = [search(None), *(search(ask.text) for ask in resolved.parts)]
        whole, *parts = (
            Sought(found, judge(found, retriever, today=asked.today))
            for found in retriever.find_all(searches, prepare=self._prepare)
        )
        understood = replace(asked, understood=characters(resolved.text), context=context)
        return understood, Searched(whole, tuple(zip(resolved.parts, parts, strict=True)))

    def _answered(self, asked: Asked, searched: Searched, retriever: Retriever) -> Answer:
        """The answer, or a refusal where it fails its own check."""
        index, found = retriever.index, searched.main.found
        about = self._asked_for.matters(found.question.text, found.vector)
        heard = beside(found.pool, about, index)
        dossier = _brought(index, searched, (*heard, *witnesses_of(found.pool).numbers.tolist()))

        def evidence(of: Sought) -> Evidence:
            return Evidence(of.judgement.judged, of.found, dossier, retriever)

        answer = compose(
            asked,
            found,
            dossier,
            asks=[
                Answering(ask, of.found.hits if of.answered else (), evidence(of).odds)
                for ask, of in searched.asks
            ],
            evidence=evidence(searched.main),
            basis=speaks(self._legal(found, asked.understood, 3, asked.today, index, dossier)),
            about=about,
            beside=heard,
            select=self._judge.select,
        )
        wrong = problems(answer, dossier)
        if wrong:
            log.error("an answer failed its check: %s", "; ".join(wrong))
            return refuse(asked, phrases.UNCHECKED)
        return answer

    def _told(self, turn: Question, found: Found) -> bool:
        """Whether most of a turn's own words are in the first hits, or are such as people use here:
        the talk alone would always find."""
        texts = "".join(found.text_of(hit) for hit in found.hits[:LOOKED_AT])
        groups = [(word, *self._words.synonyms(word)) for word in turn.words]
        held = sum(any(word in texts or is_everyday(word) for word in same) for same in groups)
        return 2 * held >= len(groups)

    def refresh(
        self,
        *paths: str | Path,
        remove: bool = False,
        dry_run: bool = False,
        progress: Progress | None = None,
        trust: Trust | None = None,
        brought: str = "",
        corrections: Mapping[str | Path, Correction] | None = None,
        stands_for: Mapping[str | Path, str | Path] | None = None,
        restored: Mapping[str, bytes] | None = None,
        checks: Asking | None = None,
    ) -> RefreshReport:
        """Take articles in (or ``remove`` them); this assistant uses them from its next question.

        ``trust``: what you say of them, ``national`` for rules of the country, ``policy``,
        ``agency`` or ``web``; files do not say it of themselves. ``brought``: the door through
        which others brought them. ``corrections``: what a person set of a file's facts, by its
        path; it holds at later refreshes too. ``stands_for``: for a trial (``dry_run``), the path
        that a given file would have. ``restored``: what ``held`` gave of files once, by place.
        ``checks``: what is asked of the store before and after; the saved check questions.
        """
        return self.engine.refresh(
            paths,
            encoder=self._encoder,
            words=self._words,
            remove=remove,
            dry_run=dry_run,
            progress=progress,
            settings=self.settings,
            trust=trust,
            brought=brought,
            corrections=corrections,
            stands_for=stands_for,
            restored=restored,
            checks=checks or Checks(read_checks(), self._encoder, self._words, today=date.today()),
        )

    def held(self, places: Sequence[str]) -> dict[str, bytes]:
        """All that the store knows of the files at these places (``index.ledger.kept``), b"" where
        it knows nothing: what ``refresh(restored=…)`` puts back."""
        known = self.engine.sources()
        return {place: kept(known[place]) if place in known else b"" for place in places}

    def rehearse(
        self,
        *paths: str | Path,
        questions: Sequence[str],
        look: Callable[[Answer], T],
        **options: Any,
    ) -> tuple[RefreshReport, dict[str, tuple[T, T]]]:
        """What a refresh would do, and how it would change the answers to some questions: the
        report of a trial, and for each question what ``look`` made of its answer before and after.
        Nothing is written; the answers go with the trial. ``options``: as for ``refresh``."""
        seen: list[dict[str, T]] = []

        def asks(index: Index) -> Mapping[str, Outcome]:
            other = self.over(index)
            seen.append({question: look(other.ask(question)) for question in questions})
            return {}

        report = self.refresh(*paths, dry_run=True, checks=asks, **options)
        if len(seen) < 2:  # nothing would change
            return report, {}
        before, after = seen
        return report, {q: (before[q], after[q]) for q in before}

    def _prepare(self, read: Question) -> None:
        """What needs no vector is worked out while the model makes it."""
        self._asked_for.prepare(read.text)
        hears(self._encoder.model).prepare(read.text)

    def _legal(
        self, found: Found, question: str, k: int, today: date, index: Index, dossier: Dossier
    ) -> tuple[LegalBasis, ...]:
        articles = [
            (dossier.article(number), cosine) for number, cosine in witnesses_of(found.pool)
        ]
        return legal(
            question,
            found,
            [(article, cosine) for article, cosine in articles if article is not None],
            laws_of(index),
            self._encoder.model,
            k=k,
            today=today,
        )


def _beside(asked: Asked, retriever: Retriever) -> tuple[str, ...]:
    """The questions nearest to a turn that can be answered, in the generation that it began with."""
    return nearest(retriever.find(asked.text, k=HITS, region=asked.region).hits, asked.region)


def _brought(index: Index, searched: Searched, beside: Iterable[int]) -> Dossier:
    """The articles of all hits and those beside them; with the tokens of the first hits' articles,
    whose sentences are judged whichever of their passages was found."""
    answering = [searched.main, *(of for _, of in searched.asks if of.answered)]
    numbers: list[int] = []
    first: list[int] = []
    for found in (of.found for of in answering):
        owner = {seen.passage.article.id: seen.article for seen in found.seen.values()}
        passages = (p for hit in found.hits for p in (hit.passage, *hit.also))
        numbers += (owner[passage.article.id] for passage in passages)
        first.append(owner[found.hits[0].passage.article.id])
    return Dossier.bring(index, (*numbers, *beside), codes_of=first)


_REFUSALS = {"off topic": phrases.OFF_TOPIC, "unanswered": phrases.REFUSED}
