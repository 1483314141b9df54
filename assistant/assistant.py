"""``Assistant``: open a store once, then retrieve, ask, find the law, refresh. Safe for threads.

It always works on one generation of the store at a time: a question ends on the generation it
began with, and the next one takes up what a refresh has made current in between.
"""

from __future__ import annotations

import copy
import logging
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from assistant import phrases
from assistant.answer import Asked, compose, refuse, replied
from assistant.asked_for import AskedFor, is_everyday
from assistant.by_part import Answering
from assistant.checking import problems
from assistant.conversation import Resolved, leaning, resolve
from assistant.evidence import Evidence
from assistant.hits import Hits
from assistant.language_model import open_judge
from assistant.legal import hears, legal, matching, speaks
from assistant.nearest import nearest
from assistant.pinned import pinned
from assistant.recalled import Recalled
from assistant.searched import Searched, Sought
from assistant.talk import OTHER, RECORD, Talk
from assistant.types import Answer, Context, LegalBasis
from assistant.warm import warm
from corpus.errors import StoreError
from corpus.given import characters, path_given
from corpus.reading import Trust
from corpus.settings import Settings
from corpus.types import Scheme
from corpus.words import words
from index.build import Progress
from index.checks import Checks, read_checks
from index.corrections import Correction
from index.encoder import Encoder, open_encoder, same_family
from index.generations import build_command, exists
from index.ledger import kept, sources_of
from index.question import Question, read_question
from index.refresh import refresh
from index.report import Outcome, RefreshReport
from index.reranker import open_reranker
from index.retrieve import Found, Retriever, check_input
from index.scope import LOOKED_AT, judge
from index.store import Store
from index.types import Ranking

log = logging.getLogger(__name__)
T = TypeVar("T")
PLAINLY_ANSWERED = 0.7
"""Probability from which a question that sounds like another subject is answered all the same: the
articles in the store say what is ours."""
HITS = 10
"""Hits that an answer looks at and carries."""


class Assistant:
    """Answers from one store. Make it with ``Assistant.open()``; it may be shared by threads."""

    def __init__(self, store: Store, encoder: Encoder, settings: Settings) -> None:
        self.settings = settings
        self._encoder = encoder
        self._words = words(settings)
        self._asked_for = AskedFor(encoder.model)
        self._talk = Talk(encoder)
        self._judge = open_judge(settings, self._words)
        self._lock = threading.Lock()
        self._store = store
        self._reranker = open_reranker(settings)
        self._retriever = self._over(store)

    @classmethod
    def open(
        cls,
        store: str | Path | None = None,
        *,
        settings: Settings | None = None,
        encoder: Encoder | None = None,
        progress: Progress | None = None,
    ) -> Assistant:
        """Open a store; the default one is built from ``corpus/articles`` on first use.

        Raises ``StoreError`` where the folder is no store, is damaged or was made with another
        model, and ``ModelError`` where no model can be loaded or a language model is named by half.
        """
        settings = settings or Settings.from_environment()
        path = path_given(store) if store is not None else settings.store
        encoder = encoder or open_encoder(settings, progress=progress)
        if path == settings.store and not exists(path):
            return cls.create(
                path, settings.articles, settings=settings, encoder=encoder, progress=progress
            )
        opened = cls(_open(path, encoder), encoder, settings)
        # now, so that the first questions need not wait for it
        opened._asked_for.classifier.weights()
        opened._talk.classifier.weights()
        hears(encoder.model).weights()
        warm(opened._retriever, date.today())
        return opened

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
        encoder = encoder or open_encoder(settings, progress=progress)
        refresh(
            store,
            paths,
            encoder=encoder,
            words=words(settings),
            settings=settings,
            progress=progress,
        )
        return cls.open(store, settings=settings, encoder=encoder)

    def _over(self, store: Store) -> Retriever:
        return Retriever(Recalled(store), self._encoder, self._words, reranker=self._reranker)

    @property
    def retriever(self) -> Retriever:
        """The search over the current generation, taken up anew when a refresh has replaced it."""
        if self._store.stale():
            with self._lock:
                if self._store.stale():
                    self._store = _open(self._store.path, self._encoder)
                    self._retriever = self._over(self._store)
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
        found = retriever.find(
            question, k=HITS, meanwhile=lambda read: self._meanwhile(read, retriever)
        )
        return self._legal(found, question, k, today or date.today(), retriever)

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
            return replied(asked, kind, nearest=self._beside(text) if kind == RECORD else ())
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

    def _beside(self, text: str) -> tuple[str, ...]:
        """The questions nearest to a turn that can be answered."""
        return nearest(self.retriever.find(text, k=HITS).hits, None)

    def _pinned(self, asked: Asked, retriever: Retriever) -> Answer | None:
        """The answer that was fixed for this question, where it passes the check of any answer."""
        answer = pinned(asked, retriever.index)
        wrong = problems(answer, retriever.index) if answer is not None else []
        if wrong:
            log.error("a fixed answer failed its check: %s", "; ".join(wrong))
        return None if wrong else answer

    def _searched(
        self, asked: Asked, history: Sequence[Answer], retriever: Retriever
    ) -> tuple[Asked, Searched]:
        """What was found for a question as it stands in its talk, and whether that answers it."""

        def reads(text: str) -> Question:
            return read_question(characters(text), self._words)

        def known(word: str) -> bool:
            return retriever.knows(word) or is_everyday(word)

        turn = reads(asked.text)
        resolved = resolve(turn, history, reads=reads, known=known, rewrite=self._judge.rewrite)
        heard = self._search(asked, resolved, retriever)
        if heard[1].main.answered or resolved.follow_up:
            return heard
        again = leaning(turn, history, reads=reads, rewrite=self._judge.rewrite)
        if again is not None:
            further = self._search(asked, again, retriever)
            main = further[1].main
            if main.answered and _told(turn, main.found, retriever):
                return further
        return heard

    def _search(
        self, asked: Asked, resolved: Resolved, retriever: Retriever
    ) -> tuple[Asked, Searched]:
        context = resolved.context

        def sought(focus: str | None) -> Sought:
            found = retriever.find(
                resolved.text,
                k=HITS,
                scheme=asked.scheme,
                region=asked.region,
                prefer=asked.scheme or context.scheme,
                place=asked.region or context.region,
                focus=focus,
                meanwhile=lambda read: self._meanwhile(read, retriever),
            )
            return Sought(found, judge(found, retriever, today=asked.today))

        parts = tuple((ask, sought(ask.text)) for ask in resolved.parts)
        understood = replace(asked, understood=characters(resolved.text), context=context)
        return understood, Searched(sought(None), parts)

    def _answered(self, asked: Asked, searched: Searched, retriever: Retriever) -> Answer:
        """The answer, or a refusal where it fails its own check."""

        def evidence(of: Sought) -> Evidence:
            return Evidence(of.judgement.judged, of.found, retriever)

        found = searched.main.found
        answer = compose(
            asked,
            found,
            retriever.index,
            asks=[
                Answering(ask, of.found.hits if of.answered else (), evidence(of).odds)
                for ask, of in searched.asks
            ],
            evidence=evidence(searched.main),
            basis=speaks(self._legal(found, asked.understood, 3, asked.today, retriever)),
            facets_of=retriever.facets_of,
            about=self._asked_for.matters(found.question.text, found.vector),
            select=self._judge.select,
        )
        wrong = problems(answer, retriever.index)
        if wrong:
            log.error("an answer failed its check: %s", "; ".join(wrong))
            return refuse(asked, phrases.UNCHECKED)
        return answer

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
        checks: Callable[[Store], Mapping[str, Outcome]] | None = None,
    ) -> RefreshReport:
        """Take articles in (or ``remove`` them); this assistant uses them from its next question.

        ``trust``: what you say of them, ``national`` for rules of the country, ``policy``,
        ``agency`` or ``web``; files do not say it of themselves. ``brought``: the door through
        which others brought them. ``corrections``: what a person set of a file's facts, by its
        path; it holds at later refreshes too. ``stands_for``: for a trial (``dry_run``), the path
        that a given file would have. ``restored``: what ``held`` gave of files once, by place.
        ``checks``: what is asked of the store before and after; the saved check questions.
        """
        return refresh(
            self._store.path,
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
        known = sources_of(self._store.path)
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

        def asks(store: Store) -> Mapping[str, Outcome]:
            other = copy.copy(self)
            other._store, other._retriever = store, self._over(store)
            seen.append({question: look(other.ask(question)) for question in questions})
            return {}

        report = self.refresh(*paths, dry_run=True, checks=asks, **options)
        if len(seen) < 2:  # nothing would change
            return report, {}
        before, after = seen
        return report, {q: (before[q], after[q]) for q in before}

    def _meanwhile(self, read: Question, retriever: Retriever) -> Ranking:
        """What needs no vector: the statutes that share words with a question."""
        self._asked_for.prepare(read.text)
        hears(self._encoder.model).prepare(read.text)
        return matching(retriever.index, read, self._words)

    def _legal(
        self, found: Found, question: str, k: int, today: date, retriever: Retriever
    ) -> tuple[LegalBasis, ...]:
        return legal(
            retriever.index,
            self._encoder,
            question,
            k=k,
            today=today,
            hits=found.hits,
            vector=found.vector,
            words=self._words,
            read=found.question,
            matches=found.meanwhile,
        )


def _open(path: Path, encoder: Encoder) -> Store:
    """The store, if its vectors can be compared with the encoder's."""
    store = Store.open(path)
    if not same_family(store.model, encoder.model):
        raise StoreError(
            f"知识库 {path} 是用模型 {store.model} 建的，现在用的是 {encoder.model}："
            f"请把 YIBAO_MODEL 设回原来的模型，或重建：{build_command(path, rebuild=True)}"
        )
    return store


def _told(turn: Question, found: Found, retriever: Retriever) -> bool:
    """Whether most of a turn's own words are in the first hits, or are such as people use here: the
    talk alone would always find."""
    texts = "".join(retriever.text_of(hit) for hit in found.hits[:LOOKED_AT])
    groups = [same for _, same in retriever.word_groups(turn)]
    held = sum(any(word in texts or is_everyday(word) for word in same) for same in groups)
    return 2 * held >= len(groups)


_REFUSALS = {"off topic": phrases.OFF_TOPIC, "unanswered": phrases.REFUSED}
