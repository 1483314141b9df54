"""How sources are named, and when the age of one is worth a word."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from assistant import Answer
from assistant.book import CitationBook
from assistant.cautions import cautions
from assistant.citing import named, references, source_line, support_lines, words_of
from assistant.types import Citation
from corpus.types import EDITORS, Article, Passage, Relation, Source, Support

TODAY = date(2026, 11, 28)
LAW = Source("人大", "社会保险法", published=date(2018, 12, 29), tier="law", kept=True)
RULE = Source(
    "某部", "某发〔2021〕1号", published=date(2021, 11, 1), title="某办法", tier="policy"
)  # fmt: skip
OLD = Source("某网", "a.txt", published=date(2021, 7, 17), title="断缴怎么补")
UNDATED = Source("某站", "b.txt", title="没有日期")
TEXT = "规定这样写。网页这样写。两个都这样写。先打电话。没有日期的这样写。"


def spans() -> list[tuple[int, int]]:
    ends = [i + 1 for i, sign in enumerate(TEXT) if sign == "。"]
    return list(zip([0, *ends], ends, strict=False))


def rests(number: int, source: Source, relation: Relation = "paraphrases") -> Support:
    return Support(*spans()[number], source, relation)


OURS = Article(
    "corpus/a",
    "断缴怎么补",
    TEXT,
    LAW,
    author=EDITORS,
    checked=date(2026, 11, 20),
    supports=(
        replace(rests(0, RULE), locator="三（五）"),
        rests(0, OLD, "disputes"),
        rests(1, OLD),
        rests(2, LAW, "combines"),
        rests(2, OLD, "combines"),
        rests(4, UNDATED),
    ),
)
THEIRS = Article("某网/a.txt", "断缴怎么补", TEXT, OLD)


def cited(article: Article, *numbers: int) -> tuple[Citation, ...]:
    book = CitationBook()
    passage = Passage(article, 0, len(article.text))
    return tuple(book.cite(passage, *spans()[number]) for number in numbers)


@pytest.mark.parametrize(
    ("source", "locator", "name"),
    [
        (LAW, "第三十二条", "人大《社会保险法》第三十二条"),
        (RULE, "三（五）", "某部《某办法》（某发〔2021〕1号）三（五）"),
        (replace(RULE, title=""), "", "某部某发〔2021〕1号"),
        (OLD, "", "某网《断缴怎么补》"),
        (OLD, "《另一问》节选", "某网《另一问》节选"),
    ],
)
def test_a_source_is_named_with_the_place_in_it(source: Source, locator: str, name: str) -> None:
    assert named(source, locator) == name


def test_words_of_ours_are_ours() -> None:
    (citation,) = cited(OURS, 0)
    assert (citation.kind, citation.publisher, citation.date) == (
        "editorial", EDITORS, date(2026, 11, 20),
    )  # fmt: skip
    assert source_line(citation) == "《断缴怎么补》 · 医保问答整理 · 2026-11-20 核对 · 全国"
    assert words_of(citation) == "规定这样写。"
    assert support_lines(citation) == [
        "依据：某部《某办法》（某发〔2021〕1号）三（五） · 2021-11-01 · 政策文件 · 原文未收录",
        "另有说法：某网《断缴怎么补》 · 2021-07-17 · 网页 · 原文未收录",
    ]
    assert support_lines(cited(OURS, 3)[0]) == ["办事建议，不出自某一来源"]


def test_words_of_others_are_quoted() -> None:
    (citation,) = cited(THEIRS, 1)
    assert (citation.kind, citation.publisher, citation.date) == (
        "quotation", "某网", date(2021, 7, 17),
    )  # fmt: skip
    assert source_line(citation) == "《断缴怎么补》 · 某网 · 2021-07-17 · 全国 · 网页"
    assert words_of(citation) == "「网页这样写。」"
    assert support_lines(citation) == []
    brought = replace(THEIRS, source=replace(OLD, brought="后台上传"))
    assert source_line(cited(brought, 1)[0]).endswith("网页（后台上传，未经核实）")


def test_what_rests_on_the_same_stands_together() -> None:
    twice = replace(OURS, supports=(rests(0, OLD), rests(1, OLD), rests(2, LAW)))
    citations = (*cited(twice, 0, 1, 2),)
    (entry,) = references(Answer("问", "问", "answered", citations=citations))
    assert [[c.number for c in run] for run in entry.runs] == [[1, 2], [3]]
    quoted = replace(THEIRS, id="b")
    (entry,) = references(Answer("问", "问", "answered", citations=cited(quoted, 0, 1)))
    assert [[c.number for c in run] for run in entry.runs] == [[1], [2]]


@pytest.mark.parametrize(
    ("numbers", "warned"),
    [
        ((0,), []),  # an old page says otherwise under a rule in force
        ((2,), []),
        ((3,), []),
        (
            (1,),
            [
                "《断缴怎么补》这里所依据的网页最晚发布于 2021-07-17，距今已超过两年，可能已有新规定。"
            ],
        ),
        ((4,), ["《断缴怎么补》这里所依据的网页没有注明日期。"]),
    ],
)
def test_the_age_of_the_words_shown_is_warned_of(
    numbers: tuple[int, ...], warned: list[str]
) -> None:
    found = cautions(cited(OURS, *numbers), (), region=None, note="", today=TODAY, basis=())
    assert [c.text for c in found if "依据的网页" in c.text] == warned
