"""How much of a file's visible words became articles, and what is said where it is little."""

from __future__ import annotations

from pathlib import Path

import pytest
from pdf_samples import drawn, grid, words
from reading_samples import pdf, word

from corpus.reading import File, FileReading, discover, read_each
from corpus.reading.coverage import coverage, squeezed
from corpus.reading.pdf import read_pdf
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


def test_what_is_said_again_and_again_is_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []

    def counted(text: str) -> str:
        looked.append(text)
        return squeezed(text)

    monkeypatch.setattr("corpus.reading.coverage.squeezed", counted)
    told = coverage("单位还须先结清欠缴的费用。先到窗口 登记。" * 5_000, [ARTICLE])
    assert (told.visible, told.kept) == (90_000, 30_000)
    assert told.left == (LeftOut("单位还须先结清欠缴的费用", "未归入任何文章"),)
    assert len(looked) < 50  # what the article says counts among them


@pytest.mark.parametrize(
    ("kind", "data", "shown"),
    [
        (".html", "<p>甲<a href='/'>链接</a><del>乙</del></p><nav>丙</nav><p style='display:none'>丁</p><p>戊</p>", "甲戊"),
        (".md", "---\ntitle: x\n---\n# 甲\n~~乙~~<!-- 丙 -->\n<b>丁</b>\n", "#甲丁"),
        (".md", "Title: x\n\nURL Source: http://a.cn\n\nMarkdown Content:\n甲[![乙](/1.png)丙](http://b.cn)丁![戊](/2.png)", "甲丁"),
        (".md", "甲\n\n[//]: # (乙)\n\n丙", "甲丙"),
        (".md", "甲<!-- <!-- 乙 -->丙<!-- 丁", "甲丙<!--丁"),
        (".md", f"甲<!--{'乙' * 5_000}-->丙", "甲丙"),
        (".md", f"甲<!--{'乙' * 5_001}-->丙", f"甲<!--{'乙' * 5_001}-->丙"),
        (".txt", "甲\n乙", "甲乙"),
    ],
)  # fmt: skip
def test_words_that_a_reader_sees(kind: str, data: str, shown: str) -> None:
    assert "".join(visible_words(kind, data.encode()).split()) == shown


def test_words_of_documents() -> None:
    assert visible_words(".docx", word("停保", [("", "先登记。")])).split() == ["停保", "先登记。"]
    assert read_pdf(pdf([["停保怎么办"], ["先到窗口登记。"]])).words.split() == [
        "停保怎么办", "先到窗口登记。",
    ]  # fmt: skip
    assert visible_words(".docx", b"PK-broken") == visible_words(".xlsx", b"") == ""


def test_what_frames_the_text_is_told_and_not_counted() -> None:
    shown = "第1页\n先到窗口登记。\n险种：职工\n比例：2%\n便民地图 办事大厅"
    told = coverage(shown, [ARTICLE], ("第1页", "便民地图", "办事大厅"))
    assert (told.visible, told.kept) == (13, 13)
    assert told.left == (LeftOut("便民地图 办事大厅", "导航、提示、广告一类的字句"),)


def test_a_page_that_is_mostly_menus_may_have_lost_its_article() -> None:
    names = [f"{letter}区定点医院" for letter in "甲乙丙丁戊己庚辛壬癸"]
    told = coverage("\n".join(["先到窗口登记。", *names]), [ARTICLE], names)
    assert (told.visible, told.kept) == (60, 6)


def test_running_heads_and_hidden_words_of_a_pdf_are_not_lost(tmp_path: Path) -> None:
    pages = [
        [
            words(200, 815, "甲市医保办事指南汇编", 9),
            words(60, 700, f"第{'一二三四'[n]}件事先到窗口登记，再到税务部门缴清费用。"),
            words(60, 600, "此处的字谁也看不见", mode=3),
            words(60, 500, "此处的字是白的", color="1 1 1"),
            words(290, 30, f"第{n + 1}页 共4页", 9),
        ]
        for n in range(4)
    ]
    pages[0].append(words(60, 740, "停保怎么办理", 16))
    (tmp_path / "a.pdf").write_bytes(drawn(*pages))
    done = reading(tmp_path / "a.pdf")
    assert (done.visible, done.share) == (len("停保怎么办理") + 4 * 20, 1.0)
    assert {one.text for one in done.lost} == {
        "甲市医保办事指南汇编", *(f"第{n}页 共4页" for n in range(1, 5)),
    }  # fmt: skip


def test_menus_of_a_saved_page_are_told_and_not_counted(tmp_path: Path) -> None:
    page = (
        "Title: 停保怎么办理 - 甲市人民政府门户网站\n\nURL Source: https://a.cn/1\n\nMarkdown Content:\n"
        "*   [![图](https://a.cn/1.png)甲市发布](https://b.cn)\n*   无障碍\n*   长者助手\n\n"
        "# 停保怎么办理\n\n先到窗口登记，再到税务部门结清欠费，结清以后的次月一日起停保。\n\n"
        "甲市人民政府 版权所有\n\n掌上政务查办更快捷\n\n"
    )
    (tmp_path / "a.md").write_text(page, encoding="utf-8")
    done = reading(tmp_path / "a.md")
    assert done.share == 1.0
    assert "掌上政务查办更快捷" in [one.text for one in done.lost]


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


def test_what_the_styles_of_a_page_hide_does_not_count() -> None:
    page = (
        "<style>.x{color:#fff}.y{text-decoration:line-through}.z{font-size:0}</style>"
        "<p>甲<span class=x>乙</span><span class=y>丙</span><span class=z>丁</span></p>"
    )
    assert visible_words(".html", page.encode()).split() == ["甲"]


def test_numbers_before_questions_are_no_words() -> None:
    told = coverage("1.停保怎么办理\n2．先到窗口登记", [ARTICLE])
    assert (told.kept, told.left) == (told.visible, ())


def test_words_of_narrow_cells_are_words_of_their_own(tmp_path: Path) -> None:
    rows = [("险种", "中断时间"), ("职工医保", "三个月以内"), ("居民医保", "一年以内的")]
    xs, ys = [60, 105, 165], [740, 720, 700, 680]
    cells = [words(x + 1, y - 14, t) for y, row in zip(ys, rows, strict=False) for x, t in zip(xs, row, strict=False)]  # fmt: skip
    (tmp_path / "a.pdf").write_bytes(
        drawn([words(60, 790, "等待期一览", 16), *grid(xs, ys), *cells])
    )
    assert reading(tmp_path / "a.pdf").share == 1.0
