"""Texts that no page has are cut, read for claims and prepared for the index in proportion to
their length: what was quadratic took minutes for these."""

import time

import pytest

from corpus import circumstances
from corpus.claims import claims
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
    claims(article, [piece for passage in passages for piece in passage.pieces])
    for passage in passages:
        mark(passage)
    assert time.process_time() - begun < LONGEST


def test_what_is_said_again_and_again_is_judged_once() -> None:
    text = "断缴三个月以内的，去窗口补缴；居民须点击参保登记。" * 2_000
    article = Article("a", "停保怎么办", text, Source("某站", "a.txt"))
    judges = (circumstances._named,)
    before = [judge.cache_info().misses for judge in judges]
    passages = sections(article)
    claims(article, [piece for passage in passages for piece in passage.pieces])
    misses = [judge.cache_info().misses for judge in judges]
    assert all(a - b < 20 for a, b in zip(misses, before, strict=True))
