"""What is written down: notes that nobody waits for, share links and their days, locked files."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from page_fake import TODAY
from page_kit import Served, serve

from assistant.page.journal import Journal
from assistant.page.limits import Limits
from assistant.page.settings import PageSettings
from assistant.page.talks import Said
from assistant.page.writer import Writer
from corpus.errors import StoreError
from corpus.settings import Settings
from index.state import opening

QUESTION = {"question": "写一首诗"}  # is refused, so it is written into both files


def journal_in(folder: Path, **more: Any) -> Journal:
    return Journal.beside(replace(Settings(), feedback=folder / "feedback.db"), **more)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """As another process would hold it; where it is the first, nobody may even read."""
    first = not path.exists()
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        if first:
            db.execute("PRAGMA locking_mode = EXCLUSIVE")
        db.execute("BEGIN EXCLUSIVE")
        yield
        db.execute("ROLLBACK")


# --- the writer ----------------------------------------------------------------------------------


def test_what_cannot_be_written_is_written_later_and_in_order() -> None:
    writer, free, written = Writer(pause=0.01), threading.Event(), []

    def note(n: int) -> None:
        if not free.is_set():
            raise StoreError("locked")
        written.append(n)

    for n in range(5):
        writer.later(lambda n=n: note(n))  # type: ignore[misc]
    assert not writer.settle(0.1)
    free.set()
    assert writer.settle(60)
    assert written == [0, 1, 2, 3, 4]
    writer.close()


def test_what_can_never_be_written_holds_nothing_up() -> None:
    writer, written = Writer(), []
    writer.later(lambda: written.append(1 // 0))
    writer.later(lambda: written.append(1))
    assert writer.settle(60)
    assert written == [1]
    writer.close()


def test_only_so_many_notes_wait(caplog: pytest.LogCaptureFixture) -> None:
    writer, written = Writer(most=3, pause=0.01), []
    tried, free = threading.Event(), threading.Event()

    def note(n: int) -> None:
        tried.set()
        if not free.is_set():
            raise StoreError("database is locked")
        written.append(n)

    writer.later(lambda: note(0))
    assert tried.wait(60)
    for n in range(1, 10):
        writer.later(lambda n=n: note(n))  # type: ignore[misc]
    free.set()
    assert writer.settle(60)
    assert written == [0, 7, 8, 9]
    assert len(caplog.records) == 1
    writer.close()


# --- locked files --------------------------------------------------------------------------------


@pytest.fixture
def endless(monkeypatch: pytest.MonkeyPatch) -> None:
    """A lock is waited for until it is gone: who waits for it gets no answer while it is held."""
    for name in ("FEEDBACK", "PAGE"):
        book = replace(getattr(opening, name), seconds=3600.0)
        monkeypatch.setattr(opening, name, book)


def ask(served: Served, times: int) -> list[int]:
    """The statuses of so many questions; a busy machine has its time."""
    asked = [httpx.post(served.url + "api/ask", json=QUESTION, timeout=60) for _ in range(times)]
    return [answer.status_code for answer in asked]


@pytest.mark.usefixtures("endless")
@pytest.mark.parametrize("name", ["feedback.db", "page.db"])
def test_a_locked_file_delays_no_answer_and_loses_no_note(tmp_path: Path, name: str) -> None:
    served = serve(tmp_path, password="", patience=0.5)
    assert ask(served, 1) == [200]
    assert served.feedback.entries()
    with locked(tmp_path / name):
        statuses = ask(served, 8)
        assert not served.app.desk.settle(0.1)
    kept = len(served.feedback.entries())
    counted = sum(day.n for day in served.app.desk.journal.days(date(2000, 1, 1)))
    served.stop()
    assert statuses == [200] * 8
    assert (kept, counted) == (9, 9)


def test_a_locked_file_is_told_to_who_wants_to_share(tmp_path: Path) -> None:
    served = serve(tmp_path, password="", patience=0.5)
    talk = httpx.post(served.url + "page/talk", json={"said": [["问", []]]}).json()
    place = {"talk": talk["talk"], "turn": "1"}
    token = httpx.post(served.url + "page/share", json=place).json()
    with locked(tmp_path / "page.db"):
        answer = httpx.post(served.url + "page/share", json=place, timeout=60)
        opened = httpx.post(served.url + "page/shared", json=token, timeout=60)
    with locked(tmp_path / "feedback.db"):
        rating = {**place, "rating": "up"}
        rated = httpx.post(served.url + "page/feedback", json=rating, timeout=60)
    served.stop()
    assert (answer.status_code, opened.status_code, rated.status_code) == (503, 200, 200)
    assert answer.json()["detail"] == "现在不能读写页面记录，请稍后再试。"


@pytest.mark.usefixtures("endless")
def test_files_that_are_locked_from_the_start_lock_nobody_out(tmp_path: Path) -> None:
    with locked(tmp_path / "page.db"), locked(tmp_path / "feedback.db"):
        served = serve(tmp_path, password="", patience=0.5)
        statuses = ask(served, 8)
    kept = len(served.feedback.entries())
    served.stop()
    assert statuses == [200] * 8
    assert kept == 8


def test_a_file_that_is_locked_from_the_start_is_told_to_who_wants_a_link(tmp_path: Path) -> None:
    with locked(tmp_path / "page.db"):
        served = serve(tmp_path, password="", patience=0.5)
        opened = httpx.post(served.url + "page/shared", json={"token": "x"}, timeout=60)
    served.stop()
    assert opened.status_code == 503


def test_feedback_and_share_links_take_tickets(tmp_path: Path) -> None:
    limits = Limits(visitor_burst=3, visitor_rate=0.01)
    served = serve(tmp_path, limits=limits, password="")
    talk = httpx.post(served.url + "page/talk", json={"said": [["问", []]]}).json()
    place = {"talk": talk["talk"], "turn": "1"}

    def post(path: str, **more: str) -> int:
        return httpx.post(served.url + path, json={**place, **more}).status_code

    statuses = [post("page/feedback", rating="up"), post("page/share"), post("page/share"),
                post("page/feedback", rating="down"), post("page/share")]  # fmt: skip
    kept = len(served.feedback.entries())
    served.stop()
    assert statuses == [200, 200, 200, 429, 429]
    assert kept == 1


def test_an_address_has_its_tickets_too(tmp_path: Path) -> None:
    served = serve(tmp_path, limits=Limits(address_burst=3, address_rate=0.01), password="")
    talk = httpx.post(served.url + "page/talk", json={"said": [["问", []]]}).json()
    place = {"talk": talk["talk"], "turn": "1"}
    answers = [httpx.post(served.url + "page/share", json=place) for _ in range(3)]
    served.stop()
    assert [a.status_code for a in answers] == [200, 200, 429]
    seconds = answers[2].headers["retry-after"]
    assert answers[2].json()["detail"].startswith(f"您问得有点快，请过 {seconds} 秒")


# --- share links ---------------------------------------------------------------------------------


def test_a_link_dies_on_its_day_though_nobody_sweeps(tmp_path: Path) -> None:
    journal = journal_in(tmp_path)
    token = journal.share([Said("问")], TODAY)
    days = (0, 179, 180, 181, 5000)
    alive = [journal.shared(token, TODAY + timedelta(days=n)) is not None for n in days]
    journal.close()
    assert alive == [True, True, True, False, False]


def test_its_days_are_a_setting(tmp_path: Path) -> None:
    journal = journal_in(tmp_path, share_days=7)
    token = journal.share([Said("问")], TODAY)
    alive = [journal.shared(token, TODAY + timedelta(days=n)) is not None for n in (7, 8)]
    journal.close()
    assert alive == [True, False]
    assert PageSettings.from_environment({"YIBAO_SHARE_DAYS": "7"}).share_days == 7


def test_a_wrong_clock_deletes_no_link(tmp_path: Path) -> None:
    journal = journal_in(tmp_path)
    token = journal.share([Said("问")], TODAY)
    for wrong in (date(2090, 1, 1), date(1970, 1, 1), date(2050, 6, 1), date(2099, 12, 31)):
        journal.count(wrong, "answered", "")
        journal.share([Said("别的")], wrong)
    assert journal.shared(token, TODAY) == (Said("问"),)
    journal.close()


def test_a_link_that_died_long_ago_goes(tmp_path: Path) -> None:
    journal = journal_in(tmp_path)
    journal.share([Said("旧")], TODAY)
    for n in range(200, 240):
        journal.count(TODAY + timedelta(days=n), "answered", "")
    journal.share([Said("新")], TODAY + timedelta(days=240))
    journal.close()
    with closing(sqlite3.connect(tmp_path / "page.db")) as db:
        assert [said for (said,) in db.execute("SELECT said FROM shares")] == ['[["新", []]]']


def test_notes_are_written_when_the_server_stops(tmp_path: Path) -> None:
    served: Served = serve(tmp_path, password="")
    for _ in range(5):
        httpx.post(served.url + "api/ask", json=QUESTION)
    served.stop()
    assert len(served.kept.entries()) == 5
