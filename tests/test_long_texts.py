"""Texts that no page has are cut and prepared for the index in proportion to
their length: what was quadratic took minutes for these."""

import time

import pytest

from corpus.sections import sections
from corpus.types import Article, Source
from index.marks import mark

SIZE = 60_000  # characters
LONGEST = 30.0  # seconds of processor time; each takes less than 2
RUNS = {
    "blanks": " ",
    "dots": ".",
    "ones": "一",
    "semicolons": "；",
    "pairs": "甲：乙；",
    "numbers": "1、",
    "lines": "甲\n",
    "steps": "1. 打开\n",
    "conditions": "如果断缴超过3个月，",
    "sentences": "断缴以后怎么办。",
    "sections": "一、办理流程\n",
}


@pytest.mark.parametrize("name", RUNS)
def test_a_long_run(name: str) -> None:
    run = RUNS[name]
    text = "去" + run * (SIZE // len(run)) + "窗口办理。"
    article = Article("a", "停保怎么办", text, Source("某站", "a.txt"))
    begun = time.process_time()
    passages = sections(article)
    assert passages
    for passage in passages:
        mark(passage)
    assert time.process_time() - begun < LONGEST
