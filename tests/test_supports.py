"""The marks behind our own sentences: what they say, where they stood, what they become."""

from __future__ import annotations

from datetime import date

import pytest

from corpus.supports import read_marks, reports, supported, without_marks
from corpus.types import Article, Relation, Source

LAW = Source("人大", "社会保险法", tier="law")
PAGE = Source("某网", "页.txt")
SOURCES = {"s1": LAW, "s2": PAGE}


def rests(body: str) -> list[tuple[str, str, Relation, str]]:
    """Sentence, source, relation and place of each support."""
    marked = read_marks(body)
    return [
        (marked.text[s.start : s.end], s.source.name, s.relation, s.locator)
        for s in supported(marked, SOURCES)
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "年限不清零。{s1 第三十二条}",
            [("年限不清零。", "社会保险法", "paraphrases", "第三十二条")],
        ),
        ("- 身份证{s2}", [("身份证", "页.txt", "paraphrases", "")]),
        (
            "12. 打开某App。 {s2 《怎么停》节选}",
            [("打开某App。", "页.txt", "paraphrases", "《怎么停》节选")],
        ),
        (
            "「累计计算」写在法里。{=s1 第一条}",
            [("「累计计算」写在法里。", "社会保险法", "quotes", "第一条")],
        ),
        ("先打电话。{advice}", []),
        (
            "甲。{s1}乙。{s2}",
            [("甲。", "社会保险法", "paraphrases", ""), ("乙。", "页.txt", "paraphrases", "")],
        ),
        (
            "两个都说。{s1 三（五）}{s2}",
            [
                ("两个都说。", "社会保险法", "combines", "三（五）"),
                ("两个都说。", "页.txt", "combines", ""),
            ],
        ),
        (
            "不清零。{s1}{!s2}",
            [("不清零。", "社会保险法", "paraphrases", ""), ("不清零。", "页.txt", "disputes", "")],
        ),
    ],
)
def test_a_mark_says_what_its_sentence_rests_on(
    body: str, expected: list[tuple[str, str, Relation, str]]
) -> None:
    assert rests(body) == expected


def test_the_text_is_as_if_no_mark_had_been() -> None:
    body = "## 简要回答\n\n甲。{s1}乙。{s2}\n\n- 丙 {advice}\n"
    assert read_marks(body).text == "## 简要回答\n\n甲。乙。\n\n- 丙"
    assert read_marks(read_marks(body).text).marks == ()


def test_a_line_of_claims_reports_a_source_and_keeps_our_remark_apart() -> None:
    line = "- 某网《补》说：满1年。再等等。{待遇等待期 · 险种未注明 · 地区未注明 · s2 《补》}编者注：不符。{s1}"
    marked = read_marks("## 说法不一\n\n" + line)
    (report,) = reports(marked, SOURCES)
    assert marked.text[report.start : report.end] == "满1年。再等等。"
    assert marked.text[report.lead : report.end] == "某网《补》说：满1年。再等等。"
    assert (report.about, report.scheme, report.region) == ("待遇等待期", None, "全国")
    assert (report.source, report.locator, report.note) == (PAGE, "《补》", "不符。")
    assert not report.national
    assert [(text, name) for text, name, _, _ in rests("## 说法不一\n\n" + line)] == [
        ("某网《补》说：满1年。再等等。", "页.txt"),
        ("编者注：不符。", "社会保险法"),
    ]


def test_the_rule_of_the_country_is_named_so_by_us_alone() -> None:
    line = "- 国家规定（某文）：不超过6个月。{待遇等待期 · 职工 · 全国 · s1}"
    (report,) = reports(read_marks(line), SOURCES)
    assert report.national


@pytest.mark.parametrize("mark", ["s", "某书", "", "待遇 · 职工 · s1", "advice s1"])
def test_what_is_no_mark_is_named(mark: str) -> None:
    (read,) = read_marks(f"甲。{{{mark}}}").marks
    assert (read.wrong, read.key) == (mark, "")


def test_marks_of_others_in_our_form_are_not_shown() -> None:
    assert without_marks("甲。{s1 第三条}乙。{advice}") == "甲。乙。"
    assert without_marks("花括号{里面}留着。") == "花括号{里面}留着。"


def test_a_sentence_holds_from_one_day_until_another() -> None:
    marked = read_marks(
        "旧规定。{s1}{until 2026-12-31}新规定。{s1 第一条}{from 2027-01-01}一直如此。{s1}"
    )
    old, new, always = supported(marked, SOURCES)
    assert (old.since, old.until) == (None, date(2026, 12, 31))
    assert (new.since, new.until) == (date(2027, 1, 1), None)
    for day, holding in ((date(2026, 12, 31), [old, always]), (date(2027, 1, 1), [new, always])):
        assert [s for s in (old, new, always) if s.holds(day)] == holding
    article = Article("a", "题", marked.text, LAW, supports=(old, new, always))
    assert article.holds(0, old.end, date(2026, 12, 31))
    assert not article.holds(0, new.end, date(2026, 12, 31))


@pytest.mark.parametrize("mark", ["{from 2027-13-01}", "{since 2027-01-01}", "{from 2027}"])
def test_a_day_that_is_none_is_no_mark(mark: str) -> None:
    (found,) = read_marks(f"新规定。{mark}").marks
    assert found.wrong == mark.strip("{}")
