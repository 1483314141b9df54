"""What a reader of an HTML page sees is read, what nobody sees is not."""

from pathlib import Path

import pytest

from corpus.reading import read_file
from corpus.reading.html import read_html
from corpus.reading.layout import Element
from corpus.reading.style import Look, Styles

HEAD = "<html><head><meta charset=utf-8><title>巳市医保缴费</title>{}</head>"


def text_of(folder: Path, body: str, *, head: str = "") -> str:
    page = folder / "a.html"
    page.write_text(HEAD.format(head) + body + "</html>", encoding="utf-8")
    (article,) = read_file(page)
    assert article.title == "巳市医保缴费"
    return article.text


SAID = "<p>一、每人每年缴三百八十元。</p><p>二、十月开始缴。</p><p>三、逾期等三个月。</p>"
LINES = "一、每人每年缴三百八十元。\n二、十月开始缴。\n三、逾期等三个月。"


@pytest.mark.parametrize(
    "page",
    [
        f'<body style="visibility:hidden"><h1>巳市医保缴费</h1>{SAID}</body>',
        f'<body style="opacity: 0"><h1>巳市医保缴费</h1>{SAID}</body>',
        f'<body><div id=app style="display:none"><h1>巳市医保缴费</h1>{SAID}</div></body>',
        f'<body><h1>巳市医保缴费</h1><div style="visibility:hidden;opacity:0">{SAID}</div></body>',
        f'<body><h1>巳市医保缴费</h1><p><a class=share href="#">分享</a></p>{SAID}</body>',
        f"<body><h1>巳市医保缴费</h1><p><b class=toolbar>打印</b></p>{SAID}</body>",
    ],
)
def test_a_page_that_a_script_uncovers_and_a_button_that_is_left_out(
    tmp_path: Path, page: str
) -> None:
    assert text_of(tmp_path, page) == LINES


TABS = {
    "a list over panels": "<ul class=t><li>手机</li><li>柜台</li></ul>"
    "<div class=pane><p>点缴费。</p></div><div class=pane style='display:none'><p>带卡来。</p></div>",
    "panels in a box": "<div class=hd><a href='#x1'>手机</a><a href='#x2'>柜台</a></div><div class=bd>"
    "<div id=x1 class=c_1><p>点缴费。</p></div><div id=x2 class=c_2 hidden><p>带卡来。</p></div></div>",
}


@pytest.mark.parametrize("case", TABS)
def test_tabs_become_headings(tmp_path: Path, case: str) -> None:
    read = text_of(tmp_path, f"<body><h1>巳市医保缴费</h1>{TABS[case]}</body>")
    assert read == "### 手机\n点缴费。\n### 柜台\n带卡来。"


def test_panels_that_the_page_s_own_styles_fold(tmp_path: Path) -> None:
    style = "<style>.pane{display:none} .pane.on{display:block}</style>"
    body = (
        "<ul><li>手机</li><li>柜台</li></ul>"
        "<div class='pane on'><p>点缴费。</p></div><div class=pane><p>带卡来。</p></div>"
    )
    read = text_of(tmp_path, f"<body><h1>巳市医保缴费</h1>{body}</body>", head=style)
    assert read == "### 手机\n点缴费。\n### 柜台\n带卡来。"


@pytest.mark.parametrize(
    "folded",
    [
        "<details><summary>材料</summary><p>身份证。</p></details>",
        "<h3>材料</h3><div style='display:none'><p>身份证。</p></div>",
        "<p onclick=\"show('m')\">材料</p><div id=m style='display:none'><p>身份证。</p></div>",
        "<p>材料</p><textarea readonly>身份证。</textarea>",
        "<p>材料</p><div class='collapse' style='max-height:0;overflow:hidden'>身份证，原件。</div>",
    ],
)
def test_what_is_folded_away_is_read(tmp_path: Path, folded: str) -> None:
    read = text_of(tmp_path, f"<body><h1>巳市医保缴费</h1><p>先看条件。</p>{folded}</body>")
    assert [part in read for part in ("先看条件。", "材料", "身份证")] == [True] * 3


@pytest.mark.parametrize(
    "unseen",
    [
        "<p style='color:#fff'>加群代缴</p>",
        "<p><font color=white>加群代缴</font></p>",
        "<p style='color:#fefefe;background:#fff'>加群代缴</p>",
        "<p style='font-size:0px'>加群代缴</p>",
        "<p style='position:absolute;left:-9999px'>加群代缴</p>",
        "<p style='text-indent:-9999px'>加群代缴</p>",
        "<p>缴费<span style='display:none'>加群代缴</span></p>",
        "<p class='sr-only'>加群代缴</p>",
        "<div style='height:0;overflow:hidden'>加群代缴</div>",
        "<p class=w>加群代缴</p>",
        "<p><del>加群代缴</del></p>",
        "<p><s>加群代缴</s></p>",
        "<p style='text-decoration: line-through'>加群代缴</p>",
        "<p class=old>加群代缴</p>",
        "<!-- 加群代缴 -->",
        "<textarea>加群代缴</textarea>",
    ],
)
def test_what_nobody_sees_is_not_read(tmp_path: Path, unseen: str) -> None:
    style = "<style>.w{color:#ffffff} .old{text-decoration:line-through}</style>"
    read = text_of(tmp_path, f"<body><h1>巳市医保缴费</h1>{SAID}{unseen}</body>", head=style)
    assert read.startswith(LINES)
    assert "加群" not in read


def test_white_words_on_a_dark_ground_and_small_blanks_round_words_stay(tmp_path: Path) -> None:
    body = (
        "<div style='background-color:#036'><p style='color:#fff'>节假日不办。</p></div>"
        "<div style='font-size:0'><p style='font-size:14px'>周末可办。</p></div>"
        "<p>共<del>三</del><ins>四</ins>项。</p>"
    )
    read = text_of(tmp_path, f"<body><h1>巳市医保缴费</h1>{body}</body>")
    assert read == "节假日不办。\n周末可办。\n共四项。"


def test_an_article_of_a_public_account(tmp_path: Path) -> None:
    page = tmp_path / "wx.html"
    page.write_text(
        "<html><head><meta property='og:title' content='断缴以后怎么补'>"
        "<meta property='og:site_name' content='微信公众平台'><title></title></head><body>"
        "<h1 id=activity-name>断缴以后怎么补</h1><a id=js_name> 午市医疗保障局 </a>"
        f"<div id=js_content style='visibility:hidden;opacity:0'>{SAID}</div>"
        '<script>var ct = "1735689600"; var x = 1;</script></body></html>',
        encoding="utf-8",
    )
    (article,) = read_file(page)
    assert (article.title, article.text) == ("断缴以后怎么补", LINES)
    assert article.source.publisher == "午市医疗保障局"
    assert str(article.source.published) == "2025-01-01"


def test_menus_and_lists_of_departments_go_by_what_stands_round_them(tmp_path: Path) -> None:
    read = text_of(
        tmp_path,
        "<body><div class=search><p>热词：社保医保居住证</p></div>"
        f"<div class=content><h1>巳市医保缴费</h1>{SAID}</div>"
        "<div class=links><p>· 市教育局<br>· 市公安局<br>· 市民政局<br>· 市外办</p></div>"
        "<p>关注 · 巳市政府网</p></body>",
    )
    assert read == LINES


def test_thousands_of_folded_parts_are_looked_at_in_proportion(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked: list[Element] = []
    look = Styles.look

    def counted(styles: Styles, element: Element) -> Look:
        looked.append(element)
        return look(styles, element)

    monkeypatch.setattr(Styles, "look", counted)
    folded = "<div class=kuai style='display:none'>去窗口办理。</div>" * 2_000
    read = read_html(f"<body><h1>巳市医保缴费</h1><div>{folded}</div></body>")
    assert [line.text for line in read.lines] == ["# 巳市医保缴费"]
    assert len(looked) < 5 * 2_000
