"""Which steps a passage tells, one list for each channel; which of them a question is helped by."""

from __future__ import annotations

import pytest

from assistant.stages import staged
from assistant.steps import steps_of
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


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        (
            "先到服务站领一张核对表，再拿表到窗口盖章，然后刷卡交费，最后把回执带走。",
            [
                "先到服务站领一张核对表，",
                "再拿表到窗口盖章，",
                "然后刷卡交费，",
                "最后把回执带走。",
            ],
        ),
        (
            "微信里这样走：点右下角“我”；选“城市服务”；点“续保”；输支付密码。",
            ["点右下角“我”", "选“城市服务”", "点“续保”", "输支付密码。"],
        ),
        (
            "会计登录网厅，点“申报”。选“补缴”，逐月打钩。核对金额后提交。",
            ["会计登录网厅，点“申报”。", "选“补缴”，逐月打钩。", "核对金额后提交。"],
        ),
        (
            "小程序里：\na. 点“证明”；\nb. 选“打印”；\nc. 生成PDF。",
            ["点“证明”；", "选“打印”；", "生成PDF。"],
        ),
    ],
)
def test_steps_however_they_are_told(text: str, steps: list[str]) -> None:
    assert [found for _, found in told(f"怎么续保\n\n{text}\n", "怎么续保")] == [steps]


def test_a_remark_between_two_steps_ends_no_list() -> None:
    text = "1. 打开网厅。\n2. 点“减员”。\n温馨提示：一次最多查50人。\n3. 填停保月份。\n4. 提交。\n"
    ((_, steps),) = told(f"办理流程\n\n{text}")
    assert steps == ["打开网厅。", "点“减员”。", "填停保月份。", "提交。"]


def test_provisions_of_a_notice_are_no_steps() -> None:
    text = (
        "（一）集中缴费期为每年9月至12月。\n（二）个人缴费标准为每人400元。\n"
        "（三）在集中缴费期内缴费的，次年享受待遇。\n"
    )
    assert told(f"缴费时间和标准\n\n{text}", "关于缴费的通知") == []


def test_headings_that_count_on_are_ways_beside_each_other() -> None:
    text = (
        "缴费方式\n\n（一）微信\n1. 打开服务，点社保缴费。\n2. 选参保地，填姓名付款。\n（二）银行柜台\n"
        "带身份证到任一网点，向柜员报缴居民医保，交现金。\n（三）村里代收\n先给村委会打电话登记，再把现金交给代办员。\n"
    )
    pieces = [piece for passage in read(text) for piece in passage.pieces]
    assert staged(pieces) is None
    assert [steps[0] for _, steps in told(text)] == [
        "打开服务，点社保缴费。", "带身份证到任一网点", "先给村委会打电话登记"
    ]  # fmt: skip


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
    whole = staged(pieces)
    assert (whole is not None) == joined
    if whole is not None:
        (steps,) = steps_of(whole)
        assert len(steps.spans) == 3
