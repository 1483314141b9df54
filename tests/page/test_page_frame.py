"""The chat in other people's pages, and a question in the address."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from page_kit import Served, Visit, ask, serve
from proxy_kit import listening, site

from assistant.page.frames import origin
from assistant.page.limits import Limits
from assistant.page.settings import PageSettings
from corpus.errors import InputError

QUESTION = "职工医保断缴两个月怎么补"

# --- which sites ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("https://www.Example.org", "https://www.example.org"),
        ("https://a.example:443", "https://a.example"),
        ("http://a.example:8080", "http://a.example:8080"),
        ("https://*.example.org", "https://*.example.org"),
        ("https://政务.中国", "https://xn--zfr164b.xn--fiqs8s"),
    ],
)
def test_a_site_as_it_is_kept(text: str, known: str) -> None:
    assert origin(text) == known


@pytest.mark.parametrize(
    "text",
    ["*", "a.example", "https://a.example/", "https://a.example/x", "ftp://a.example", "null",
     "https://a.example; script-src *", "https://a..example", "https://a.*.example", "https://u@a.example"],
)  # fmt: skip
def test_what_is_no_site_is_told(text: str) -> None:
    with pytest.raises(InputError, match="不是网站；应写成 https://www"):
        origin(text)


def test_sites_and_path_come_from_the_environment() -> None:
    given = PageSettings.from_environment(
        {"YIBAO_FRAMES": "https://a.example，https://b.example", "YIBAO_ROOT_PATH": "yibao/"}
    )
    assert given.frames == ("https://a.example", "https://b.example")
    assert given.root == "/yibao"


# --- what the browser is told --------------------------------------------------------------------


@dataclass
class Framed:
    """A page that one site may frame, that site and another, each with the widget's line."""

    served: Served
    ours: str
    foreign: str


@pytest.fixture(scope="module")
def framed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Framed]:
    page = (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>办事大厅</title>'
        '<link rel="icon" href="data:,"><style>button {{ display: none !important }}</style></head>'
        '<body><h1>办事大厅</h1><a href="#" data-yibao-ask="居民医保断缴两个月怎么补">问问</a>'
        '<script src="{}"></script><script src="{}"></script></body></html>'
    )
    with ExitStack() as stack:
        sites: list[str] = []
        pages = ["", ""]
        for place in (0, 1):  # the page is known only once the address of ours is
            port = stack.enter_context(
                listening(lambda client, place=place: site(pages[place])(client))  # type: ignore[misc]
            )
            sites.append(f"http://localhost:{port}")
        served = serve(
            tmp_path_factory.mktemp("frame"),
            settings=PageSettings(frames=(sites[0], "https://*.example.org")),
            limits=Limits(visitor_burst=1000, address_burst=1000, requests_burst=100_000),
        )
        stack.callback(served.stop)
        pages[:] = [page.format(*[served.url + "widget.js"] * 2)] * 2
        yield Framed(served, *sites)


def policy(url: str) -> str:
    directives = httpx.get(url).headers["content-security-policy"].split("; ")
    return next(one for one in directives if one.startswith("frame-ancestors"))


def test_the_chat_alone_may_be_framed(framed: Framed) -> None:
    url = framed.served.url
    assert policy(url) == f"frame-ancestors {framed.ours} https://*.example.org"
    assert "x-frame-options" not in httpx.get(url).headers
    for path in ("admin/login", "admin/", "api/docs", "nowhere", "page/page.js"):
        assert policy(url + path) == "frame-ancestors 'none'"
        assert httpx.get(url + path).headers["x-frame-options"] == "DENY"


def test_other_sites_load_the_widget_and_nothing_else(framed: Framed) -> None:
    answer = httpx.get(framed.served.url + "widget.js")
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    other = httpx.get(framed.served.url + "page/page.js")
    assert other.headers["cross-origin-resource-policy"] == "same-origin"


def test_where_no_site_is_named_there_is_no_widget(server: Served) -> None:
    assert policy(server.url) == "frame-ancestors 'none'"
    answer = httpx.get(server.url + "widget.js")
    assert (answer.status_code, answer.json()["detail"]) == (
        404,
        "嵌入其他网站没有启用；请管理员在 YIBAO_FRAMES 里写上要嵌入的网站，再重新启动。",
    )


# --- in a browser --------------------------------------------------------------------------------


def at(visit: Visit, address: str) -> Any:
    """A page of another site."""
    page = visit.browser.new_page(locale="zh-CN")
    page.set_default_timeout(15_000)
    visit.watch(page)
    page.goto(address)
    return page


def left(visit: Visit, page: Any) -> None:
    visit.settle(page)
    page.close()
    visit.streams.pop(page)


@pytest.mark.browser
def test_in_a_page_of_a_named_site(visit: Visit, framed: Framed) -> None:
    page = at(visit, framed.ours)
    assert page.locator("iframe").count() == 1
    assert page.locator("iframe").get_attribute("src") is None  # nothing is loaded unasked
    button = page.get_by_role("button", name="医保问答")
    assert button.get_attribute("aria-expanded") == "false"
    button.click()
    chat = page.frame_locator("iframe")
    chat.locator("html.ready").wait_for(state="attached")
    turn = ask(chat_of(page), QUESTION)
    assert "中断不满三个月的，可以补缴" in turn.text_content()
    visit.settle(page)
    page.get_by_role("button", name="关闭", exact=True).last.click()
    assert not page.locator("iframe").is_visible()
    button.click()
    assert chat.locator(".turn").count() == 1  # the talk is still there
    left(visit, page)


@pytest.mark.browser
def test_a_word_of_that_page_asks(visit: Visit, framed: Framed) -> None:
    page = at(visit, framed.ours)
    page.get_by_text("问问").click()
    chat = page.frame_locator("iframe")
    chat.locator(".turn .actions").wait_for()
    assert chat.locator(".asked").all_text_contents() == ["居民医保断缴两个月怎么补"]
    left(visit, page)


@pytest.mark.browser
def test_in_a_page_of_another_site(visit: Visit, framed: Framed) -> None:
    said: list[str] = []
    page = visit.browser.new_page()
    page.on("console", lambda message: said.append(message.text))
    page.goto(framed.foreign)
    assert page.locator("iframe").count() == 0
    assert (
        said
        == [
            f"医保问答：本站 {framed.foreign} 没有列在 YIBAO_FRAMES 里，不能嵌入；"
            "请医保问答的管理员写上，再重新启动。"
        ]
        * 2
    )
    # and without the script, the browser shows nothing
    page.evaluate(
        "url => new Promise(done => { const f = document.createElement('iframe'); f.onload = done;"
        " f.src = url; document.body.append(f); })",
        framed.served.url,
    )
    assert any("frame-ancestors" in text for text in said)
    # its page of an error comes a moment after the frame is told to be loaded
    page.frames[1].wait_for_url(lambda url: url.startswith("chrome-error:"), wait_until="commit")
    page.close()


def chat_of(page: Any) -> Any:
    """The frame, to be driven as a page is."""
    return next(frame for frame in page.frames if frame.url.startswith("http://127.0.0.1"))


# --- ?q= -----------------------------------------------------------------------------------------


@pytest.mark.browser
def test_a_question_in_the_address_is_asked(visit: Visit) -> None:
    page = visit(f"?q={QUESTION}")
    page.locator(".turn .actions").wait_for()
    assert page.locator(".asked").all_text_contents() == [QUESTION]
    assert page.input_value("#inp textarea") == ""
    assert page.url == visit.url  # a reload shows the talk, and does not ask again
    visit.reload(page)
    page.locator(".turn .actions").wait_for()
    assert page.locator(".asked").all_text_contents() == [QUESTION]


@pytest.mark.browser
def test_it_begins_a_talk_of_its_own(visit: Visit) -> None:
    page = visit()
    ask(page, "沈阳职工医保断缴两个月怎么补")
    visit.settle(page)
    page.goto(f"{visit.url}?q={QUESTION}")
    page.locator(".turn .actions").wait_for()
    assert page.locator(".asked").all_text_contents() == [QUESTION]
    page.get_by_role("button", name="对话记录").click()
    assert page.locator("#talks .talk").count() == 2


@pytest.mark.browser
def test_what_cannot_be_asked_stays_in_the_box(visit: Visit) -> None:
    page = visit("?q=" + "医" * 600)
    page.get_by_text("问题太长了（最多 500 字）").first.wait_for()
    assert page.input_value("#inp textarea") == "医" * 600


@pytest.mark.browser
@pytest.mark.parametrize("query", ["?q=", "?q=%20%20", "?p=x"])
def test_no_question_is_none(visit: Visit, query: str) -> None:
    page = visit(query)
    assert page.locator(".welcome").is_visible()
    assert page.locator(".turn").count() == 0


@pytest.mark.browser
def test_markup_in_the_address_is_text(visit: Visit) -> None:
    page = visit("?q=%3Cimg src=x onerror=alert(1)%3E%ff 断缴")
    page.locator(".turn .actions").wait_for()
    assert page.locator(".asked").text_content() == "<img src=x onerror=alert(1)>\ufffd 断缴"
    assert page.locator(".asked img").count() == 0
