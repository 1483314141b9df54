"""What a column of a list holds, by the likeness of its head."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus.reading import read
from corpus.reading.columns import columns


@pytest.mark.parametrize(
    ("heads", "question", "answer"),
    [
        ("问题 答案", 0, 1),
        ("标题 通俗解答(5段标准)", 0, 1),
        ("序号 市民提问 官方答复 答复单位", 1, 2),
        ("编号 咨询电话 咨询内容 回复内容", 2, 3),
        ("FAQ问题 标准话术", 0, 1),
        ("question_id question std_answer", 1, 2),
        ("userQuestion answerText", 0, 1),
        ("Q A", 0, 1),
        ("【问题】 *答案*", 0, 1),
        ("标题 问题 回答", 1, 2),
        ("知识标题 知识内容 更新时间", 0, 1),
    ],
)
def test_questions_and_answers(heads: str, question: int, answer: int) -> None:
    held = columns(heads.split())
    assert held.is_list
    assert (held.question[0], held.answer[0]) == (question, answer)


@pytest.mark.parametrize(
    "heads",
    [
        "险种 缴费标准 起缴日",
        "问题编号 问题分类",
        "项目 金额",
        "提问人 提问时间",
        "甲 乙",
        "label text_id",
    ],
)
def test_other_tables_are_no_lists(heads: str) -> None:
    assert not columns(heads.split()).is_list


def test_a_list_with_similar_questions_and_more_columns(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "编号,客户问题,相似问,标准回答,办理地点,备注,发布单位\n"
        "1,断缴两个月怎么补,断了俩月咋整|断2个月能补吗？两个月没交咋办,到窗口补缴。,一楼大厅,内部,甲市医保局\n",
        encoding="utf-8",
    )
    (article,) = read(tmp_path).articles
    assert article.title == "断缴两个月怎么补"
    assert article.questions == ("断了俩月咋整", "断2个月能补吗？", "两个月没交咋办")
    assert article.text == "到窗口补缴。\n办理地点：一楼大厅"
    assert article.source.publisher == "甲市医保局"


def test_a_question_without_a_head_that_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "编号,大家关心的事,标准口径,其他问法\n1,新生儿怎么参保,出生后九十天内到社区办理。,宝宝医保怎么办\n"
        "2,医保卡丢了怎么办,先打电话挂失，再到银行补卡。,卡掉了怎么补\n",
        encoding="utf-8",
    )
    first, second = read(tmp_path).articles
    assert (first.title, first.questions) == ("新生儿怎么参保", ("宝宝医保怎么办",))
    assert (second.title, second.text) == ("医保卡丢了怎么办", "先打电话挂失，再到银行补卡。")


def test_an_answer_without_a_head_that_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "序号,问题,口语版\n1,怎么停保？,先到窗口登记，次月起停止扣款。\n2,怎么补缴？,由新单位到经办机构申报补缴。\n",
        encoding="utf-8",
    )
    assert [a.text for a in read(tmp_path).articles] == [
        "先到窗口登记，次月起停止扣款。",
        "由新单位到经办机构申报补缴。",
    ]


@pytest.mark.parametrize(
    "wrap",
    [
        lambda rows: rows,
        lambda rows: {"data": rows},
        lambda rows: {"code": 0, "data": {"list": rows}},
    ],
)
def test_json_lists(tmp_path: Path, wrap: object) -> None:
    rows = [{"question": "怎么停保", "answer": "先登记。", "相似问": ["咋停"]}, {"question": "x"}]
    (tmp_path / "a.json").write_text(json.dumps(wrap(rows)), encoding="utf-8")  # type: ignore[operator]
    reading = read(tmp_path)
    assert [(a.title, a.text, a.questions) for a in reading.articles] == [
        ("怎么停保", "先登记。", ("咋停",))
    ]
    assert [s.reason for s in reading.skipped] == [
        "第 2 项没有问题和答案；请补上 question 与 answer"
    ]


def test_one_object_and_a_table_of_objects(tmp_path: Path) -> None:
    one = {"title": "停保须知", "content": "先登记。", "source": "甲市医保局", "date": "2024-03-01"}
    (tmp_path / "a.json").write_text(json.dumps(one), encoding="utf-8")
    table = [{"险种": "职工医保", "比例": "2%"}, {"险种": "居民医保", "比例": "不按比例"}]
    (tmp_path / "b.json").write_text(json.dumps(table), encoding="utf-8")
    first, second = read(tmp_path).articles
    assert (first.title, first.source.publisher, str(first.source.published)) == (
        "停保须知", "甲市医保局", "2024-03-01",
    )  # fmt: skip
    assert (second.title, second.text) == (
        "b", "险种：职工医保；比例：2%。\n险种：居民医保；比例：不按比例。",
    )  # fmt: skip


def test_what_is_no_json(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{" * 100_000, encoding="utf-8")
    (tmp_path / "b.json").write_text("[1, 2]", encoding="utf-8")
    reasons = [s.reason for s in read(tmp_path).skipped]
    assert [r.split("；")[0] for r in reasons] == ["不是完整的 JSON", "JSON 里没有对象的列表"]


def test_a_csv_of_prices_is_a_table(tmp_path: Path) -> None:
    (tmp_path / "标准.csv").write_text(
        "险种,金额\n职工医保,72.5元\n居民医保,400元\n", encoding="utf-8"
    )
    (article,) = read(tmp_path).articles
    assert (article.title, article.text) == (
        "标准", "险种：职工医保；金额：72.5元。\n险种：居民医保；金额：400元。",
    )  # fmt: skip
