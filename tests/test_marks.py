"""What is read off a passage, kept with its article's line, and read again where it is of old."""

from __future__ import annotations

from pathlib import Path

import pytest
from store_kit import PairEncoder, build, every_passage, write_pages

from corpus.types import Article, Passage, Source
from corpus.words import words
from index.build import versions
from index.facets import facets
from index.marks import Marks, mark
from index.retrieve import Retriever
from index.store import Store
from index.table import Row

TEXT = "断缴3个月以内的，可以在窗口补缴。"
ARTICLE = Article("a", "沈阳 职工医保怎么补缴", TEXT, Source("某网", "a.txt"), schemes=("居民",))
PASSAGE = Passage(ARTICLE, 0, len(TEXT), heading=("补缴 办法",))
QUESTIONS = ("停保怎么办理", "东区3号窗口要等几天", "第3页怎么填表")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    build(tmp_path / "store", write_pages(tmp_path / "in", range(8)))
    return tmp_path / "store"


def hits(store: Store) -> list[object]:
    retriever = Retriever(store, PairEncoder(), words())
    return [retriever.find(question).hits for question in QUESTIONS]


def test_of_a_passage() -> None:
    assert mark(PASSAGE) == Marks(schemes=("职工",))


def test_facets_are_the_same_whether_marks_are_known_or_not() -> None:
    found = facets(PASSAGE, mark(PASSAGE))
    assert found == facets(PASSAGE)
    assert found.head == "沈阳职工医保怎么补缴补缴办法"


def test_marks_come_back_with_the_line() -> None:
    row = Row(ARTICLE, (PASSAGE,), (), (mark(PASSAGE),))
    assert Row.from_line(row.to_line()) == row
    bare = Row(ARTICLE, (PASSAGE,))
    assert "marks" not in bare.to_line()
    assert Row.from_line(bare.to_line()) == bare


def test_a_store_holds_those_of_each_passage_and_none_of_statutes(store: Path) -> None:
    opened = Store.open(store)
    seen = every_passage(opened)
    assert [one.marks for one in seen] == [mark(one.passage) for one in seen]
    assert not any(row.marks for row in opened.laws.table.rows())


def test_marks_of_other_patterns_are_not_believed(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = hits(Store.open(store))
    monkeypatch.setattr("index.store.MARKS_VERSION", "another")
    opened = Store.open(store)
    assert {one.marks for one in every_passage(opened)} == {None}
    assert hits(opened) == expected, "they are read as they are met"


def test_a_refresh_reads_them_again_and_embeds_nothing(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = {**versions(), "marks": "another"}
    for module in ("build", "writing"):
        monkeypatch.setattr(f"index.{module}.versions", lambda: now)
    monkeypatch.setattr("index.build.mark", lambda passage: Marks(region="别处"))
    encoder = PairEncoder()
    assert build(store, encoder=encoder).switched
    monkeypatch.setattr("index.store.MARKS_VERSION", "another")
    opened = Store.open(store)
    assert {one.marks for one in every_passage(opened)} == {Marks(region="别处")}
    assert opened.regions() == {"别处"}
    assert encoder.embedded == []
