"""The asks of a question, each with the case."""

from __future__ import annotations

import pytest

from assistant.asks import MOST, Ask, asks


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("多少钱，什么时候截止，在手机上怎么交居民医保", ["多少钱", "什么时候截止", "在手机上怎么交居民医保"]),
        ("断了两个月，怎么补，要等多久", ["怎么补", "要等多久"]),
        ("谢谢 孩子刚出生还没上户口能先交医保吗要带什么材料去哪里办", ["能先交医保吗", "要带什么材料", "去哪里办"]),
        ("这两份能都给我报吗 不能的话那四百退不退", ["这两份能都给我报吗", "不能的话那四百退不退"]),
    ],
)  # fmt: skip
def test_each_ask_is_found(question: str, said: list[str]) -> None:
    assert [ask.said for ask in asks(question)] == said


@pytest.mark.parametrize(
    "question",
    [
        "断缴两个月怎么补",
        "孩子户口在外地，能在这边参保吗",
        "退休要交满 25 年还是 30 年啊",  # a blank beside a figure parts nothing
        "能直接刷卡结算吗，还是要先垫钱",  # the rest of the same ask
        "能补缴吗？对吧？",
        "",
        "，。？",
    ],
)
def test_one_ask_is_no_list(question: str) -> None:
    assert asks(question) == ()


def test_the_case_stands_with_each_ask_and_the_other_asks_do_not() -> None:
    first, second = asks("我断了两个月，怎么补，要等多久，单位在沈阳")
    assert first == Ask("怎么补", "我断了两个月，怎么补，单位在沈阳")
    assert second == Ask("要等多久", "我断了两个月，要等多久，单位在沈阳")


def test_no_more_than_a_few_are_answered_one_by_one() -> None:
    assert len(asks("，".join(f"第{n}件事怎么办" for n in range(9)))) == MOST
