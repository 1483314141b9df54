"""Below a path: behind a proxy that takes the path off and behind one that passes it on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from mcp.client import Client
from page_kit import PASSWORD, Visit, ask, in_thread, serve
from proxy_kit import Proxy, listening

from assistant.page.addresses import network
from assistant.page.limits import Limits
from assistant.page.root import OWN, Rooted, root_of
from assistant.page.settings import PageSettings
from corpus.errors import InputError

QUESTION = {"question": "职工医保断缴两个月怎么补"}
HTML = {"accept": "text/html,application/xhtml+xml"}


class Behind:
    """A page behind a proxy: its address there and the proxy."""

    def __init__(self, url: str, proxy: Proxy, direct: str, app: Any) -> None:
        self.url = url
        self.proxy = proxy
        self.direct = direct
        self.app = app


@pytest.fixture(scope="module", params=["stripped", "passed on", "foreign host"])
def behind(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Behind]:
    """The third proxy does not pass on the name that it was asked by, as nginx's own default."""
    settings = PageSettings(
        root="/yibao", hosts=("yibao.example.org",), proxies=(network("127.0.0.1"),)
    )
    limits = Limits(visitor_burst=10_000, address_burst=100_000, requests_burst=1_000_000)
    served = serve(tmp_path_factory.mktemp("root"), settings=settings, limits=limits)
    host = f"localhost:{served.port}" if request.param == "foreign host" else ""
    proxy = Proxy(served.port, strip=request.param != "passed on", host=host)
    with listening(proxy) as port:
        yield Behind(f"http://127.0.0.1:{port}/yibao/", proxy, served.url, served.app)
    served.stop()


@pytest.fixture(autouse=True)
def nothing_missed(request: pytest.FixtureRequest) -> Iterator[None]:
    """No link leads out of the path."""
    yield
    if "behind" in request.fixturenames:
        missed = request.getfixturevalue("behind").proxy.missed
        found, missed[:] = list(missed), []
        assert found == []


# --- the path itself -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "root"),
    [("", ""), ("/", ""), ("yibao", "/yibao"), (" /yibao/ ", "/yibao"), ("/a.b/c-d_e~f", "/a.b/c-d_e~f")],
)  # fmt: skip
def test_a_root_path_as_it_is_kept(text: str, root: str) -> None:
    assert root_of(text) == root


@pytest.mark.parametrize(
    "text", ["https://a.example/x", "/a//b", "/医保", "/..", "/a/../b", "/a?b", "/a b"]
)
def test_what_is_no_root_path_is_told(text: str) -> None:
    with pytest.raises(InputError, match="只写域名后面的路径，例如 /yibao"):
        root_of(text)


@pytest.mark.parametrize("text", ["/api", "/admin/yibao", "page", "/v1/x"])
def test_our_own_addresses_are_no_root_path(text: str) -> None:
    with pytest.raises(InputError, match="这是本页面自己的地址"):
        root_of(text)


def test_every_address_of_ours_is_known(behind: Behind) -> None:
    """Read off the routes of the running application, so that a new one is not forgotten."""
    app: Any = behind.app
    while not hasattr(app, "routes"):
        app = app.app
    chat = next(route.app for route in app.routes if getattr(route, "path", "x") == "")
    paths = [route.path for route in (*app.routes, *chat.routes) if hasattr(route, "path")]
    firsts = {path.split("/")[1] for path in paths if path.count("/")} - {""}
    assert {first for first in firsts if not first.startswith("{")} <= OWN


@pytest.mark.parametrize(
    ("location", "to"),
    [
        ("/admin/", "/yibao/admin/"),
        ("http://127.0.0.1:7860/config?a=1#b", "/yibao/config?a=1#b"),
        ("login", "login"),
    ],
)
def test_where_redirects_lead(location: str, to: str) -> None:
    async def nothing(*_: Any) -> None: ...

    assert Rooted(nothing, "/yibao").below(location) == to


# --- programs ------------------------------------------------------------------------------------


def test_without_its_stroke_the_path_leads_to_the_page(behind: Behind) -> None:
    answer = httpx.get(behind.direct + "yibao?q=x")
    assert (answer.status_code, answer.headers["location"]) == (308, "/yibao/?q=x")
    assert answer.headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize(
    "path", ["", "healthz", "page/page.js", "page/page.css", "api/docs", "theme.css", "config"]
)
def test_what_is_read(behind: Behind, path: str) -> None:
    assert httpx.get(behind.url + path).status_code == 200


def test_the_page_names_nothing_outside_its_path(behind: Behind) -> None:
    page = httpx.get(behind.url).text
    assert 'href="/yibao/page/page.css"' in page
    assert 'href="/' not in page.replace('href="/yibao/', "")
    assert 'src="/' not in page.replace('src="/yibao/', "")


def test_the_doors_for_programs(behind: Behind) -> None:
    assert httpx.post(behind.url + "api/ask", json=QUESTION).json()["status"] == "answered"
    assert httpx.get(behind.url + "api").headers["location"] == "/yibao/api/docs"
    schema = httpx.get(behind.url + "api/openapi.json").json()
    assert schema["servers"] == [{"url": "/yibao"}]


def test_an_mcp_client(behind: Behind) -> None:
    async def asked() -> Any:
        async with Client(behind.url + "mcp") as client:
            return (await client.call_tool("ask", QUESTION)).structured_content

    assert in_thread(asked())["status"] == "answered"


def test_mcp_is_asked_by_no_page_of_another_site(behind: Behind) -> None:
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    kinds = {"accept": "application/json, text/event-stream"}

    def asked(origin: str) -> int:
        headers = {**kinds, "origin": origin}
        return httpx.post(behind.url + "mcp", json=call, headers=headers).status_code

    assert asked("https://yibao.example.org") == 200
    assert asked("https://evil.example") == 403


def test_the_admin_session_holds_below_the_path_alone(behind: Behind) -> None:
    with httpx.Client() as client:
        entry = client.get(behind.url + "admin/")
        assert (entry.status_code, entry.headers["location"]) == (303, "/yibao/admin/login")
        entered = client.post(behind.url + "admin/login", data={"password": PASSWORD})
        assert entered.headers["location"] == "/yibao/admin/"
        assert "path=/yibao/admin;" in entered.headers["set-cookie"].lower()
        assert client.get(behind.url + "admin/config").status_code == 200
        assert client.get(behind.url + "admin").headers["location"] == "/yibao/admin/"
        left = client.post(behind.url + "admin/logout")
        assert left.headers["location"] == "/yibao/admin/login"
        assert client.get(behind.url + "admin/config").status_code == 401


def test_only_named_domains_are_answered(behind: Behind) -> None:
    for path in ("yibao/", "yibao/mcp", "healthz"):
        served = httpx.get(behind.direct + path, headers={"host": "yibao.example.org"})
        assert served.status_code == (405 if path.endswith("mcp") else 200)
        foreign = httpx.get(behind.direct + path, headers={"host": "evil.example"})
        assert foreign.status_code == 421
        assert foreign.json()["detail"].startswith("本页面不以这个主机名提供服务")


# --- what is told where something cannot be ------------------------------------------------------

WRONG = [
    ("GET", "nowhere", 404, "没有这个地址。"),
    ("GET", "nowhere/deeper/", 404, "没有这个地址。"),
    ("GET", "assets/none.js", 404, "没有这个地址。"),
    ("GET", "api/ask", 405, "这个地址不接受这种请求方法，请用 POST。"),
    ("GET", "mcp", 405, "这个地址不接受这种请求方法，请用 POST。"),
    ("PUT", "api/ask", 405, "这个地址不接受这种请求方法，请用 POST。"),
    ("DELETE", "", 405, "这个地址不接受这种请求方法，请用 GET。"),
    ("GET", "gradio_api/upload", 403, "这个地址不对外开放，本页面也不接收文件。"),
    ("GET", "widget.js", 404, "嵌入其他网站没有启用；请管理员在 YIBAO_FRAMES 里写上要嵌入的网站，再重新启动。"),
    ("GET", "admin/config", 401, "请先登录资料管理（/admin/）；写好还没存的文字，浏览器的「后退」会带回来。"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "status", "told"), WRONG)
def test_errors_are_one_chinese_sentence(
    behind: Behind, method: str, path: str, status: int, told: str
) -> None:
    program = httpx.request(method, behind.url + path)
    assert (program.status_code, program.json()) == (status, {"detail": told})
    person = httpx.request(method, behind.url + path, headers=HTML)
    assert (person.status_code, person.headers["content-type"]) == (
        status,
        "text/html; charset=utf-8",
    )
    assert f'<p role="alert">{told}</p>' in person.text
    assert '<html lang="zh-CN">' in person.text
    assert 'href="/yibao/">返回问答页' in person.text


def test_the_openai_door_keeps_its_form_for_programs(behind: Behind) -> None:
    models = httpx.get(behind.url + "v1/models")
    assert models.status_code == 200
    program = httpx.get(behind.url + "v1/nowhere")
    assert (program.status_code, list(program.json())) == (404, ["error"])
    person = httpx.get(behind.url + "v1/nowhere", headers=HTML)
    assert person.status_code == 404
    assert program.json()["error"]["message"] in person.text


def test_a_body_too_long(behind: Behind) -> None:
    big = {"content": b"x" * 200_000, "headers": {"content-type": "application/json"}}
    # the small proxy does not outlast a server that hangs up while it is still sending
    answer = httpx.post(behind.direct + "yibao/api/ask", **big)
    assert (answer.status_code, answer.json()["detail"]) == (413, "请求的内容太大（最多 128 KB）。")


def test_a_failure_inside(behind: Behind) -> None:
    answer = httpx.post(behind.url + "api/ask", json={"question": "出错"})
    assert answer.status_code == 500
    assert answer.json()["detail"].startswith("抱歉")


# --- people --------------------------------------------------------------------------------------


# a path that is passed on under its own name, one that is taken off under another: each half of what
# differs between the proxies is met by a browser, at half a minute less than by all three
people = pytest.mark.parametrize(
    "behind", ["passed on", "foreign host"], indirect=True, scope="module"
)


@people
@pytest.mark.browser
def test_a_talk(visit: Visit, behind: Behind) -> None:
    page = visit(url=behind.url)
    turn = ask(page, "沈阳职工医保断缴两个月怎么补")
    turn.locator(".summary .cite").first.click()
    page.locator("#source mark").first.wait_for()
    page.keyboard.press("Escape")
    turn.get_by_role("button", name="复制", exact=True).click()
    page.get_by_text("已复制，附出处").wait_for()
    turn.get_by_role("button", name="有帮助").click()
    page.get_by_text("谢谢").wait_for()
    turn.get_by_role("button", name="分享").click()
    page.get_by_text("分享链接已复制").wait_for()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link.startswith(f"{behind.url}?s=")
    visit.reload(page)
    page.locator(".turn .actions").wait_for()
    shared = visit(url=link)
    shared.get_by_text("中断不满三个月的，可以补缴").first.wait_for()
    assert (
        shared.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(245, 247, 246)"
    )


@people
@pytest.mark.browser
def test_the_admin_corner(visit: Visit, behind: Behind) -> None:
    page = visit("admin/", url=behind.url)
    assert page.url == f"{behind.url}admin/login"
    page.fill("#password", PASSWORD)
    with visit.filling(page):
        page.get_by_role("button", name="进入").click()
    page.get_by_role("tab", name="资料", exact=True).click()
    page.locator("#articles td").first.wait_for()
    page.get_by_role("tab", name="未答", exact=True).click()
    with page.expect_download() as loading:
        page.get_by_role("link", name="下载 CSV").first.click()
    assert loading.value.suggested_filename == "gaps.csv"
    visit.settle(page)
    page.locator("header.admin a[href='desk/']").click()
    page.locator("body.desk nav").wait_for()
    with visit.filling(page):
        page.locator("a.home").click()
    page.get_by_role("button", name="退出").click()
    page.locator("#password").wait_for()
    page.get_by_role("link", name="返回问答页").click()
    page.wait_for_selector("html.ready", state="attached")
    assert page.url == behind.url


@people
@pytest.mark.browser
def test_the_description_of_the_api(visit: Visit, behind: Behind) -> None:
    page = visit("api", url=behind.url)
    page.locator("section button").first.click()
    page.get_by_text('"status": "answered"').wait_for()
    assert page.locator("#mcp").text_content() == f"{behind.url}mcp"


@people
@pytest.mark.browser
def test_a_page_that_there_is_not(visit: Visit, behind: Behind) -> None:
    visit.allowed.append("404")
    page = visit("api/nowhere", url=behind.url)
    page.get_by_text("没有这个地址。").wait_for()
    page.get_by_role("link", name="返回问答页").click()
    page.wait_for_selector("html.ready", state="attached")
