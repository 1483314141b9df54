"""Workbooks, and the tables and lists in them: what their cells show becomes articles."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from office_samples import STRICT, xls, xlsx
from reading_samples import archive

from corpus.errors import InputError
from corpus.reading import discover, read, read_each
from corpus.reading.numformat import shown
from corpus.reading.sheets import Sheet, table_page
from corpus.reading.xlsx import read_xlsx


@pytest.mark.parametrize(
    ("value", "code", "seen"),
    [
        (0.7, "0%", "70%"), (0.125, "0.0%", "12.5%"), (1200.0, "#,##0.00", "1,200.00"),
        (300.0, '0"元"', "300元"), (300.5, "General", "300.5"), (0.1 + 0.2, "General", "0.3"),
        (45352.0, 'yyyy"年"m"月"d"日"', "2024-03-01"), (45352.0, 'm"月"d"日"', "3月1日"),
        (45352.375, "yyyy/m/d h:mm", "2024-03-01 09:00"), (0.375, "h:mm", "09:00"),
        (45352.0, 'yyyy"年"m"月"', "2024年3月"), (12.0, "000000", "000012"),
        (-5.0, "0.00;[Red]-0.00", "-5.00"), (-5.0, "0.00", "-5.00"), (400.0, '[$¥-804]#,##0', "¥400"),
        (1.5, "#.##", "1.5"), (2.0, "0.##", "2"), (320102199003074258.0, "General", "320102199003074240"),
        (0.25, "# ?/?", "0.25"), (1e300, "0", f"{1e300:.0f}"),
    ],
)  # fmt: skip
def test_numbers_as_their_cells_show_them(value: float, code: str, seen: str) -> None:
    assert shown(value, code) == seen


def test_a_table_row_by_row_with_its_heads(tmp_path: Path) -> None:
    data = xlsx(
        {
            "2024年": [
                ["甲市医保缴费标准"],
                ["险种", "个人", "", "起缴日"],
                ["", "比例", "金额", ""],
                ["职工医保", (0.02, 1), (72.5, 3), (45352.0, 2)],
                ["~旧职工医保", (0.05, 1), 60.0, ""],
                ["居民医保", "不按比例", (400.0, 3), (45444.0, 2)],
            ]
        },
        merged=["A1:D1", "B2:C2", "A2:A3", "D2:D3"],
    )
    (tmp_path / "标准.xlsx").write_bytes(data)
    (article,) = read(tmp_path).articles
    assert article.title == "甲市医保缴费标准"
    assert article.text.split("\n") == [
        "险种：职工医保；个人/比例：2%；个人/金额：72.50元；起缴日：2024-03-01。",
        "个人/比例：5%；个人/金额：60。",
        "险种：居民医保；个人/比例：不按比例；个人/金额：400.00元；起缴日：2024-06-01。",
    ]


def test_a_matrix_with_an_empty_corner() -> None:
    sheet = Sheet.of(
        "", (("", "甲市", "乙市"), ("起付线", "300元", "400元"), ("封顶线", "25万元", "30万元"))
    )
    page = table_page(sheet, "住院待遇", alone=True)
    assert page is not None
    assert page.facts.title == "住院待遇"
    assert [line.text for line in page.lines] == [
        "起付线；甲市：300元；乙市：400元。",
        "封顶线；甲市：25万元；乙市：30万元。",
    ]


def test_each_sheet_is_an_article_and_hidden_ones_are_named(tmp_path: Path) -> None:
    rows = [["项目", "说明"], ["参保", "到窗口办理参保登记"]]
    data = xlsx(
        {"职工": rows, "居民": [*rows, ["停保", "到窗口办理停保登记"]], "草稿": rows, "Sheet4": []},
        hidden=["草稿"],
        hidden_rows=[2],
    )
    (tmp_path / "指南.xlsx").write_bytes(data)
    reading = read(tmp_path)
    assert [(a.title, a.text) for a in reading.articles] == [
        (
            "指南（居民）",
            "项目：参保；说明：到窗口办理参保登记。\n项目：停保；说明：到窗口办理停保登记。",
        )
    ]


def test_a_sheet_of_questions(tmp_path: Path) -> None:
    data = xlsx(
        {
            "知识库": [
                ["甲市医保知识库（2024版）"],
                ["序号", "标题", "通俗解答(5段标准)", "相似问1", "相似问2", "咨询电话"],
                [1.0, "断缴怎么补", "由新单位申报补缴。", "断了咋补", "", "12393"],
                [2.0, "", "没有问题的一行。", "", "", ""],
            ]
        },
        merged=["A1:F1"],
    )
    (tmp_path / "a.xlsx").write_bytes(data)
    reading = read(tmp_path)
    (article,) = reading.articles
    assert (article.title, article.questions) == ("断缴怎么补", ("断了咋补",))
    assert article.text == "由新单位申报补缴。\n咨询电话：12393"
    assert [s.reason for s in reading.skipped] == ["第 4 行没有问题或答案；请补全该行"]


def test_the_old_kind(tmp_path: Path) -> None:
    (tmp_path / "费用.xls").write_bytes(xls("缴费比例", [["险种", "比例"], ["职工医保", 0.02]]))
    (article,) = read(tmp_path).articles
    assert (article.title, article.text) == ("缴费比例", "险种：职工医保；比例：2%。")


def test_an_xls_that_is_a_web_page(tmp_path: Path) -> None:
    page = "<html><body><h1>缴费标准</h1><p>职工医保个人缴2%。</p></body></html>"
    (tmp_path / "导出.xls").write_bytes(page.encode("gbk"))
    (article,) = read(tmp_path).articles
    assert article.text == "职工医保个人缴2%。"


def test_strict_workbooks_are_read() -> None:
    (sheet,) = read_xlsx(xlsx({"a": [["险种", "比例"]]}, namespace=STRICT))
    assert sheet.rows == (("险种", "比例"),)


def test_what_is_no_workbook_is_named() -> None:
    with pytest.raises(InputError, match="压缩炸弹"):
        read_xlsx(archive({"xl/workbook.xml": b" " * 40_000_000}))
    with pytest.raises(InputError, match="已损坏"):
        read_xlsx(archive({"a.txt": b"x"}))


def test_entities_are_not_resolved(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("秘密", encoding="utf-8")
    declared = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'
    whole = xlsx({"a": [["&e;险种", "比例"], ["职工医保说明", "2"]]}, extra=declared)
    (sheet,) = read_xlsx(whole.replace(b"&amp;e;", b"&e;"))
    assert not any("秘密" in cell for row in sheet.rows for cell in row)


def test_a_cell_far_away_costs_nothing() -> None:
    sheet = (
        '<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>险种</t></is></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    )
    with zipfile.ZipFile(io.BytesIO(xlsx({"a": [["险种", "比例"]]}))) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    parts["xl/worksheets/s1.xml"] = sheet.encode()
    (sheet,) = read_xlsx(archive(parts))
    assert sheet.rows == (("险种",),)
    assert sheet.left == ("工作表「a」中超出上限（20000 行、200 列）的 1 格",)


def test_cells_merged_over_everything_are_bounded() -> None:
    rows = [["险种", "比例"]] * 3_000
    with pytest.raises(InputError, match="合并的单元格超过"):
        read_xlsx(xlsx({"a": rows}, merged=["A1:XFD1048576"] * 200))


def test_heads_over_heads_and_labels_beside_values() -> None:
    sheet = Sheet.of(
        "",
        [["事项名称", "停保登记"], ["受理条件", "在本市参保的单位职工"], ["办理地点", "一楼大厅"]],
    )
    page = table_page(sheet, "停保", alone=True)
    assert page is not None
    assert [line.text for line in page.lines] == [
        "事项名称：停保登记。",
        "受理条件：在本市参保的单位职工。",
        "办理地点：一楼大厅。",
    ]


def test_a_row_of_twenty_thousand_commas_is_cut(tmp_path: Path) -> None:
    wide = ",".join(["怎么停保", "先到窗口登记，次月起停止扣款。"] + [""] * 20_000)
    filled = ",".join(["怎么补缴", "由新单位到经办机构申报补缴。"] + ["余"] * 300)
    (tmp_path / "a.csv").write_text(
        "问题,答案\n" + f"{wide}\n" * 300 + f"{filled}\n", encoding="utf-8"
    )
    (done,) = read_each(discover(tmp_path)[0])
    assert [a.title for a in done.articles] == ["怎么停保", "怎么补缴"]
    assert "表格中超出上限（200 列）的 102 格" in done.left
