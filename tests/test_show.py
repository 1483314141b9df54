"""What a clerk is told of a file, before it is taken in and after."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from store_kit import build, two_statutes

from corpus.reading import File, FileReading, discover, read_each
from index.__main__ import main
from index.show import show
from index.taken import ArticleTaken, Taken, lines_of

GUIDE = """# 停保怎么办理

发布机构：甲市医疗保障局　发布时间：2024-03-01

职工医保参保人停保的，按下列步骤办理。

## 办理步骤

1. 到窗口登记。
2. 签字确认。
3. 领取回执。

## 费用

| 险种 | 费用 | 日期 |
|---|---|---|
| 职工 | 免费 | 当天 |
| 居民 | 免费 | 次日 |

联系人：王小明，电话：86751234
"""


@pytest.fixture
def guide(tmp_path: Path) -> Path:
    path = tmp_path / "a.md"
    path.write_text(GUIDE, encoding="utf-8")
    return path


def test_everything_that_was_made_of_a_file(guide: Path) -> None:
    (file,) = show(guide)
    (article,) = file.articles
    assert (article.title, article.publisher, article.published) == (
        "停保怎么办理", "甲市医疗保障局", "2024-03-01",
    )  # fmt: skip
    assert (article.schemes, article.kind) == (("职工",), "问答")
    assert [(p.kind, p.heading, p.items) for p in article.passages][1] == ("步骤", "办理步骤", 3)
    assert article.lists == ("步骤 3 项：到窗口登记。",)
    assert article.tables == ("2 行：险种：职工；费用：免费；日期：当天。",)
    assert article.personal == ("第 14 行有姓名和电话（王**，867***34）",)
    assert not file.doubtful


def test_show_as_text_and_as_json(guide: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", str(guide)]) == 0
    text = capsys.readouterr().out
    assert (
        "1.《停保怎么办理》\n  发布者：甲市医疗保障局　日期：2024-03-01　地区：全国　险种：职工　类型：问答"
        in text
    )
    assert main(["show", str(guide), "--json"]) == 0
    (file,) = json.loads(capsys.readouterr().out)
    assert file["articles"][0]["lists"] == ["步骤 3 项：到窗口登记。"]


def test_show_ends_with_2_where_nothing_can_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.txt").write_text(" ", encoding="utf-8")
    assert main(["show", str(tmp_path / "a.txt")]) == 2
    assert "文件是空的" in capsys.readouterr().out
    assert main(["show", str(tmp_path / "b.txt")]) == 2
    assert "路径不存在" in capsys.readouterr().err


def test_exit_codes_stand_in_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["--help"], ["refresh", "--help"], ["show", "--help"]):
        with pytest.raises(SystemExit):
            main(arguments)
        assert "退出码：\n  0    完成\n  1    部分完成" in capsys.readouterr().out


def test_a_refresh_lists_each_article_doubtful_ones_first(
    tmp_path: Path, guide: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.refresh.statutes", two_statutes)
    (tmp_path / "b.txt").write_text("补缴怎么办理\n\n由新单位申报补缴。\n", encoding="utf-8")

    def half_read(files: Sequence[File], **options: Any) -> Iterator[FileReading]:
        for done in read_each(files, **options):
            yield replace(done, visible=100, kept=40) if done.file.name == "b.txt" else done

    monkeypatch.setattr("index.ingest.alone.read_each", half_read)
    report = build(tmp_path / "store", guide, tmp_path / "b.txt")
    assert (report.status, report.exit_code) == ("partly", 1)
    text = report.to_text()
    listed = text[text.index("读出的文章（2）") :].split("\n")
    assert listed[1].startswith(
        "  《补缴怎么办理》｜未写发布者｜未写日期｜全国｜b.txt　〔只有 40% 的可见文字成为文章"
    )
    assert (
        listed[2]
        == "  《停保怎么办理》｜甲市医疗保障局｜2024-03-01｜全国｜a.md　〔含个人信息 1 处〕"
    )
    assert "存疑（1）：" in text
    assert "a.md：《停保怎么办理》第 14 行有姓名和电话（王**，867***34）" in text
    assert report.to_dict()["taken"][0]["articles"][0]["title"] == "停保怎么办理"


def test_the_order_is_that_of_need() -> None:
    files = [
        Taken("a", (ArticleTaken("有日期", "甲"),)),
        Taken("b", (ArticleTaken("什么都没写"),)),
        Taken("c", (ArticleTaken("扫描件", "甲"),), read_by="OCR"),
        Taken("d", (ArticleTaken("有人名", "甲"),), personal=("x",)),
        Taken("e", (ArticleTaken("少了一半", "甲"),), share=0.5),
        Taken("f", (ArticleTaken("几乎没有", "甲"),), share=0.1),
    ]
    titles = [line[1 : line.index("》")] for line in lines_of(files)]
    assert titles == ["几乎没有", "少了一半", "有人名", "扫描件", "什么都没写", "有日期"]


def test_what_was_read_is_told_once_a_file(guide: Path) -> None:
    (done,) = read_each(discover(guide)[0])
    assert isinstance(done, FileReading)
    taken = Taken.of("a.md", done, done.articles, corrected=False)
    assert (taken.share, taken.personal, taken.doubts) == (
        1.0, ("《停保怎么办理》第 14 行有姓名和电话（王**，867***34）",), ("含个人信息 1 处",),
    )  # fmt: skip
