"""What a turn means after the turns before it."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.conversation import resolve, subject_of
from assistant.types import Answer, Context
from corpus.words import words
from index.question import Question, read_question

TODAY = date(2026, 11, 29)

FOREIGN = {"星期", "天气", "北京"}


def read(text: str) -> Question:
    return read_question(text, words())


def talk(*turns: str) -> Answer:
    """The last turn, resolved after the others, as an answer without content."""
    history: list[Answer] = []
    for turn in turns:
        resolved = resolve(
            read(turn),
            history,
            reads=read,
            known=lambda word: word not in FOREIGN,
            today=TODAY,
        )
        history.append(Answer(turn, resolved.text, "answered", context=resolved.context))
    return history[-1]


@pytest.mark.parametrize(
    ("turns", "understood"),
    [
        (["职工医保怎么停", "那要带什么材料"], "职工医保怎么停，要带什么材料"),
        (["居民医保中断了怎么办", "那职工的呢"], "职工医保中断了怎么办"),
        (["沈阳医保几号交", "居民的呢"], "沈阳居民医保几号交"),
        (["居民医保怎么停保", "线上怎么弄"], "居民医保怎么停保，线上怎么弄"),
        (["断缴后年限会清零吗", "为什么"], "断缴后年限会清零吗，依据什么规定"),
        (["断缴两个月怎么补", "超过3个月呢"], "断缴超过3个月怎么补"),
        (["居民医保一年交多少钱", "2027年的呢"], "2027年居民医保一年交多少钱"),
        (["居民医保窗口停保怎么办", "线上怎么弄"], "居民医保停保怎么办，线上怎么弄"),
        (["断缴两个月怎么补", "职工医保"], "职工医保断缴两个月怎么补"),
        (["职工医保断缴两个月怎么补", "记错了，才断一个月"], "职工医保断缴一个月怎么补"),
        (["职工断缴两个月怎么补", "哦，不是两个月，是四个月"], "职工断缴四个月怎么补"),
        (["沈阳医保几号交", "广州呢"], "广州医保几号交"),
        (["职工断缴多久不能报", "居民的呢"], "居民医保断缴多久不能报"),
        (["新农合能转职工吗", "反过来呢"], "职工能转新农合吗"),
        (["居民医保停保怎么办", "要交什么材料给社保"], "居民医保停保怎么办，要交什么材料给社保"),
        (["职工断缴两个月怎么补", "算错了，半年"], "职工断缴半年怎么补"),
        (
            ["3月15号离职，7月1号入职，怎么补", "记错了，6月1号入职的"],
            "3月15号离职，6月1号入职，怎么补",
        ),
        (
            ["居民医保怎么在支付宝上交", "除了支付宝还能在哪交"],
            "居民医保怎么交，除了支付宝还能在哪交",
        ),
        (["职工医保和居民医保有什么区别", "年限呢"], "职工医保和居民医保有什么区别，年限"),
    ],
)
def test_a_follow_up_takes_from_the_talk_what_it_leaves_out(
    turns: list[str], understood: str
) -> None:
    assert talk(*turns).understood == understood


def test_what_is_known_is_carried_and_replaced() -> None:
    assert talk("沈阳居民医保断了两个月", "要带什么材料").context == Context(
        scheme="居民", region="沈阳", months=2.0, topic="沈阳居民医保断了两个月"
    )
    assert talk("居民医保怎么停", "那职工的呢").context.scheme == "职工"


def test_a_change_of_subject_drops_what_no_longer_fits() -> None:
    context = talk("沈阳居民医保断了两个月怎么补", "家庭共济可以绑定哪些家人").context
    assert (context.region, context.months) == ("沈阳", None)


def test_a_refused_turn_is_no_subject() -> None:
    first = Answer(
        "职工医保怎么停",
        "职工医保怎么停",
        "answered",
        context=Context(scheme="职工", topic="职工医保怎么停"),
    )
    refused = Answer("今天星期几", "今天星期几", "refused")
    resolved = resolve(
        read("要带什么材料"), [first, refused], reads=read, known=lambda _: True, today=TODAY
    )
    assert resolved.text == "职工医保怎么停，要带什么材料"


def test_the_subject_is_the_question_without_its_asking() -> None:
    assert subject_of("职工医保怎么停？") == "职工医保怎么停"
    assert subject_of("怎么办") == "怎么办"
    assert subject_of("公司三个月没给我交医保，要找谁投诉") == "公司三个月没给我交医保"
    assert subject_of("多少钱，什么时候截止，在手机上怎么交居民医保") == "在手机上怎么交居民医保"
