"""What a question says by itself: scheme, place, length of time, the kind of thing asked for."""

from __future__ import annotations

import pytest

from corpus.names import is_scheme_name, scheme_names, schemes_in
from corpus.text import fold
from corpus.turns import turn_in
from corpus.words import words
from index.question import (
    Question,
    by_present_name,
    read_question,
    subject_line,
)


def read(text: str) -> Question:
    return read_question(text, words())


@pytest.mark.parametrize(
    ("text", "schemes"),
    [
        ("职工医保怎么转居民医保", ("职工", "居民")),
        ("新农合一年多少钱", ("居民",)),
        ("自由职业断缴了", ("灵活就业",)),
        ("医保断缴了", ()),
    ],
)
def test_schemes_named_outright(text: str, schemes: tuple[str, ...]) -> None:
    assert schemes_in(text) == schemes


def test_a_workplace_only_hints_at_a_scheme() -> None:
    asked = read("孩子转进单位上班了，居民医保停保要哪些材料")
    assert (asked.schemes, asked.hinted) == (("居民",), ("职工",))


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("职工医保怎么停", "steps"),
        ("停保要带什么材料", "materials"),
        ("去哪里办停保", "place"),
        ("断缴后多久能报销", "time"),
        ("新农合是什么", "definition"),
        ("欠缴医保违反哪条法律", "legal"),
    ],
)
def test_the_kind_of_thing_asked_for(text: str, first: str) -> None:
    assert read(text).wants[0] == first


def test_place_yes_or_no_and_online() -> None:
    asked = read("沈阳的居民医保能不能在支付宝上补缴")
    assert (asked.region, asked.yes_no, asked.online) == ("沈阳", True, True)
    assert asked.channels == ("支付宝",)
    assert not read("要带什么").yes_no


@pytest.mark.parametrize(
    ("word", "is_name"),
    [("新农合", True), ("城乡居民医保", True), ("职工", True), ("农村合作医疗", True),
     ("灵活就业人员", True), ("居民", True), ("医保", False), ("断缴", False), ("居民证", False)],
)  # fmt: skip
def test_names_of_schemes(word: str, is_name: bool) -> None:
    assert is_scheme_name(word) is is_name


def test_schemes_as_a_text_calls_them() -> None:
    assert scheme_names("新农合转职工医保，新农合还退吗") == ("新农合", "职工医保")


@pytest.mark.parametrize(
    ("text", "searched"),
    [("新农合断了两年怎么补", "居民医保断了2年怎么补"), ("新农合是什么", "新农合是什么"),
     ("新农合转职工医保要补缴吗", "新农合转职工医保要补缴吗"), ("农村合作医疗退费", "居民医保退费")],
)  # fmt: skip
def test_a_scheme_is_searched_by_its_present_name(text: str, searched: str) -> None:
    assert by_present_name(read(text)).replace("两", "2") == searched


def test_the_subject_line_of_a_letter() -> None:
    letter = "您好，我去年八月辞职回老家照顾老人，现在又回来上班了，请问年限清零吗？"
    assert subject_line(f"咨询医保断缴\n{letter}") == "咨询医保断缴"
    assert subject_line(letter) is None
    assert subject_line(f"{letter}\n{letter}\n{letter}") is None
    assert subject_line("断缴\n怎么补") is None
    assert read(f"咨询医保断缴\n{letter}").folded.startswith("咨询医保断缴\n您好")


def test_slips_and_traditional_characters_are_mended_for_searching() -> None:
    asked = read("醫保斷繳三個月")
    assert asked.text == "醫保斷繳三個月"
    assert asked.folded == "医保断缴三个月"


@pytest.mark.parametrize(
    ("text", "turn"),
    [
        ("居民医保怎么转职工医保", ("居民", "职工")),
        ("离职后职工医保停了，怎么转成居民医保", ("职工", "居民")),
        ("灵活就业想换成居民医保", ("职工", "居民")),
        ("单位的医保不交了，想交村里的合作医疗", ("职工", "居民")),
        ("职工医保和居民医保有什么区别", None),
        ("职工医保怎么转到外地", None),
    ],
)
def test_from_which_scheme_to_which_one_changes(text: str, turn: tuple[str, str] | None) -> None:
    assert turn_in(fold(text)) == turn
