"""A question that asks several things is answered ask by ask."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from assistant import Assistant, phrases
from assistant.asks import Ask
from assistant.book import CitationBook
from assistant.by_part import Answering, by_part, statements
from assistant.parts import Part
from assistant.summary import Sentence
from benchmarks.labels import read_rows
from benchmarks.parts import PARTS, outcomes
from corpus.types import Article, Passage, Source

TODAY = date(2026, 11, 28)
THREE = "多少钱，什么时候截止，在手机上怎么交居民医保"


ARTICLE = Article(
    id="一", title="一", text="甲。乙。丙。丁。戊。", source=Source(publisher="", name="一")
)
ODDS = {"甲": 3.0, "乙": 2.0, "丙": 1.5, "丁": 1.0, "戊": 0.5}


def answering(said: str, *texts: str, near: bool = False) -> Answering:
    hits: Any = texts  # by_part only hands them on
    return Answering(Ask(said, said), hits, lambda *_: 0.0, near)  # type: ignore[arg-type]


def choose(hits: Sequence[Any], _: object) -> tuple[Sentence, ...]:
    passage = Passage(ARTICLE, 0, len(ARTICLE.text))
    places = [(ARTICLE.text.index(text), text) for text in hits]
    return tuple(Sentence(passage, at, at + len(text), ODDS[text]) for at, text in places)


def told(*asks: Answering) -> list[tuple[str, str, list[str]]]:
    parts = by_part(asks, choose, CitationBook())
    return [(part.text, part.status, [s.text for s in part.statements]) for part in parts]


def test_what_was_told_for_one_ask_is_not_told_again() -> None:
    asked = (answering("怎么补", "甲", "乙", "丙"), answering("多久", "乙", "丁"))
    assert told(*asked) == [
        ("怎么补", "answered", ["甲", "乙"]),
        ("多久", "answered", ["丁"]),
    ]


def test_what_lies_far_behind_the_likeliest_is_not_told() -> None:
    assert told(answering("怎么补", "甲"), answering("多久", "甲", "丙")) == [
        ("怎么补", "answered", ["甲"]),
        ("多久", "answered", ["丙"]),
    ]
    assert told(answering("怎么补", "甲"), answering("多久", "甲", "戊")) == []


def test_one_answer_for_all_asks_is_told_as_one() -> None:
    assert told(answering("怎么补", "甲"), answering("多久", "甲")) == []
    assert told(answering("怎么补"), answering("多久")) == []


def test_what_nothing_answers_is_named() -> None:
    parts = by_part([answering("怎么补", "甲"), answering("多少钱")], choose, CitationBook())
    assert parts[1] == Part("多少钱", "refused")
    assert [s.text for s in statements(parts)] == ["甲", "多少钱：资料里没有。"]


def test_what_one_sentence_answers_has_one_heading() -> None:
    asked = (answering("怎么补", "甲"), answering("多久", "丁"), answering("要等吗", "甲"))
    assert told(*asked) == [
        ("怎么补；要等吗", "answered", ["甲"]),
        ("多久", "answered", ["丁"]),
    ]


def test_what_only_comes_near_is_told_as_that() -> None:
    asked = (answering("怎么补", "甲"), answering("多少钱", "丙", "丁", near=True))
    assert told(*asked) == [
        ("怎么补", "answered", ["甲"]),
        ("多少钱", "refused", [phrases.PART_NEAR, "丙"]),
    ]
    again = (answering("怎么补", "甲"), answering("多少钱", "甲", near=True))
    assert told(*again)[1] == ("多少钱", "refused", [])
    assert told(answering("怎么补", "甲", near=True), answering("多久", "丁", near=True)) == []


@pytest.mark.quality
def test_asks_that_nothing_answers_are_named(shipped: Assistant) -> None:
    """Of questions by a hand from whom no constant was chosen; ``python -m benchmarks.parts`` prints all figures."""
    found: dict[str, list[bool]] = {}
    for row in read_rows(PARTS / "c.jsonl"):
        for name, so in outcomes(row, shipped.ask(row["question"], today=TODAY)):
            found.setdefault(name, []).append(so)
    mean = {name: sum(so) / len(so) for name, so in found.items()}
    assert mean["open"] >= 0.6
    assert mean["beneath"] >= 0.75
    assert mean["misled"] <= 0.15
    assert mean["right"] >= 0.36


def test_each_ask_has_its_heading_and_its_own_article(shipped: Assistant) -> None:
    answer = shipped.ask(THREE, today=TODAY)
    assert [part.text for part in answer.parts] == ["多少钱", "什么时候截止", "在手机上怎么交居民医保"]  # fmt: skip
    assert answer.completeness == "complete"
    leads = [part.statements[0].citations[0].title for part in answer.parts]
    assert leads[0] == "居民医保一年交多少钱"
    assert leads[1] == "居民医保每年几月交，截止到什么时候"
    told = answer.to_markdown()
    assert told.index("#### 多少钱") < told.index("#### 什么时候截止")
    assert [p["text"] for p in answer.to_dict()["parts"]] == [p.text for p in answer.parts]  # type: ignore[attr-defined]


def test_a_single_ask_has_no_parts(shipped: Assistant) -> None:
    answer = shipped.ask("断缴年限会清零吗", today=TODAY)
    assert (answer.parts, answer.completeness) == ((), "complete")
    assert shipped.ask("明天下雨吗", today=TODAY).completeness == "none"


def test_a_refusal_says_what_is_lacking(shipped: Assistant) -> None:
    answer = shipped.ask("2031年居民医保要交多少钱", today=TODAY)
    assert answer.status == "refused"
    assert phrases.NOTHING_OF.format(what="2031年") in [s.text for s in answer.summary]


def test_a_sentence_of_the_summary_is_not_told_again_under_a_heading(shipped: Assistant) -> None:
    for question in ("断缴两个月怎么补", "职工医保断缴不超过三个月怎么补缴、要不要等"):
        answer = shipped.ask(question, today=TODAY)
        told = {statement.text for statement in answer.summary}
        assert len(told) > 1
        assert not told & {s.text for s in (*answer.times, *answer.places, *answer.materials)}
