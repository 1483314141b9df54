"""What a question wants done: to stop cover or to keep it."""

from __future__ import annotations

import pytest

from assistant.doing import doing
from corpus.words import words
from index.question import read_question


@pytest.mark.parametrize(
    ("question", "wanted", "unwanted"),
    [
        ("不想交居民医保了，支付宝里从哪进去停", "停保", "恢复"),
        ("居民医保停掉了想重新弄上", "恢复", "退保"),
        ("把停掉的居民医保弄回来，支付宝怎么点", "恢复", "退保"),
        ("灵活就业的人在小程序里怎么申请中断", "停保", "恢复"),
        ("职工医保自己能去停吗，还是得公司停", "停保", "恢复"),
    ],
)
def test_what_is_wanted(question: str, wanted: str, unwanted: str) -> None:
    actions = doing(read_question(question, words())).actions
    assert wanted in actions
    assert unwanted not in actions
