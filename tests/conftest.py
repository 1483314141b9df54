"""Stores that many tests share, each built once a session with the real model."""

from __future__ import annotations

import os
import shutil
import ssl
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import httpx
import pytest
from filelock import FileLock
from ground import seeds_folder
from hypothesis import settings as hypothesis_settings
from model_kit import RememberingEncoder
from postgres_kit import MISSING, REASON, Postgres, running

from assistant import Assistant
from corpus.settings import ROOT, Settings
from index.encoder import BundledEncoder, Encoder, open_encoder

LONG = (
    "test_conflicts.py", "test_people.py", "test_libraries.py", "test_page_workers.py", "test_page_two.py",
    "test_page_processes.py", "test_kill.py", "test_deploy.py", "test_retrieval_quality.py",
    "test_assistant.py",
)  # fmt: skip
"""The files that take the longest, in the order in which they are begun: the second process has
work that needs no store while the first builds the one that most of them ask."""

# what one run finds every run finds; ``benchmarks.fuzz`` looks further, with a seed of its own
hypothesis_settings.register_profile("suite", derandomize=True)
hypothesis_settings.load_profile("suite")

# each client of httpx reads all of the machine's certificates, 40 ms, of which nothing here has need
httpx._transports.default.create_ssl_context = lru_cache(maxsize=None)(
    lambda **_: ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first, so that all processes end together (``--no-loadscope-reorder`` keeps the
    order); those of the page last, for the browser stays open from then on."""
    measuring = {item.path for item in items if item.get_closest_marker("quality")}
    sizes = Counter(item.path for item in items)

    def turn(item: pytest.Item) -> tuple[int, int]:
        path = item.path
        if path.name in LONG:
            return 0, LONG.index(path.name)
        if path in measuring:
            return 1, 0
        return (3 if path.parent.name == "page" else 2), -sizes[path]

    items.sort(key=turn)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL of the tests' own."""
    if MISSING:
        pytest.skip(REASON)
    with running() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """Where a state lies: "" for SQLite files, or the address of an empty PostgreSQL."""
    if request.param == "sqlite":
        yield ""
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.database() as address:
        yield address


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
    opened = open_encoder(settings)
    if isinstance(opened, BundledEncoder):
        return RememberingEncoder(opened.engine, opened.model.rpartition("/")[0])
    return opened


@pytest.fixture(scope="session")
def shipped(
    settings: Settings, encoder: Encoder, tmp_path_factory: pytest.TempPathFactory
) -> Assistant:
    """An assistant over the articles in the repo: what a user gets."""

    def build(store: Path) -> None:
        Assistant.open(settings=replace(settings, store=store), encoder=encoder)

    _built_once(settings.store, build, encoder, tmp_path_factory)
    return Assistant.open(settings=settings, encoder=encoder)


@pytest.fixture(scope="session")
def seeds(
    settings: Settings, encoder: Encoder, tmp_path_factory: pytest.TempPathFactory
) -> Assistant:
    """An assistant over the five source pages alone."""
    folder, store = seeds_folder(), settings.store.parent / "seeds"

    def build(store: Path) -> None:
        Assistant.create(store, folder, settings=settings, encoder=encoder)

    _built_once(store, build, encoder, tmp_path_factory)
    return Assistant.open(store, settings=settings, encoder=encoder)


def _built_once(
    store: Path,
    build: Callable[[Path], None],
    encoder: Encoder,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Build a store; where several processes run the tests the first that needs it does (50 s), and
    each takes a copy of its own, with what was computed of the texts in it: the laws are in all."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        build(store)
        return
    whole = tmp_path_factory.getbasetemp().parent / store.name
    texts = whole.with_name(f"{whole.name}.texts")
    remembers = isinstance(encoder, RememberingEncoder)
    with FileLock(f"{whole}.lock"):
        if not whole.exists():
            building = whole.with_name(f"{whole.name}.part")
            build(building)
            if remembers:
                encoder.write_down(texts)
            building.rename(whole)
        elif remembers:
            encoder.learn(texts)
    shutil.copytree(whole, store)
