"""Times of a question: how they are written, what each is of, and how long the break is that they tell."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assistant import Assistant
from corpus.text import fold
from corpus.time_roles import Lapse, lapse, told_in
from corpus.times import Bound, times

TODAY = date(2026, 11, 29)
HELD = Path(__file__).resolve().parents[1] / "training" / "times" / "held"


def lengths(text: str) -> list[tuple[float, str]]:
    return [(round(t.months, 2), t.bound) for t in times(fold(text)) if t.months is not None]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("断了半年", [(6, "")]),
        ("俩月没交", [(2, "")]),
        ("停了个把月", [(1, "")]),
        ("断了仨月", [(3, "")]),
        ("两三个月", [(2.5, "")]),
        ("２个多月", [(2, "more")]),
        ("三来个月", [(3, "more")]),
        ("一年零两个月", [(14, "")]),
        ("一年半", [(18, "")]),
        ("三个半月", [(3.5, "")]),
        ("二十多天", [(0.67, "more")]),
        ("九〇天", [(3, "")]),
        ("半年多", [(6, "more")]),
        ("超过3个月", [(3, "more")]),
        ("没超过3个月", [(3, "at most")]),
        ("不满３个月", [(3, "less")]),
        ("3个月以内", [(3, "at most")]),
        ("中断3个月以上，连续缴满6个月", [(3, "at least"), (6, "")]),
        ("超过3个月以上", [(3, "more")]),
        ("3个月（含）以内", [(3, "at most")]),
        ("3个月以上（不含3个月）", [(3, "more"), (3, "")]),
        ("未达到三个自然月", [(3, "less")]),
        ("1个月以下（不含本数）", [(1, "less")]),
        ("3至6个月", [(6, "")]),
        ("2025年的医保", []),
        ("3月交的", []),
        ("好几个月", []),
        ("第三个月", []),
    ],
)
def test_lengths_in_every_form(text: str, told: list[tuple[float, str]]) -> None:
    assert lengths(text) == told


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("今年3月", "2026-03-01", "2026-03-31"),
        ("去年10月", "2025-10-01", "2025-10-31"),
        ("从21年", "2021-01-01", "2021-12-31"),
        ("二四年", "2024-01-01", "2024-12-31"),
        ("前年", "2024-01-01", "2024-12-31"),
        ("24年5月", "2024-05-01", "2024-05-31"),
        ("3月15号", "2026-03-15", "2026-03-15"),
        ("12月5号", "2026-12-05", "2026-12-05"),  # a few days ahead
        ("上个月", "2026-10-01", "2026-10-31"),
        ("下个月", "2026-12-01", "2026-12-31"),
        ("去年年底", "2025-12-01", "2025-12-31"),
        ("2026.3.15", "2026-03-15", "2026-03-15"),
        ("上半年", "2026-01-01", "2026-06-30"),
        ("昨天", "2026-11-28", "2026-11-28"),
        ("2月30号", "2026-02-28", "2026-02-28"),
    ],
)
def test_points_seen_from_today(text: str, first: str, last: str) -> None:
    (found,) = [t.point for t in times(fold(text)) if t.point]
    assert [day.isoformat() for day in found.span(TODAY)] == [first, last]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("3月15号离职，7月1号入职，医保断了怎么办", Lapse(3.5)),
        ("断缴两个月怎么补", Lapse(2.0)),
        ("断缴超过3个月要等多久", Lapse(3.0, "more")),
        ("去年10月到今年2月没交", Lapse(5.0)),
        ("从21年开始没交，现在能补吗", Lapse(71.0)),
        ("交到去年10月就停了，今年3月又续上", Lapse(4.5)),
        ("怀孕5个月，医保断了2个月", Lapse(2.0)),
        ("孩子3个月大，怎么参保", None),
        ("居民医保一年多少钱", None),
        ("职工医保交了10年", None),
        ("补缴要等90天吗", None),
        ("缴费年限15年够吗", None),
        ("明年退休要交满多少年", None),
        ("断缴了怎么补", None),
    ],
)
def test_how_long_cover_is_missing(text: str, told: Lapse | None) -> None:
    folded = fold(text)
    assert lapse(told_in(folded), folded, TODAY) == told


def test_a_length_is_compared_as_it_is_told() -> None:
    bounds: tuple[Bound, ...] = ("", "more", "at least", "at most", "less")
    assert [Lapse(3.0, bound).compared for bound in bounds] == [3.0, 3.1, 3.1, 2.9, 2.9]


@pytest.mark.parametrize(
    ("file", "floors"), [("i.jsonl", (0.83, 0.78, 0.80)), ("p6.jsonl", (0.88, 0.76, 0.88))]
)
def test_what_a_time_is_of_is_told_where_nobody_fitted(
    file: str, floors: tuple[float, ...]
) -> None:
    from training.time_roles import report, rows

    told = report([*rows(HELD / file)])
    found = [float(part.split()[-3]) for part in told.split(", ")]
    assert all(one > floor for one, floor in zip(found, floors, strict=True)), told


def test_the_case_holds_what_was_understood_and_nothing_else(shipped: Assistant) -> None:
    asked = shipped.ask("3月15号离职，7月1号入职，医保断了怎么补", today=TODAY)
    assert asked.context.months == 3.5
    assert shipped.ask("孩子3个月大，怎么给他参保", today=TODAY).context.months is None
