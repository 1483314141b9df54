"""Which claims exclude each other, and what explains those that do not."""

from __future__ import annotations

import pytest

from assistant.at_odds import Said, by_scheme, holds_after, is_long, verdict
from corpus.types import NATIONAL, Article, Claim, Scheme, Source


def said(
    normal: str,
    *,
    source: str = "甲",
    scheme: Scheme | None = None,
    region: str = NATIONAL,
    condition: str = "",
    start: int = 0,
) -> Said:
    article = Article(source, source, "…" * 99, Source(source, source))
    claim = Claim("待遇等待期", normal, normal, start, start + 9, scheme, region, condition)
    return Said(claim, article)


@pytest.mark.parametrize(
    ("a", "b", "wanted"),
    [
        (said("6个月"), said("12个月", source="乙"), "at odds"),
        (said("90天"), said("3个月", source="乙"), "at odds"),  # near, not the same
        (said("6个月"), said("6个月", source="乙"), "agree"),
        (said("3个月；6个月"), said("6个月", source="乙"), "agree"),
        (said("无"), said("当月", source="乙"), "agree"),
        # one source may give several values for several cases
        (said("6个月"), said("12个月", start=20), "agree"),
        (
            said("无", condition="≤3个月"),
            said("6个月", condition=">3个月", source="乙"),
            "断缴时间",
        ),
        (said("6个月", region="沈阳"), said("12个月", source="乙"), "地区"),
        (said("2024年400元"), said("2025年380元", source="乙"), "年份"),
    ],
)
def test_verdict(a: Said, b: Said, wanted: str) -> None:
    assert verdict(a, b) == wanted
    assert verdict(b, a) == wanted


def test_schemes_are_not_compared_with_each_other() -> None:
    job, home, any_one = said("1", scheme="职工"), said("2", scheme="居民"), said("3")
    free = said("4", scheme="灵活就业")
    assert by_scheme([job, home, any_one, free], ()) == [[job, any_one, free], [home, any_one]]
    assert by_scheme([job, home, any_one, free], ("居民",)) == [[home, any_one]]
    assert by_scheme([job, home, any_one, free], ("职工",)) == [[job, any_one, free]]
    assert by_scheme([any_one], ()) == [[any_one]]


@pytest.mark.parametrize(
    ("condition", "months", "holds"),
    [
        ("≤3个月", 2, True),
        ("≤3个月", 5, False),
        ("≤60天", 2, True),
        (">180天", 5, False),
        (">180天", 6, True),
        (">3个月", 2, False),
        ("累计6个月", 1, True),
        ("", 1, True),
    ],
)
def test_what_holds_after_a_break(condition: str, months: float, holds: bool) -> None:
    assert holds_after(condition, months) is holds


def test_long_and_short_breaks() -> None:
    assert [is_long(c) for c in ("≤3个月", "≤90天", ">60天", "≥3个月", "")] == [
        False,
        False,
        True,
        True,
        None,
    ]
