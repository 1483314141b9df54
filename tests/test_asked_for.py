"""Which matters a question asks for, by its words and by how like it is to examples."""

from __future__ import annotations

import pytest

from assistant.asked_for import LIST, AskedFor
from assistant.classifier import NONE, examples
from corpus import matters
from index.encoder import Encoder


def test_the_examples_name_matters() -> None:
    of = examples(LIST)
    assert all(about == NONE or matters.matter(about) for about in of.kinds)
    heard = {matters.family(about) for about in of.kinds}
    assert {m.family for m in matters.matters()} < heard


def test_an_example_holds_what_its_matter_needs() -> None:
    of = examples(LIST)
    for labels, question in zip(of.labels, of.questions, strict=True):
        for about in labels:
            assert matters.may_ask(about, question), question


@pytest.mark.parametrize(
    ("question", "about"),
    [
        ("断缴以后啥时候能报", "待遇等待期"),
        ("医保断了以前交的打水漂了吗", "年限是否清零"),
        ("停居民医保要带啥", "材料"),
    ],
)
def test_how_people_say_it(question: str, about: str) -> None:
    assert about in matters.asked(question)


@pytest.mark.parametrize(
    ("question", "about"),
    [
        ("歇业大半年才续上，头几个月看病是不是白跑", "待遇等待期"),  # no pattern hears it
        ("空档里看的病，事后交齐了给不给找补", "可否追溯"),
        ("弟弟妹妹沾不沾得上我的医保余额", "共济范围"),
        ("农合转到省里的医保都要带什么", None),  # a pattern hears 带什么: papers to stop
        ("头一回参加职工医保，前几个月看病怎么算", None),
        ("社保卡密码忘了去哪改", None),
        ("医保码要去哪激活", None),  # no card
    ],
)
def test_examples_and_patterns_together(question: str, about: str | None, encoder: Encoder) -> None:
    asked = AskedFor(encoder.model)
    first = asked.matters(question, encoder.encode_queries([question])[0])[:1]
    assert first == ((about,) if about else ())
