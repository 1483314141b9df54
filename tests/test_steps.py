"""Which steps a passage tells, one list for each channel; which of them a question is helped by."""

from __future__ import annotations

import pytest

from assistant.steps import staged, steps_of
from corpus.passages import split
from corpus.types import Article, Passage, Source


def read(text: str, title: str = "居民医保怎么办") -> tuple[Passage, ...]:
    return split(Article("a", title, text, Source("某站", "a.txt"), excerpt=True))


def told(text: str, title: str = "居民医保怎么办") -> list[tuple[str, list[str]]]:
    lists = [steps for passage in read(text, title) for steps in steps_of(passage)]
    return [(s.channel, [s.passage.article.text[a:b] for a, b in s.spans]) for s in lists]


def test_a_menu_path_of_two_channels_in_one_line() -> None:
    line = (
        "线上缴费方式 微信缴费 打开微信 → 点「我」 → 「服务」 → 完成付款 支付宝缴费 登录支付宝 → "
        "点「市民中心」 → 「社保」"
    )
    assert told(f"办理流程：\n\n{line}\n") == [
        ("微信", ["打开微信", "点「我」", "「服务」", "完成付款"]),
        ("支付宝", ["登录支付宝", "点「市民中心」", "「社保」"]),
    ]


def test_a_heading_that_tells_what_to_do_first_is_the_first_step() -> None:
    text = "下载并登录某APP\n1. 打开APP。\n2. 点击缴费。"
    items = tuple(
        (text.index(s), text.index(s) + len(s)) for s in ("1. 打开APP。", "2. 点击缴费。")
    )
    article = Article("a", "怎么缴", text, Source("某站", "a.txt"))
    (found,) = steps_of(Passage(article, 0, len(text), "steps", ("下载并登录某APP",), items))
    assert text[slice(*found.spans[0])] == "下载并登录某APP"


def test_ways_beside_each_other_are_no_steps_of_one_list() -> None:
    text = (
        "办理流程：\n\n1. 线上补缴：打开医保网站，填写信息后付款。核对金额。\n"
        "2. 窗口补缴：带身份证到大厅，填写申请表。\n"
    )
    assert [channel for channel, _ in told(text)] == ["线上", "窗口"]
    assert told(text)[1][1] == ["带身份证到大厅", "填写申请表。"]


def test_a_procedure_in_one_sentence() -> None:
    text = "办理流程：携带材料到社保局窗口，填写表格，办理停保手续。\n"
    assert told(text) == [("窗口", ["携带材料到社保局窗口", "填写表格", "办理停保手续。"])]


STAGES = """需按以下步骤办理：

一、办理停保手续

1. 携带身份证到窗口提交材料。
2. 确认停保完成。

二、转移缴费年限

到转入地窗口申请转移。
"""


@pytest.mark.parametrize(
    ("text", "joined"),
    [(STAGES, True), (STAGES.replace("按以下步骤", "分别"), False), (STAGES[:40], False)],
)
def test_stages_of_one_procedure_are_joined(text: str, joined: bool) -> None:
    pieces = [piece for passage in read(text) for piece in passage.pieces]
    wholes = staged(pieces)
    assert len(wholes) == joined
    for whole in wholes:
        (steps,) = steps_of(whole)
        assert len(steps.spans) == 3
