"""The check questions: read from their file, asked of a store, compared by a refresh."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from store_kit import PairEncoder, build, two_statutes, write_pages

from corpus.errors import ArticleError
from corpus.words import words
from index.checks import CHECKS, Checks, read_checks
from index.report import Outcome
from index.store import Store

TODAY = date(2026, 11, 21)


@pytest.fixture(autouse=True)
def _few_statutes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.refresh.statutes", two_statutes)


def test_the_saved_questions_can_be_read() -> None:
    questions = read_checks()
    assert len(questions) >= 20
    assert len(questions) == len(CHECKS.read_text(encoding="utf-8").splitlines())


def test_no_file_no_questions(tmp_path: Path) -> None:
    assert read_checks(tmp_path / "none.jsonl") == ()


@pytest.mark.parametrize("line", ["停保怎么办", "[]", '{"ask": "停保"}'])
def test_a_bad_line_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "checks.jsonl"
    path.write_text('{"question": "停保"}\n\n' + line + "\n", encoding="utf-8")
    with pytest.raises(ArticleError, match="第 3 行"):
        read_checks(path)


def test_what_a_store_says_to_them(tmp_path: Path) -> None:
    build(tmp_path / "store", write_pages(tmp_path / "in", range(5)))
    checks = Checks(("你好",), PairEncoder(), words(), today=TODAY)
    assert checks(Store.open(tmp_path / "store")) == {"你好": Outcome("", "refused")}


class In:
    verdict = "in"


@pytest.fixture
def _answered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every question counts as answered: the decision has tests of its own."""
    monkeypatch.setattr("index.checks.judge", lambda *_, **__: In)


@pytest.mark.usefixtures("_answered")
def test_a_renamed_file_is_no_other_first_hit(tmp_path: Path) -> None:
    checks = Checks(("第3号窗口如何停保",), PairEncoder(), words(), today=TODAY)
    pages, store = write_pages(tmp_path / "in", range(5)), tmp_path / "store"
    build(store, pages)
    [before] = checks(Store.open(store)).values()
    (pages / before.first).rename(pages / "renamed.txt")
    report = build(store, pages, checks=checks)
    [after] = checks(Store.open(store)).values()
    assert (report.switched, report.checks, after.first) == (True, (), "renamed.txt")


def test_each_question_is_embedded_once(tmp_path: Path) -> None:
    build(tmp_path / "store", write_pages(tmp_path / "in", range(5)))
    encoder = PairEncoder()
    checks = Checks(("停保怎么办", "停保要带什么"), encoder, words(), today=TODAY)
    opened = Store.open(tmp_path / "store")
    assert checks(opened) == checks(opened)
    assert len(encoder.embedded) == 2


@pytest.mark.usefixtures("_answered")
def test_a_refresh_reports_what_changed(tmp_path: Path) -> None:
    checks = Checks(("第3号窗口如何停保",), PairEncoder(), words(), today=TODAY)
    pages, store = write_pages(tmp_path / "in", range(5)), tmp_path / "store"
    build(store, pages, checks=checks)
    [first] = checks(Store.open(store)).values()
    (pages / first.first).unlink()
    [change] = build(store, pages, checks=checks).checks
    assert change.before == first
    assert first.title in str(change)
    assert change.after.first not in ("", first.first)
    assert build(store, pages, checks=checks).checks == ()
