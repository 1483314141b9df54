"""A server with the stand-in assistant, a browser, and pages that fail on any foreign request,
console error or page error."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio
import httpx
import pytest
from page_kit import CHROMIUM, FLAGS, Served, Visit, serve

from assistant.page import chat
from assistant.page.limits import Limits

# a busy machine may need longer for an answer than the five seconds that httpx gives it
for _waits in ("connect", "read", "write", "pool"):
    setattr(httpx._config.DEFAULT_TIMEOUT_CONFIG, _waits, 60.0)


class _Unserved:
    """What ``gr.Blocks`` makes of itself thrice before it is mounted: each time an application of
    some ninety routes (0.1 s) that nobody serves. Its queue reads the root path off it."""

    @staticmethod
    def create_app(*_: Any, **__: Any) -> SimpleNamespace:
        return SimpleNamespace(root_path="")


gradio.blocks.App = _Unserved


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One server for all tests that do not stop it; its limits are out of the way."""
    chat.PAUSE = 0.01  # the same stream, without the time that a reader needs
    limits = Limits(visitor_burst=10_000, address_burst=100_000, requests_burst=1_000_000)
    served = serve(tmp_path_factory.mktemp("page"), limits=limits)
    yield served
    served.stop()


@pytest.fixture(scope="session", autouse=True)
def nothing_leaves_the_machine() -> Iterator[None]:
    """The server's half of "no foreign request": this process may connect to loopback only."""
    connect = socket.socket.connect

    def watched(self: socket.socket, address: Any) -> None:
        assert self.family == socket.AF_UNIX or address[0] in ("127.0.0.1", "::1"), address
        connect(self, address)

    socket.socket.connect = watched  # type: ignore[method-assign]
    yield
    socket.socket.connect = connect  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Debian's Chromium. Skips where it or Playwright is missing."""
    playwright = pytest.importorskip("playwright.sync_api", reason="pip install playwright")
    if not Path(CHROMIUM).exists():
        pytest.skip(f"no {CHROMIUM}: apt-get install chromium")
    with playwright.sync_playwright() as play:
        # thirty seconds, Playwright's own patience, are not enough for a busy machine
        chromium = play.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS), timeout=300_000)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def visits(browser: Any, server: Served) -> Iterator[Visit]:
    """The contexts of the session."""
    every = Visit(browser, server.url)
    yield every
    for context in every.contexts.values():
        context.close()


@pytest.fixture
def visit(visits: Visit) -> Iterator[Visit]:
    """A way to open pages; afterwards nothing foreign was asked for and nothing went wrong."""
    visits.allowed.clear()
    visits.wrong.clear()
    yield visits
    visits.leave()
    assert visits.wrong == []
