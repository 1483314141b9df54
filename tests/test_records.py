"""Dataclasses to JSON and back, whatever their fields."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import pytest

from corpus.types import Article, Claim, LawRef, Passage, Source
from index.records import Later, decode, dumps, encode

SOURCE = Source("某网", "a.txt", published=date(2021, 7, 17))
ARTICLE = Article(
    "a/1",
    "怎么停保？",
    "先停。\n再办。",
    SOURCE,
    schemes=("职工",),
    questions=("停保怎么弄",),
    sources=(SOURCE, Source("另一网", "b.txt", url="https://example.org/")),
    basis=(LawRef("社会保险法", "第三十二条"),),
    checked=date(2026, 11, 21),
    excerpt=True,
)


def test_an_article_comes_back_equal() -> None:
    assert decode(Article, encode(ARTICLE)) == ARTICLE


def test_a_claim_comes_back_equal() -> None:
    claim = Claim("待遇等待期", "3个月", "3个月", 2, 9, scheme="居民", source=SOURCE, national=True)
    assert decode(Claim, encode(claim)) == claim


def test_a_passage_is_kept_without_its_article() -> None:
    passage = Passage(ARTICLE, 0, 3, "steps", ("办理",), ((0, 2),))
    kept = encode(passage, leave_out="article")
    assert kept == {"start": 0, "end": 3, "kind": "steps", "heading": ["办理"], "items": [[0, 2]]}
    back = decode(Passage, kept, article=ARTICLE)
    assert (back.text, back.heading) == ("先停。", ("办理",))
    assert back == passage


def test_defaults_are_left_out() -> None:
    plain = Article("a", "b", "c", SOURCE)
    assert list(encode(plain)) == ["id", "title", "text", "source", "sources", "author"]


def test_equal_values_give_equal_lines() -> None:
    assert dumps(ARTICLE) == dumps(replace(ARTICLE))
    assert "\n" not in dumps(replace(ARTICLE, text="一\n二\u2028三"))


def test_a_field_of_an_unknown_type_is_named() -> None:
    @dataclass(frozen=True)
    class Odd:
        what: complex = 0j

    with pytest.raises(TypeError, match="complex"):
        decode(Odd, {})


def test_records_are_decoded_once_and_when_they_are_asked_for() -> None:
    claim = Claim("待遇等待期", "3个月", "3个月", 2, 9, source=SOURCE)
    found = Later(Claim, [encode(claim), {"about": "没有别的"}])
    assert len(found) == 2
    assert found[0] == claim
    assert found[0] is found[0]
    assert found[:1] == (claim,)
    with pytest.raises(TypeError):
        found[1]
    assert Later(Claim, [encode(claim)]) == (claim,)
    assert Later(Claim, [encode(claim)]) == Later(Claim, [encode(claim)])
    assert Later(Claim, []) != (claim,)
