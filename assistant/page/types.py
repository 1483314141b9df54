"""What the page needs of the assistant, as a Protocol, so that its tests need no model."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Protocol, TypeVar

from assistant.types import Answer, LegalBasis
from corpus.settings import Settings
from index.corrections import Correction
from index.report import RefreshReport
from index.types import Hit, Index

T = TypeVar("T")


class Searching(Protocol):
    """As much of ``index.retrieve.Retriever`` as the page uses."""

    @property
    def index(self) -> Index:
        """The current generation."""


class Clerk(Protocol):
    """``assistant.Assistant`` as seen from the page. May be called from many threads at once."""

    @property
    def settings(self) -> Settings:
        """Where things are; ``admin_password`` switches the admin corner on."""

    @property
    def retriever(self) -> Searching:
        """The search over the current generation."""

    def ask(
        self,
        question: str,
        history: Sequence[Answer] = (),
        scheme: Any = None,
        region: str | None = None,
        today: date | None = None,
    ) -> Answer:
        """A cited answer. ``history``: the earlier answers of this talk, oldest first."""

    def retrieve(
        self,
        question: str,
        k: int = 5,
        scheme: Any = None,
        region: str | None = None,
        today: date | None = None,
    ) -> Sequence[Hit]:
        """The best passages, best first."""

    def legal(self, question: str, k: int = 5, today: date | None = None) -> Sequence[LegalBasis]:
        """Articles of laws that bear on the question, best first."""

    def refresh(
        self,
        *paths: str | Path,
        remove: bool = False,
        dry_run: bool = False,
        progress: Callable[[str, int, int], object] | None = None,
        brought: str = "",
        corrections: Mapping[str | Path, Correction] | None = None,
        stands_for: Mapping[str | Path, str | Path] | None = None,
        restored: Mapping[str, bytes] | None = None,
    ) -> RefreshReport:
        """Take articles in, or out with ``remove``; gives a report. ``brought``: through which door
        others than the operator brought them; ``corrections``: what a person set of a file's facts,
        by its path; ``stands_for``: for a trial, the path that a given file would have. ``restored``: what ``held`` gave
        once, to be put back."""

    def held(self, places: Sequence[str]) -> Mapping[str, bytes]:
        """All that the store knows of the files at these places, b"" where it knows nothing."""

    def rehearse(
        self,
        *paths: str | Path,
        questions: Sequence[str],
        look: Callable[[Answer], T],
        **options: Any,
    ) -> tuple[RefreshReport, dict[str, tuple[T, T]]]:
        """A trial of ``refresh``: its report, and what ``look`` makes of the answers to some
        questions before and after; of none where nothing would change."""
