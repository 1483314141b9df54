"""Lines of a text: broken ones joined, gaps closed, numbered questions, menus, steps, clauses."""

from pathlib import Path

import pytest

from corpus.passages import split
from corpus.reading import read_file
from corpus.reading.joining import joined, without_gaps
from corpus.types import Article


def read_all(folder: Path, text: str) -> list[Article]:
    (folder / "a.txt").write_text(text, encoding="utf-8")
    return list(read_file(folder / "a.txt"))


JOINED: dict[str, tuple[list[str], list[str]]] = {
    "a paragraph that a program broke": (
        [
            "　　断缴三个月以内的职工，可以由单位到",
            "经办机构申报补缴，补缴以后可以按规定报",
            "销。超过三个月的要等六",
            "个月。",
        ],
        [
            "　　断缴三个月以内的职工，可以由单位到经办机构申报补缴，补缴以后可以按规定报销。"
            "超过三个月的要等六个月。"
        ],
    ),
    "a list": (["需要：", "身份证", "户口簿", "照片"], ["需要：", "身份证", "户口簿", "照片"]),
    "numbered lines": (
        ["1. 打开应用以后选择医保业务办理入口，", "2. 填写资料以后点提交按钮等待审核，"],
        ["1. 打开应用以后选择医保业务办理入口，", "2. 填写资料以后点提交按钮等待审核，"],
    ),
    "labels under each other": (
        ["地址：某市某路一百二十三号政务中心", "电话：12393，周末休息"],
        ["地址：某市某路一百二十三号政务中心", "电话：12393，周末休息"],
    ),
}


@pytest.mark.parametrize("case", JOINED)
def test_broken_lines(case: str) -> None:
    raw, expected = JOINED[case]
    assert joined(raw) == expected


@pytest.mark.parametrize(
    ("spaced", "closed"),
    [
        ("职 工 断 缴 3 个 月 ， 可 以 补 。", "职工断缴3个月，可以补。"),
        ("第一章　总　则", "第一章　总则"),
        ("附 则", "附则"),
        ("首页 新闻 服务", "首页 新闻 服务"),
        ("大 中 小", "大 中 小"),
        ("参 保人 员应 当按 时缴 纳保 险费 用。", "参保人员应当按时缴纳保险费用。"),
        ("拨打 12393 咨询", "拨打 12393 咨询"),
    ],
)
def test_gaps_between_characters(spaced: str, closed: str) -> None:
    assert without_gaps(spaced) == closed


def test_numbered_questions(tmp_path: Path) -> None:
    articles = read_all(
        tmp_path,
        "1、职工医保断缴怎么补？\n由单位补。\n2、居民医保断缴多久能报？\n等三个月。\n（一）新生儿除外。\n"
        "3、退休还缴吗？\n不用再缴。\n",
    )
    assert [(a.title, a.text) for a in articles] == [
        ("职工医保断缴怎么补？", "由单位补。"),
        ("居民医保断缴多久能报？", "等三个月。\n（一）新生儿除外。"),
        ("退休还缴吗？", "不用再缴。"),
    ]
    assert [a.schemes for a in articles] == [("职工",), ("居民",), ()]


def test_questions_numbered_in_chinese_where_the_page_is_a_list_of_them(tmp_path: Path) -> None:
    text = "一、怎么申领？\n在网上申领。\n二、领多久？\n最长两年。\n"
    assert [a.title for a in read_all(tmp_path, f"失业保险常见问题解答\n{text}")] == [
        "怎么申领？",
        "领多久？",
    ]
    assert [a.title for a in read_all(tmp_path, f"失业保险金介绍\n{text}")] == ["失业保险金介绍"]


def test_menus_page_marks_and_feet(tmp_path: Path) -> None:
    (article,) = read_all(
        tmp_path,
        "===PAGE 1===\n您的位置：首页 > 办事 > 正文\n子市异地就医怎么备案\n\n首页\n推荐\n政务服务\n\n"
        "办理指引\n\n步骤1：打开应用。\n步骤2：提交。\n\n需要带：\n身份证\n社保卡\n\n"
        "===PAGE 2===\n温馨提示\n\n备案以后两地都能报销。\n\n"
        "网站地图 | 联系我们 | 隐私声明 | 关于本站\n版权所有 子市政府\n· 市教育局\n· 市公安局\n",
    )
    assert article.title == "子市异地就医怎么备案"
    assert article.text == (
        "办理指引\n\n步骤1：打开应用。\n步骤2：提交。\n\n需要带：\n身份证\n社保卡\n\n"
        "温馨提示\n\n备案以后两地都能报销。"
    )


STEPS = {
    "a remark in the step": "1.打开应用。\n2.填资料。注意：账号要准！\n3.提交。\n",
    "a remark on lines of its own": "1.打开应用。\n2.填资料。\n注意：\n账号要准。\n3.提交。\n",
    "a remark with its label": "1.打开应用。\n2.填资料。\n温馨提示：账号要准。\n3.提交。\n",
    "a picture's name": "1.打开应用。\n2.填资料。\n▲资料页\n3.提交。\n",
    "a list in a step": "1.打开应用。\n2.填资料。\n（1）失业人员不填；\n（2）其他人都填。\n3.提交。\n",
}


@pytest.mark.parametrize("case", STEPS)
def test_steps_go_on(tmp_path: Path, case: str) -> None:
    (article,) = read_all(tmp_path, f"丑市津贴怎么申请\n\n办理步骤如下：\n{STEPS[case]}")
    (steps,) = [passage for passage in split(article) if passage.kind == "steps"]
    assert len(steps.items) == 3


def test_a_clause_needs_no_blank_behind_its_number(tmp_path: Path) -> None:
    (article,) = read_all(
        tmp_path,
        "寅市医保规定\n第一条 为了规范管理，制定本规定。\n第二条职工由单位缴费。\n"
        "第三条连续断缴两个月的，从第三个月起重新计算。\n第四条 依照第二条的规定执行。\n",
    )
    assert [passage.text[:3] for passage in split(article)] == [
        "第一条",
        "第二条",
        "第三条",
        "第四条",
    ]
