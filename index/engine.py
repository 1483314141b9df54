"""Where generations come from and go to: the Protocol of an engine.

``index.types.Index`` is one generation, as questions are asked of it; an ``Engine`` keeps them, makes
new ones, and says how they are. ``index.folder.Folder`` is the engine of a folder on this machine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from corpus.reading import Trust
from corpus.settings import Settings
from index.build import Encoder, Progress
from index.corrections import Correction
from index.ingest.types import Crew
from index.postings import Segmenter
from index.report import Outcome, RefreshReport
from index.sources import SourceFile
from index.status import StoreStatus
from index.types import Index
from index.verify import Verification

Checks = Callable[[Index], Mapping[str, Outcome]]
"""Asks a generation the saved check questions: question -> what it got."""


class Engine(Protocol):
    """The generations of one body of articles. May be used from many threads at once."""

    @property
    def address(self) -> str:
        """How messages and commands name it: the folder's path, an engine's address (never with a
        password)."""

    def exists(self) -> bool:
        """Whether a generation was ever made here, usable or not. Raises ``StoreError`` where that
        cannot be told."""

    def open(self, *, model: str | None = None) -> Index:
        """The current generation. ``model``: the identity of the model that will ask it.

        Raises ``StoreError`` where there is none, or it is damaged, of another format, of another
        model or with tokens of an older program; the message gives the command that mends it."""

    def refresh(
        self,
        paths: Sequence[str | Path] = (),
        *,
        encoder: Encoder,
        words: Segmenter | None = None,
        settings: Settings | None = None,
        remove: bool = False,
        rebuild: bool = False,
        dry_run: bool = False,
        progress: Progress | None = None,
        checks: Checks | None = None,
        trust: Trust | None = None,
        brought: str = "",
        corrections: Mapping[str | Path, Correction] | None = None,
        stands_for: Mapping[str | Path, str | Path] | None = None,
        restored: Mapping[str, bytes] | None = None,
        crew: Crew | None = None,
    ) -> RefreshReport:
        """Make a generation of the files at ``paths`` and those known before, and make it the current
        one last of all: whoever is killed before that leaves the old one in force. Parameters and
        errors are those of ``index.refresh.refresh``. ``checks`` is called with the generation before
        and the one to come, which a trial (``dry_run``) makes too, and leaves no trace of."""

    def status(self) -> StoreStatus:
        """What the current generation holds and how it is searched. Raises as ``open`` does."""

    def verify(
        self,
        *,
        encoder: Encoder | None = None,
        words: Segmenter,
        every: bool = False,
        progress: Callable[[str, int, int], object] = lambda *_: None,
    ) -> Verification:
        """Look at everything. Without an encoder no vector is made again, with ``every`` all are.
        Raises ``StoreError`` where there is nothing at all; damage is reported, not raised."""

    def settle(self) -> None:
        """Return when what a refresh removed is gone for good: where others may still be reading it,
        that is a while after the refresh. At once where nothing waits."""

    def sources(self) -> Mapping[str, SourceFile]:
        """What the current generation was made of: each file read, by its place. Raises as ``open``
        does."""
