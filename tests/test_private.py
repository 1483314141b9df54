"""What of names, homes, birth dates and numbers is masked, on sentences made for it."""

from __future__ import annotations

import pytest

from benchmarks.private import Figures, cases
from index.births import births
from index.homes import homes
from index.masking import BIRTH, HOME, NAME, mask
from index.names import names

HELD = cases()


def test_the_set_is_large_and_of_both_kinds() -> None:
    first = [c for c in HELD if c.first]
    assert sum(bool(c.private) for c in HELD) >= 300
    assert sum(not c.private for c in HELD) >= 300
    assert len(first) >= 220


@pytest.mark.quality
def test_most_of_what_is_private_goes_and_little_else() -> None:
    """Floors a little below what ``python -m benchmarks.private`` prints."""
    found = Figures.of(HELD)
    assert found.masked >= 0.85
    assert found.touched <= 0.03


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("我叫李秀兰，医保断了两年", f"我叫{NAME}，医保断了两年"),
        ("李女士问停保", f"{NAME}女士问停保"),
        ("我姓王，叫王建国", f"我姓{NAME}，叫{NAME}"),
        ("陈静停保。陈静转移", f"{NAME}停保。{NAME}转移"),
        ("我叫Zhang Wei，停保", f"我叫{NAME}，停保"),
        ("家住杭州市西湖区文二西路712号8幢2单元603室", f"家住杭州市西湖区{HOME}"),
        ("住石桥村4组12号", f"住{HOME}"),
        ("住址：兴华南街58号3-2-1", f"住址：{HOME}"),
        ("我1963年8月出生，差五年", f"我{BIRTH}出生，差五年"),
        ("生日是2024-02-18", f"生日是{BIRTH}"),
        ("三月初八生的", f"{BIRTH}生的"),
    ],
)
def test_what_is_private_goes(text: str, left: str) -> None:
    assert mask(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "高血压的药医保报不报",
        "石家庄转到保定要多久",
        "到西湖区行政服务中心三楼办可以吗",
        "文三路199号医保中心几点下班",
        "沈河区医保中心（青年大街196号）几点下班",
        "坐地铁2号线到医保局15号窗口",
        "医保办发〔2021〕43号第十三条",
        "我1965年出生，差三年",
        "2019年3月1日入职，2023年6月离职",
        "出生后90天内参保",
        "缴费基数4812元，断缴3个月零12天",
        "孙中山纪念医院是不是定点",
    ],
)
def test_what_a_question_is_about_stays(text: str) -> None:
    assert mask(text) == text


def test_what_is_masked_is_not_masked_again() -> None:
    once = mask("我叫李秀兰，住文二西路712号8幢603室，电话13912345678。我1963年8月3日出生")
    assert mask(once) == once
    assert once.count("【") == 4


def test_spans_are_in_the_text_as_it_was_written() -> None:
    text = "本人陳美玲，１９９０年１１月２３日出生"
    assert [text[a:b] for a, b in names().find(text)] == ["陳美玲"]
    assert mask(text) == f"本人{NAME}，{BIRTH}出生"


@pytest.mark.parametrize("find", [births, homes, lambda t: names().find(t)])
def test_no_text_takes_for_ever(find: object) -> None:
    for text in (
        "一" * 2000,
        "1" * 2000,
        "路1号" * 700,
        "村" * 2000,
        "年1月" * 700,
        "\n" * 500,
        "",
    ):
        assert isinstance(list(find(text)), list)  # type: ignore[operator]
