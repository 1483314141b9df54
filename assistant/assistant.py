"""``Assistant``: open a store once, then retrieve, ask, find the law, refresh. Safe for threads.

It always works on one generation of the store at a time: a question ends on the generation it
began with, and the next one takes up what a refresh has made current in between.
"""

from __future__ import annotations

import copy
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from assistant import phrases
from assistant.asking import Asking
from assistant.ground import Asked
from assistant.hits import Hits
from assistant.models import Models
from assistant.rehearsal import Rehearsal
from assistant.types import Answer, Context, LegalBasis
from assistant.warm import look, warm
from corpus.given import characters
from corpus.mention_roles import anywhere
from corpus.reading import Trust
from corpus.settings import Settings
from corpus.text import fold
from corpus.types import Scheme
from corpus.words import words
from index.build import Progress
from index.checks import Checks, read_checks
from index.corrections import Correction
from index.encoder import Encoder, open_encoder
from index.engine import Checks as Checking
from index.engine import Engine
from index.engines import engine_at
from index.ledger import kept
from index.posed import check_input
from index.report import RefreshReport
from index.retrieve import Retriever
from index.scope import judge
from index.types import Index

T = TypeVar("T")


class Assistant:
    """Answers from one store. Make it with ``Assistant.open()``; it may be shared by threads."""

    def __init__(self, engine: Engine, index: Index, encoder: Encoder, settings: Settings) -> None:
        self.settings = settings
        self.engine = engine
        self._models = Models(encoder, settings)
        self._lock = threading.Lock()
        self._retriever = self._models.over(index)

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
        opened._models.load()
        look(opened._retriever.index, encoder.dimension)
        warm(opened._retriever, date.today())
        return opened

    def over(self, index: Index) -> Assistant:
        """The same assistant over another generation, that of a trial for one."""
        other = copy.copy(self)
        other._retriever = self._models.over(index)
        return other

    @property
    def retriever(self) -> Retriever:
        """The search over the current generation, taken up anew when a refresh has replaced it."""
        if self._retriever.index.stale():
            with self._lock:
                if self._retriever.index.stale():
                    model = self._models.encoder.model
                    self._retriever = self._models.over(self.engine.open(model=model))
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
        day = today or date.today()
        verdict = judge(found, retriever, today=day)
        if verdict.verdict != "in" and found.missing_place:  # as ``ask``: what holds everywhere
            text, place = anywhere(fold(question)), found.missing_place
            general = retriever.find(text, k=k, scheme=scheme, region=region, place=place)
            verdict = judge(general, retriever, today=day)
        answered = "" if verdict.verdict == "in" else phrases.NEAREST
        notes = (answered, phrases.missing_place(found.missing_place))
        return Hits(question, found.hits, "".join(filter(None, notes)))

    def legal(self, question: str, k: int = 5, today: date | None = None) -> tuple[LegalBasis, ...]:
        """The articles of laws that bear on the question, best first, each with its state today."""
        check_input(question, k=k)
        asking = Asking(self._models, self.retriever)
        return asking.legal(characters(question), k, today or date.today())

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
        return Asking(self._models, retriever).answer(asked, history)

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
        checks: Checking | None = None,
    ) -> RefreshReport:
        """Take articles in (or ``remove`` them); this assistant uses them from its next question.

        ``trust``: what you say of them, ``national`` for rules of the country, ``policy``,
        ``agency`` or ``web``; files do not say it of themselves. ``brought``: the door through
        which others brought them. ``corrections``: what a person set of a file's facts, by its
        path; it holds at later refreshes too. ``stands_for``: for a trial (``dry_run``), the path
        that a given file would have. ``restored``: what ``held`` gave of files once, by place.
        ``checks``: what is asked of the store before and after; the saved check questions.
        """
        models = self._models
        if checks is None:
            checks = Checks(read_checks(), models.encoder, models.words, today=date.today())
        return self.engine.refresh(
            paths,
            encoder=models.encoder,
            words=models.words,
            remove=remove,
            dry_run=dry_run,
            progress=progress,
            settings=self.settings,
            trust=trust,
            brought=brought,
            corrections=corrections,
            stands_for=stands_for,
            restored=restored,
            checks=checks,
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
        rehearsal = Rehearsal(lambda index: self.over(index).ask, questions, look)
        report = self.refresh(*paths, dry_run=True, checks=rehearsal, **options)
        return report, rehearsal.changes()
