"""Which matters a question is likely to ask for, by how like it is to examples."""

from __future__ import annotations

import pytest

from assistant.asked_for import LIST, AskedFor
from assistant.classifier import NONE, examples
from assistant.topics import OTHER
from corpus.schema import ABOUT
from index.encoder import Encoder


def test_the_examples_name_matters() -> None:
    of = examples(LIST)
    assert {*ABOUT} - {OTHER} < {*of.kinds} - {NONE}


@pytest.mark.parametrize(
    ("question", "about"),
    [
        ("歇业大半年才续上，头几个月看病是不是白跑", "待遇等待期"),
        ("空档里看的病，事后交齐了给不给找补", "可否追溯"),
        ("弟弟妹妹沾不沾得上我的医保余额", "共济范围"),
        ("社保卡密码忘了去哪改", None),
    ],
)
def test_the_likeliest(question: str, about: str | None, encoder: Encoder) -> None:
    (vector,) = encoder.encode_queries([question])
    weighed = AskedFor(encoder.model).weigh(question, vector)
    first = max(weighed.families, key=lambda family: weighed.families[family])
    likelier = weighed.families[first] > weighed.nothing
    assert (first if likelier else None) == about
