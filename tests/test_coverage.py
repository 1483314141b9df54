"""How much of a file's visible words became articles, and what is said where it is little."""

from __future__ import annotations

from pathlib import Path

import pytest
from reading_samples import pdf, word

from corpus.reading import File, FileReading, discover, read_each
from corpus.reading.coverage import coverage
from corpus.reading.types import FLOOR, LeftOut
from corpus.reading.visible import visible_words
from corpus.types import Article, Source

ARTICLE = Article(
    "a", "停保怎么办理", "先到窗口登记。\n险种：职工；比例：2%。", Source("甲市医保局", "a.txt")
)


def reading(path: Path) -> FileReading:
    (done,) = read_each(discover(path)[0])
    return done


def test_words_are_compared_without_marks_and_by_pieces() -> None:
    told = coverage("一、停保怎么办理？\n先到窗口  登记\n职工，2%\n发布机构：甲市医保局", [ARTICLE])
    # the number of the heading alone is in no article
    assert (told.visible, told.kept, told.left) == (25, 24, ())


def test_what_is_in_no_article_is_told_with_its_reason() -> None:
    told = coverage("先到窗口登记。单位还须先结清欠缴的费用。扫一扫在手机打开当前页", [ARTICLE])
    assert told.left == (
        LeftOut("单位还须先结清欠缴的费用", "未归入任何文章"),
        LeftOut("扫一扫在手机打开当前页", "导航、提示、广告一类的字句"),
    )
    assert (told.visible, told.kept) == (18, 6)


@pytest.mark.parametrize(
    ("kind", "data", "words"),
    [
        (".html", "<p>甲<a href='/'>链接</a><del>乙</del></p><nav>丙</nav><p style='display:none'>丁</p><p>戊</p>", "甲戊"),
        (".md", "---\ntitle: x\n---\n# 甲\n~~乙~~<!-- 丙 -->\n<b>丁</b>\n", "#甲丁"),
        (".txt", "甲\n乙", "甲乙"),
    ],
)  # fmt: skip
def test_words_that_a_reader_sees(kind: str, data: str, words: str) -> None:
    assert "".join(visible_words(kind, data.encode()).split()) == words


def test_words_of_documents() -> None:
    assert visible_words(".docx", word("停保", [("", "先登记。")])).split() == ["停保", "先登记。"]
    assert visible_words(".pdf", pdf([["停保"], ["先登记。"]])).split() == ["停保", "先登记。"]
    assert visible_words(".pdf", b"%PDF-broken") == visible_words(".xlsx", b"") == ""


def test_a_page_whose_article_was_missed_is_doubtful(tmp_path: Path) -> None:
    lost = "".join(f"<p>第{n}款的待遇按当地公布的标准执行。</p>" for n in range(30))
    page = f"<html><body><h1>停保怎么办理</h1>{lost}</body></html>"
    told = coverage(visible_words(".html", page.encode()), [ARTICLE])
    file = File("a.html", tmp_path / "a.html")
    done = FileReading(file, (ARTICLE,), (), told.visible, told.kept, (), told.left)
    assert done.share < FLOOR
    assert done.doubtful
    assert done.lost[0].text == "第0款的待遇按当地公布的标准执行"


def test_columns_that_are_no_text_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "编号,问题,答案,备注\n1,怎么停保,先登记。,内部\n", encoding="utf-8"
    )
    done = reading(tmp_path / "a.csv")
    assert done.left == ("不作正文的列：编号、备注",)
    assert (done.visible, done.kept) == (7, 7)


def test_no_file_makes_itself_ours(tmp_path: Path) -> None:
    page = "<html><head><title>停保怎么办</title></head><body><p>发布机构：医保问答编写组</p><p>先到窗口登记。</p></body></html>"
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    (article,) = reading(tmp_path / "a.html").articles
    assert (article.own, article.source.publisher) == (False, "")
