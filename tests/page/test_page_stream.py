"""``/api/ask/stream``: an answer block by block, a connection that breaks, a client that has gone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from page_fake import FakeAssistant
from page_kit import Served, serve, until

from assistant.page.limits import Limits

QUESTION = "职工医保断缴两个月怎么补"
GONE = {"detail": "这个回答已经不在了，请重新提问。"}
BAD_ID = {"detail": "请用 Last-Event-ID 请求头或参数 after 写出收到的最后一个事件的 id，原样不改。"}


@dataclass(frozen=True)
class Event:
    """An event as a client reads it."""

    id: str
    name: str
    data: Any


def events(lines: Iterator[str]) -> Iterator[Event]:
    """What the lines of a stream hold, as far as they come."""
    fields: dict[str, str] = {}
    for line in lines:
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
        elif "data" in fields:
            yield Event(fields["id"], fields["event"], json.loads(fields["data"]))
            fields = {}


def asked(server: Served, question: str = QUESTION, **body: Any) -> list[Event]:
    answer = httpx.post(server.url + "api/ask/stream", json={"question": question, **body})
    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
    return list(events(iter(answer.text.split("\n"))))


def resumed(server: Served, last: str) -> list[Event]:
    answer = httpx.get(server.url + "api/ask/stream", headers={"last-event-id": last}, timeout=120)
    assert answer.status_code == 200
    return list(events(iter(answer.text.split("\n"))))


@contextmanager
def reading(server: Served, question: str, **body: Any) -> Iterator[Iterator[Event]]:
    """The events of an answer while it comes; leaving it breaks the connection."""
    sent = {"question": question, **body}
    with httpx.stream("POST", server.url + "api/ask/stream", json=sent, timeout=120) as answer:
        yield events(answer.iter_lines())


def questions(assistant: FakeAssistant) -> list[str]:
    return [question for question, _ in assistant.calls]


@pytest.fixture
def narrow(tmp_path: Path) -> Iterator[Served]:
    """A server of its own that serves one at a time, with room for one to wait."""
    served = serve(tmp_path, limits=Limits(served=1, longest_line=1), password="")
    yield served
    served.assistant.go_on.set()
    served.stop()


def test_blocks_are_the_answer(server: Served) -> None:
    told = asked(server)
    assert [e.name for e in told] == ["start", *["block"] * 10, "done"]
    answer = server.assistant.ask(QUESTION)
    assert "".join(e.data["markdown"] for e in told[1:-1]) == answer.to_markdown()
    assert [e.data["title"] for e in told[1:-1]] == [
        "", "办理步骤（支付宝 · 职工医保 · 全国）", "办理步骤（窗口 · 职工医保 · 沈阳）", "所需材料", "办理地点",
        "办理时限", "法律依据", "说法不一：待遇等待期", "提醒", "参考来源",
    ]  # fmt: skip
    assert told[-1].data == json.loads(json.dumps(answer.to_dict()))
    name, _, first = told[0].id.rpartition("-")
    assert first == "1"
    assert [e.id for e in told] == [f"{name}-{n}" for n in range(1, 13)]


def test_every_event_can_be_the_last_that_came(server: Served) -> None:
    told = asked(server, history=[QUESTION], scheme="职工")
    for n, event in enumerate(told[:-1], start=1):
        assert resumed(server, event.id) == told[n:]
    door = server.url + "api/ask/stream"
    again = httpx.get(door, params={"after": told[4].id})
    assert list(events(iter(again.text.split("\n")))) == told[5:]
    sent = {"question": QUESTION, "history": [QUESTION], "scheme": "职工"}
    again = httpx.post(door, json=sent, headers={"last-event-id": told[4].id})
    assert list(events(iter(again.text.split("\n")))) == told[5:]
    # a browser that comes back after the end is told to stay away
    assert httpx.get(door, headers={"last-event-id": told[-1].id}).status_code == 204


def test_a_connection_that_breaks_costs_nothing_of_the_answer(narrow: Served) -> None:
    with reading(narrow, "请等一等") as told:
        first = next(told)
        until(lambda: narrow.assistant.calls)
    narrow.assistant.go_on.set()
    rest = resumed(narrow, first.id)
    assert [e.name for e in rest] == [*["block"] * 10, "done"]
    assert questions(narrow.assistant) == ["请等一等"]


def test_who_falls_away_in_line_frees_the_place_and_can_come_back(narrow: Served) -> None:
    line = narrow.app.desk.counter.line
    with reading(narrow, "请等一等"):
        until(lambda: narrow.assistant.calls)
        with reading(narrow, QUESTION) as told:
            seen = [next(told), next(told)]
            assert [(e.name, e.data) for e in seen] == [("start", {}), ("waiting", {"ahead": 0})]
            full = httpx.post(narrow.url + "api/ask/stream", json={"question": QUESTION})
            assert (full.status_code, full.json()) == (
                503, {"detail": "现在排队的人太多了，请稍后再试。"},
            )  # fmt: skip
        until(lambda: len(line) == 0)
        # what was given up does not come by itself
        assert questions(narrow.assistant) == ["请等一等"]
        narrow.assistant.go_on.set()
    until(lambda: line._free)  # or who comes back would stand in line for a moment
    rest = resumed(narrow, seen[-1].id)
    assert [e.name for e in rest] == [*["block"] * 10, "done"]
    name = seen[0].id.rpartition("-")[0]
    assert [e.id for e in rest] == [f"{name}-{n}" for n in range(3, 14)]
    assert questions(narrow.assistant) == ["请等一等", QUESTION]


def test_what_was_made_before_the_break_is_not_made_again(narrow: Served) -> None:
    with reading(narrow, "多久能报", history=[QUESTION, "请等一等"]) as told:
        first = next(told)
        until(lambda: len(narrow.assistant.calls) == 2)
    errand = narrow.app.desk.errands.get(first.id.rpartition("-")[0])
    until(lambda: errand.readers == 0)
    narrow.assistant.go_on.set()
    until(lambda: not errand.busy)
    assert questions(narrow.assistant) == [QUESTION, "请等一等"]
    assert resumed(narrow, first.id)[-1].data["question"] == "多久能报"
    asked_, history = narrow.assistant.calls[-1]
    assert (asked_, [a.question for a in history]) == ("多久能报", [QUESTION, "请等一等"])
    assert len(narrow.assistant.calls) == 3


def test_two_may_read_one_answer(narrow: Served) -> None:
    with reading(narrow, "请等一等") as told:
        first = next(told)
        url = narrow.url + "api/ask/stream"
        with httpx.stream("GET", url, headers={"last-event-id": first.id}, timeout=120) as other:
            narrow.assistant.go_on.set()
            assert list(events(other.iter_lines())) == list(told)
    assert questions(narrow.assistant) == ["请等一等"]


@pytest.mark.parametrize(
    "last", ["x", "1", "a" * 22, f"{'a' * 22}-x", f"{'a' * 22}-1234567", "-1", "x" * 900]
)
def test_an_id_that_is_none(server: Served, last: str) -> None:
    for answer in (
        httpx.get(server.url + "api/ask/stream", headers={"last-event-id": last}),
        httpx.post(
            server.url + "api/ask/stream",
            json={"question": QUESTION},
            headers={"last-event-id": last},
        ),
        httpx.get(server.url + "api/ask/stream", params={"after": last}),
    ):
        assert (answer.status_code, answer.json()) == (400, BAD_ID)


def test_an_id_that_is_not_known_here(server: Served) -> None:
    answer = httpx.get(server.url + "api/ask/stream", params={"after": f"{'a' * 22}-1"})
    assert (answer.status_code, answer.json()) == (410, GONE)
    assert httpx.get(server.url + "api/ask/stream").json() == BAD_ID


def test_an_id_of_another_question(server: Served) -> None:
    last = asked(server)[0].id
    other = {"question": "要等多久"}
    answer = httpx.post(server.url + "api/ask/stream", json=other, headers={"last-event-id": last})
    told = {"detail": "Last-Event-ID 属于另一个问题；问新问题时请不要带它。"}
    assert (answer.status_code, answer.json()) == (409, told)


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        ({"question": " "}, 400, "请先输入问题。"),
        ({"question": "医" * 501}, 400, "问题太长了（最多 500 字），请挑最要紧的一件事来问。"),
        ({}, 422, "缺少字段 question。"),
        ({"question": "问", "stream": True}, 422, "没有名为 stream 的字段。"),
    ],
)
def test_what_cannot_be_taken(server: Served, body: Any, status: int, told: str) -> None:
    answer = httpx.post(server.url + "api/ask/stream", json=body)
    assert (answer.status_code, answer.json()) == (status, {"detail": told})


def test_other_methods(server: Served) -> None:
    answer = httpx.delete(server.url + "api/ask/stream")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")
    assert answer.json() == {"detail": "这个地址不接受这种请求方法，请用 GET, POST。"}


@pytest.mark.parametrize(
    ("question", "region", "status", "told"),
    [
        ("这里会出错", None, 500, "抱歉，系统内部出错"),
        ("问", "火星", 400, "字段 region 应为认识的地名"),
    ],
)
def test_what_goes_wrong_on_the_way_is_an_event(
    server: Served, question: str, region: str | None, status: int, told: str
) -> None:
    start, error = asked(server, question, region=region)
    assert (start.name, error.name, error.data["status"]) == ("start", "error", status)
    assert error.data["detail"].startswith(told)
    assert resumed(server, start.id) == [error]


def test_questions_cost_what_they_cost_elsewhere(tmp_path: Path) -> None:
    served = serve(tmp_path, limits=Limits(address_burst=5, address_rate=0.01), password="")
    many = {"question": QUESTION, "history": [QUESTION] * 3}
    answers = [httpx.post(served.url + "api/ask/stream", json=many) for _ in range(2)]
    last = next(events(iter(answers[0].text.split("\n")))).id
    again = httpx.get(served.url + "api/ask/stream", params={"after": last})
    served.stop()
    assert [a.status_code for a in answers] == [200, 429]
    # to hear it again costs nothing
    assert again.status_code == 200
