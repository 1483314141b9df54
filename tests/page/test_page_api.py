"""The doors for programs: the same names as in Python, OpenAPI, MCP, health and figures."""

from __future__ import annotations

import asyncio
import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from mcp.client import Client
from page_kit import Served, Visit, serve

from assistant.page.journal import Journal
from assistant.page.limits import Limits

QUESTION = "职工医保断缴两个月怎么补"


def post(server: Served, path: str, **body: Any) -> httpx.Response:
    return httpx.post(server.url + path, json=body)


def test_ask_is_the_answer_as_a_dictionary(server: Served) -> None:
    got = post(server, "api/ask", question=QUESTION).json()
    assert got == json.loads(json.dumps(server.assistant.ask(QUESTION).to_dict()))


def test_history_is_questions(server: Served) -> None:
    post(server, "api/ask", question="要等多久", history=[QUESTION], scheme="职工", region="沈阳")
    asked, history = server.assistant.calls[-1]
    assert (asked, [a.question for a in history]) == ("要等多久", [QUESTION])


def test_retrieve_and_legal(server: Served) -> None:
    hits = post(server, "api/retrieve", question=QUESTION, k=2).json()["hits"]
    assert [h["title"] for h in hits] == ["职工医保断缴两个月怎么补", "沈阳断缴后多久能报销"]
    assert hits[1]["excerpt"] is True
    basis = post(server, "api/legal", question=QUESTION, k=2).json()["legal_basis"]
    assert [(b["law"], b["state"]) for b in basis] == [
        ("社会保险法", "in force"), ("医疗保障法", "not yet in force"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "body", "status", "told"),
    [
        ("ask", {"question": " "}, 400, "请先输入问题。"),
        ("ask", {"question": "\x00\ud800"}, 400, "请先输入问题。"),
        ("ask", {"question": "医" * 501}, 400, "问题太长了（最多 500 字），请挑最要紧的一件事来问。"),
        ("ask", {"question": "问", "history": ["医" * 501]}, 400, "问题太长了（最多 500 字），请挑最要紧的一件事来问。"),
        ("ask", {"question": "医" * 60_000}, 413, "请求的内容太大（最多 128 KB）。"),
        ("ask", {}, 422, "缺少字段 question。"),
        ("ask", {"question": 5}, 422, "字段 question 应为文字。"),
        ("ask", {"question": "问", "history": "甲"}, 422, "字段 history 应为列表。"),
        ("ask", {"question": "问", "history": ["甲", 5]}, 422, "字段 history.1 应为文字。"),
        ("ask", {"question": "问", "history": ["甲"] * 21}, 422, "字段 history 最多 20 项。"),
        ("ask", {"question": "问", "scheme": "公费"}, 422, "字段 scheme 只能是 职工、居民、灵活就业。"),
        ("ask", {"question": "问", "region": "沈" * 21}, 422, "字段 region 太长（最多 20 字）。"),
        ("ask", {"question": "问", "schema": "职工"}, 422, "没有名为 schema 的字段。"),
        ("ask", [], 422, "请求的内容应为 JSON 对象，并以 application/json 发送。"),
        ("retrieve", {"question": "问", "k": 0}, 422, "字段 k 不能小于 1。"),
        ("retrieve", {"question": "问", "k": 51}, 422, "字段 k 不能大于 50。"),
        ("retrieve", {"question": "问", "k": "五"}, 422, "字段 k 应为整数。"),
        ("legal", {"question": "问", "today": "昨天"}, 422, "字段 today 应为日期，例如 2026-01-31。"),
        ("nothing", {}, 404, "没有这个地址。"),
    ],
)  # fmt: skip
def test_bad_requests_are_told_so_in_one_sentence(
    server: Served, path: str, body: Any, status: int, told: str
) -> None:
    sent = json.dumps(body).encode()
    kind = {"content-type": "application/json"}
    answer = httpx.post(f"{server.url}api/{path}", content=sent, headers=kind)
    assert (answer.status_code, answer.json()) == (status, {"detail": told})


@pytest.mark.parametrize("sent", [b"", b"no json", b"[" * 100_000])
def test_what_is_not_json_is_told_so(server: Served, sent: bytes) -> None:
    kind = {"content-type": "application/json"}
    answer = httpx.post(server.url + "api/ask", content=sent, headers=kind)
    assert answer.status_code in (400, 422)
    assert answer.json()["detail"].startswith("请求的内容")


def test_the_doors_are_for_post(server: Served) -> None:
    answer = httpx.get(server.url + "api/ask")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert answer.json() == {"detail": "这个地址不接受这种请求方法，请用 POST。"}
    # a GET would be held open for nothing
    assert httpx.get(server.url + "mcp").status_code == 405


def test_a_failure_inside_is_an_apology_with_its_id(
    server: Served, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    answer = post(server, "api/ask", question="这里会出错13800138000")
    assert answer.status_code == 500
    failure = re.search(r"错误编号 ([0-9a-f]{8})", answer.json()["detail"])
    assert failure is not None
    assert failure[1] in caplog.text

    def broken(_: object, token: str) -> None:
        raise RuntimeError(token)

    # where nobody expects one, too
    monkeypatch.setattr(Journal, "shared", broken)
    answer = httpx.post(server.url + "page/shared", json={"token": "13800138000"})
    assert answer.status_code == 500
    assert "错误编号" in answer.json()["detail"]
    assert "13800138000" not in caplog.text


def test_earlier_questions_cost_as_much(tmp_path: Path) -> None:
    served = serve(tmp_path, limits=Limits(address_burst=5, address_rate=0.01), password="")
    many = {"question": QUESTION, "history": [QUESTION] * 3}
    answers = [httpx.post(served.url + "api/ask", json=many) for _ in range(2)]
    served.stop()
    assert [a.status_code for a in answers] == [200, 429]


@pytest.mark.browser
def test_the_openapi_page_works_without_foreign_files(visit: Visit) -> None:
    page = visit("api/docs")
    page.locator("section h2").nth(8).wait_for()
    assert page.locator("section h2").all_inner_texts() == [
        "POST /api/ask", "POST /api/retrieve", "POST /api/legal", "POST /api/suggest",
        "POST /api/ask/stream",
        "GET /api/ask/stream", "POST /v1/chat/completions", "GET /v1/models",
        "GET /v1/models/{name}",
    ]  # fmt: skip
    assert not page.locator("#key").is_visible()
    assert page.locator("section").nth(1).locator("td:nth-child(2)").all_inner_texts() == [
        "文字", "整数", "职工 / 居民 / 灵活就业", "文字", "日期",
    ]  # fmt: skip
    page.get_by_role("button", name="试一试").nth(2).click()
    page.wait_for_function("document.querySelectorAll('pre')[2].textContent.startsWith('200')")
    page.get_by_role("button", name="试一试").nth(4).click()
    page.wait_for_function(
        "document.querySelectorAll('pre')[4].textContent.includes('event: done')"
    )


def test_mcp_has_the_three_tools(server: Served) -> None:
    async def talk() -> tuple[dict[str, list[str]], tuple[Any, ...], list[str]]:
        async with Client(server.url + "mcp") as client:
            tools = await client.list_tools()
            answer = await client.call_tool("ask", {"question": QUESTION})
            bad = [
                await client.call_tool(name, arguments)
                for name, arguments in (
                    ("ask", {"question": " "}),
                    ("ask", {"question": 5}),
                    ("ask", {"question": "问", "scheme": "公费"}),
                    ("retrieve", {"question": "问", "k": 0}),
                    ("ask", {"question": "出错"}),
                    ("nix", {"question": "问"}),
                )
            ]
            found = await client.call_tool("retrieve", {"question": QUESTION, "k": 1})
            laws = await client.call_tool("legal", {"question": QUESTION, "k": 1})
        names = {t.name: list(t.input_schema["properties"]) for t in tools.tools}
        return names, (answer, found, laws), [b.content[0].text for b in bad if b.is_error]

    # in a thread of its own: Playwright may keep a loop in this one
    with ThreadPoolExecutor(1) as pool:
        names, (answer, found, laws), told = pool.submit(lambda: asyncio.run(talk())).result()
    assert names == {
        "ask": ["question", "history", "scheme", "region", "today"],
        "retrieve": ["question", "k", "scheme", "region", "today"],
        "legal": ["question", "k", "today"],
    }
    assert answer.structured_content["status"] == "answered"
    assert [h["title"] for h in found.structured_content["hits"]] == ["职工医保断缴两个月怎么补"]
    assert [b["law"] for b in laws.structured_content["legal_basis"]] == ["社会保险法"]
    assert [t[:20] for t in told] == [
        "请先输入问题。",
        "字段 question 应为文字。",
        "字段 scheme 只能是 职工、居民、",
        "字段 k 不能小于 1。",
        "抱歉，系统内部出错，没能回答这个问题。请",
        "没有名为「nix」的工具；有 ask、r",
    ]


def test_health_and_readiness(server: Served) -> None:
    assert httpx.get(server.url + "healthz").json()["status"] == "ok"
    assert httpx.get(server.url + "readyz").json() == {"status": "ready"}


def test_metrics_count_questions_and_name_nobody(server: Served) -> None:
    def asked() -> float:
        text = httpx.get(server.url + "metrics").text
        start = 'yibao_questions_total{door="api",status="refused"} '
        return next((float(x[len(start) :]) for x in text.split("\n") if x.startswith(start)), 0.0)

    before = asked()
    post(server, "api/ask", question="写一首诗给13800138000")
    assert asked() == before + 1
    assert "13800138000" not in httpx.get(server.url + "metrics").text
    kept = server.feedback.entries()[-1]
    assert (kept.status, kept.generation) == ("refused", "g" * 64)
    assert "13800138000" not in kept.question
