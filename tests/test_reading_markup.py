"""Markdown as people bring it: its markup and the HTML inside it carry no words of their own."""

from datetime import date
from pathlib import Path

import pytest

from corpus.reading import read_file
from corpus.reading.htmlinside import without_comments, without_html
from corpus.reading.markup import plain_markdown
from corpus.reading.plain import read_markdown
from corpus.reading.webreader import web_reader_head

CASES: dict[str, tuple[str, str]] = {
    "struck words": (
        "最多补~~六~~三个月。<s>每年350元</s>每年400元。",
        "最多补三个月。每年400元。",
    ),
    "comments": ("先登记。<!-- 内部：待核 -->\n[//]: # (先别发)\n再缴费。", "先登记。\n再缴费。"),
    "a comment that nobody closed": ("先登记。\n\n<!-- 内部\n\n再缴费。", "先登记。\n\n再缴费。"),
    "hidden parts": (
        "先登记。<p hidden>未审</p>再缴费。<span style='color:#fff'>加群</span>",
        "先登记。再缴费。",
    ),
    "words in angle brackets": ("填<单位名称>，<18周岁免缴。", "填<单位名称>，<18周岁免缴。"),
    "blocks and anchors": (
        "::: tip 提示\n先备案。\n:::\n\n## 待遇 {#daiyu}\n\n报七成。",
        "### 提示\n先备案。\n\n## 待遇\n\n报七成。",
    ),
    "tabs": (
        '=== "手机"\n\n    1. 打开应用\n\n=== "柜台"\n\n    1. 带卡\n',
        "### 手机\n\n1. 打开应用\n\n### 柜台\n\n1. 带卡",
    ),
    "an answer folded away": (
        "<details>\n<summary>能补吗？</summary>\n\n能补。\n\n</details>",
        "### 能补吗？\n\n能补。",
    ),
    "a footnote stands with its words": (
        "最多补三个月[^1]。\n\n[^1]: 申市不受理个人补缴。",
        "最多补三个月（申市不受理个人补缴）。",
    ),
    "formulas": (
        r"每月 $基数 \times 8.5\%$，共 $\frac{1}{2}$；$5 和 $6 是价格。",
        "每月 基数 × 8.5%，共 1/2；$5 和 $6 是价格。",
    ),
    "escapes of a converter": (r"1\. 打开\[应用\]", "1. 打开[应用]"),
    "soft line ends": (
        "津贴由职工本人\n申请，单位不再代办，申请以后二\n十天到账。\n地址：某路\n电话：12393",
        "津贴由职工本人申请，单位不再代办，申请以后二十天到账。\n地址：某路\n电话：12393",
    ),
    "a table without outer bars": (
        "病种 | 职工\n--- | :-:\n哮喘 | 300元\n痛风 | 260元",
        "病种：哮喘；职工：300元。\n病种：痛风；职工：260元。",
    ),
    "labels and values under empty heads": (
        "| | |\n|--|--|\n| 时限 | 5天 |\n| 收费 | 不收费 |",
        "时限：5天。\n收费：不收费。",
    ),
    "a bar in a sentence": ("甲|乙 两种都可以。", "甲|乙 两种都可以。"),
    "links with brackets in them": (
        "见[办法](https://a.example/x_(1).html)和![图](a.png)附件。",
        "见办法和附件。",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_markup(tmp_path: Path, case: str) -> None:
    text, expected = CASES[case]
    (tmp_path / "a.md").write_text(f"# 酉市医保怎么办\n\n{text}\n", encoding="utf-8")
    (article,) = read_file(tmp_path / "a.md")
    assert article.text == expected


def test_fenced_blocks_keep_what_stands_in_them() -> None:
    assert plain_markdown("~~a~~b\n```\n~~c~~\n```\n~~d~~e") == "b\n```\n~~c~~\n```\ne"


def test_html_and_comments() -> None:
    assert without_html("甲<br>乙<b>丙</b>") == "甲\n\n乙**丙**"
    assert without_html("甲<del>乙<del>丙</del>丁</del>戊") == "甲戊"
    assert without_comments("甲<!--乙-->丙<!--丁") == "甲丙"


PAGE = """Title: 戌市异地就医怎么备案 - 戌市政务网

URL Source: https://zw.example.cn/a.html

Published Time: 2025-06-03T08:00:00+08:00

Markdown Content:
[跳到正文](https://zw.example.cn/#main)

*   [首页](https://zw.example.cn/)
*   [推荐](https://zw.example.cn/c)
*   无障碍

#### 人文

[走进戌市](https://zw.example.cn/d)

热词：[社保](x)[公积金](y)[居住证](z)

# 戌市异地就医怎么备案

来源：戌市医疗保障局

出门以前先备案。

步骤1：打开应用。

![图](https://zw.example.cn/p.png)

步骤2：提交。

### 相关推荐

*   [社保卡](https://zw.example.cn/e)

内容纠错 | 使用帮助 | 关于我们 | 网站地图

版权所有 戌市人民政府
"""


def test_a_page_that_a_web_reader_turned_into_markdown(tmp_path: Path) -> None:
    facts, body = web_reader_head(PAGE)
    assert (facts.hint, facts.published) == ("戌市异地就医怎么备案 - 戌市政务网", date(2025, 6, 3))
    assert body.startswith("[跳到正文]")
    (tmp_path / "a.md").write_text(PAGE, encoding="utf-8")
    (article,) = read_file(tmp_path / "a.md")
    assert article.title == "戌市异地就医怎么备案"
    assert article.text == "出门以前先备案。\n\n步骤1：打开应用。\n\n步骤2：提交。"
    assert article.source.publisher == "戌市医疗保障局"
    assert article.source.url == "https://zw.example.cn/a.html"
    assert article.source.published == date(2025, 6, 3)


BREAKS = {
    "a tag": ("工作日上午办理，下午不办<br>电话是咨询台电话，二楼", ["工作日上午办理，下午不办", "电话是咨询台电话，二楼"]),
    "two blanks": ("工作日上午办理，下午不办  \n电话是咨询台电话，二楼", ["工作日上午办理，下午不办", "电话是咨询台电话，二楼"]),
    "a backslash": ("工作日上午办理，下午不办\\\n电话是咨询台电话，二楼", ["工作日上午办理，下午不办", "电话是咨询台电话，二楼"]),
    "in an item": ("- 身份证原件，代办的另带<br>委托书", ["- 身份证原件，代办的另带", "  委托书"]),
    "in a heading": ("# 关于印发<br>某办法的通知", ["# 关于印发某办法的通知"]),
    "in a cell": ("| 险种 | 费用 |  \n|---|---|\n| 职工 | 一档<br>二档 |", ["险种：职工；费用：一档 二档。"]),
    "a list in a cell": (
        "| 险种 | 材料 |\n|---|---|\n| 职工 | 1. 身份证<br>2. 户口簿 |",
        ["险种：职工；材料：", "1. 身份证", "2. 户口簿。"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BREAKS)
def test_line_ends_that_are_meant(case: str) -> None:
    text, shown = BREAKS[case]
    assert [line.text for line in read_markdown(text).lines if line.text] == shown
