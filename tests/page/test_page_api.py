"""The doors for programs: the same names as in Python, OpenAPI, MCP, health and figures."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from mcp.client import Client
from page_kit import Served, Visit

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
    ("path", "body", "status"),
    [
        ("api/ask", {"question": ""}, 400),
        ("api/ask", {"question": "医" * 501}, 400),
        ("api/ask", {"question": "医" * 30_000}, 422),
        ("api/ask", {}, 422),
        ("api/ask", {"question": "问", "scheme": "公费"}, 422),
        ("api/retrieve", {"question": "问", "k": 0}, 422),
        ("api/legal", {"question": "问", "today": "昨天"}, 422),
        ("api/ask", {"question": "出错"}, 500),
    ],
)
def test_bad_requests_are_told_so(
    server: Served, path: str, body: dict[str, Any], status: int
) -> None:
    answer = httpx.post(server.url + path, json=body)
    assert answer.status_code == status
    assert answer.json()["detail"]


def test_openapi_names_the_three(server: Served) -> None:
    schema = httpx.get(server.url + "api/openapi.json").json()
    assert sorted(schema["paths"]) == ["/api/ask", "/api/legal", "/api/retrieve"]
    fields = schema["components"]["schemas"]["Ask"]["properties"]
    assert list(fields) == ["question", "history", "scheme", "region", "today"]


@pytest.mark.browser
def test_the_openapi_page_works_without_foreign_files(visit: Visit) -> None:
    page = visit("api/docs")
    page.locator("section h2").nth(2).wait_for()
    assert page.locator("section h2").all_inner_texts() == [
        "POST /api/ask", "POST /api/retrieve", "POST /api/legal",
    ]  # fmt: skip
    page.get_by_role("button", name="试一试").nth(2).click()
    page.wait_for_function("document.querySelectorAll('pre')[2].textContent.startsWith('200')")


def test_mcp_has_the_three_tools(server: Served) -> None:
    async def talk() -> tuple[list[str], Any, Any]:
        async with Client(server.url + "mcp") as client:
            tools = await client.list_tools()
            answer = await client.call_tool("ask", {"question": QUESTION})
            empty = await client.call_tool("ask", {"question": " "})
        return [t.name for t in tools.tools], answer, empty

    # in a thread of its own: Playwright may keep a loop in this one
    with ThreadPoolExecutor(1) as pool:
        names, answer, empty = pool.submit(lambda: asyncio.run(talk())).result()
    assert names == ["ask", "retrieve", "legal"]
    assert answer.structured_content["status"] == "answered"
    assert empty.is_error
    assert "请先输入问题" in empty.content[0].text


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
