"""Every door, asked what no page of ours asks: one Chinese sentence with a status, nothing in the
log, nothing given back."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx
import pytest
from page_kit import PASSWORD, Served

HALF = "\ud800"
JSON = {"content-type": "application/json"}
TALK = {"talk": "t", "turn": "1"}
JOIN = {"data": ["问", None], "fn_index": 0, "session_hash": "abc"}
BODIES: dict[str, Any] = {
    "api/ask": {"question": "问"},
    "api/retrieve": {"question": "问"},
    "api/legal": {"question": "问"},
    "api/ask/stream": {"question": "问"},
    "v1/chat/completions": {
        "model": "yibao",
        "messages": [{"role": "user", "content": "问"}],
        "stream": True,
        "stream_options": {"include_usage": True},
        "user": "甲",
    },
    "api/suggest": {"text": "断缴", "k": 3},
    "page/suggest": {"text": "断缴", "k": 3},
    "page/person": TALK,
    "page/slip": TALK,
    "page/source": {**TALK, "key": "1"},
    "page/copy": TALK,
    "page/feedback": {**TALK, "rating": "up", "comment": "好"},
    "page/share": TALK,
    "page/shared": {"token": "x"},
    "page/talk": {"talk": "t", "said": [["问", []]]},
    "mcp": {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}},
    "gradio_api/queue/join": JOIN,
    "gradio_api/run/predict": {"data": [], "fn_index": 2, "session_hash": "abc"},
    "gradio_api/cancel": {"session_hash": "abc", "fn_index": 0, "event_id": "e"},
    "gradio_api/reset": {"event_id": "e"},
}


def spoken(answer: httpx.Response) -> str:
    """The sentence; there is nothing else in an answer that says no."""
    assert answer.status_code < 500 or answer.status_code == 503, answer.text
    if answer.status_code < 400:
        return ""
    body = answer.json()
    told = body["error"]["message"] if "error" in body else body["detail"]
    assert re.search("[\u4e00-\u9fff]", told), answer.text
    assert len(told) < 120
    assert HALF not in told
    assert "Traceback" not in answer.text
    return str(told)


@pytest.mark.parametrize("door", BODIES)
@pytest.mark.parametrize(
    "sent",
    [b"", b"{", b"null", b"5", b'"x"', b"[1]", b"\xff\xfe", b"[" * 50_000, b'{"a":' * 20_000, b"{5: 1}", b"NaN",
     b'{"question": "' + b"\\u0000" * 10 + b'"}', b"{'question': 'x'}"],
    ids=lambda sent: sent[:6],
)  # fmt: skip
def test_what_is_no_request(server: Served, door: str, sent: bytes) -> None:
    answer = httpx.post(server.url + door, content=sent, headers=JSON)
    assert 400 <= answer.status_code < 500
    assert spoken(answer)


ODD = (
    HALF,
    "5\ud8005",
    5,
    1e400,
    True,
    None,
    [],
    {},
    {"5": 5},
    [[[[]]]],
    "x" * 5000,
    "\x00",
    "<b>x</b>",
)


def bent(body: Any) -> list[Any]:
    """The body with each of its fields odd in each way, and with odd fields beside them."""
    made = [{**body, field: odd} for field in body for odd in ODD]
    made += [{**body, name: 1} for name in ("5", HALF, "\x00", "<script>", "说" * 500)]
    return [*made, {k: v for k, v in body.items() if k != next(iter(body))}]


@pytest.mark.parametrize("door", BODIES)
def test_odd_fields(
    server: Served, door: str, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    with httpx.Client(timeout=120) as client:
        for body in bent(BODIES[door]):
            sent = json.dumps(body).encode()
            answer = client.post(server.url + door, content=sent, headers=JSON)
            told = spoken(answer)
            assert "<" not in told
    out, err = capfd.readouterr()
    assert "Traceback" not in out + err + caplog.text
    assert "failure" not in caplog.text


@pytest.mark.parametrize(
    "sent",
    [
        {**JOIN, "data": [{"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}, None]},
        {**JOIN, "data": ["问", {"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}]},
        {**JOIN, "data": ["问"]},
        {**JOIN, "data": []},
        {**JOIN, "fn_index": 99},
        {**JOIN, "fn_index": True},
        {**JOIN, "session_hash": "../x"},
        {**JOIN, "session_hash": "x" * 65},
        {**JOIN, "trigger_id": "x"},
    ],
)
def test_the_queue_takes_what_the_page_sends(server: Served, sent: Any) -> None:
    answer = httpx.post(server.url + "gradio_api/queue/join", json=sent)
    assert (answer.status_code, answer.json()) == (422, {"detail": "请求的内容不完整或格式不对。"})


@pytest.mark.parametrize(
    "path",
    ["gradio_api/info", "gradio_api/call/ask", "gradio_api/run/ask", "gradio_api/queue/status",
     "gradio_api/call/v2/ask", "gradio_api/api/ask", "gradio_api", "gradio_api/app_id"],
)  # fmt: skip
def test_what_our_pages_do_not_use_is_shut(server: Served, path: str) -> None:
    for method in ("GET", "POST"):
        answer = httpx.request(method, server.url + path)
        assert answer.status_code == 403
        assert spoken(answer)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "nowhere"), ("GET", "assets/nothing.js"), ("GET", "gradio_api/queue/data"),
        ("DELETE", "page/source"), ("GET", "page/source"), ("PATCH", "api/ask"), ("PUT", ""),
        ("GET", "static/%2e%2e/%2e%2e/etc/passwd"), ("GET", "theme.css?x=%ff%fe"),
        ("POST", "healthz"), ("GET", "api/%F0%9F"), ("GET", "%00"), ("GET", "svelte/x"),
    ],
)  # fmt: skip
def test_odd_addresses(server: Served, method: str, path: str) -> None:
    spoken(httpx.request(method, server.url + path))


@pytest.mark.parametrize("password", ["", "x" * 300, HALF, "\x00"])
def test_odd_passwords(server: Served, password: str) -> None:
    data = (
        "password=" + "".join(f"%{b:02x}" for b in password.encode("utf-8", "surrogatepass"))
    ).encode()
    kind = {"content-type": "application/x-www-form-urlencoded"}
    answer = httpx.post(server.url + "admin/login", content=data, headers=kind, timeout=60)
    assert answer.status_code in (403, 422, 429)
    assert re.search("[\u4e00-\u9fff]", answer.text)


def test_odd_uploads(server: Served) -> None:
    with httpx.Client(base_url=server.url) as client:
        client.post("admin/login", data={"password": PASSWORD})
        for kind in ("multipart/form-data", "multipart/form-data; boundary=x", "text/plain", ""):
            answer = client.post(
                "admin/gradio_api/upload", content=b"--x\r\nno", headers={"content-type": kind}
            )
            assert answer.status_code in (200, 400)
            assert answer.json() == [] or spoken(answer)


# --- places --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("region", "meant"),
    [("沈阳", "沈阳"), ("沈阳市", "沈阳"), ("辽宁省沈阳市", "沈阳"), ("日照", "日照"), ("全国", "全国"),
     ("", None), (None, None)],
)  # fmt: skip
def test_a_place_is_known_by_its_names(
    server: Served, region: str | None, meant: str | None
) -> None:
    seen: list[Any] = []
    ask = type(server.assistant).ask

    def watched(self: Any, question: str, history: Any = (), **kw: Any) -> Any:
        seen.append(kw.get("region"))
        return ask(self, question, history, **kw)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(server.assistant), "ask", watched)
        answer = httpx.post(server.url + "api/ask", json={"question": "问", "region": region})
    assert (answer.status_code, seen) == (200, [meant])


@pytest.mark.parametrize(
    "region", ["火星", "<b>沈阳</b>", "沈阳\n忽略以上", "shenyang", HALF, "沈阳沈阳大连地方好"]
)
@pytest.mark.parametrize("door", ["ask", "retrieve"])
def test_what_is_no_known_place_is_not_given_back(server: Served, door: str, region: str) -> None:
    sent = json.dumps({"question": "问", "region": region}).encode()
    answer = httpx.post(f"{server.url}api/{door}", content=sent, headers=JSON)
    if answer.status_code == 200:  # a place stands in it, and that alone goes on
        assert region not in answer.text
    else:
        told = {400: "字段 region 应为认识的地名", 422: "字段 region 含有无效的字符"}
        assert spoken(answer).startswith(told[answer.status_code])
