"""Stores that many tests share, each built once a session with the real model."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assistant import Assistant
from corpus.settings import ROOT, Settings
from index.encoder import Encoder, open_encoder

SHARED = ROOT.parent / "shared"
TODAY = date(2026, 11, 21)


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The user's own settings, but with stores and feedback in a folder of the session."""
    here = tmp_path_factory.mktemp("yibao")
    own = Settings.from_environment()
    return Settings(
        store=here / "store",
        articles=ROOT / "corpus" / "articles",
        cache=own.cache,
        feedback=here / "feedback.db",
    )


@pytest.fixture(scope="session")
def encoder(settings: Settings) -> Encoder:
    return open_encoder(settings)


@pytest.fixture(scope="session")
def shipped(settings: Settings, encoder: Encoder) -> Assistant:
    """An assistant over the articles in the repo: what a user gets."""
    return Assistant.open(settings=settings, encoder=encoder)


@pytest.fixture(scope="session")
def seeds(settings: Settings, encoder: Encoder) -> Assistant:
    """An assistant over the five source pages alone."""
    folder = seeds_folder()
    return Assistant.create(
        settings.store.parent / "seeds", folder, settings=settings, encoder=encoder
    )


def seeds_folder() -> Path:
    """The source pages; the test skips where they are absent (they are other people's pages)."""
    folder = SHARED / "seeds"
    if not folder.is_dir():
        pytest.skip("the source pages lie beside the project only on the developers' machines")
    return folder
