"""What an edit does to answers, told before it is made; and a fixed answer through ``ask``."""

from __future__ import annotations

from pathlib import Path

import pytest
from own_kit import Desk
from store_kit import two_statutes

from assistant import Assistant, phrases
from assistant.types import Answer
from index.encoder import Encoder

QUESTION = "样例1怎么办"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def assistant(desk: Desk, encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> Assistant:
    monkeypatch.setattr("index.refresh.statutes", two_statutes)
    return Assistant.create(
        desk.store, desk.settings.articles, settings=desk.settings, encoder=encoder
    )


def says(answer: Answer) -> tuple[str, ...]:
    return tuple(s.text for s in answer.summary)


def test_answers_before_and_after_and_nothing_written(desk: Desk, assistant: Assistant) -> None:
    before = desk.state()
    trial = desk.write("trial", 1, "先打电话。")
    place = desk.settings.articles / "停保" / "样例1.md"
    asked = (QUESTION, "样例2怎么办")
    report, changed = assistant.rehearse(
        trial, questions=asked, look=says, stands_for={trial: place}
    )
    assert (report.dry_run, report.changed) == (True, 1)
    was, now = changed[QUESTION]
    assert ("可以办。" in was, "先打电话。" in now) == (True, True)
    (was_first, *_), (first, *_) = changed["样例2怎么办"]
    assert was_first == first
    assert desk.state() == before
    assert says(assistant.ask(QUESTION)) == was


def test_where_nothing_changes_nothing_is_asked(desk: Desk, assistant: Assistant) -> None:
    path = desk.settings.articles / "停保" / "样例1.md"
    _, changed = assistant.rehearse(path, questions=(QUESTION,), look=says)
    assert changed == {}


def test_a_fixed_answer_and_the_way_back(desk: Desk, assistant: Assistant) -> None:
    before = desk.state()
    edited = desk.write("edited", 1, "先打电话。{s1}再到窗口。")
    fixed = f"basis: []\nfixed:\n  - question: {QUESTION}\n    says: [再到窗口。]\n"
    text = edited.read_text(encoding="utf-8").replace("basis: []\n", fixed)
    edited.write_text(text, encoding="utf-8")
    place = f"{desk.settings.articles}/停保/样例1.md"
    known = assistant.held([place])
    assistant.refresh(edited)
    answer = assistant.ask(f"{QUESTION}？")
    assert says(answer) == ("再到窗口。",)
    assert answer.cautions[0].text == phrases.FIXED
    assert answer.citations[0].quote.passage.article.id == "corpus/停保/样例1"
    assistant.refresh(restored=known)
    assert desk.state() == before
    assert phrases.FIXED not in [s.text for s in assistant.ask(QUESTION).cautions]
