"""Stores that many tests share, each built once a session with the real model."""

from __future__ import annotations

import pytest
from ground import seeds_folder
from hypothesis import settings as hypothesis_settings

from assistant import Assistant
from corpus.settings import ROOT, Settings
from index.encoder import Encoder, open_encoder

# what one run finds every run finds; ``benchmarks.fuzz`` looks further, with a seed of its own
hypothesis_settings.register_profile("suite", derandomize=True)
hypothesis_settings.load_profile("suite")


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
