"""The source beside the answer: the very words marked, keyboard, phone, statutes."""

from __future__ import annotations

import pytest
from page_fake import GUIDE, LOCAL, TODAY
from page_kit import PHONE, Served, Visit, ask, forget_talks

pytestmark = pytest.mark.browser
QUESTION = "沈阳职工医保断缴两个月怎么补"


def test_a_number_opens_the_source_with_the_words_marked(visit: Visit) -> None:
    page = visit()
    turn = ask(page, QUESTION)
    turn.locator(".summary .cite").nth(1).click()
    sheet = page.locator("#source")
    sheet.locator("mark").wait_for()
    assert sheet.locator("mark").all_inner_texts() == ["中断超过三个月的，从重新缴费起满六个月"]
    assert "".join(sheet.locator(".line").all_inner_texts()) == LOCAL.text
    facts = dict(
        zip(*(sheet.locator(f".facts {t}").all_inner_texts() for t in ("dt", "dd")), strict=True)
    )
    assert facts == {
        "发布": "健康新闻", "日期": "2025-04-19", "来源类别": "网页", "适用地区": "沈阳",
    }  # fmt: skip
    assert sheet.get_by_text("未作补全").count() == 1
    link = sheet.locator(".original a")
    assert link.get_attribute("href") == LOCAL.source.url
    assert link.get_attribute("rel") == "noopener noreferrer nofollow"
    box = sheet.bounding_box()
    assert box is not None
    assert box["x"] > 800  # beside the chat, not over it
    answer = page.locator(".turn .answer").bounding_box()
    assert answer["x"] + answer["width"] <= box["x"]


def test_words_of_ours_stand_over_what_they_rest_on(visit: Visit) -> None:
    page = visit()
    turn = ask(page, QUESTION)
    turn.locator(".summary .cite").first.click()
    sheet = page.locator("#source")
    sheet.locator("mark").wait_for()
    assert sheet.locator(".facts dd").first.inner_text() == "医保问答编写组"
    rests = sheet.locator(".beside .rests li").all_inner_texts()
    assert rests[0].startswith("依据：国家医疗保障局办公室医保办发〔2021〕43号")
    assert rests[1].startswith("依据：全国人民代表大会常务委员会《社会保险法》第三十二条")
    sheet.locator(".beside summary").click()
    assert "缴费年限累计计算" in sheet.locator(".beside blockquote").inner_text()
    assert sheet.locator(".original").count() == 0


def test_a_mark_over_lines_is_scrolled_to(visit: Visit) -> None:
    page = visit(size=PHONE)
    turn = ask(page, QUESTION)
    turn.locator(".materials .cite").first.click()
    page.locator("#source mark").first.wait_for()
    assert page.locator("#source mark").all_inner_texts() == ["- 本人身份证", "- 社会保障卡"]
    lines = page.locator("#source .line").all_inner_texts()
    # headings look like headings, without their signs; all other words stand as written
    assert lines == [line.lstrip("# ") for line in GUIDE.text.split("\n")]
    inside = page.evaluate(
        "(() => { const m = document.querySelector('#source mark').getBoundingClientRect();"
        "const b = document.querySelector('#source .panel-body').getBoundingClientRect();"
        "return m.top >= b.top && m.bottom <= b.bottom && m.bottom <= innerHeight })()"
    )
    assert inside


def test_previous_and_next_go_through_all_sources(visit: Visit) -> None:
    page = visit()
    turn = ask(page, QUESTION)
    turn.locator(".summary .cite").first.click()
    page.locator("#source mark").first.wait_for()
    seen = [page.locator("#source h2").inner_text()]
    assert page.locator("#source [data-do=previous]").is_disabled()
    for key in ("2", "3", "4", "5", "6", "l1", "l2"):
        page.locator("#source [data-do=next]").click()
        page.locator(f'.cite.open[data-n="{key}"]').first.wait_for(state="attached")
        seen.append(page.locator("#source h2").inner_text())
    assert page.locator("#source [data-do=next]").is_disabled()
    assert len(seen) == 8  # six citations and the two statutes that the database holds
    assert seen[-2:] == ["《社会保险法》第三十二条", "《医疗保障法》第十三条"]


def test_a_statute_has_its_version_and_days(visit: Visit) -> None:
    page = visit()
    turn = ask(page, QUESTION)
    turn.locator(".law .cite").nth(1).click()
    page.locator("#source mark").first.wait_for()
    facts = page.locator("#source .facts dd").all_inner_texts()
    assert facts[0] == "已公布，2027-01-01 起施行"
    assert facts[1] == "2026-08-28 版本"
    assert facts[2:4] == ["2027-01-01", f"到 {TODAY.isoformat()} 距施行还有 41 天"]
    page.locator("#source [data-do=previous]").click()
    page.locator("#source .tag.in-force").wait_for()
    facts = page.locator("#source .facts dd").all_inner_texts()
    assert facts[1:4] == ["2018-12-29 版本", "2011-07-01", "到 2026-11-21 已施行 5622 天"]


def test_everything_by_keyboard(visit: Visit) -> None:
    page = visit()
    visit.reload(page)  # so that Tab begins at the top
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    page.keyboard.type(QUESTION)
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("Backspace")
    page.keyboard.press("Enter")
    page.locator(".turn .actions").wait_for()
    page.locator(".summary .cite").first.focus()
    page.keyboard.press("Enter")
    page.locator("#source mark").first.wait_for()
    page.wait_for_function("document.activeElement === document.querySelector('#source h2')")
    page.keyboard.press("ArrowRight")
    page.wait_for_function(
        "document.querySelector('#source h2').textContent.includes('多久能报销')"
    )
    page.keyboard.press("Escape")
    assert page.locator("#source").is_hidden()
    assert page.evaluate("document.activeElement.textContent") == "[1]"
    chip = page.locator(".chip").first
    chip.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelectorAll('.chip').length === 2")


def test_on_a_phone_the_source_is_a_sheet_that_holds_the_focus(visit: Visit) -> None:
    page = visit(size=PHONE)
    turn = ask(page, QUESTION)
    turn.locator(".summary .cite").first.click()
    page.locator("#source mark").first.wait_for()
    box = page.locator("#source").bounding_box()
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 390, 844)
    assert page.locator("#source").get_attribute("role") == "dialog"
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate("document.querySelector('#source').contains(document.activeElement)")
    page.get_by_role("button", name="关闭").click()
    assert page.locator("#source").is_hidden()
    assert page.evaluate("document.querySelector('#bot').inert") is False


def test_a_citation_works_after_the_server_forgot_the_talk(visit: Visit, server: Served) -> None:
    visit.allowed.append("410")
    page = visit()
    turn = ask(page, QUESTION)
    forget_talks(server)
    turn.locator(".summary .cite").first.click()
    page.locator("#source mark").first.wait_for()
    ask(page, "要等多久？")
    assert [a.question for a in server.assistant.calls[-1][1]] == [QUESTION]


def test_sources_are_named_for_a_screen_reader(visit: Visit) -> None:
    page = visit()
    turn = ask(page, QUESTION)
    label = turn.locator(".summary .cite").nth(1).get_attribute("aria-label")
    assert label == "来源 2：健康新闻，2025-04-19，沈阳断缴后多久能报销"
    assert page.locator(".log").get_attribute("aria-busy") == "false"
    assert page.locator(".log").get_attribute("role") == "log"
