"""Small habits of pages, one case each: what is text, what is an item, what goes."""

from pathlib import Path

import pytest

from corpus.reading import read_file
from corpus.reading.about import read_about
from corpus.reading.dates import read_date
from corpus.reading.places import region_of, schemes_of

Expected = list[tuple[str, str]]

TEXTS: dict[str, tuple[str, Expected]] = {
    "links without answers are no items": (
        "停保怎么办\n先登记。\n相关阅读\n医保怎么查\n少儿医保怎么交\n断缴几个月清零\n",
        [("停保怎么办", "先登记。")],
    ),
    "words that people search for are no items": (
        "停保怎么办\n先登记。\n大家都在搜\n医保断缴\n医保卡\n相关推荐\n怎么恢复\n去村里登记。\n",
        [("停保怎么办", "先登记。"), ("怎么恢复", "去村里登记。")],
    ),
    "questions and answers in brackets": (
        "【问】失业了医保怎么交？\n【答】由基金交。\n"
        "【问】领完了呢？\n【答】可以灵活就业参保，\n也可以参加居民医保。\n",
        [
            ("失业了医保怎么交？", "由基金交。"),
            ("领完了呢？", "可以灵活就业参保，\n也可以参加居民医保。"),
        ],
    ),
    "a number on a line of its own": (
        "断缴怎么办\n一、\n\n补缴\n三个月内可以补。\n",
        [("断缴怎么办", "一、补缴\n三个月内可以补。")],
    ),
    "lists within lists": (
        "怎么交\n  1. 线上\n     • 小程序\n  2. 线下\n　　去窗口。\n",
        [("怎么交", "1. 线上\n  • 小程序\n2. 线下\n去窗口。")],
    ),
    "the title's second appearance and the site's name go": (
        "乡里网\n首页 医保 社保\n怎么停 - 乡里网\n怎么停\n先登记。\n返回顶部\n",
        [("怎么停", "先登记。")],
    ),
    "feeds with the age behind the name": (
        "怎么停\n先登记。\n张三律师 5分钟前\n这种情况可以先\n李四律师 刚刚 要看合同\n再去窗口。\n",
        [("怎么停", "先登记。\n再去窗口。")],
    ),
    "advertisements go and steps with the same words stay": (
        "怎么缴\n每天一块钱保百万，点击领取\n添加客服微信了解\n"
        "3. 点击“立即缴费”完成支付。\n广告：买房找我\n",
        [("怎么缴", "3. 点击“立即缴费”完成支付。")],
    ),
    "a farewell goes, one that says something stays": (
        "断缴怎么办\n断缴3个月以内可以补缴，下面和小编一起来看看。\n先登记。\n"
        "以上就是小编整理的内容，希望能帮到大家。\n",
        [("断缴怎么办", "断缴3个月以内可以补缴，下面和小编一起来看看。\n先登记。")],
    ),
    "a deadline is not the page's date": (
        "几号截止\n缴费截止日期：2025-12-25\n截止 2025年12月25日\n"
        "缴费时间：2025-01-01\n逾期等三个月。\n",
        [
            (
                "几号截止",
                "缴费截止日期：2025-12-25\n截止 2025年12月25日\n"
                "缴费时间：2025-01-01\n逾期等三个月。",
            )
        ],
    ),
}

HTML: dict[str, tuple[str, Expected]] = {
    "items whose titles are headings of the block's own level": (
        "<h1>怎么停</h1><p>先登记。</p><h2>相关推荐</h2><h2>怎么补</h2><p>三个月内补。</p>"
        "<h2>要带什么</h2><p>身份证。</p><footer>发布日期：2025年1月1日</footer>",
        [("怎么停", "先登记。"), ("怎么补", "三个月内补。"), ("要带什么", "身份证。")],
    ),
    "a block beside the article, before it": (
        "<div class=sidebar><h3>大家都在问</h3><div><div>怎么激活</div><div>去银行。</div></div>"
        "</div><h1>怎么停</h1><p>先登记。</p>",
        [("怎么停", "先登记。"), ("怎么激活", "去银行。")],
    ),
    "steps parted by breaks, a list that counts on": (
        "<h1>怎么停</h1><p>1. 登记；<br/>2. 签字；</p>"
        "<ol start=3><li><p>领回执。</p><p>可邮寄。</p></li></ol>",
        [("怎么停", "1. 登记；\n2. 签字；\n3. 领回执。\n  可邮寄。")],
    ),
    "lines in bold are headings": (
        "<h1>怎么停</h1><p><b>所需材料</b></p><p>身份证。</p><p><strong>一、地点</strong></p>"
        "<p>窗口。</p><p><b>请注意，逾期不办。</b></p>",
        [("怎么停", "### 所需材料\n身份证。\n一、地点\n窗口。\n请注意，逾期不办。")],
    ),
    "a table with heads on the left": (
        "<h1>影响</h1><table><tr><th>报销</th><td>暂停</td></tr>"
        "<tr><th>余额</th><td>可用</td></tr></table>",
        [("影响", "报销：暂停。\n余额：可用。")],
    ),
    "answers folded away below their questions": (
        "<h1>断缴</h1><p>先看年限。</p>"
        + "".join(
            f"<div><h4>问：{q}</h4><div style='display: none'>答：{a}</div></div>"
            for q, a in (("住院呢？", "先自费。"), ("买药呢？", "用余额。"))
        )
        + "<div style='display:none'>弹窗里的话</div>",
        [("断缴", "先看年限。"), ("住院呢？", "先自费。"), ("买药呢？", "用余额。")],
    ),
    "navigation, scripts and runs of links": (
        "<ul><li><a>首页</a></li><li><a>医保新闻</a></li><li><a>社保新闻</a></li></ul>"
        "<h1>怎么停</h1>"
        "<script>x</script><p>先登记，见<a>表一</a>。</p><p><a>表一下载</a></p>"
        "<p><a>甲</a><a>乙</a><a>丙</a></p>",
        [("怎么停", "先登记，见表一。\n表一下载")],
    ),
}


@pytest.mark.parametrize("case", TEXTS)
def test_text(tmp_path: Path, case: str) -> None:
    text, expected = TEXTS[case]
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    assert [(a.title, a.text) for a in read_file(tmp_path / "a.txt")] == expected


@pytest.mark.parametrize("case", HTML)
def test_html(tmp_path: Path, case: str) -> None:
    inside, expected = HTML[case]
    (tmp_path / "a.html").write_text(f"<body>{inside}</body>", encoding="utf-8")
    assert [(a.title, a.text) for a in read_file(tmp_path / "a.html")] == expected


@pytest.mark.parametrize(
    ("line", "publisher", "day"),
    [
        ("更新时间:2021-07-17 01:52", "", "2021-07-17"),
        ("来源：国家医保局　发布时间：２０２４-０８-０１　浏览：1", "国家医保局", "2024-08-01"),
        ("时间：2024-12-01来源：某日报点击：12", "某日报", "2024-12-01"),
        ("找法网官方整理", "找法网", "None"),
        ("健康新闻 2025-04-19", "健康新闻", "2025-04-19"),
        ("二〇二四年八月二十六日", "", "2024-08-26"),
    ],
)
def test_lines_in_which_a_page_speaks_about_itself(line: str, publisher: str, day: str) -> None:
    about = read_about(line, place="item")
    assert about is not None
    assert about.publisher == publisher
    assert str(about.published or about.updated) == day


@pytest.mark.parametrize("line", ["缴费截止日期：2025-12-25", "2025年1月1日起执行", "来源于缴费"])
def test_lines_that_say_something_else(line: str) -> None:
    assert read_about(line, place="edge") is None


def test_a_day_that_no_calendar_has_is_no_date() -> None:
    assert read_date("2025-02-30") is None
    assert read_date("2025年13月1日") is None


@pytest.mark.parametrize(
    ("title", "text", "publisher", "place"),
    [
        ("沈阳单位医保几号缴费", "", "", "沈阳"),
        ("2025年福建漳州怎么缴", "", "", "漳州"),
        ("西藏山南能报销吗", "", "", "山南"),
        ("粤省事怎么代扣", "", "", "广东"),
        ("瀋陽醫保幾號繳費", "", "", "沈阳"),
        ("最低缴费年限", "各地不同，例如广州为15年。", "", "全国"),
        ("怎么缴", "根据沈阳市医保缴费规定，每月缴。", "", "沈阳"),
        ("怎么打印", "搜索小程序（如“粤医保”“福建医疗保障”）。", "", "全国"),
        ("怎么缴", "江西医保公众号、江西智慧医保、赣服通都可以。", "", "江西"),
        ("怎么缴", "北京和上海不同，北京、上海、北京。", "", "全国"),
        ("怎么缴", "", "临江市医疗保障局", "临江"),
        ("怎么缴", "", "北京日报", "全国"),
        ("来宾怎么登记", "阿里巴巴和日照时间", "", "全国"),
        ("沈阳大学生医保怎么交", "", "", "沈阳"),
        ("北京大学怎么报名", "", "", "全国"),
    ],
)
def test_places(title: str, text: str, publisher: str, place: str) -> None:
    assert region_of(title, text, publisher) == place


@pytest.mark.parametrize(
    ("title", "text", "schemes"),
    [
        ("新农合可以转职工医保吗", "", ("职工", "居民")),
        ("市医保怎么转成新农合", "", ("职工", "居民")),
        ("漳州市医保部门怎么说", "", ()),
        ("灵活就業怎麼停", "", ("灵活就业",)),
        ("怎么停", "城乡居民医保按年缴。", ("居民",)),
        ("怎么停", "城乡居民养老保险不在此列。", ()),
        ("怎么停", "用人单位办理；灵活就业的自己办，灵活就业，灵活就业。", ()),
        ("怎么停", "职工医保和居民医保不同。", ()),
    ],
)
def test_schemes(title: str, text: str, schemes: tuple[str, ...]) -> None:
    assert schemes_of(title, text) == schemes
