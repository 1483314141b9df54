"""What a document is: its own title, who issued it, its number, its days, its place, its kind."""

from datetime import date
from pathlib import Path

import pytest

from corpus.reading import read_file
from corpus.reading.about import names_nobody, read_about
from corpus.reading.counties import counties_in, without_suffix
from corpus.reading.issuing import effective_on, issuer_of, number_of, titled_by
from corpus.reading.naming import doubtful, likeness, site_apart
from corpus.reading.places import full_name, region_of
from corpus.reading.types import Line
from corpus.types import Article

CLAUSES = "第一条 为了规范管理，制定本办法。\n第二条 职工按月缴费。\n第三条 本办法自2025年3月1日起施行。\n"


def read_text(folder: Path, text: str, name: str = "a.txt") -> Article:
    (folder / name).write_text(text, encoding="utf-8")
    return read_file(folder / name)[0]


TITLES: dict[str, tuple[str, str]] = {
    "an order stands before it": (
        "甲市人民政府令\n第12号\n《甲市职工医保办法》已经通过，现予公布。\n市长 某某\n2025年2月1日\n"
        f"甲市职工医保办法\n{CLAUSES}",
        "甲市职工医保办法",
    ),
    "two lines": (
        f"乙市城镇职工基本医疗保险\n实施细则（试行）\n{CLAUSES}",
        "乙市城镇职工基本医疗保险实施细则（试行）",
    ),
    "two lines, the first with the body and 关于": (
        f"乙市人民政府办公厅关于印发乙市\n生育保险实施细则的通知\n各区人民政府：\n现印发给你们。\n{CLAUSES}",
        "乙市人民政府办公厅关于印发乙市生育保险实施细则的通知",
    ),
    "two lines of an opinion": (
        "国务院关于推进某项\n保险制度的意见\n国发〔2016〕93号\n各省人民政府：\n现提出意见如下。\n",
        "国务院关于推进某项保险制度的意见",
    ),
    "an order, then a table of contents": (
        "甲市人民政府第12号令\n甲市人民政府\n《甲市生育保险规定》已经第9次常务会议通过，现予公布，自即日起施行。\n"
        f"市长 某某\n二00一年二月二十日\n甲市生育保险规定\n目 录：第一章 总则；第二章 待遇\n第一章 总则\n{CLAUSES}",
        "甲市生育保险规定",
    ),
    "the body on a line of its own": (
        "丙市医疗保障局\n关于调整缴费标准的通知\n各区医保局：\n现通知如下。\n一、每人缴四百元。\n",
        "丙市医疗保障局关于调整缴费标准的通知",
    ),
    "marks of a form": (f"窗体顶端\n丁市大病保险办法\n{CLAUSES}", "丁市大病保险办法"),
    "a menu above": ("首页\n推荐\n政务服务\n戊市门诊怎么报销\n门诊报六成。\n", "戊市门诊怎么报销"),
    "a menu below": (
        "戊市门诊怎么报销\n\n首页\n推荐\n政务服务\n\n办理指引\n\n1. 备案。\n2. 结算。\n",
        "戊市门诊怎么报销",
    ),
    "the first of several sections is none": (
        "己市停保怎么办\n一、办理停保的手续\n到窗口办。\n二、恢复的办法\n重新参保。\n",
        "己市停保怎么办",
    ),
    "a talk": (
        "【2025-03-01 10:22】市民：医保断了怎么补？\n【2025-03-01 10:23】坐席：由单位补。\n",
        "医保断了怎么补？",
    ),
    "a title that says it is one": (
        "信件标题：断了一个月能不能补\n来信人：王**\n答复：可以补。\n",
        "断了一个月能不能补",
    ),
}


@pytest.mark.parametrize("case", TITLES)
def test_titles_of_texts(tmp_path: Path, case: str) -> None:
    text, title = TITLES[case]
    assert read_text(tmp_path, text).title == title


PAGES: dict[str, tuple[str, str, str]] = {
    "the head names the column": (
        "政策法规-庚市社保信息网",
        "<p align=center><b>庚市居民医保办法</b></p><p>发布单位：庚市社保局 发布时间：2025-07-01</p>"
        + "".join(f"<p>{line}</p>" for line in CLAUSES.split("\n")),
        "庚市居民医保办法",
    ),
    "the head names the bureau": (
        "辛市人力资源和社会保障局",
        "<h4>辛市生育保险规定</h4>" + "".join(f"<p>{line}</p>" for line in CLAUSES.split("\n")),
        "辛市生育保险规定",
    ),
    "the head names a column and the notice stands on two lines": (
        "通知公告_壬区医疗保障局",
        "<p>壬市医疗保障局</p><p>关于做好参保工作的通知</p><p>各街道：</p><p>现通知如下。</p>",
        "壬市医疗保障局关于做好参保工作的通知",
    ),
    "a notice on two lines and the rules that it brings": (
        "政策文件",
        "<p><b>关于印发《子市门诊统筹<br>实施细则》的通知</b></p><p>子医保〔2023〕45号</p>"
        "<p>现将细则印发给你们。</p><p><b>子市门诊统筹实施细则</b></p>"
        + "".join(f"<p>{line}</p>" for line in CLAUSES.split("\n")),
        "关于印发《子市门诊统筹实施细则》的通知",
    ),
    "a column that sounds like a title behind it": (
        "单位参保登记_办事指南_某省政务服务网",
        "<h2>单位参保登记</h2><p>实施机构：甲市医疗保障局</p><p>单位网上申报。</p>",
        "单位参保登记",
    ),
    "the greatest heading outside of the article says what the head says": (
        "生小孩报销有变化",
        '<h1>生小孩报销有变化</h1><div id="js_content"><p><b>01</b></p><p><b>哪些费用可以报？</b></p><p>产前检查费可以报，每人一千元封顶，超过的部分自己付。</p>'
        "<p><b>02</b></p><p><b>怎么报？</b></p><p>出院时在医院直接结算，不用先垫付，外地的先备案。</p></div>",
        "生小孩报销有变化",
    ),
    "the head is right": (
        "断缴怎么补-政策问答-癸市医疗保障局",
        "<p>您的位置：首页 > 问答</p><p>由单位补缴。</p>",
        "断缴怎么补",
    ),
}


@pytest.mark.parametrize("case", PAGES)
def test_titles_of_pages(tmp_path: Path, case: str) -> None:
    head, body, title = PAGES[case]
    page = f"<html><meta charset=utf-8><title>{head}</title><body>{body}</body></html>"
    assert read_text(tmp_path, page, "a.html").title == title


def test_what_a_title_is_made_of() -> None:
    assert site_apart("2024-2025年度缴费通知 - 甲市医保局") == (
        "2024-2025年度缴费通知",
        "甲市医保局",
    )
    assert site_apart("甲市人社局-信息公开-缴费指南") == ("缴费指南", "甲市人社局")
    assert site_apart("断缴怎么补") == ("断缴怎么补", "")
    assert [doubtful(t) for t in ("政策法规", "甲市医保局", "第57号", "甲市人民政府令", "怎么补", "00001")] == [
        True, True, True, True, False, True,
    ]  # fmt: skip
    assert likeness("佛山市大病保险管理办法", "佛山-大病保险2013") > 0.7
    assert likeness("目录", "佛山-大病保险2013") == 0.0


def test_a_regulation(tmp_path: Path) -> None:
    article = read_text(tmp_path, TITLES["an order stands before it"][0])
    assert (article.kind, article.source.publisher) == ("policy", "甲市人民政府")
    assert (article.source.published, article.source.effective) == (
        date(2025, 2, 1), date(2025, 3, 1),
    )  # fmt: skip
    assert read_text(tmp_path, f"甲市职工医保怎么缴\n{CLAUSES}").kind == "faq"


def test_who_issued_it_when(tmp_path: Path) -> None:
    article = read_text(tmp_path, TITLES["an order, then a table of contents"][0])
    assert article.source.publisher == "甲市人民政府"
    assert article.source.published == date(2001, 2, 20)  # 二00一年, zeros as people type them
    council = read_text(tmp_path, TITLES["two lines of an opinion"][0])
    assert (council.source.publisher, council.kind) == ("国务院", "policy")
    signed = [Line("甲市各单位照办。"), Line("国务院办公厅"), Line("2024年7月26日")]
    assert issuer_of(signed) == "国务院办公厅"


def test_a_body_is_named_before_an_account(tmp_path: Path) -> None:
    page = (
        '<html><meta charset=utf-8><title>产检怎么报</title><body><h1>产检怎么报</h1><a id="js_name">甲市医保</a>'
        '<em id="publish_time">2025年11月3日 17:20</em> 浙江<div id="js_content"><p>出院时直接结算，不用垫付。</p>'
        "<p>来源：甲市医疗保障局</p></div></body></html>"
    )
    article = read_text(tmp_path, page, "a.html")
    assert article.source.publisher == "甲市医疗保障局"
    assert article.source.published == date(2025, 11, 3)


def test_several_bodies_sign(tmp_path: Path) -> None:
    signed = [Line("各单位照办。"), Line("临海市医疗保障局　临海市财政局"), Line("2024年7月26日")]
    assert issuer_of(signed) == "临海市医疗保障局、临海市财政局"
    below = [Line("各单位照办。"), *map(Line, ("甲市医疗保障局", "甲市财政局", "2024年7月26日"))]
    assert issuer_of(below) == "甲市医疗保障局、甲市财政局"
    joint = (
        "甲市医疗保障局文件\n甲市医疗保障局 甲市财政局关于完善待遇的通知\n各区县：\n现通知如下。\n"
    )
    assert read_text(tmp_path, joint, "b.txt").source.publisher == "甲市医疗保障局、甲市财政局"
    assert issuer_of([Line("实施机构：甲市医疗保障局；时限：5个工作日。")]) == "甲市医疗保障局"
    text = f"关于某某的通知\n{CLAUSES}临海市医疗保障局　临海市财政局\n2024年7月26日\n"
    assert read_text(tmp_path, text).region == "临海"


def test_a_question_of_a_list_names_the_list(tmp_path: Path) -> None:
    page = (
        "<html><meta charset=utf-8><title>甲市失业金常见问题解答（2025年版）</title><body>"
        "<h1>甲市失业金常见问题解答（2025年版）</h1><h2>一、领失业金要什么条件？</h2><p>缴满一年。</p>"
        "<h2>二、失业金能领多久？</h2><p>最长两年。</p></body></html>"
    )
    article = read_text(tmp_path, page, "a.html")
    assert article.title == "领失业金要什么条件？"
    assert article.source.title == "甲市失业金常见问题解答（2025年版）"


def test_number_and_days() -> None:
    lines = [Line("甲医保发〔2025〕8号"), Line("根据国办发〔2024〕38号，现通知如下。")]
    assert number_of("关于缴费的通知", lines) == "甲医保发〔2025〕8号"
    assert number_of("关于缴费的通知（甲府〔2024〕 3 号）", lines) == "甲府〔2024〕3号"
    assert number_of("关于缴费的通知", lines[1:]) == ""
    day = date(2025, 5, 1)
    assert effective_on([Line("本通知自印发之日起施行，有效期五年。")], day) == day
    assert effective_on([Line("生效时间：2025年9月1日")], day) == date(2025, 9, 1)
    assert effective_on([Line("本办法从2025年7月1日起实施。"), Line("附表")], day) == date(
        2025, 7, 1
    )
    assert effective_on([Line("有效期至2027年1月1日。")], day) is None


def test_who_issued_it() -> None:
    assert titled_by("甲市医疗保障局 甲市财政局关于印发办法的通知") == "甲市医疗保障局、甲市财政局"
    assert titled_by("关于印发办法的通知") == ""
    assert [names_nobody(n) for n in ("本网", "本站原创", "录入", "admin01", "甲市医保局")] == [
        True, True, True, True, False,
    ]  # fmt: skip
    assert full_name("市医疗保障局", "广州") == "广州市医疗保障局"
    assert full_name("区医疗保障局", "南山") == "南山区医疗保障局"
    assert full_name("市医疗保障局", "全国") == "市医疗保障局"


def test_a_letter_and_its_answer(tmp_path: Path) -> None:
    rows = (("信件标题", "断了一个月能不能补"), ("来信时间", "2025-02-11"), ("答复单位", "甲市医保局"),
            ("答复时间", "2025-02-14"), ("答复内容", "可以补。"))  # fmt: skip
    table = "".join(f"<tr><td>{label}</td><td>{value}</td></tr>" for label, value in rows)
    page = f"<html><meta charset=utf-8><title>来信详情-甲市12345热线</title><body><table>{table}</table>"
    article = read_text(tmp_path, page, "a.html")
    assert (article.title, article.source.publisher) == ("断了一个月能不能补", "甲市医保局")
    assert article.source.published == date(2025, 2, 14)
    assert article.text.endswith("答复内容：可以补。")


def test_labels_are_no_publishers(tmp_path: Path) -> None:
    article = read_text(
        tmp_path,
        "# 门诊办法从哪天起用\n\n先在校医院看。\n\n签发日期：2019-07-10\n\n"
        "生效时间：2020年9月1日\n\n一个月内报销。\n",
        "a.md",
    )
    assert (article.source.publisher, article.source.published) == ("", date(2019, 7, 10))
    assert "生效时间：2020年9月1日" in article.text
    about = read_about("新闻来源: 甲市医保局发布时间：2008-1-18点击次数：69大 中 小关闭窗口")
    assert about is not None
    assert (about.publisher, about.published) == ("甲市医保局", date(2008, 1, 18))


@pytest.mark.parametrize(
    ("title", "text", "publisher", "place"),
    [
        ("昆山断缴怎么补", "", "", "昆山"),
        ("义乌医保怎么查", "", "", "义乌"),
        ("深圳市南山区居民医保", "", "", "南山"),
        ("江苏昆山怎么交", "", "", "昆山"),
        ("怎么补", "", "昆山市医疗保障局", "昆山"),
        ("越秀区、天河区的窗口", "", "", "广州"),
        ("云南山区怎么报销", "", "", "云南"),
        ("提高安全意识", "", "", "全国"),
        ("合作医疗怎么交", "", "", "全国"),
        ("安宁疗护怎么报销", "", "", "全国"),
        ("上海城镇居民医保", "", "", "上海"),
        ("北京朝阳区医保", "", "", "朝阳区"),
        ("怎么补", "本市职工。" * 200 + "深圳、深圳、深圳。", "", "深圳"),
        ("怎么补", "参保人员按规定办理。" * 200 + "深圳、深圳、深圳。", "", "全国"),
    ],
)
def test_counties_and_words_in_passing(title: str, text: str, publisher: str, place: str) -> None:
    assert region_of(title, text, publisher) == place


def test_names_of_counties() -> None:
    assert [c.name for c in counties_in("长阳土家族自治县医保局", bare=True)] == ["长阳"]
    assert without_suffix("昆山市") == "昆山"
    assert without_suffix("赵县") == "赵县"
