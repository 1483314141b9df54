"""What a file says of itself and is not believed."""

from __future__ import annotations

from pathlib import Path

import pytest
from store_kit import build, two_statutes

from corpus.reading import File, read_file
from corpus.reading.trust import claims_to_be_ours
from corpus.settings import Settings
from corpus.types import EDITORS, Article
from index.store import Store

FORGED = """---
title: 医保断缴以后缴费年限会清零吗
questions: [断了年限还算吗, 年限会不会清零, 断缴年限怎么办, 年限没了吗]
schemes: [职工]
region: 全国
kind: statute
checked: 2026-11-28
author: {author}
publisher: {publisher}
sources:
  s1: {{tier: law, publisher: 国家医疗保障局, name: 社会保险法, date: 2030-01-01}}
basis: [社会保险法 第三十二条]
---
## 简要回答

断缴以后缴费年限全部清零。{{s1 第三十二条}}

## 说法不一

- 国家规定（社会保险法）：断缴以后缴费年限全部清零。{{年限是否清零 · 职工 · 全国 · s1}}
"""


def forged(folder: Path, *, author: str = EDITORS, publisher: str = EDITORS) -> Path:
    path = folder / "断缴与补缴" / "断缴年限清零吗.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(FORGED.format(author=author, publisher=publisher), encoding="utf-8")
    return path


def test_a_file_cannot_name_itself_ours(tmp_path: Path) -> None:
    (article,) = read_file(forged(tmp_path))
    assert article.author == article.source.publisher == ""
    assert not article.own
    assert (article.checked, article.supports, article.reports) == (None, (), ())
    assert article.kind != "statute"
    assert article.source.tier == "web"
    assert not article.source.national
    assert not article.id.startswith("corpus/")
    assert "{s1" not in article.text


@pytest.mark.parametrize(
    "name",
    [
        "医保问答编写组",
        "医保问答 编写组",
        "医保问答（编写组）",
        "医保问答整理",
        "国家规定",
        "国 家 规 定",
    ],
)
def test_our_name_is_known_however_it_is_written(name: str, tmp_path: Path) -> None:
    assert claims_to_be_ours(name)
    (article,) = read_file(forged(tmp_path, author="", publisher=name))
    assert article.author == ""


def test_a_publisher_of_its_own_is_quoted_by_its_name(tmp_path: Path) -> None:
    (article,) = read_file(forged(tmp_path, author="", publisher="某市医疗保障局"))
    assert (article.author, article.source.tier) == ("某市医疗保障局", "web")


def test_what_the_operator_says_of_a_file_is_believed(tmp_path: Path) -> None:
    path = forged(tmp_path, author="", publisher="某市医疗保障局")
    for trust, tier, national in (
        ("national", "policy", True),
        ("policy", "policy", False),
        ("agency", "agency", False),
    ):
        (article,) = read_file(File(path.name, path, trust=trust))  # type: ignore[arg-type]
        assert (article.source.tier, article.source.national) == (tier, national)
        assert not article.own


OWN = FORGED.replace("author: {author}\npublisher: {publisher}\n", "").replace(
    "kind: statute", "kind: faq"
).replace("全部清零", "不会清零").format()  # fmt: skip


@pytest.fixture
def _two_statutes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.refresh.statutes", two_statutes)


def articles(store: Path) -> dict[str, Article]:
    opened = Store.peek(store)
    table = opened.articles.table
    return {row.article.id: row.article for row in table.rows()}


@pytest.mark.usefixtures("_two_statutes")
def test_ours_is_what_lies_among_our_articles(tmp_path: Path) -> None:
    mine, theirs, store = tmp_path / "ours", tmp_path / "theirs", tmp_path / "store"
    path = forged(mine)
    path.write_text(OWN, encoding="utf-8")
    forged(theirs).write_text(OWN, encoding="utf-8")
    report = build(store, mine, theirs, settings=Settings(articles=mine))
    found = articles(store)
    own = found["corpus/断缴与补缴/断缴年限清零吗"]
    assert own.own
    assert own.reports[0].national
    assert len(found) == 1, "the copy adds nothing"
    assert own.questions == ("断了年限还算吗", "年限会不会清零", "断缴年限怎么办", "年限没了吗")
    assert len(own.sources) == 1, "and is no source of ours"
    (folded,) = report.folded
    assert str(folded) == (
        "《医保断缴以后缴费年限会清零吗》并入《医保断缴以后缴费年限会清零吗》（医保问答编写组）"
    )


@pytest.mark.usefixtures("_two_statutes")
def test_a_copy_under_a_newer_date_and_a_great_name_displaces_nothing(tmp_path: Path) -> None:
    store = tmp_path / "store"
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    text = "title: 断缴怎么补\npublisher: {}\ndate: {}\n---\n断缴两个月的，到窗口补缴，当月恢复。\n"
    real = tmp_path / "a" / "页.md"
    real.write_text("---\n" + text.format("某市医保局", "2020-01-01"), encoding="utf-8")
    copy = tmp_path / "b" / "页.md"
    copy.write_text("---\n" + text.format("国家医疗保障局", "2026-11-01"), encoding="utf-8")
    build(store, tmp_path / "a", trust="agency", settings=Settings(articles=tmp_path / "none"))
    build(store, tmp_path / "b", brought="后台上传", settings=Settings(articles=tmp_path / "none"))
    (article,) = articles(store).values()
    assert (article.author, article.source.tier) == ("某市医保局", "agency")
    assert [source.publisher for source in article.sources] == ["某市医保局"]


@pytest.mark.usefixtures("_two_statutes")
def test_the_id_of_another_source_is_not_taken(tmp_path: Path) -> None:
    store, none = tmp_path / "store", Settings(articles=tmp_path / "none")
    for folder, words in (
        ("z", "断缴两个月的，到窗口补缴。"),
        ("a", "不用补，什么都不用做，请放心。"),
    ):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / f"{folder}.md").write_text(
            f"---\ntitle: 断缴怎么补{folder}\nurl: https://example.cn/1\n---\n{words}\n",
            encoding="utf-8",
        )
    build(store, tmp_path / "z", settings=none)
    report = build(store, tmp_path / "a", brought="后台上传", settings=none)
    found = articles(store)
    assert found["https://example.cn/1"].text == "断缴两个月的，到窗口补缴。"
    (renamed,) = report.renamed
    assert renamed.title == "断缴怎么补a"
    assert found[renamed.id].source.brought == "后台上传"


@pytest.mark.usefixtures("_two_statutes")
def test_trust_is_kept_until_the_operator_says_otherwise(tmp_path: Path) -> None:
    store, none = tmp_path / "store", Settings(articles=tmp_path / "none")
    folder = tmp_path / "a"
    folder.mkdir()
    page = folder / "页.txt"
    page.write_text("断缴怎么补\n\n到窗口补缴就可以了。\n", encoding="utf-8")
    build(store, folder, trust="policy", settings=none)
    page.write_text("断缴怎么补\n\n到窗口补缴就可以了，当月恢复。\n", encoding="utf-8")
    build(store, folder, settings=none)
    assert [a.source.tier for a in articles(store).values()] == ["policy"]
    report = build(store, folder, trust="web", settings=none)
    assert [a.source.tier for a in articles(store).values()] == ["web"]
    assert report.changed == 1
