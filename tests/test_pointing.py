"""What a turn points back to: a step that was shown, an earlier question."""

from __future__ import annotations

import pytest
from ground import TODAY

from assistant import Answer, Assistant, phrases
from assistant.pointing import earlier
from index.encoder import HashEncoder

PAGE = "居民医保怎么停保\n\n办理步骤\n1. 带身份证到窗口。\n2. 填停保申请表。\n3. 等待审核。\n"


@pytest.fixture(scope="module")
def yibao(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    here = tmp_path_factory.mktemp("pointing")
    (here / "a.txt").write_text(PAGE, encoding="utf-8")
    return Assistant.create(here / "store", here / "a.txt", encoder=HashEncoder())


@pytest.fixture(scope="module")
def shown(yibao: Assistant) -> Answer:
    answer = yibao.ask("居民医保怎么停保，去窗口怎么办", today=TODAY)
    assert [step.text for step in answer.procedures[0].steps] == [
        "带身份证到窗口。", "填停保申请表。", "等待审核。",
    ]  # fmt: skip
    return answer


@pytest.mark.parametrize(
    ("turn", "step"),
    [
        ("第二步呢", "填停保申请表。"),
        ("那第3步怎么弄", "等待审核。"),
        ("最后一步是什么", "等待审核。"),
    ],
)
def test_a_step_is_that_of_the_list_that_was_shown(
    yibao: Assistant, shown: Answer, turn: str, step: str
) -> None:
    answer = yibao.ask(turn, [shown], today=TODAY)
    assert [s.text for s in answer.summary] == [step]
    assert answer.summary[0].citations[0].quote.text == step
    assert answer.procedures[0].steps[0].citations[0] in answer.citations
    again = yibao.ask("第一步呢", [shown, answer], today=TODAY)
    assert again.summary[0].text == "带身份证到窗口。"


def test_of_a_step_that_there_is_not_the_number_is_told(yibao: Assistant, shown: Answer) -> None:
    answer = yibao.ask("第五步呢", [shown], today=TODAY)
    assert [s.text for s in answer.summary] == [phrases.SO_MANY_STEPS.format(n=3)]


def test_without_a_list_nothing_is_pointed_to(yibao: Assistant) -> None:
    nothing = Answer("问", "问", "refused")
    assert yibao.ask("第二步呢", [nothing], today=TODAY).procedures == ()


def test_an_earlier_question_is_leaned_on() -> None:
    one, two = (Answer(q, q, "answered") for q in ("怎么停保", "怎么转移"))
    refused = Answer("几点了", "几点了", "refused")
    talk = [one, refused, two]
    assert earlier("上一个问题要带什么材料", talk) == ("要带什么材料", [one])
    assert earlier("第二个问题去哪办", talk) == ("去哪办", talk)
    assert earlier("回到第一个，找谁", talk) == ("找谁", [one])
    assert earlier("第五个问题呢", talk) == ("第五个问题呢", talk)
    assert earlier("要带什么材料", talk) == ("要带什么材料", talk)
    assert earlier("上一个问题要带什么材料", [refused])[1] == [refused]
