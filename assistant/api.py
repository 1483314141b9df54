"""``ask``, ``retrieve`` and ``refresh`` without an object: they share one Assistant per store.

Which store is read from the settings at each call, so a notebook may change ``YIBAO_STORE``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path

from assistant.assistant import Assistant
from assistant.hits import Hits
from assistant.types import Answer
from corpus.reading import Trust
from corpus.settings import Settings
from corpus.types import Scheme
from index.report import RefreshReport


@lru_cache(maxsize=4)
def _shared(settings: Settings) -> Assistant:
    return Assistant.open(settings=settings)


def retrieve(
    question: str, k: int = 5, scheme: Scheme | None = None, region: str | None = None
) -> Hits:
    """The ``k`` passages that fit a question best; see ``Assistant.retrieve``."""
    return _shared(Settings.from_environment()).retrieve(question, k, scheme, region)


def ask(
    question: str,
    history: Sequence[Answer] = (),
    scheme: Scheme | None = None,
    region: str | None = None,
    today: date | None = None,
) -> Answer:
    """A cited answer to a question; see ``Assistant.ask``."""
    return _shared(Settings.from_environment()).ask(question, history, scheme, region, today)


def refresh(
    *paths: str | Path, remove: bool = False, dry_run: bool = False, trust: Trust | None = None
) -> RefreshReport:
    """Take new articles into the default store; see ``Assistant.refresh``."""
    return _shared(Settings.from_environment()).refresh(
        *paths, remove=remove, dry_run=dry_run, trust=trust
    )
