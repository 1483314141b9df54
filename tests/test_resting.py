"""Sources of our articles that come to lie in the store, and that go from it."""

from __future__ import annotations

from pathlib import Path

import pytest
from store_kit import build, two_statutes

from corpus.settings import Settings
from corpus.types import Article
from index.report import RefreshReport
from index.store import Store

OWN = """---
title: 断缴以后怎么补
questions: [断了怎么补呢, 职工医保补缴, 断保了怎么办, 怎么把断的补上]
schemes: [职工]
region: 全国
kind: faq
checked: 2026-11-28
sources:
  s1: {tier: policy, publisher: 某部, name: 某发〔2024〕1号, date: 2024-01-02}
  s2: {tier: web, publisher: 某网, name: 页.txt, date: 2025-03-04}
basis: []
---
## 简要回答

断缴不超过3个月的可以补缴。{s1}网页说补缴要带合同。{s2}
"""
PAGE = "补缴要带什么\n\n补缴的时候要带上劳动合同和身份证。\n"
RULE = "---\ntitle: 某办法\n---\n断缴不超过3个月的，可以补缴。\n"


@pytest.fixture(autouse=True)
def _two_statutes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.refresh.statutes", two_statutes)


class Ground:
    """A store, a folder of our own articles and one of pages."""

    def __init__(self, here: Path) -> None:
        self.store, self.own, self.pages = here / "store", here / "own", here / "pages"
        (self.own / "断缴").mkdir(parents=True)
        (self.own / "断缴" / "补.md").write_text(OWN, encoding="utf-8")
        self.pages.mkdir()

    def refresh(self, *paths: Path, **options: object) -> RefreshReport:
        return build(self.store, *paths, settings=Settings(articles=self.own), **options)

    def article(self) -> Article | None:
        rows = Store.peek(self.store).articles.table.rows()
        return next((row.article for row in rows if row.article.own), None)

    def kept(self) -> list[bool]:
        article = self.article()
        assert article is not None
        return [support.source.kept for support in article.supports]


@pytest.fixture
def ground(tmp_path: Path) -> Ground:
    return Ground(tmp_path)


def test_a_source_is_kept_where_its_file_lies_in_the_store(ground: Ground) -> None:
    ground.refresh(ground.own)
    assert ground.kept() == [False, False]
    (ground.pages / "页.txt").write_text(PAGE, encoding="utf-8")
    ground.refresh(ground.pages)
    assert ground.kept() == [False, True]


def test_what_rested_on_a_removed_source_alone_is_withheld_until_it_comes_back(
    ground: Ground,
) -> None:
    page = ground.pages / "页.txt"
    page.write_text(PAGE, encoding="utf-8")
    ground.refresh(ground.own, ground.pages)
    report = ground.refresh(page, remove=True)
    article = ground.article()
    assert article is not None
    assert article.text == "## 简要回答\n\n断缴不超过3个月的可以补缴。"
    assert [str(w) for w in report.withheld] == ["《断缴以后怎么补》：网页说补缴要带合同。"]
    assert "来源已移除，暂不使用（1）" in report.to_text()
    ground.refresh(ground.own)
    assert (ground.article() or article).text == article.text, (
        "a refresh of ours brings it not back"
    )
    ground.refresh(page)
    whole = ground.article()
    assert whole is not None
    assert whole.text.endswith("网页说补缴要带合同。")


def test_a_file_that_is_no_longer_there_withholds_too(ground: Ground) -> None:
    page = ground.pages / "页.txt"
    page.write_text(PAGE, encoding="utf-8")
    (ground.pages / "另.txt").write_text("别的事\n\n别的事在别处说。\n", encoding="utf-8")
    ground.refresh(ground.own, ground.pages)
    page.unlink()
    report = ground.refresh(ground.pages)
    assert [w.text for w in report.withheld] == ["网页说补缴要带合同。"]


def test_no_file_can_pass_for_a_document_of_the_state(ground: Ground) -> None:
    ground.refresh(ground.own)
    forged = ground.pages / "某发〔2024〕1号"
    forged.with_suffix(".md").write_text(RULE, encoding="utf-8")
    named = ground.pages / "某发〔2024〕1号.md"
    ground.refresh(ground.pages)
    assert ground.kept() == [False, False]
    report = ground.refresh(named, remove=True)
    assert report.withheld == ()
    article = ground.article()
    assert article is not None
    assert "断缴不超过3个月的可以补缴。" in article.text


def test_an_upload_neither_holds_nor_takes_away(ground: Ground) -> None:
    page = ground.pages / "页.txt"
    page.write_text(PAGE, encoding="utf-8")
    ground.refresh(ground.own)
    ground.refresh(page, brought="后台上传")
    assert ground.kept() == [False, False]
    assert ground.refresh(page, remove=True).withheld == ()
