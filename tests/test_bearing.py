"""What a sentence names and quotes, against what it rests on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from corpus.bearing import last_year, misquoted, names_later
from corpus.types import EDITORS, Article, Relation, Source, Support

OLD_PAGE = Source("某网", "页.txt", published=date(2021, 7, 17))
UNDATED = Source("某网", "无日期.txt")
RULE = Source("国务院办公厅", "国办发〔2024〕38号", published=date(2024, 7, 26), tier="policy")
SIL = Source("人大", "社会保险法", published=date(2018, 12, 29), tier="law")
MSL = Source("人大", "医疗保障法", published=date(2026, 8, 28), tier="law")


def on(*sources: Source, relation: Relation = "paraphrases") -> list[Support]:
    return [Support(0, 1, source, relation) for source in sources]


@pytest.mark.parametrize(
    ("text", "sources", "later"),
    [
        ("2024年起有新办法。", [OLD_PAGE], "2024"),
        ("2021年的页面这样写。", [OLD_PAGE], ""),
        ("2024年起有新办法。", [OLD_PAGE, RULE], ""),
        ("按国办发〔2024〕38号文。", [OLD_PAGE], "2024"),
        ("按国办发〔2024〕38号文。", [RULE], ""),
        ("2027-01-01起施行的医疗保障法这样规定。", [MSL], ""),  # it holds from then
        ("医疗保障法这样规定。", [SIL], "医疗保障法"),
        ("社会保险法这样规定。", [MSL], ""),
        ("2030年会怎样。", [UNDATED], ""),  # nobody knows of when it is
        ("交满15年，断了3个月。", [OLD_PAGE], ""),
    ],
)
def test_nothing_is_borne_by_what_is_older(text: str, sources: list[Source], later: str) -> None:
    assert names_later(text, on(*sources)) == later


def test_advice_names_no_year_and_no_law() -> None:
    assert names_later("2024年再去问。", []) == "2024"
    assert names_later("看社会保险法。", []) == "社会保险法"
    assert names_later("先打电话问清楚。", []) == ""


def test_what_disputes_bears_nothing() -> None:
    assert names_later("2024年起。", on(RULE, relation="disputes")) == "2024"


def test_the_last_year_of_a_source() -> None:
    assert last_year(OLD_PAGE) == 2021
    assert last_year(MSL) == 2027
    assert last_year(UNDATED) is None
    assert last_year(replace(RULE, published=None)) == 2024
    assert last_year(Source("三部门", "指导意见（2020年）")) == 2020


def test_words_in_quotation_marks_stand_in_the_statute() -> None:
    text = "「缴费年限累计计算」写在法里，「不会清零」没有写。"
    quoting = Support(0, len(text), SIL, "quotes", "第三十二条")
    article = Article("corpus/a", "年限", text, SIL, author=EDITORS, supports=(quoting,))
    assert list(misquoted(article, 0, len(text))) == ["不会清零"]
    unquoted = replace(article, supports=(replace(quoting, relation="paraphrases"),))
    assert list(misquoted(unquoted, 0, len(text))) == ["缴费年限累计计算", "不会清零"]
