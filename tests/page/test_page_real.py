"""The real assistant behind the page: what a visitor of the shipped store gets."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from page_kit import PATIENT, Visit, ask, run_server

import app
from assistant.page.journal import Journal
from assistant.page.limits import Limits
from assistant.page.main import of_engine
from assistant.page.server import create_app
from corpus.settings import ROOT

QUESTION = "职工医保断缴两个月怎么补"


@pytest.fixture(scope="module")
def real(shipped: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a page over the articles in the repo."""
    folder = tmp_path_factory.mktemp("real")
    settings = replace(shipped.settings, feedback=folder / "feedback.db")
    app = create_app(
        shipped, journal=Journal.beside(settings), limits=Limits(state_seconds=PATIENT)
    )
    url, stop = run_server(app)
    yield url
    stop()


@pytest.mark.browser
def test_a_real_answer_is_cited_with_its_very_words(visit: Visit, real: str, shipped: Any) -> None:
    page = visit(url=real)
    turn = ask(page, QUESTION)
    answer = shipped.ask(QUESTION)
    assert answer.citations
    for citation in answer.citations[:3]:
        turn.locator(f'.marks .cite[data-n="{citation.number}"]').first.click()
        page.locator(f'.cite.open[data-n="{citation.number}"]').first.wait_for(state="attached")
        marked = "\n".join(page.locator("#source mark").all_inner_texts())
        lines = [line for line in citation.quote.text.split("\n") if line.strip()]
        assert marked == "\n".join(lines)
        page.keyboard.press("Escape")


def test_the_program_gets_the_same_answer(real: str, shipped: Any) -> None:
    got = httpx.post(real + "api/ask", json={"question": QUESTION}, timeout=60).json()
    here = shipped.ask(QUESTION).to_dict()
    assert got["summary"] == here["summary"]
    assert [c["text"] for c in got["citations"]] == [c["text"] for c in here["citations"]]


def test_the_list_of_files_is_that_of_the_store(shipped: Any) -> None:
    kept = of_engine(shipped.engine)
    files = {p for p in (ROOT / "corpus" / "articles").rglob("*.md")}
    assert {Path(k.place) for k in kept} == files
    assert all(k.titles and k.publisher for k in kept)


def test_app_py_says_where_it_serves(shipped: Any, tmp_path: Path) -> None:
    """As a person starts it; on loopback, ready, and gone when it is stopped."""
    command = [sys.executable, "app.py", "--port", "0", "--store", str(shipped.settings.store)]
    environ = {**os.environ, "YIBAO_FEEDBACK": str(tmp_path / "feedback.db")}
    with subprocess.Popen(
        command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            found = re.search(r"http://127\.0\.0\.1:\d+/", process.stdout.readline())
            assert found is not None
            assert httpx.get(found[0] + "readyz", timeout=60).json() == {"status": "ready"}
            assert "医保问答" in httpx.get(found[0], timeout=60).text
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)


def test_a_port_that_is_taken_is_told_before_the_store_is_opened(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert app.main(["--port", port, "--store", "nowhere"]) == 1
    told = capsys.readouterr().err
    assert f"端口 {port}" in told
    assert len(told.splitlines()) == 1
