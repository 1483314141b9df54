"""Tables of a page: each value with all its heads, and no false pair."""

from pathlib import Path

import pytest

from corpus.reading import read_file


def rows(*rows: str) -> str:
    return "<table border=1>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>"


def cells(text: str, tag: str = "td") -> str:
    return "".join(f"<{tag}>{cell}</{tag}>" for cell in text.split("|"))


TABLES: dict[str, tuple[str, list[str]]] = {
    "two rows of heads": (
        rows(
            "<td rowspan=2>编号</td><td rowspan=2>病种</td><td colspan=2>每月限额</td>",
            cells("职工|居民"),
            cells("1|哮喘|300元|80元"),
            cells("2|痛风|260元|60元"),
        ),
        [
            "编号：1；病种：哮喘；每月限额/职工：300元；每月限额/居民：80元。",
            "编号：2；病种：痛风；每月限额/职工：260元；每月限额/居民：60元。",
        ],
    ),
    "two rows of heads in markup": (
        rows(
            "<th rowspan=2>险种</th><th colspan=2>断缴</th>",
            cells("三个月内|三个月以上", "th"),
            cells("职工|不设|六个月"),
        ),
        ["险种：职工；断缴/三个月内：不设；断缴/三个月以上：六个月。"],
    ),
    "a title over the heads, a note below": (
        rows(
            "<td colspan=3>等待期一览</td>",
            cells("险种|断缴时间|等待期"),
            "<td rowspan=2>职工</td>" + cells("两个月|不设"),
            cells("四个月|六个月"),
            "<td colspan=3>注：按自然月算。</td>",
        ),
        [
            "等待期一览",
            "险种：职工；断缴时间：两个月；等待期：不设。",
            "险种：职工；断缴时间：四个月；等待期：六个月。",
            "注：按自然月算。",
        ],
    ),
    "a long table in two columns": (
        rows(cells("年龄|月数|年龄|月数"), cells("60|139|62|125"), cells("61|132||")),
        ["年龄：60；月数：139。", "年龄：61；月数：132。", "年龄：62；月数：125。"],
    ),
    "a unit in the corner": (
        rows(
            "<td>单位：元</td><td colspan=2>2025年</td>",
            cells("险种|个人|单位"),
            cells("职工|120|60"),
            cells("居民|90|45"),
        ),
        [
            "单位：元",
            "险种：职工；2025年/个人：120；2025年/单位：60。",
            "险种：居民；2025年/个人：90；2025年/单位：45。",
        ],
    ),
    "a corner over two columns of names": (
        rows(
            "<td colspan=2>医院等级</td>" + cells("一级|二级"),
            "<td rowspan=2>职工</td>" + cells("在职|90%|85%"),
            cells("退休|95%|90%"),
            "<td colspan=2>居民</td>" + cells("80%|70%"),
        ),
        [
            "职工；在职；一级：90%；二级：85%。",
            "职工；退休；一级：95%；二级：90%。",
            "居民；一级：80%；二级：70%。",
        ],
    ),
    "labels in markup beside values of several widths": (
        rows(
            "<th>信件编号</th><td colspan=3>退休后还要缴吗</td>",
            "<th>来信人</th><td>张某</td><th>时间</th><td>周一</td>",
            "<th>回复内容</th><td colspan=3>缴满年限的不再缴。</td>",
        ),
        [
            "信件编号：退休后还要缴吗。",
            "来信人：张某；时间：周一。",
            "回复内容：缴满年限的不再缴。",
        ],
    ),
    "a cell down to the end of its part": (
        rows(
            cells("险种|断缴时间|等待期", "th"),
            "<td rowspan=0>职工</td>" + cells("两个月|不设"),
            cells("四个月|六个月"),
        ),
        [
            "险种：职工；断缴时间：两个月；等待期：不设。",
            "险种：职工；断缴时间：四个月；等待期：六个月。",
        ],
    ),
    "label and value": (
        rows(
            cells("事项名称|医保补缴"),
            cells("受理条件|断缴三个月以内"),
            cells("申请材料|<p>1.身份证</p><p>2.合同</p>"),
            cells("收费|不收费"),
        ),
        [
            "事项名称：医保补缴。",
            "受理条件：断缴三个月以内。",
            "申请材料：1.身份证 2.合同。",
            "收费：不收费。",
        ],
    ),
    "label and value, one that asks": (
        rows(cells("来信人|张**"), cells("来信内容|断了一个月能不能补？"), cells("答复|可以补。")),
        ["来信人：张**。", "来信内容：断了一个月能不能补？", "答复：可以补。"],
    ),
    "label and value in four columns": (
        rows(
            cells("事项|生育津贴|类型|依申请"),
            cells("时限|10个工作日|收费|否"),
            "<td>材料</td><td colspan=3>出院小结</td>",
        ),
        ["事项：生育津贴；类型：依申请。", "时限：10个工作日；收费：否。", "材料：出院小结。"],
    ),
    "labels under labels": (
        rows(
            cells("事项类型|公共服务|服务对象|自然人"),
            cells("法定办结时限|15个工作日|承诺办结时限|1个工作日"),
        ),
        [
            "事项类型：公共服务；服务对象：自然人。",
            "法定办结时限：15个工作日；承诺办结时限：1个工作日。",
        ],
    ),
    "four columns under heads": (
        rows(cells("序号|险种|病种|限额"), cells("1|职工|哮喘|300元"), cells("2|居民|痛风|60元")),
        [
            "序号：1；险种：职工；病种：哮喘；限额：300元。",
            "序号：2；险种：居民；病种：痛风；限额：60元。",
        ],
    ),
    "labels that the markup makes heads, in four columns": (
        rows(
            "<th>对象</th><td>学生</td><th>标准</th><td>300元</td>",
            "<th>时限</th><td>九月</td><th>方式</th><td>代收</td>",
        ),
        ["对象：学生；标准：300元。", "时限：九月；方式：代收。"],
    ),
    "labels with a colon": (
        rows(cells("部门：|医保中心"), cells("电话：|12393")),
        ["部门：医保中心。", "电话：12393。"],
    ),
    "heads on both sides": (
        rows(cells("|一级|三级"), cells("在职|90%|80%"), cells("退休|95%|85%")),
        ["在职；一级：90%；三级：80%。", "退休；一级：95%；三级：85%。"],
    ),
    "two columns under heads": (
        rows(cells("险种|等待期"), cells("职工|6个月"), cells("居民|3个月")),
        ["险种：职工；等待期：6个月。", "险种：居民；等待期：3个月。"],
    ),
    "unsure, so as written": (
        rows(cells("张某|李某|王某"), cells("赵某|钱某|孙某")),
        ["张某；李某；王某。", "赵某；钱某；孙某。"],
    ),
    "a merged value under two heads": (
        rows(
            cells("人员类别|起付线|比例", "th"),
            cells("在职|200元|80%"),
            "<td>退休</td><td colspan=2>同在职</td>",
        ),
        ["人员类别：在职；起付线：200元；比例：80%。", "人员类别：退休；起付线、比例：同在职。"],
    ),
    "a table in a cell": (
        rows(
            cells("人员|标准", "th"),
            "<td>学生</td><td>" + rows(cells("起付线|300元"), cells("比例|70%")) + "</td>",
        ),
        ["人员：学生；标准：起付线：300元。 比例：70%。"],
    ),
}


@pytest.mark.parametrize("case", TABLES)
def test_html(tmp_path: Path, case: str) -> None:
    table, lines = TABLES[case]
    (tmp_path / "a.html").write_text(
        f"<html><meta charset=utf-8><body><h1>未市怎么报销</h1>{table}</body></html>", "utf-8"
    )
    (article,) = read_file(tmp_path / "a.html")
    assert article.text.split("\n") == lines


@pytest.mark.parametrize("case", TABLES)
def test_inside_markdown(tmp_path: Path, case: str) -> None:
    table, lines = TABLES[case]
    (tmp_path / "a.md").write_text(f"# 未市怎么报销\n\n见下表。\n\n{table}\n", "utf-8")
    (article,) = read_file(tmp_path / "a.md")
    assert article.text.split("\n") == ["见下表。", "", *lines]
