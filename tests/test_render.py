"""An answer as JSON keeps to its schema, and as Markdown runs nothing that a source wrote."""

from __future__ import annotations

import json

import jsonschema
import pytest
from ground import TODAY

from assistant import Answer, Assistant, Statement
from assistant.markdown import to_markdown
from corpus.settings import ROOT

SCHEMA = json.loads((ROOT / "assistant" / "answer.schema.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "question",
    [
        "断缴两个月怎么补",
        "职工医保断缴五个月要等多久才能报销",
        "医保断了怎么办",
        "养老金什么时候涨",
    ],
)
def test_answers_keep_to_the_schema(shipped: Assistant, question: str) -> None:
    value = json.loads(json.dumps(shipped.ask(question, today=TODAY).to_dict()))
    jsonschema.Draft202012Validator(SCHEMA).validate(value)


def test_words_of_others_are_no_markup() -> None:
    summary = (Statement("**b** | [1] _c_"),)
    answer = Answer("[a](http://x)", "<img src=x>", "answered", summary=summary)
    text = to_markdown(answer)
    assert "\\<img src=x\\>" in text
    assert "\\*\\*b\\*\\* \\| \\[1\\] \\_c\\_" in text


def test_a_legal_basis_shows_its_state(shipped: Assistant) -> None:
    text = shipped.ask("重复参保违反哪条规定", today=TODAY).to_markdown()
    assert "**《医疗保障法》第十三条**（已公布，2027-01-01 起施行）" in text
