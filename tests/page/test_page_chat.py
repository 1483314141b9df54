"""The conversation in a real browser: asking, streaming, chips, stop, retry, copy, talks, share."""

from __future__ import annotations

import itertools
import re

import pytest
from page_kit import DESKTOP, PHONE, Served, Visit, ask

pytestmark = pytest.mark.browser
QUESTION = "沈阳职工医保断缴两个月怎么补"


@pytest.mark.parametrize(
    ("size", "scheme", "locale"),
    [
        (DESKTOP, "light", "zh-CN"),
        (PHONE, "dark", "zh-CN"),
        (DESKTOP, "dark", "en-US"),
        (PHONE, "light", "en-US"),
    ],
)
def test_an_answer_has_its_sections_in_order(
    visit: Visit, size: tuple[int, int], scheme: str, locale: str
) -> None:
    page = visit(size=size, scheme=scheme, locale=locale)
    turn = ask(page, QUESTION)
    heads = turn.locator(".answer h3").all_inner_texts()
    assert heads == [
        "简要回答", "说法不一", "办理步骤", "所需材料", "办理地点", "办理时限",
        "法律依据", "提醒", "接着问",
    ]  # fmt: skip
    assert turn.locator("h4 .channel").all_inner_texts() == ["支付宝", "窗口"]
    assert [o.locator("li").count() for o in turn.locator(".procedure ol").all()] == [3, 4]
    assert turn.locator(".cut").inner_text() == "来源仅列出前 4 步"
    assert turn.locator(".law .tag").all_inner_texts() == [
        "现行有效", "已公布，2027-01-01 起施行", "法律库未收录",
    ]  # fmt: skip
    assert turn.locator(".conflict tbody tr").count() == 2
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("document.documentElement.lang") == "zh-CN"
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(245, 247, 246)"
    assert dark == (scheme == "dark")


def test_nothing_on_the_page_is_english_or_emoji(visit: Visit) -> None:
    page = visit(locale="en-US")
    ask(page, QUESTION)
    words = page.locator("body").inner_text()
    labels = page.evaluate(
        "[...document.querySelectorAll('[aria-label],[placeholder],[title]')]"
        ".filter(e => e.checkVisibility())"
        ".map(e => e.ariaLabel || e.placeholder || e.title).join(' ')"
    )
    assert set(re.findall(r"[A-Za-z]{3,}", words + labels)) == set()
    assert not re.search("[\U0001f000-\U0001faff☀-➿]", words)


def test_it_streams(visit: Visit) -> None:
    page = visit()
    page.evaluate(
        "window.seen = []; new MutationObserver(() => seen.push("
        "document.querySelectorAll('.answer > *').length))"
        ".observe(document.querySelector('.log'), {childList: true, subtree: true})"
    )
    ask(page, QUESTION)
    counts = page.evaluate("[...new Set(seen)]")
    assert counts == sorted(counts)
    assert len(counts) >= 5


def test_examples_options_and_follow_ups_ask(visit: Visit, server: Served) -> None:
    page = visit()
    page.get_by_role("button", name="居民医保停保后怎么恢复").click()
    turn = page.locator(".turn").last
    turn.locator(".actions").wait_for()
    assert turn.locator(".options .reply").all_inner_texts() == ["职工医保", "居民医保"]
    turn.get_by_role("button", name="职工医保").click()
    page.locator(".turn").nth(1).locator(".actions").wait_for()
    page.locator(".turn").nth(1).get_by_role("button", name="要等多久").click()
    third = page.locator(".turn").nth(2)
    third.locator(".actions").wait_for()
    assert third.locator(".resolved").inner_text() == "理解为：职工医保，要等多久？"
    question, history = server.assistant.calls[-1]
    assert question == "要等多久？"
    assert [a.question for a in history] == ["居民医保停保后怎么恢复", "职工医保"]


def test_a_chip_can_be_dropped(visit: Visit, server: Served) -> None:
    page = visit()
    turn = ask(page, QUESTION)
    chips = turn.locator(".chip")
    assert [c.replace("×", "") for c in chips.all_inner_texts()] == [
        "职工医保",
        "沈阳",
        "断缴2个月",
    ]
    chips.nth(2).click()
    page.wait_for_function("document.querySelectorAll('.chip').length === 2")
    page.locator(".turn .actions").wait_for()
    assert page.locator(".turn").count() == 1
    assert server.assistant.calls[-1][0] == "沈阳职工医保断缴怎么补"
    ask(page, "要什么材料")
    assert [a.context.months for a in server.assistant.calls[-1][1]] == [None]


def test_stop_keeps_the_input_and_retry_answers(visit: Visit) -> None:
    page = visit()
    page.fill("#inp textarea", "很慢的问题")
    # Gradio names the event that is to be stopped only once the answer to this has been read
    with page.expect_response(lambda response: "/queue/join" in response.url) as joined:
        page.press("#inp textarea", "Enter")
    joined.value.finished()
    page.locator("#inp button.stop-button").click()
    page.get_by_text("已停止").wait_for()
    assert page.locator("#inp textarea").is_enabled()
    page.locator(".turn").get_by_role("button", name="重新回答").click()
    page.locator(".turn .summary").wait_for()
    page.locator(".turn [data-do=copy]").wait_for()
    assert page.locator(".turn").count() == 1


def test_retry_replaces_the_last_turn(visit: Visit) -> None:
    page = visit()
    ask(page, QUESTION)
    page.locator("[data-do=retry]").click()
    page.wait_for_function("document.querySelector('.turn').dataset.turn === '2'")
    page.locator(".turn .actions").wait_for()
    assert page.locator(".turn").count() == 1


def test_copy_has_footnotes(visit: Visit) -> None:
    page = visit()
    ask(page, QUESTION)
    page.locator("[data-do=copy]").click()
    page.get_by_text("已复制，附出处").wait_for()
    text = page.evaluate("navigator.clipboard.readText()")
    assert text.startswith(
        f"问：{QUESTION}\n\n简要回答\n· 中断不满三个月的，可以补缴，补缴后不设等待期。[1]"
    )
    assert (
        "\n《沈阳断缴后多久能报销》 · 健康新闻 · 2025-04-19 · 沈阳 · 网页 · 节选 · https://example.org/"
        in text
    )


def test_talks_stay_in_the_browser(visit: Visit) -> None:
    page = visit()
    ask(page, QUESTION)
    visit.reload(page)
    assert page.locator(".turn .asked").all_inner_texts() == [QUESTION]
    page.get_by_role("button", name="新对话").click()
    assert page.locator(".turn").count() == 0
    ask(page, "写一首诗")
    page.get_by_role("button", name="对话记录").click()
    assert page.locator(".talk span").all_inner_texts() == ["写一首诗", QUESTION]
    page.locator(".talk").nth(1).click()
    page.wait_for_function(f"document.querySelector('.asked')?.textContent === '{QUESTION}'")
    page.get_by_role("button", name="对话记录").click()
    page.once("dialog", lambda d: d.accept())
    page.get_by_role("button", name="清除本机记录").click()
    page.locator(".talk-list .none").wait_for()
    kept = page.evaluate("localStorage['yibao.talks']")
    assert kept == "[]"


def test_the_browser_keeps_questions_only(visit: Visit) -> None:
    page = visit()
    ask(page, QUESTION)
    kept = page.evaluate("localStorage['yibao.talks'] + sessionStorage['yibao.current']")
    assert QUESTION in kept
    assert "中断不满" not in kept


def test_a_shared_answer_opens_elsewhere(visit: Visit, server: Served) -> None:
    page = visit()
    ask(page, "职工医保怎么转")
    ask(page, QUESTION)
    page.locator(".turn.last [data-do=share]").click()
    page.get_by_text("分享链接已复制").wait_for()
    link = page.evaluate("navigator.clipboard.readText()")
    other = visit(link.removeprefix(visit.url))
    assert other.locator(".asked").all_inner_texts() == [QUESTION]
    assert other.get_by_text("他人分享的问答").count() == 1
    other.locator(".summary .cite").first.click()
    other.locator("#source mark").wait_for()
    # what was asked before it stays with whoever shared it, also once the talk goes on
    ask(other, "要等多久？")
    visit.reload(other)
    other.locator(".turn").nth(1).wait_for()
    assert other.locator(".asked").all_inner_texts() == [QUESTION, "要等多久？"]
    assert [a.question for a in server.assistant.calls[-1][1]] == ["职工医保怎么转", QUESTION]


def test_a_dead_share_link_says_so(visit: Visit) -> None:
    visit.allowed.append("404")
    page = visit("?s=nothing")
    page.get_by_text("分享链接无效或已过期").wait_for()
    ask(page, QUESTION)


def test_dark_and_large_are_chosen_and_stay(visit: Visit) -> None:
    page = visit()
    page.get_by_role("button", name="深色").click()
    page.get_by_role("button", name="大字").click()
    visit.reload(page)
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate("document.body.classList.contains('dark')")
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "20px"
    assert page.get_by_role("button", name="大字").get_attribute("aria-pressed") == "true"


@pytest.mark.parametrize(("size", "width"), [(DESKTOP, 1280), (PHONE, 390), (PHONE, 340)])
def test_everything_stands_in_the_window(visit: Visit, size: tuple[int, int], width: int) -> None:
    """The disclaimer is read without scrolling where there is room; in large type, too, nothing
    lies over anything else or beyond the edge."""
    page = visit(size=size)
    page.set_viewport_size({"width": width, "height": size[1]})
    if size == DESKTOP:
        foot = page.locator(".disclaimer").bounding_box()
        assert foot["y"] + foot["height"] <= size[1]
    page.get_by_role("button", name="大字").click()
    boxes = [e.bounding_box() for e in page.locator(".bar h1, .bar .tool").all()]
    assert len(boxes) == 6
    for left, right in itertools.pairwise(boxes):
        assert left["x"] + left["width"] <= right["x"]
    assert boxes[-1]["x"] + boxes[-1]["width"] <= width
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    text, send = (page.locator(f"#inp {e}").bounding_box() for e in ("textarea", "button"))
    assert text["y"] <= send["y"] + send["height"] / 2 <= text["y"] + text["height"]
    page.set_viewport_size({"width": size[0], "height": size[1]})


def test_print_shows_one_answer_and_nothing_else(visit: Visit) -> None:
    page = visit()
    ask(page, "职工医保怎么转")
    ask(page, QUESTION)
    page.evaluate("window.print = () => { window.printed = document.documentElement.className }")
    page.locator(".turn.last [data-do=print]").click()
    assert "print-one" in page.evaluate("window.printed")
    page.evaluate(
        "document.documentElement.classList.add('print-one');"
        "document.querySelector('.turn.last').classList.add('printed')"
    )
    page.emulate_media(media="print")
    # no room is kept below the newest answer
    assert page.locator(".turn.last").evaluate("e => getComputedStyle(e).minHeight") == "0px"
    assert not page.locator("#inp").is_visible()
    assert not page.locator(".bar").is_visible()
    assert [t.is_visible() for t in page.locator(".turn").all()] == [False, True]


def test_refused_has_no_sources(visit: Visit) -> None:
    turn = ask(visit(), "写一首诗")
    assert turn.locator(".cite").count() == 0
    assert "12393" in turn.locator(".refused").inner_text()


@pytest.mark.parametrize("question", ["", "   "])
def test_an_empty_question_gets_a_word(visit: Visit, question: str) -> None:
    page = visit()
    page.fill("#inp textarea", question)
    page.press("#inp textarea", "Enter")
    page.get_by_text("请先输入问题。").wait_for()
    ask(page, QUESTION)


def test_a_long_question_gets_a_kind_word(visit: Visit) -> None:
    page = visit()
    page.fill("#inp textarea", "医保" * 50_000)
    page.press("#inp textarea", "Enter")
    page.locator(".turn .notice", has_text="最多 500 字").wait_for()
    ask(page, QUESTION)


def test_a_failure_is_an_apology_with_an_id(visit: Visit, caplog: pytest.LogCaptureFixture) -> None:
    page = visit()
    page.fill("#inp textarea", "这里会出错13800138000")
    page.press("#inp textarea", "Enter")
    notice = page.locator(".turn .notice")
    notice.wait_for()
    failure = re.search(r"错误编号 ([0-9a-f]{8})", notice.inner_text())
    assert failure is not None
    assert failure[1] in caplog.text
    assert "13800138000" not in caplog.text  # what people write stays out of the log
    ask(page, QUESTION)
    assert page.locator("#inp textarea").is_enabled()
