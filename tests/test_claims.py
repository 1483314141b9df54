"""What the lines of our own articles claim, and for whom, where and after how long a break a sentence holds."""

from __future__ import annotations

from datetime import date

import pytest

from corpus.circumstances import conditions, region_in, scheme_of
from corpus.claims import claims, values
from corpus.supports import read_marks, reports
from corpus.text import fold
from corpus.types import EDITORS, Article, Scheme, Source


def article(
    text: str, *, title: str = "职工医保怎么办", schemes: tuple[Scheme, ...] = ("职工",)
) -> Article:
    source = Source("某站", "a.txt", published=date(2025, 1, 1))
    return Article("某站/a.txt", title, text, source, schemes=schemes)


@pytest.mark.parametrize(
    ("text", "normals"),
    [
        ("断保之后要再缴满四个月才有报销。", ["4个月"]),
        ("补上以后还要等九十天。", ["90天"]),
        ("须连续缴费满1年方能享受。", ["12个月"]),
        ("钱补到账后，次月起即可报销。", ["次月"]),
        ("集中缴费从9月1日到12月31日。", ["09-01", "12-31"]),
        ("断缴3个月以内补缴的，等2个月。", ["2个月"]),
        ("个人缴费标准为每人430元，报百分之七十。", ["430元", "70%"]),
        ("大病最多报30万元。", ["300000元"]),
        ("等待期为2至4个月。", ["2个月", "4个月"]),
        ("医保不能重复参保。", []),
    ],
)
def test_the_values_of_a_sentence(text: str, normals: list[str]) -> None:
    assert sorted(values(fold(text))) == sorted(normals)


@pytest.mark.parametrize(
    ("text", "schemes", "scheme"),
    [
        ("灵活就业人员断缴后要等4个月。", ("职工",), "灵活就业"),
        ("居民断缴后要等4个月。", (), "居民"),
        ("断缴后要等4个月。", ("居民",), "居民"),
        # residents do not pay by the month, whatever the title says
        ("累计中断5个月的，要等4个月。", ("居民",), None),
        ("断缴后要等4个月。", (), None),
    ],
)
def test_for_whom(text: str, schemes: tuple[Scheme, ...], scheme: Scheme | None) -> None:
    assert scheme_of(fold(text), ("断缴以后",), article(text, schemes=schemes)) == scheme


def test_a_place_that_a_sentence_names() -> None:
    text = "各地不同，例如广州医保最低缴费年限为12年。"
    assert region_in(fold(text), article(text)) == "广州"
    assert region_in(fold("最低缴费年限为12年。"), article(text)) == "全国"


def test_what_reports_nothing_claims_nothing() -> None:
    assert claims(article("断缴后要等4个月。")) == ()


LINES = """## 简要回答

要等3个月。

## 说法不一

- 国家规定（某文）：中断超过3个月的，原则上不超过6个月。{待遇等待期 · 职工 · 全国 · s1 三}
- 某站《补缴》说：60天内补缴的，次月恢复。{待遇等待期 · 险种未注明 · 沈阳 · s2 《补缴》节选}编者注：属于当地说法。
- 某站《补缴》说：补缴费用全部自付。{缴费标准 · 职工 · 地区未注明 · s2}
"""
RULE = Source("某部", "某文", published=date(2021, 11, 1), tier="policy", national=True)
PAGE = Source("某站", "页.txt", published=date(2025, 4, 19))


def test_lines_of_our_own_articles() -> None:
    marked = read_marks(LINES)
    sources = {"s1": RULE, "s2": PAGE}
    own = Article(
        "corpus/a", "断缴", marked.text, RULE, author=EDITORS, reports=reports(marked, sources)
    )
    first, second, third = claims(own)
    assert (first.about, first.value) == ("待遇等待期", "中断超过3个月的，原则上不超过6个月")
    assert (first.normal, first.condition, first.national) == ("6个月", ">3个月", True)
    assert (first.source, first.locator, first.note) == (RULE, "三", "")
    assert (second.normal, second.condition, second.region) == ("次月", "≤60天", "沈阳")
    assert (second.scheme, second.national) == (None, False)
    assert (second.source, second.locator, second.note) == (PAGE, "《补缴》节选", "属于当地说法。")
    assert own.text[second.lead : second.end] == "某站《补缴》说：60天内补缴的，次月恢复。"
    assert (third.about, third.normal) == ("缴费标准", "")
    for claim in (first, second, third):
        assert own.text[claim.start : claim.end].rstrip("。") == claim.value


def test_lengths_near_are_not_the_same() -> None:
    assert [*values("等90天")] != [*values("等3个月")]
    assert [*values("等半年")] == [*values("等六个月")]
    assert [*values("等1年")] == [*values("等12个月")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("中断缴费3个月(含)以下", ["≤3个月"]),
        ("断缴超过180天补缴", [">180天"]),
        ("不超过三个月的中断", ["≤3个月"]),
        ("连续断缴3个月的", ["≥3个月"]),
        ("3个月内办完", []),
        ("断缴不满3个月的，可以补缴", ["<3个月"]),
        ("中断缴费未超过半年的", ["≤6个月"]),
        ("断缴3至6个月的，等待期为2个月", ["≥3个月", "≤6个月"]),
        ("断缴1年以上不满3年的", ["≥12个月", "<36个月"]),
        ("断缴3个月以内（含3个月）补缴的", ["≤3个月"]),
        ("没有在3个月内补缴的，重新计算等待期", [">3个月"]),
        ("累计中断6个月的", ["累计6个月"]),
        ("停缴60天内补缴的，次月恢复", ["≤60天"]),
        ("连续参保2年以上的，没有等待期", []),
        ("新生儿出生后90天内参保缴费", []),
        ("停保申请5个工作日内办结", []),
        ("每多断缴1年加1个月", []),
    ],
)
def test_lengths_of_a_break(text: str, found: list[str]) -> None:
    assert [c for _, _, c in conditions(fold(text))] == found
