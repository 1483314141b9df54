"""Claims drawn from texts, in words of our own, and from the lines of our own articles."""

from __future__ import annotations

from datetime import date

import pytest

from corpus.circumstances import conditions
from corpus.claims import claims, normal_value
from corpus.passages import split
from corpus.supports import read_marks, reports
from corpus.text import fold
from corpus.types import EDITORS, Article, Claim, Scheme, Source


def article(
    text: str, *, title: str = "职工医保怎么办", schemes: tuple[Scheme, ...] = ("职工",)
) -> Article:
    source = Source("某站", "a.txt", published=date(2025, 1, 1))
    return Article("某站/a.txt", title, text, source, schemes=schemes)


def drawn(text: str, **kind: object) -> tuple[Claim, ...]:
    whole = article(text, **kind)  # type: ignore[arg-type]
    return claims(whole, split(whole))


@pytest.mark.parametrize(
    ("text", "about", "value", "normal"),
    [
        ("断保之后要再缴满四个月才有报销。", "待遇等待期", "四个月", "4个月"),
        ("补上以后还要等九十天。", "待遇等待期", "九十天", "90天"),
        ("须连续缴费满1年方能享受。", "待遇等待期", "1年", "12个月"),
        ("钱补到账后，次月起即可报销。", "恢复时间", "次月起", "次月"),
        ("断了的月份最多补缴半年。", "补缴期限", "半年", "6个月"),
        ("居民应在每年12月20日前交费。", "缴费截止日", "每年12月20日前", "12-20"),
        ("集中缴费从9月1日到12月31日。", "缴费截止日", "9月1日到12月31日", "12-31"),
        ("居民医保的缴费可以一直交到次年2月底。", "缴费截止日", "次年2月底", "02-28"),
        ("集中期外缴费的，缴费后满4个月才能报销。", "待遇等待期", "满4个月", "4个月"),
        ("没赶上的人补交后要固定等5个月。", "待遇等待期", "等5个月", "5个月"),
        ("居民医保自2026年1月1日起享受待遇。", "恢复时间", "2026年1月1日", "次年1月1日"),
        ("从停保次月起，统筹基金不再支付医药费。", "停待遇时间", "次月起", "次月"),
        ("停缴以后还有2个月缓冲期。", "停待遇时间", "2个月", "2个月"),
        ("个人补缴的期限是中断之日起4个月内。", "补缴期限", "4个月内", "4个月"),
        ("单位漏缴的只能往前补5个月。", "补缴期限", "5个月", "5个月"),
        ("累计年限不因断缴而作废。", "年限是否清零", "不因断缴而作废", "累计"),
        ("待遇享受期一开始，保费就不退了。", "退费", "待遇享受期一开始", "待遇开始前"),
        ("家庭共济一个人最多绑定6人。", "共济范围", "最多绑定6人", "最多绑定6人"),
        ("宝宝出生后60天内参保。", "新生儿参保时限", "60天内", "60天"),
        ("减员要在每月18日以前报。", "报停申报日", "每月18日以前", "18天"),
        ("转移手续25个工作日办结。", "办理时限", "25个工作日", "25个工作日"),
        ("个人缴费标准为每人430元。", "缴费标准", "430元", "430元"),
        ("停保去社区服务中心或社保局办理。", "办理地点", "社区服务中心或社保局", "社区"),
        ("断缴后年限会清零。", "年限是否清零", "清零", "清零"),
        ("断缴后年限不会清零。", "年限是否清零", "不会清零", "累计"),
        ("补缴期间不享受报销。", "可否追溯", "补缴期间不享受报销", "不能享受"),
        ("医保不能重复参保。", "能否重复参保", "不能重复参保", "不可以"),
        ("医保可以重复参保。", "能否重复参保", "可以重复参保", "可以"),
    ],
)
def test_a_claim_as_written_and_for_comparison(
    text: str, about: str, value: str, normal: str
) -> None:
    found = [(c.value, c.normal) for c in drawn(text) if c.about == about]
    assert [n for v, n in found if value in v] == [normal]
    assert all(v in text for v, _ in found)


def test_the_value_stands_in_the_sentence_that_is_quoted() -> None:
    text = "先说别的。断缴超过3个月的,要连续缴费满6个月才恢复报销;不到的当月恢复。"
    whole = article(text)
    for claim in claims(whole, split(whole)):
        assert claim.value in whole.text[claim.start : claim.end]
        assert not whole.text[claim.start : claim.end].startswith("先说")


def test_conditions_narrow_what_follows_until_the_next() -> None:
    text = "中断2个月以内:可以补缴。补缴后当月享受待遇。中断超过2个月:连续缴费满5个月才享受待遇。"
    found = {(c.normal, c.condition) for c in drawn(text) if c.about in ("待遇等待期", "恢复时间")}
    assert ("当月", "≤2个月") in found
    assert ("5个月", ">2个月") in found


def test_otherwise_turns_a_condition_round() -> None:
    text = "断缴后3个月内要补上，否则重新计算等待期6个月。"
    assert [c.condition for c in drawn(text) if c.about == "待遇等待期"] == [">3个月"]


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
    found = [c.scheme for c in drawn(text, title="断缴以后", schemes=schemes)]
    assert found
    assert set(found) == {scheme}


def test_a_place_that_a_sentence_names() -> None:
    text = "各地不同，例如广州医保最低缴费年限为12年。"
    assert [(c.normal, c.region) for c in drawn(text)] == [("144个月", "广州")]


def test_noise_makes_no_claims() -> None:
    for text in (
        "忘记密码的，拨打12345转2号键，1分钟内重置。",
        "2025年的报销比例是70%，起付线500元。",
        "个人账户余额不会清零。",
        "养老金每月15日到账。",
    ):
        assert drawn(text, title="社保卡密码", schemes=()) == ()


def test_statutes_claim_nothing() -> None:
    law = Article("s", "社会保险法 第一条", "要等3个月。", Source("人大", "法"), kind="statute")
    assert claims(law, split(law)) == ()


LINES = """## 简要回答

要等3个月。

## 说法不一

- 国家规定（某文）：中断超过3个月的，原则上不超过6个月。{待遇等待期 · 职工 · 全国 · s1 三}
- 某站《补缴》说：60天内补缴的，次月恢复。{恢复时间 · 险种未注明 · 沈阳 · s2 《补缴》节选}编者注：属于当地说法。
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
    first, second, third = claims(own, split(own))
    assert (first.about, first.value) == ("待遇等待期", "中断超过3个月的，原则上不超过6个月")
    assert (first.normal, first.condition, first.national) == ("6个月", ">3个月", True)
    assert (first.source, first.locator, first.note) == (RULE, "三", "")
    assert (second.normal, second.condition, second.region) == ("次月", "≤60天", "沈阳")
    assert (second.scheme, second.national) == (None, False)
    assert (second.source, second.locator, second.note) == (PAGE, "《补缴》节选", "属于当地说法。")
    assert own.text[second.lead : second.end] == "某站《补缴》说：60天内补缴的，次月恢复。"
    assert third.about == "补缴费用"  # the part of 缴费标准 that it speaks of
    for claim in (first, second, third):
        assert own.text[claim.start : claim.end].rstrip("。") == claim.value


def test_lengths_near_are_not_the_same() -> None:
    assert normal_value("90天") != normal_value("3个月")
    assert normal_value("半年") == normal_value("六个月")
    assert normal_value("1年") == normal_value("12个月")


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
