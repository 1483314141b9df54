"""Many at once, limits in the chat, failures, and a server that comes back."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from page_kit import Served, Visit, ask, serve

from assistant.page.chat import Wish, stream
from assistant.page.limits import Limits

QUESTION = "沈阳职工医保断缴两个月怎么补"


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Served]:
    """A server that is easily busy."""
    limits = Limits(visitor_burst=3, visitor_rate=0.01, served=1)
    served = serve(tmp_path, limits=limits, password="")
    yield served
    served.stop()


@pytest.mark.browser
def test_a_visitor_is_limited_with_a_kind_word(small: Served, visit: Visit) -> None:
    page = visit(url=small.url)
    for _ in range(3):
        ask(page, QUESTION)
    page.fill("#inp textarea", "再问一个")
    page.press("#inp textarea", "Enter")
    page.locator(".turn .notice", has_text="您问得有点快，请过").wait_for()
    assert page.locator("#inp textarea").input_value() == "再问一个"
    assert page.locator("#inp textarea").is_enabled()


FRAMES = """
window.frames_drawn = 0;
const frame = window.requestAnimationFrame;
window.requestAnimationFrame = (call) => frame((now) => { window.frames_drawn += 1; call(now); });
"""


@pytest.mark.browser
def test_a_page_at_rest_draws_no_frames(visit: Visit) -> None:
    """A frame that asks for the next one keeps a processor awake for as long as the page is open."""
    page = visit(script=FRAMES)
    ask(page, QUESTION)
    visit.settle(page)
    drawn = [page.evaluate("window.frames_drawn")]
    for _ in range(20):
        page.wait_for_timeout(300)
        drawn.append(page.evaluate("window.frames_drawn"))
        if drawn[-1] == drawn[-2] > 0:
            return
    pytest.fail(f"frames after every 300 ms: {drawn}")


@pytest.mark.browser
def test_the_place_in_line_is_seen(small: Served, visit: Visit) -> None:
    pages = [visit(url=small.url) for _ in range(3)]
    for page in pages:
        page.fill("#inp textarea", "等一等再答")
        page.press("#inp textarea", "Enter")
    expected = [
        "前面还有 1 位，请稍候",
        "正在查找资料",
        "正在查找资料",
    ]  # one is served, one is next
    for _ in range(1200):
        places = sorted(page.locator(".waiting").inner_text() for page in pages)
        if places == expected:
            break
        pages[0].wait_for_timeout(100)
    # who reloads while it stands in line has the question in the box; Gradio tells of the stream that it cut
    visit.allowed += ["AbortError", "errored out"]
    (last,) = [page for page in pages if "1 位" in page.locator(".waiting").inner_text()]
    last.reload()
    last.wait_for_function("document.querySelector('#inp textarea')?.value === '等一等再答'")
    small.assistant.go_on.set()
    assert places == expected
    for page in pages:
        if page is not last:
            page.locator(".turn .summary").wait_for()
    last.press("#inp textarea", "Enter")
    last.locator(".turn .summary").wait_for()
    visit.settle(last)
    last.reload()
    last.locator(".turn .summary").wait_for()
    assert last.locator("#inp textarea").input_value() == ""


@pytest.mark.browser
def test_the_page_comes_back_after_a_restart(visit: Visit, tmp_path: Path) -> None:
    visit.allowed += [
        "ERR_CONNECTION_REFUSED", "ERR_CONNECTION_RESET", "ERR_EMPTY_RESPONSE",
        "ERR_INCOMPLETE_CHUNKED", "Failed to fetch", "EventSource", "BodyStreamBuffer",
        "network error",
    ]  # fmt: skip
    first = serve(tmp_path, password="")
    page = visit(url=first.url)
    ask(page, QUESTION)
    page.fill("#inp textarea", "写到一半的问题")
    page.evaluate("window.before = true")
    first.stop()
    page.evaluate("dispatchEvent(new Event('online'))")  # do not wait for the next look
    page.get_by_text("正在重新连接").wait_for()
    second = serve(tmp_path, port=first.port, password="")
    try:
        page.wait_for_function("window.before === undefined")  # it has loaded itself anew
        page.wait_for_selector("html.ready", state="attached")
        page.locator(".turn .summary").wait_for()
        assert page.locator(".asked").all_inner_texts() == [QUESTION]
        page.wait_for_function("document.querySelector('#inp textarea').value === '写到一半的问题'")
        ask(page, "要等多久？")
        assert [a.question for a in second.assistant.calls[-1][1]] == [QUESTION]
    finally:
        page.close()
        second.stop()


def test_fifty_at_once_are_all_answered(tmp_path: Path) -> None:
    """Each gets its own answer; nobody is turned away."""
    served = serve(tmp_path, password="")
    desk = served.app.desk

    async def one(n: int) -> Any:
        last = None
        async for frame in stream(desk, Wish(f"问题{n}", ticket=str(n)), f"v{n}", "a"):
            last = frame
        return last

    async def everyone() -> list[Any]:
        return await asyncio.gather(*(one(n) for n in range(50)))

    with ThreadPoolExecutor(1) as pool:
        frames = pool.submit(lambda: asyncio.run(everyone())).result()
    served.stop()
    assert [f.state for f in frames] == ["done"] * 50
    assert [f.ticket for f in frames] == [str(n) for n in range(50)]
    assert len({f.talk for f in frames}) == 50
