"""Word files: every word that a reader sees is read once, and no other."""

import io
import time
from zipfile import ZipFile

import pytest
from reading_samples import archive
from word_samples import STRICT, document, p, r, tbl, tc, tr

from corpus.errors import InputError
from corpus.reading.docx import read_docx
from corpus.reading.numbering import written
from corpus.reading.wordsymbols import symbol

TITLE = p("职工医保断缴以后怎么补缴", '<w:pStyle w:val="H1"/>')
HEADING = '<w:style w:styleId="H1"><w:name w:val="heading 1"/></w:style>'


def lines(body: str, **parts: str) -> list[str]:
    return [line.text for line in read_docx(document(body, **parts)).lines]


def test_a_footnote_is_kept_in_its_sentence() -> None:
    notes = (
        '<w:footnote w:id="0" w:type="separator"><w:p><w:r><w:t>---</w:t></w:r></w:p></w:footnote>'
        f'<w:footnote w:id="2">{p("深圳自2025年1月起不再受理个人补缴。")}</w:footnote>'
    )
    mark = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    found = lines(
        p(r("断缴三个月以内可以补缴") + mark + r("，补缴后待遇连续。先登记。")), footnotes=notes
    )
    assert found == [
        "断缴三个月以内可以补缴，补缴后待遇连续〔注：深圳自2025年1月起不再受理个人补缴〕。先登记。"
    ]
    behind = lines(p(r("可以补缴。") + mark + mark + r("先登记。")), footnotes=notes)
    assert behind == ["可以补缴〔注：深圳自2025年1月起不再受理个人补缴〕。先登记。"]


def test_an_endnote_of_a_cell_and_of_a_heading() -> None:
    notes = "".join(
        f'<w:endnote w:id="{n}">{p(words)}</w:endnote>'
        for n, words in ((1, "甲说明。"), (2, "乙说明"))
    )
    mark = '<w:r><w:endnoteReference w:id="{}"/></w:r>'
    heading = p(r("补缴办法") + mark.format(1), '<w:pStyle w:val="H1"/>')
    table = tbl(["险种", "金额"], ["职工医保", tc(p(r("400元") + mark.format(2)))])
    assert lines(heading + table, styles=HEADING, endnotes=notes) == [
        "# 补缴办法",
        "〔注：甲说明〕",
        "险种：职工医保；金额：400元〔注：乙说明〕。",
    ]


BOX = f"<w:txbxContent>{p('温馨提示')}{p('断缴超过三个月的要等六个月。')}</w:txbxContent>"
SHAPE = f"<w:drawing><wp:anchor><wps:txbx>{BOX}</wps:txbx></wp:anchor></w:drawing>"
PICT = '<w:pict><v:shape style="{}"><v:textbox>{}</v:textbox></v:shape></w:pict>'


@pytest.mark.parametrize(
    "drawn",
    [
        f"<mc:AlternateContent><mc:Choice>{SHAPE}</mc:Choice><mc:Fallback>"
        f"{PICT.format('', BOX)}</mc:Fallback></mc:AlternateContent>",
        f"<mc:AlternateContent><mc:Choice/><mc:Fallback>{SHAPE}</mc:Fallback></mc:AlternateContent>",
        PICT.format("", BOX),
    ],
)
def test_a_text_box_is_a_block_of_its_own_and_stands_once(drawn: str) -> None:
    assert lines(p(r("请看右边。") + f"<w:r>{drawn}</w:r>") + p("到窗口办理。")) == [
        "请看右边。",
        "温馨提示",
        "断缴超过三个月的要等六个月。",
        "到窗口办理。",
    ]


def test_a_hidden_box_is_not_read_and_drawn_letters_are() -> None:
    hidden = PICT.format("visibility:hidden", BOX)
    letters = '<w:pict><v:shape><v:textpath string="办事指南"/></v:shape></w:pict>'
    named = SHAPE.replace("<wp:anchor>", '<wp:anchor><wp:docPr hidden="1"/>')
    body = p(r("正文。") + f"<w:r>{hidden}</w:r><w:r>{named}</w:r><w:r>{letters}</w:r>")
    assert lines(body) == ["正文。", "办事指南"]


def test_hyphens_symbols_tabs_and_ruby() -> None:
    body = p(
        "<w:r><w:t>热线0571</w:t><w:noBreakHyphen/><w:t>12393</w:t><w:tab/>"
        '<w:sym w:font="Wingdings" w:char="F0FE"/><w:t>身份证</w:t><w:softHyphen/></w:r>'
        "<w:r><w:ruby><w:rt><w:r><w:t>jiǎo</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>缴</w:t></w:r>"
        "</w:rubyBase></w:ruby></w:r>"
    )
    assert lines(body) == ["热线0571-12393 ☑身份证缴"]
    assert [symbol("Symbol", "F0B3"), symbol("", "2264"), symbol("", "F123"), symbol("", "x")] == [
        "≥", "≤", "", "",
    ]  # fmt: skip


def test_a_formula_in_one_line() -> None:
    def t(words: str) -> str:
        return f"<m:r><m:t>{words}</m:t></m:r>"

    fraction = f"<m:f><m:num>{t('总费用-起付线')}</m:num><m:den>{t('12')}</m:den></m:f>"
    power = f"<m:sSup><m:e>{t('x')}</m:e><m:sup>{t('2')}</m:sup></m:sSup>"
    bracket = f"<m:d><m:e>{t('a+b')}</m:e></m:d>"
    root = f"<m:rad><m:deg/><m:e>{t('y')}</m:e></m:rad>"
    formula = f"<m:oMath>{t('报销=')}{fraction}{t('×85%+')}{power}{bracket}{root}</m:oMath>"
    assert lines(p(formula)) == ["报销=(总费用-起付线)/12×85%+x^2(a+b)√y"]


def test_moved_deleted_and_commented_words() -> None:
    body = (
        p(f"<w:moveFrom>{r('先查清断了哪几个月。')}</w:moveFrom>")
        + p(
            "<w:del><w:r><w:delText>六</w:delText></w:r></w:del>"
            + f"<w:ins>{r('可以补三个月。')}</w:ins>"
        )
        + p(f"<w:moveTo>{r('先查清断了哪几个月。')}</w:moveTo><w:r><w:commentReference/></w:r>")
        + p("前半句，", "<w:rPr><w:del/></w:rPr>")
        + p("后半句。")
    )
    assert lines(body) == ["可以补三个月。", "先查清断了哪几个月。", "前半句，后半句。"]


@pytest.mark.parametrize(
    "look",
    [
        "<w:vanish/>",
        "<w:strike/>",
        '<w:dstrike w:val="true"/>',
        '<w:color w:val="FFFFFF"/>',
        '<w:color w:themeColor="background1"/>',
        '<w:sz w:val="1"/>',
        '<w:rStyle w:val="Gone"/>',
    ],
)
def test_words_that_nobody_sees(look: str) -> None:
    gone = (
        '<w:style w:type="character" w:styleId="Base"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="Gone"><w:basedOn w:val="Base"/></w:style>'
    )
    body = p(r("断缴可以补。") + r("请把身份证号发到客服微信。", look))
    assert lines(body, styles=gone) == ["断缴可以补。"]


@pytest.mark.parametrize(
    "look",
    ['<w:vanish w:val="0"/>', '<w:color w:val="FF0000"/>', '<w:color w:val="FFFFFF"/><w:shd w:fill="0033AA"/>'],
)  # fmt: skip
def test_words_that_are_seen_all_the_same(look: str) -> None:
    assert lines(p(r("断缴可以补。", look))) == ["断缴可以补。"]


def test_white_heads_on_a_colored_row_are_heads() -> None:
    white, blue = '<w:color w:val="FFFFFF"/>', '<w:shd w:val="clear" w:fill="1F4E79"/>'
    heads = [tc(p(r(words, white)), blue) for words in ("渠道", "要什么")]
    assert lines(tbl(tr(*heads), ["线上", "身份证照片"], ["窗口", "身份证原件"])) == [
        "渠道：线上；要什么：身份证照片。",
        "渠道：窗口；要什么：身份证原件。",
    ]


STYLES = """<w:style w:styleId="1"><w:name w:val="heading 2"/><w:pPr><w:numPr><w:numId w:val="7"/>
</w:numPr></w:pPr></w:style>
<w:style w:styleId="Own"><w:name w:val="章标题"/><w:basedOn w:val="1"/></w:style>
<w:style w:styleId="Plain"><w:name w:val="x"/><w:basedOn w:val="1"/><w:pPr><w:outlineLvl w:val="9"/>
</w:pPr></w:style>
<w:style w:styleId="Item"><w:name w:val="项"/></w:style>
<w:style w:styleId="T1"><w:name w:val="toc 1"/></w:style>"""
NUMBERS = """<w:abstractNum w:abstractNumId="0">
<w:lvl w:ilvl="0"><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="第%1章"/></w:lvl>
<w:lvl w:ilvl="1"><w:pStyle w:val="Item"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/>
<w:isLgl/></w:lvl></w:abstractNum>
<w:num w:numId="7"><w:abstractNumId w:val="0"/></w:num>
<w:num w:numId="8"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/>
</w:lvlOverride></w:num>"""


def test_headings_and_numbers_come_through_styles() -> None:
    def styled(words: str, style: str, more: str = "") -> str:
        return p(words, f'<w:pStyle w:val="{style}"/>{more}')

    found = lines(
        styled("总则", "Own")
        + styled("先登记。", "Item", '<w:numPr><w:numId w:val="7"/></w:numPr>')
        + styled("再缴费。", "Item", '<w:numPr><w:ilvl w:val="1"/><w:numId w:val="7"/></w:numPr>')
        + styled("不编号", "Own", '<w:numPr><w:numId w:val="0"/></w:numPr>')
        + styled("附则", "1")
        + styled("补充", "1", '<w:numPr><w:numId w:val="8"/></w:numPr>')
        + p("短标题", '<w:outlineLvl w:val="2"/>')
        + p("这是正文。", '<w:outlineLvl w:val="2"/>'),
        styles=STYLES,
        numbering=NUMBERS,
    )
    assert found == [
        "## 第一章总则",
        "1.1 先登记。",
        "1.2 再缴费。",
        "## 不编号",
        "## 第二章附则",
        "## 第五章补充",
        "### 短标题",
        "这是正文。",
    ]


def test_forms_of_numbers() -> None:
    forms = ["decimalZero", "chineseLegalSimplified", "ideographTraditional", "upperRoman"]
    assert [written(3, form) for form in forms] == ["03", "叁", "丙", "III"]


def test_a_table_of_contents_goes_where_its_headings_come() -> None:
    body = (
        p(r("参保对象") + "<w:r><w:tab/><w:t>2</w:t></w:r>", '<w:pStyle w:val="T1"/>')
        + p("另有附件 5", '<w:pStyle w:val="T1"/>')
        + p("参保对象", '<w:outlineLvl w:val="0"/>')
        + p("本市职工。")
    )
    assert lines(body, styles=STYLES) == ["另有附件 5", "# 参保对象", "本市职工。"]


def test_content_controls_of_blocks_words_and_cells() -> None:
    cell = f"<w:sdt><w:sdtContent>{tc('400元')}</w:sdtContent></w:sdt>"
    body = (
        f"<w:sdt><w:sdtContent>{p('缴费办法')}</w:sdtContent></w:sdt>"
        + p(r("每年") + f"<w:sdt><w:sdtContent>{r('九月')}</w:sdtContent></w:sdt>" + r("缴费。"))
        + f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{p('单击此处')}"
        + "</w:sdtContent></w:sdt>"
        + f"<w:tbl>{tr('险种', '金额')}<w:tr>{tc('居民医保')}{cell}</w:tr></w:tbl>"
    )
    assert lines(body) == ["缴费办法", "每年九月缴费。", "险种：居民医保；金额：400元。"]


def test_strict_files_and_other_names_of_the_main_part() -> None:
    body = TITLE + p("断缴三个月以内可以补缴。")
    for data in (
        document(body, spaces=STRICT, styles=HEADING),
        document(body, main="word/document2.xml", styles=HEADING),
    ):
        assert [line.text for line in read_docx(data).lines] == [
            "# 职工医保断缴以后怎么补缴",
            "断缴三个月以内可以补缴。",
        ]


def test_the_main_part_by_its_kind_where_nothing_points_to_it() -> None:
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    with ZipFile(io.BytesIO(document(p("断缴可以补。"), main="doc/text.xml"))) as old:
        text = old.read("doc/text.xml")
    types = f'<Types><Override PartName="/doc/text.xml" ContentType="{kind}"/></Types>'.encode()
    data = archive({"[Content_Types].xml": types, "doc/text.xml": text})
    assert [line.text for line in read_docx(data).lines] == ["断缴可以补。"]


def test_cells_that_a_row_leaves_out_move_no_value() -> None:
    heads = ["险种", "中断时间", "等待期"]
    assert lines(
        tbl(
            heads,
            ["职工医保", "三个月以内", "不设"],
            tr("三个月以上", "六个月", properties='<w:gridBefore w:val="1"/>'),
            tr("居民医保", "一年", properties='<w:gridAfter w:val="1"/>'),
        )
    ) == [
        "险种：职工医保；中断时间：三个月以内；等待期：不设。",
        "中断时间：三个月以上；等待期：六个月。",
        "险种：居民医保；中断时间：一年。",
    ]


def test_two_head_rows_and_merged_cells() -> None:
    down, on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    found = lines(
        tbl(
            tr(tc("门诊特殊病待遇", '<w:gridSpan w:val="3"/>')),
            tr(tc("病种", down), tc("每月限额", '<w:gridSpan w:val="2"/>')),
            tr(tc("", on), "职工医保", "居民医保"),
            ["癫痫", "400元", "200元"],
            tr(tc("肝硬化", down), "600元", "300元"),
            tr(tc("", on), tc("700元", '<w:gridSpan w:val="2"/>')),
        )
    )
    assert found == [
        "门诊特殊病待遇",
        "病种：癫痫；每月限额/职工医保：400元；每月限额/居民医保：200元。",
        "病种：肝硬化；每月限额/职工医保：600元；每月限额/居民医保：300元。",
        "病种：肝硬化；每月限额/职工医保、居民医保：700元。",
    ]


def test_labels_and_values_with_steps_in_them() -> None:
    steps = p("1. 登录公众号。") + p("2. 提交申请。")
    assert lines(tbl(["受理条件", "本市职工"], ["办理流程", tc(steps)], ["咨询电话", "12393"])) == [
        "受理条件：本市职工。",
        "办理流程：",
        "1. 登录公众号。",
        "2. 提交申请。",
        "咨询电话：12393。",
    ]


def test_nested_tables_stand_once() -> None:
    inner = tbl(["第一步", "登录公众号"], ["第二步", "提交申请"])
    assert lines(tbl(["渠道", "步骤"], ["线上", f"<w:tc>{inner}</w:tc>"])) == [
        "渠道：线上；步骤：",
        "第一步：登录公众号。",
        "第二步：提交申请。",
    ]
    law = tbl([tc(p("第一条　居民每年缴费三百九十元。") + p("第二条　起付线八百元。"))])
    assert lines(tbl([f"<w:tc>{p('关于缴费的通知')}{law}{p('')}</w:tc>"])) == [
        "关于缴费的通知",
        "第一条　居民每年缴费三百九十元。",
        "第二条　起付线八百元。",
    ]


def test_lines_broken_by_hand_are_joined() -> None:
    words = (
        "第一条 为了规范基本医疗保险关系维护公民参加基本医疗保险和享受待遇的合法权益根据国家规定"
    )
    broken = [f"第{n}条 " + words[4:22] for n in "一二三四五六七八九"]
    body = "".join(p(one) + p("险和享受待遇的合法权益，结合本市实际情况定。") for one in broken)
    assert lines(body) == [one + "险和享受待遇的合法权益，结合本市实际情况定。" for one in broken]


@pytest.mark.parametrize(
    "body",
    [
        tbl(*[[tc("甲", '<w:gridSpan w:val="99999"/>')] * 2 for _ in range(4_000)]),
        tbl(tr("甲", "乙", properties='<w:gridBefore w:val="99999"/>'), ["丙", "丁"]),
        "<w:tbl><w:tr><w:tc>" * 60 + p("甲") + "</w:tc></w:tr></w:tbl>" * 60,
        p("甲。" + "<w:r><w:footnoteReference w:id='1'/></w:r>" * 20_000),
        p("<w:r>" + "<w:br/>" * 50_000 + "<w:t>甲</w:t></w:r>"),
    ],
)
def test_huge_grids_and_deep_tables_stay_bounded(body: str) -> None:
    whole = document(body, footnotes=f'<w:footnote w:id="1">{p("注")}</w:footnote>')
    loose = io.BytesIO()  # not packed: so tight a file would be refused for that
    with ZipFile(io.BytesIO(whole)) as old, ZipFile(loose, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    start = time.process_time()
    assert "甲" in "".join(line.text for line in read_docx(loose.getvalue()).lines)
    assert time.process_time() - start < 10


def test_what_is_nested_without_end_is_refused() -> None:
    with pytest.raises(InputError, match="嵌套过深"):
        lines("<w:tbl><w:tr><w:tc>" * 300 + p("甲"))


def test_entities_are_not_unfolded() -> None:
    entities = '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    with ZipFile(io.BytesIO(document(p("ENTITY甲乙")))) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    xml = parts["word/document.xml"].decode().replace("?>", "?>" + entities, 1)
    parts["word/document.xml"] = xml.replace("ENTITY", "&b;" * 1_000).encode()
    with pytest.raises(InputError, match="已损坏"):
        read_docx(archive(parts))
