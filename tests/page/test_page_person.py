"""To a person: numbers to call, the office of the place, and the slip for the counter."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import httpx
import pytest
from lxml import etree
from page_fake import GUIDE, LOCAL, TODAY, index_of, person, refused, rich, stored
from page_kit import PHONE, Served, Visit, ask, forget_talks, in_thread

from assistant.page.chat import read_wish, stream
from assistant.page.dial import dialled
from assistant.page.limits import Limits
from assistant.page.office import Office, offices
from assistant.page.person import person_html
from assistant.page.render import blocks
from assistant.page.slip import slip_html, slip_of, slip_word
from assistant.page.talks import Said, Talk, new_talk
from assistant.page.word import KIND, Paragraph, document
from assistant.types import Answer, Context
from corpus.reading import read
from corpus.types import Article, Passage

QUESTION = "沈阳职工医保断缴两个月怎么补"
KNOWN = Context("职工", "沈阳", 2.0)


# --- numbers -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("请拨打 12393。", ["12393"]),
        ("12393（社保卡拨 12333）", ["12393", "12333"]),
        ("020-12345、112393、12393号码1", ["12393"]),
        ("没有号码", []),
    ],
)
def test_hotlines_can_be_tapped(text: str, numbers: list[str]) -> None:
    made = dialled(text)
    links = [f'<a class="call" href="tel:{n}">{n}</a>' for n in numbers]
    assert [link for link in links if link in made] == links
    assert made.count("<a ") == len(numbers)
    assert made.striptags() == text


def test_words_beside_a_number_are_escaped() -> None:
    assert "<b>" not in dialled("<b>12393</b>")


def test_by_word() -> None:
    made = "".join(blocks(person("转人工", Context()), "1"))
    assert 'href="tel:12393">拨打 12393</a>' in made
    assert 'data-do="person">当地窗口和咨询单</button>' in made
    assert "data-do" not in "".join(blocks(refused("写诗", Context()), "1"))


# --- the office ----------------------------------------------------------------------------------


def shenyang(text: str, kind: Any, **more: Any) -> Passage:
    article = Article("s/" + text, "标题", text, LOCAL.source, region="沈阳", **more)
    items = tuple((text.index(line), text.index(line) + len(line)) for line in text.split("\n"))
    return Passage(article, 0, len(text), kind, ("线下：窗口",), items if kind == "steps" else ())


PLACE = shenyang("- 和平区文化路1号\n- 铁西区政务大厅", "place")
STEPS = shenyang("核对沈阳的年限。\n带身份证到沈阳市医保经办机构。\n到税务窗口缴费。", "steps")


@pytest.mark.parametrize(
    ("rows", "place", "found"),
    [
        ((PLACE, STEPS), "沈阳", ["和平区文化路1号", "铁西区政务大厅", "带身份证到沈阳市医保经办机构。"]),
        ((STEPS,), "沈阳", ["带身份证到沈阳市医保经办机构。"]),
        ((PLACE, PLACE), "沈阳", ["和平区文化路1号", "铁西区政务大厅"]),
        ((PLACE, STEPS), "大连", []),
        ((stored(GUIDE),), "沈阳", []),
        ((shenyang("待遇满六个月。", "rule"),), "沈阳", []),
    ],
)  # fmt: skip
def test_the_office_of_the_place(rows: Sequence[Passage], place: str, found: list[str]) -> None:
    assert [office.text for office in offices(index_of(*rows), place, TODAY)] == found


def test_the_panel() -> None:
    ours = replace(GUIDE, region="沈阳")
    made = person_html("沈阳", (Office("甲<b>", ours), Office("乙", LOCAL)), None)
    assert "甲&lt;b&gt;" in made
    assert "《职工医保断缴两个月怎么补》 · 医保问答整理 · 2026-11-21" in made
    assert "「乙」" in made
    assert "《沈阳断缴后多久能报销》 · 健康新闻 · 2025-04-19" in made
    assert "资料里没有写明大连的办理地点" in person_html("大连", (), None)
    assert "请先在对话里说明参保的城市" in person_html(None, (), None)


# --- the slip ------------------------------------------------------------------------------------


def talk(*answers: Answer) -> Talk:
    made = new_talk()
    for answer in answers:
        made.add(Said(answer.question), answer)
    return made


RICH = replace(rich(QUESTION, KNOWN), understood="沈阳职工医保断缴2个月，怎么补缴")
SLIP = slip_of(talk(refused("写诗", Context()), RICH, person("转人工", Context())).turns, TODAY)


def test_what_stands_on_the_slip() -> None:
    assert SLIP is not None
    assert SLIP.facts == (
        ("我的问题", QUESTION),
        ("理解为", "沈阳职工医保断缴2个月，怎么补缴"),
        ("我的情况", "职工医保，沈阳，断缴2个月"),
        ("此前问过", "写诗"),
    )
    assert SLIP.papers == ("本人身份证[5]", "社会保障卡[5]")
    assert [section.title for section in SLIP.shown] == [
        "简要回答", "说法不一：待遇等待期", "办理步骤（支付宝 · 职工医保 · 全国）",
        "办理步骤（窗口 · 职工医保 · 沈阳）", "办理地点", "办理时限", "法律依据", "提醒", "参考来源",
    ]  # fmt: skip
    by_title = {section.title: section.lines for section in SLIP.shown}
    assert by_title["法律依据"][0] == "《社会保险法》第三十二条（现行有效）"
    assert by_title["参考来源"][0].startswith(
        "[1][4][5][6] 《职工医保断缴两个月怎么补》 · 医保问答整理"
    )
    assert by_title["参考来源"][1].startswith("　依据：国家医疗保障局办公室")


def test_a_talk_that_asked_nothing_has_no_slip() -> None:
    assert slip_of(talk(person("转人工", Context())).turns, TODAY) is None
    assert slip_of((), TODAY) is None


def test_a_refusal_has_a_slip_without_papers() -> None:
    slip = slip_of(talk(refused("补牙报不报", Context())).turns, TODAY)
    assert slip is not None
    assert slip.papers == ()
    assert slip.facts[1] == ("我的情况", "没有说明")
    assert slip.shown[0].title == "简要回答"
    assert "资料里没有列出材料" in slip_html(slip)


def test_the_page_escapes() -> None:
    slip = slip_of(talk(replace(RICH, question="<img src=x>")).turns, TODAY)
    assert slip is not None
    made = slip_html(slip)
    assert "&lt;img src=x&gt;" in made
    assert "<img" not in made
    assert "2026-11-21 生成。" in made


# --- the Word file -------------------------------------------------------------------------------


def parts(file: bytes) -> dict[str, Any]:
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        assert archive.testzip() is None
        return {name: etree.fromstring(archive.read(name)) for name in archive.namelist()}


def test_every_part_is_named_and_there() -> None:
    found = parts(document([Paragraph("甲")]))
    named = {part.get("PartName") for part in found["[Content_Types].xml"] if part.get("PartName")}
    assert named == {"/word/document.xml", "/word/styles.xml"}
    assert found["_rels/.rels"][0].get("Target") == "word/document.xml"
    assert found["word/_rels/document.xml.rels"][0].get("Target") == "styles.xml"


def test_the_same_lines_give_the_same_bytes() -> None:
    assert document([Paragraph("甲")]) == document([Paragraph("甲")])


def test_what_xml_cannot_hold_is_left_out() -> None:
    found = parts(document([Paragraph("<甲>&\x0b\ud800乙\n丙")]))
    texts = found["word/document.xml"].xpath("//*[local-name()='t']/text()")
    assert texts == ["<甲>&乙", "丙"]


def test_a_reader_of_word_finds_the_slip(tmp_path: Any) -> None:
    """By the project's own reader of such files, made for those that Word and WPS write."""
    assert SLIP is not None
    file = tmp_path / "a.docx"
    file.write_bytes(slip_word(SLIP))
    (article,) = read(file).articles
    assert f"# 办理地点\n《{GUIDE.title}》\n参保地医保经办机构的服务窗口。[6]\n" in article.text
    assert "1. 打开支付宝，进入市民中心的社保栏目。\n2. 选择医保补缴" in article.text
    texts = parts(slip_word(SLIP))["word/document.xml"].xpath("//*[local-name()='t']/text()")
    assert texts[:2] == ["医保咨询单", f"我的问题：{QUESTION}"]
    assert texts[5:8] == ["要带的材料", "□ 本人身份证[5]", "□ 社会保障卡[5]"]
    assert texts[-4].startswith("办理结果：＿")


# --- at the doors --------------------------------------------------------------------------------


def asked(server: Served, *questions: str) -> tuple[str, str]:
    """A talk with these questions in it: its id, and its last turn."""

    async def ask_all() -> tuple[str, str]:
        talk_id = turn = ""
        for question in questions:
            sent = f'{{"talk": "{talk_id}"}}'
            wish = read_wish(question, sent, limits=Limits())
            async for frame in stream(server.app.desk, wish, "s", "127.0.0.1"):
                talk_id, turn = frame.talk, frame.turn
        return talk_id, turn

    return in_thread(ask_all())


def test_before_anything_is_asked(server: Served) -> None:
    answer = httpx.post(server.url + "page/person", json={})
    assert answer.status_code == 200
    made = answer.json()["html"]
    assert 'href="tel:12393"' in made
    assert "提问以后，这里会生成一张咨询单" in made


def test_a_talk_leads_to_its_place_and_slip(server: Served) -> None:
    talk_id, turn = asked(server, QUESTION, "转人工")
    place = {"talk": talk_id, "turn": turn}
    made = httpx.post(server.url + "page/person", json=place).json()["html"]
    assert "资料里写到的沈阳办理地点" in made
    assert f"<dd>{QUESTION}</dd>" in made
    got = httpx.post(server.url + "page/slip", json=place)
    assert (got.status_code, got.headers["content-type"]) == (200, KIND)
    assert "filename*=UTF-8''%E5%8C%BB%E4%BF%9D" in got.headers["content-disposition"]
    assert QUESTION in etree.tostring(parts(got.content)["word/document.xml"], encoding="unicode")


@pytest.mark.parametrize("door", ["page/person", "page/slip"])
def test_a_talk_that_is_not_known(server: Served, door: str) -> None:
    answer = httpx.post(server.url + door, json={"talk": "x", "turn": "1"})
    assert (answer.status_code, answer.json()["detail"]) == (410, "没有找到这条记录，请重新提问。")


def test_nothing_asked_no_file(server: Served) -> None:
    talk_id, turn = asked(server, "转人工")
    answer = httpx.post(server.url + "page/slip", json={"talk": talk_id, "turn": turn})
    assert answer.status_code == 404
    assert answer.json()["detail"].startswith("提问以后，这里会生成一张咨询单")


# --- in the browser ------------------------------------------------------------------------------


@pytest.mark.browser
def test_the_button_and_the_word(visit: Visit) -> None:
    page = visit(size=PHONE)
    page.locator("#foot [data-do=person]").click()
    panel = page.locator("#person")
    panel.get_by_text("提问以后，这里会生成一张咨询单").wait_for()
    page.keyboard.press("Escape")
    assert panel.is_hidden()
    assert page.evaluate("document.activeElement.dataset.do") == "person"
    ask(page, QUESTION)
    turn = ask(page, "转人工")
    assert turn.locator(".person .call").get_attribute("href") == "tel:12393"
    turn.locator(".person [data-do=person]").click()
    panel.locator(".slip").wait_for()
    assert QUESTION in panel.locator(".slip dd").all_inner_texts()
    assert page.evaluate("document.activeElement.textContent") == "转人工"
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.querySelector('#person').contains(document.activeElement)")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.browser
def test_the_slip_is_printed_alone(visit: Visit) -> None:
    page = visit()
    ask(page, QUESTION).locator("[data-do=person]").click()
    page.locator("#person .slip").wait_for()
    page.evaluate("window.print = () => { window.printed = document.documentElement.className }")
    page.locator("[data-do=print-slip]").click()
    assert "print-slip" in page.evaluate("window.printed")
    page.evaluate("document.documentElement.classList.add('print-slip')")
    page.emulate_media(media="print")
    seen = page.locator("body").inner_text()
    assert seen.startswith("医保咨询单")
    assert "本人身份证" in seen
    assert "保存为" not in seen
    page.evaluate("document.documentElement.classList.remove('print-slip')")


@pytest.mark.browser
def test_the_slip_is_saved_even_after_a_restart(visit: Visit, server: Served) -> None:
    """The server has forgotten the talk: it is made anew from what was said in it."""
    visit.allowed.append("410")
    page = visit()
    ask(page, QUESTION).locator("[data-do=person]").click()
    page.locator("#person .slip").wait_for()
    forget_talks(server)
    with page.expect_download() as download:
        page.locator("[data-do=word-slip]").click()
    assert download.value.suggested_filename == "医保咨询单.docx"
    with open(download.value.path(), "rb") as file:
        assert QUESTION in etree.tostring(
            parts(file.read())["word/document.xml"], encoding="unicode"
        )
