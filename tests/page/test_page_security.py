"""Headers, closed doors, limits, size of bodies: asked as a program would ask."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from page_kit import PASSWORD, Served, serve

from assistant.page.first_page import rewritten
from assistant.page.limits import Limits
from assistant.page.security import closed

QUESTION = {"question": "职工医保断缴两个月怎么补"}


@pytest.mark.parametrize("path", ["", "healthz", "config", "page/page.js", "api/docs", "nowhere"])
def test_every_answer_carries_the_headers(server: Served, path: str) -> None:
    headers = httpx.get(server.url + path).headers
    policy = dict(p.split(" ", 1) for p in headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'self'"
    assert policy["connect-src"] == "'self'"
    assert policy["object-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "access-control-allow-origin" not in headers


def test_other_sites_may_not_read(server: Served) -> None:
    answer = httpx.post(
        server.url + "api/ask", json=QUESTION, headers={"origin": "https://x.example"}
    )
    assert "access-control-allow-origin" not in answer.headers
    asked = {"origin": "https://x.example", "access-control-request-method": "POST"}
    preflight = httpx.options(server.url + "api/ask", headers=asked)
    assert "access-control-allow-origin" not in preflight.headers


@pytest.mark.parametrize(
    "path",
    [
        "gradio_api/upload", "gradio_api/upload_progress?upload_id=1", "gradio_api/proxy=http://x/",
        "gradio_api/file=/etc/passwd", "gradio_api/file/etc/passwd", "gradio_api/runs",
        "gradio_api/deep_link", "gradio_api/component_server", "gradio_api/vibe-code/",
        "gradio_api/dev/reload", "gradio_api/token", "monitoring", "monitoring/summary",
        "openapi.json", "docs",
    ],
)  # fmt: skip
def test_doors_that_the_page_does_not_need_are_shut(server: Served, path: str) -> None:
    assert httpx.get(server.url + path).status_code == 403
    assert httpx.post(server.url + path).status_code == 403


def test_the_public_cannot_upload(server: Served) -> None:
    answer = httpx.post(server.url + "gradio_api/upload", files={"files": ("a.md", b"# a")})
    assert (answer.status_code, answer.json()) == (
        403,
        {"detail": "这个地址不对外开放，本页面也不接收文件。"},
    )


def test_doors_of_the_admin_page() -> None:
    assert not closed("/admin/gradio_api/upload")
    assert closed("/admin/gradio_api/proxy=x")
    assert closed("/gradio_api/upload")
    assert not closed("/gradio_api/queue/join")


def test_the_data_folder_is_not_served(server: Served) -> None:
    for path in (
        "gradio_api/file=page.db",
        "page/../page.db",
        "page/page.db",
        "assets/..%2f..%2fx",
    ):
        assert httpx.get(server.url + path).status_code in (403, 404)


def test_bodies_are_bounded(server: Served) -> None:
    big = b"x" * (200 * 1024)
    kind = {"content-type": "application/json"}
    assert httpx.post(server.url + "api/ask", content=big, headers=kind).status_code == 413

    def pieces():  # type: ignore[no-untyped-def]
        for _ in range(20):
            yield b" " * 65536

    try:
        status = httpx.post(server.url + "api/ask", content=pieces(), headers=kind).status_code
    except httpx.TransportError:
        status = 413  # hung up on: just as good
    assert status >= 400


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    """A server whose limits are soon met."""
    limits = Limits(address_burst=3, address_rate=0.01, visitor_burst=2, visitor_rate=0.01)
    served = serve(tmp_path_factory.mktemp("strict"), limits=limits, password="")
    yield served
    served.stop()


def test_an_address_is_limited_with_a_kind_word(strict: Served) -> None:
    answers = [httpx.post(strict.url + "api/retrieve", json=QUESTION) for _ in range(4)]
    assert [a.status_code for a in answers] == [200, 200, 200, 429]
    assert answers[3].json()["detail"].startswith("现在提问的人比较多，请过 ")


def test_without_a_password_there_is_no_admin_corner(strict: Served) -> None:
    for path in ("admin", "admin/", "admin/login", "admin/config", "admin/data/gaps.csv"):
        assert httpx.get(strict.url + path).status_code == 404
    assert httpx.post(strict.url + "admin/login", data={"password": ""}).status_code == 404


def test_with_one_nothing_is_open_without_it(server: Served) -> None:
    for path in ("admin/config", "admin/data/gaps.csv", "admin/theme.css", "admin/gradio_api/info"):
        assert httpx.get(server.url + path).status_code == 401
    assert httpx.post(server.url + "admin/gradio_api/upload").status_code == 401
    entry = httpx.get(server.url + "admin/")
    assert (entry.status_code, entry.headers["location"]) == (303, "/admin/login")
    forged = {"cookie": "yibao_admin=guess"}
    assert httpx.get(server.url + "admin/config", headers=forged).status_code == 401


def test_the_right_password_opens_and_leaving_closes(server: Served) -> None:
    with httpx.Client(base_url=server.url) as client:
        entered = client.post("admin/login", data={"password": PASSWORD})
        assert entered.status_code == 303
        cookie = entered.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert "path=/admin" in cookie
        assert client.get("admin/config").status_code == 200
        kept = client.cookies["yibao_admin"]
        client.post("admin/logout")
        stale = httpx.get(server.url + "admin/config", headers={"cookie": f"yibao_admin={kept}"})
        assert stale.status_code == 401


def test_the_first_page_is_chinese_and_names_no_other_host(server: Served) -> None:
    page = httpx.get(server.url, headers={"accept-language": "en-US"}).text
    assert 'lang="zh-CN"' in page
    assert "raw.githubusercontent.com" not in page
    assert page.index("navigator") < page.index("gradio_config")


def test_rewriting_leaves_the_rest_alone() -> None:
    page = '<html\n\tlang="en"\n><head>\n<b>医</b>\n</head></html>'
    assert rewritten(page, "X") == '<html\n\tlang="zh-CN"\n><head>\nX\n<b>医</b>\n</head></html>'


def test_nothing_is_written_about_visitors(
    server: Served, capfd: pytest.CaptureFixture[str]
) -> None:
    httpx.post(server.url + "api/ask", json={"question": "我的身份证号是11010519491231002X"})
    out, err = capfd.readouterr()
    assert "11010519491231002X" not in out + err
    assert Path(server.folder / "page.db").exists()
    assert b"11010519491231002X" not in Path(server.folder / "page.db").read_bytes()
