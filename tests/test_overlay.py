"""An operator's versions of our articles: read in their place, and put back to the byte."""

from __future__ import annotations

from pathlib import Path

import pytest
from own_kit import Desk
from store_kit import two_statutes

from corpus.types import EDITORS
from index.corrections import Correction
from index.ledger import kept, sources_of
from index.overlay import Overlay
from index.sources import place_of
from index.store import Store


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.refresh.statutes", two_statutes)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = Desk(tmp_path)
    made.build(made.settings.articles)
    return made


def test_an_edited_article_stands_in_the_place_of_ours(desk: Desk) -> None:
    edited = desk.write("edited", 1, "不能办。")
    desk.build(edited)
    assert desk.texts() == {"样例1": "不能办。", "样例2": "可以办。"}
    article = desk.articles()["corpus/停保/样例1"]
    assert (article.author, article.own) == (EDITORS, True)
    # whatever is refreshed, and however
    desk.build(desk.settings.articles)
    assert desk.texts()["样例1"] == "不能办。"
    desk.build(desk.settings.articles / "停保" / "样例1.md")
    assert desk.texts()["样例1"] == "不能办。"
    desk.build(rebuild=True)
    assert desk.texts()["样例1"] == "不能办。"
    desk.build(desk.settings.articles, rebuild=True)
    assert desk.texts()["样例1"] == "不能办。"
    # an update of what is shipped does not go over it
    desk.write("articles", 1, "过几天能办。")
    desk.build(desk.settings.articles)
    assert desk.texts()["样例1"] == "不能办。"
    edited.unlink()
    desk.build(desk.settings.articles)
    assert desk.texts()["样例1"] == "过几天能办。"


def test_a_further_article_comes_and_goes_with_its_file(desk: Desk) -> None:
    before = desk.state()
    edited = desk.write("edited", 3, "另一篇。")
    desk.build(desk.settings.articles)
    assert desk.texts()["样例3"] == "另一篇。"
    assert desk.articles()["corpus/停保/样例3"].own
    edited.unlink()
    desk.build(desk.settings.articles)
    assert desk.state() == before


def test_a_trial_of_an_own_article_is_read_as_ours(desk: Desk, tmp_path: Path) -> None:
    seen: list[str] = []

    def checks(store: Store) -> dict[str, object]:
        rows = {row.article.id: row.article for row in store.articles.table.rows()}
        seen.append(rows["corpus/停保/样例1"].text.split("\n")[2])
        return {}

    trial = desk.write("trial", 1, "试一试。")
    place = desk.settings.articles / "停保" / "样例1.md"
    desk.build(trial, dry_run=True, stands_for={trial: place}, checks=checks)
    assert seen == ["可以办。", "试一试。"]
    assert desk.texts()["样例1"] == "可以办。"


def test_what_was_known_of_files_is_put_back_to_the_byte(desk: Desk) -> None:
    """An upload that came, was corrected, was taken out: each step back gives the state before."""
    upload = desk.folder / "uploads" / "须知.txt"
    upload.parent.mkdir()
    upload.write_text("停保须知\n\n参保人到窗口登记，次月起停止扣款。\n", encoding="utf-8")
    place, own = place_of(upload), place_of(desk.settings.articles / "停保" / "样例1.md")

    def held() -> dict[str, bytes]:
        known = sources_of(desk.store)
        return {p: kept(known[p]) if p in known else b"" for p in (place, own)}

    steps = [
        lambda: desk.build(upload, trust="agency", brought="后台上传"),
        lambda: desk.build(corrections={upload: Correction(region="甲市")}),
        lambda: desk.build(corrections={upload: Correction(region="乙市", title="新题")}),
        lambda: desk.build(desk.write("edited", 1, "不能办。")),
        lambda: desk.build(upload, remove=True),
    ]
    states = []
    for step in steps:
        states.append((held(), desk.state()))
        step()
        assert desk.state() != states[-1][1]
    (desk.folder / "edited" / "停保" / "样例1.md").unlink()
    upload.unlink()  # what is known is put back, whatever lies there
    for known, state in reversed(states):
        desk.build(restored=known)
        assert held() == known
        assert desk.state() == state


def test_only_articles_of_ours_are_stood_for(tmp_path: Path) -> None:
    overlay = Overlay(tmp_path / "articles", tmp_path / "edited")
    assert overlay.under(tmp_path / "edited" / "停保" / "a.md") == tmp_path / "articles/停保/a.md"
    assert overlay.under(tmp_path / "edited2" / "停保" / "a.md") is None
    assert overlay.under(tmp_path / "edited" / ".." / "a.md") is None
    elsewhere = tmp_path / "a.md"
    assert overlay.over(elsewhere) == elsewhere
    assert list(overlay.files()) == []
