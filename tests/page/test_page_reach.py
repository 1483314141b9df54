"""How the page is reached: settings, addresses behind proxies, names, doors that can be shut."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from mcp.client import Client
from page_kit import PASSWORD, Served, in_thread, serve

from assistant.page.addresses import client_of, key, network, parsed
from assistant.page.hosts import name_of, names_of
from assistant.page.limits import Limits
from assistant.page.listening import told
from assistant.page.settings import PageSettings, limits_from
from corpus.errors import InputError

QUESTION = {"question": "职工医保断缴两个月怎么补"}

# --- settings ------------------------------------------------------------------------------------


def test_settings_come_from_the_environment() -> None:
    given = PageSettings.from_environment(
        {
            "YIBAO_HOSTS": "yibao.example.org, 10.0.0.5",
            "YIBAO_PROXIES": "127.0.0.1，10.0.0.0/8",
            "YIBAO_METRICS": "OFF",
            "YIBAO_DOCS": "local",
            "YIBAO_SHARE_DAYS": "30",
        }
    )
    assert given.hosts == ("yibao.example.org", "10.0.0.5")
    assert [str(p) for p in given.proxies] == ["127.0.0.1/32", "10.0.0.0/8"]
    assert (given.metrics, given.docs, given.share_days) == ("off", "local", 30)
    assert PageSettings.from_environment({}) == PageSettings()


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("YIBAO_PROXIES", "nginx", "「nginx」不是地址或网段"),
        ("YIBAO_METRICS", "yes", "只能是 on、local 或 off，现为「yes」"),
        ("YIBAO_SHARE_DAYS", "0", "1 到 3650"),
        ("YIBAO_SHARE_DAYS", "半年", "现为「半年」"),
    ],
)
def test_what_a_setting_cannot_be_is_told(name: str, value: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        PageSettings.from_environment({name: value})


def test_limits_come_from_the_environment() -> None:
    limits = limits_from({"YIBAO_LIMIT_SERVED": "4", "YIBAO_LIMIT_VISITOR_RATE": "0.5"})
    assert limits == Limits(served=4, visitor_rate=0.5)
    for bad in ("-1", "0", "viel", "2.5", "nan"):
        with pytest.raises(InputError, match="YIBAO_LIMIT_SERVED 应为大于 0 的整数"):
            limits_from({"YIBAO_LIMIT_SERVED": bad})
    with pytest.raises(
        InputError, match="没有 YIBAO_LIMIT_SERVD 这个限额；最接近的是 YIBAO_LIMIT_SERVED"
    ):
        limits_from({"YIBAO_LIMIT_SERVD": "4"})


# --- addresses -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("1.2.3.4", "1.2.3.4"),
        (" 1.2.3.4:80", "1.2.3.4"),
        ("::ffff:1.2.3.4", "1.2.3.4"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::9]:443", "2001:db8:1:2::/64"),
        ("::1", "::1"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unknown", "unknown"),
        ("", "unknown"),
    ],
)
def test_an_address_and_what_it_counts_as(text: str, known: str) -> None:
    assert key(parsed(text)) == known


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("9.9.9.9", ["1.1.1.1"], "9.9.9.9"),  # nobody named this one
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", ["1.1.1.1"], "1.1.1.1"),
        ("10.0.0.1", ["6.6.6.6, 1.1.1.1"], "1.1.1.1"),  # the client itself wrote the first
        ("10.0.0.1", ["6.6.6.6", "1.1.1.1, 10.0.0.2"], "1.1.1.1"),  # two proxies in a row
        ("10.0.0.1", ["1.1.1.1, <script>"], "10.0.0.1"),
        ("10.0.0.1", ["10.0.0.7"], "10.0.0.7"),
    ],
)
def test_only_named_proxies_are_believed(peer: str, forwarded: list[str], client: str) -> None:
    assert client_of(parsed(peer), forwarded, [network("10.0.0.0/8")]) == client


def asked(served: Served, **headers: str) -> int:
    return httpx.post(served.url + "api/retrieve", json=QUESTION, headers=headers).status_code


def test_a_client_cannot_choose_its_address(tmp_path: Path) -> None:
    served = serve(tmp_path, limits=Limits(address_burst=2, address_rate=0.01), password="")
    statuses = [asked(served, **{"x-forwarded-for": f"1.1.1.{n}"}) for n in range(4)]
    served.stop()
    assert statuses == [200, 200, 429, 429]


def test_behind_a_named_proxy_each_client_has_its_own_share(tmp_path: Path) -> None:
    served = serve(
        tmp_path,
        limits=Limits(address_burst=2, address_rate=0.01),
        settings=PageSettings(proxies=(network("127.0.0.1"),)),
        password="",
    )
    crowd = [asked(served, **{"x-forwarded-for": f"6.6.6.{n}, 1.1.1.1"}) for n in range(3)]
    other = asked(served, **{"x-forwarded-for": "2.2.2.2"})
    served.stop()
    assert (crowd, other) == ([200, 200, 429], 200)


# --- names ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("localhost:7860", "localhost"),
        ("LocalHost.", "localhost"),
        ("[::1]:7860", "::1"),
        ("127.0.0.1.evil.example", "127.0.0.1.evil.example"),
        ("localhost:abc", ""),
        ("localhost@evil.example", ""),
        ("evil.example/localhost", ""),
        ("", ""),
    ],
)
def test_the_name_in_a_host_header(host: str, name: str) -> None:
    assert name_of(host) == name


def test_names_that_the_page_goes_by() -> None:
    local = {"localhost", "127.0.0.1", "::1"}
    assert names_of(()) == local
    assert names_of((), "192.168.1.5") == local | {"192.168.1.5"}
    assert names_of((), "0.0.0.0") == names_of((), "::") == local
    assert names_of(("Yibao.Example.org", "fd00::5")) == local | {"yibao.example.org", "fd00::5"}
    with pytest.raises(InputError, match="不带 http://"):
        names_of(("https://yibao.example.org/",))


DOORS = (
    "", "healthz", "readyz", "metrics", "config", "page/page.js", "api/docs", "api/ask", "mcp",
    "admin/", "admin/login", "gradio_api/queue/data?session_hash=x", "gradio_api/upload", "nowhere",
)  # fmt: skip


@pytest.mark.parametrize("path", DOORS)
def test_no_door_opens_under_a_foreign_name(server: Served, path: str) -> None:
    for method in ("GET", "POST"):
        answer = httpx.request(method, server.url + path, headers={"host": "evil.example"})
        assert answer.status_code == 421
        assert answer.json()["detail"].startswith("本页面不以这个主机名提供服务")
        assert answer.headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.0.0.1:9", "[::1]:7860"])
def test_this_machine_goes_by_its_own_names(server: Served, host: str) -> None:
    assert httpx.get(server.url + "healthz", headers={"host": host}).status_code == 200


def test_what_is_no_name_is_told(server: Served) -> None:
    answer = httpx.get(server.url + "healthz", headers={"host": "local host"})
    assert answer.status_code == 400


def test_named_hosts_are_served_everywhere(tmp_path: Path) -> None:
    named = PageSettings(hosts=("yibao.example.org",))
    served = serve(tmp_path, settings=named, password="")
    host = {"host": "yibao.example.org"}
    assert httpx.get(served.url, headers=host).status_code == 200
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    kinds = {"accept": "application/json, text/event-stream"}
    tools = httpx.post(served.url + "mcp", json=call, headers=host | kinds)
    foreign = {"origin": "https://evil.example"}
    page = httpx.post(served.url + "mcp", json=call, headers=host | kinds | foreign)
    served.stop()
    assert tools.status_code == 200
    assert (page.status_code, page.json()["detail"]) == (403, "不接受其他网站的网页发来的请求。")


def test_an_mcp_client_is_served(server: Served) -> None:
    async def names() -> list[str]:
        async with Client(server.url + "mcp") as client:
            return [t.name for t in (await client.list_tools()).tools]

    assert in_thread(names()) == ["ask", "retrieve", "legal"]


def test_what_listening_elsewhere_opens_is_said() -> None:
    assert told("127.0.0.1", PageSettings()) == told("localhost", PageSettings()) == ""
    everywhere = told("0.0.0.0", PageSettings())
    assert "本机的所有网络地址 已打开" in everywhere
    assert "YIBAO_HOSTS=yibao.example.org" in everywhere
    assert "应答的主机名：a.example" in told("192.168.1.5", PageSettings(hosts=("a.example",)))


# --- doors that can be shut ----------------------------------------------------------------------


def test_figures_are_for_this_machine(tmp_path: Path) -> None:
    proxied = PageSettings(proxies=(network("127.0.0.1"),))
    served = serve(tmp_path, settings=proxied, password="")
    url = served.url + "metrics"
    statuses = [
        httpx.get(url, headers=headers).status_code
        for headers in ({}, {"x-forwarded-for": "1.1.1.1"}, {"x-forwarded-for": "127.0.0.1"})
    ]
    served.stop()
    assert statuses == [200, 404, 404]


def test_through_a_proxy_that_nobody_named_nobody_is_near(server: Served) -> None:
    headers = {"x-forwarded-for": "127.0.0.1"}
    assert httpx.get(server.url + "metrics", headers=headers).status_code == 404


def test_figures_and_the_description_can_be_shut(tmp_path: Path) -> None:
    served = serve(tmp_path, settings=PageSettings(metrics="off", docs="off"), password="")
    paths = ("metrics", "api", "api/docs", "api/openapi.json")
    answers = [httpx.get(served.url + path) for path in paths]
    working = asked(served)
    served.stop()
    assert [a.status_code for a in answers] == [404] * 4
    assert {a.json()["detail"] for a in answers} == {"没有这个地址。"}
    assert working == 200


# --- the admin corner ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "others",
    ["a=b; {}", "{}; other=\"x", "bad name=1; {}", "[]=1;;=;{}", "a={{\"b\":1}}; {}", "yibao_admin=old; {}"],
)  # fmt: skip
def test_foreign_cookies_shut_nobody_out(server: Served, others: str) -> None:
    entered = httpx.post(server.url + "admin/login", data={"password": PASSWORD})
    ours = f"yibao_admin={entered.cookies['yibao_admin']}"
    headers = {"cookie": others.format(ours)}
    assert httpx.get(server.url + "admin/config", headers=headers).status_code == 200


def test_cookies_in_two_headers_are_both_read(server: Served) -> None:
    entered = httpx.post(server.url + "admin/login", data={"password": PASSWORD})
    ours = f"yibao_admin={entered.cookies['yibao_admin']}"
    for order in ([("cookie", ours), ("cookie", "a=b")], [("cookie", "a=b"), ("cookie", ours)]):
        assert httpx.get(server.url + "admin/config", headers=order).status_code == 200


def test_gradio_believes_no_foreign_host(server: Served) -> None:
    headers = {"x-forwarded-host": "evil.example", "x-forwarded-proto": "https"}
    assert "evil.example" not in httpx.get(server.url + "config", headers=headers).text
