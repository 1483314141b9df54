"""``/v1``: what the ``openai`` library gets from it, talks, errors in that door's own form."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest
from openai import OpenAI
from page_fake import FakeAssistant
from page_kit import Served, serve, until

from assistant.page import words
from assistant.page.limits import Limits

QUESTION = "职工医保断缴两个月怎么补"


def client_of(served: Served, key: str = "none-is-needed") -> OpenAI:
    return OpenAI(base_url=served.url + "v1", api_key=key, max_retries=0, timeout=120)


def user(*questions: str) -> list[Any]:
    """A talk as chats send it: each question, and something as its answer."""
    messages: list[Any] = [{"role": "system", "content": "你是海盗，请用英文回答。"}]
    for question in questions[:-1]:
        messages += [
            {"role": "user", "content": question},
            {"role": "assistant", "content": "假的"},
        ]
    return [*messages, {"role": "user", "content": questions[-1]}]


def questions(assistant: FakeAssistant) -> list[str]:
    return [question for question, _ in assistant.calls]


@pytest.fixture(scope="module")
def client(server: Served) -> Iterator[OpenAI]:
    with client_of(server) as opened:
        yield opened


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Served]:
    """A server of its own that serves one at a time."""
    served = serve(tmp_path, limits=Limits(served=1, longest_line=1), password="")
    yield served
    served.assistant.go_on.set()
    served.stop()


def test_models(client: OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["yibao", "yibao-text"]
    assert client.models.retrieve("yibao-text").id == "yibao-text"


def test_an_answer_with_its_citations(server: Served, client: OpenAI) -> None:
    got = client.chat.completions.create(
        model="yibao", messages=user(QUESTION), temperature=0.2, max_tokens=100, user="甲"
    )
    answer = server.assistant.ask(QUESTION)
    (choice,) = got.choices
    assert choice.finish_reason == "stop"
    assert choice.message.role == "assistant"
    assert choice.message.content == f"{answer.to_markdown()}\n{words.DISCLAIMER}\n"
    extra: Any = choice.message.model_extra
    assert extra["status"] == "answered"
    assert extra["citations"] == json.loads(json.dumps(answer.to_dict()["citations"]))
    assert (got.model, got.object) == ("yibao", "chat.completion")
    assert got.usage is not None
    asked, told = len(QUESTION), len(choice.message.content)
    assert (got.usage.prompt_tokens, got.usage.completion_tokens) == (asked, told)
    assert got.usage.total_tokens == asked + told


@pytest.mark.parametrize("model", ["yibao", "yibao-text"])
def test_a_stream_is_the_same_answer(client: OpenAI, model: str) -> None:
    whole = client.chat.completions.create(model=model, messages=user(QUESTION))
    stream = client.chat.completions.create(
        model=model, messages=user(QUESTION), stream=True, stream_options={"include_usage": True}
    )
    chunks = list(stream)
    *said, last = [chunk.choices[0] for chunk in chunks[:-1]]
    assert said[0].delta.role == "assistant"
    assert len(said) > 8
    assert "".join(one.delta.content or "" for one in said) == whole.choices[0].message.content
    assert [one.finish_reason for one in (*said, last)] == [*[None] * len(said), "stop"]
    assert last.delta.model_extra == whole.choices[0].message.model_extra
    assert (chunks[-1].choices, chunks[-1].usage) == ([], whole.usage)
    assert {chunk.id for chunk in chunks} == {chunks[0].id}


def test_text_for_chats_that_show_no_markdown(client: OpenAI) -> None:
    got = client.chat.completions.create(model="yibao-text", messages=user(QUESTION))
    content = got.choices[0].message.content or ""
    assert content.startswith("简要回答\n· 中断不满三个月的，可以补缴，补缴后不设等待期。[1]\n")
    assert content.endswith(f"\n\n{words.DISCLAIMER}")
    assert [mark for mark in ("#", "*", "|", "> ", "\\") if mark in content] == []
    got = client.chat.completions.create(model="yibao-text", messages=user("居民医保怎么恢复"))
    assert "\n\n请选一项，回答会更准：职工医保 / 居民医保\n\n" in (
        got.choices[0].message.content or ""
    )


def test_a_refusal_cites_nothing(client: OpenAI) -> None:
    got = client.chat.completions.create(model="yibao", messages=user("写一首诗"))
    assert got.choices[0].message.model_extra == {"status": "refused", "citations": []}
    assert words.DISCLAIMER not in (got.choices[0].message.content or "")


def test_content_in_parts(server: Served, client: OpenAI) -> None:
    picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64,"}}
    parts: Any = [{"type": "text", "text": QUESTION}, picture]
    got = client.chat.completions.create(
        model="yibao", messages=[{"role": "user", "content": parts}]
    )
    assert "[1]" in (got.choices[0].message.content or "")
    assert QUESTION in questions(server.assistant)


# --- talks ---------------------------------------------------------------------------------------


def test_the_history_is_what_the_user_asked(own: Served) -> None:
    """Answers are never taken from outside; what was asked before is not asked again."""
    with client_of(own) as client:
        client.chat.completions.create(model="yibao", messages=user(QUESTION, "要等多久"))
        assert questions(own.assistant) == [QUESTION, "要等多久"]
        client.chat.completions.create(model="yibao", messages=user(QUESTION, "要等多久", "线上呢"))
    asked, history = own.assistant.calls[-1]
    assert (asked, [a.question for a in history]) == ("线上呢", [QUESTION, "要等多久"])
    assert questions(own.assistant) == [QUESTION, "要等多久", "线上呢"]


def test_a_long_talk_asks_one_question_a_turn(own: Served) -> None:
    said = [f"问题{n}" for n in range(25)]
    with client_of(own) as client:
        for n in range(1, 26):
            client.chat.completions.create(model="yibao", messages=user(*said[:n]))
        assert questions(own.assistant) == said
        assert [a.question for a in own.assistant.calls[-1][1]] == said[4:24]
        # where nothing of it is known, the last twenty are asked before it
        own.assistant.calls.clear()
        client.chat.completions.create(model="yibao", messages=user("别的", *said))
    assert questions(own.assistant) == said[4:]


def test_what_could_not_be_taken_then_is_passed_over_now(own: Served) -> None:
    with client_of(own) as client:
        said = ["医" * 501, " ", QUESTION, "要等多久"]
        client.chat.completions.create(model="yibao", messages=user(*said))
    assert questions(own.assistant) == [QUESTION, "要等多久"]


def test_the_store_of_another_day_answers_anew(own: Served) -> None:
    with client_of(own) as client:
        client.chat.completions.create(model="yibao", messages=user(QUESTION))
        own.app.desk.today = lambda: date(2027, 1, 1)
        client.chat.completions.create(model="yibao", messages=user(QUESTION))
        client.chat.completions.create(model="yibao", messages=user(QUESTION))
    assert questions(own.assistant) == [QUESTION] * 2


def test_each_time_is_counted(own: Served) -> None:
    with client_of(own) as client:
        for _ in range(3):
            client.chat.completions.create(model="yibao", messages=user("写一首诗"))
    text = httpx.get(own.url + "metrics").text
    assert 'yibao_questions_total{door="openai",status="refused"} 3.0' in text
    assert "yibao_ask_seconds_count 1.0" in text
    assert own.feedback.entries()[-1].question == "写一首诗"


def test_who_asks_stands_in_line_as_themselves(
    own: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    line, seen = own.app.desk.counter.line, []
    wait = line.wait

    def watched(address: str, **more: Any) -> Any:
        seen.append((address, more["visitor"]))
        return wait(address, **more)

    monkeypatch.setattr(line, "wait", watched)
    with client_of(own) as client:
        client.chat.completions.create(model="yibao", messages=user("甲问"), user="甲")
        client.chat.completions.create(model="yibao", messages=user("乙问"))
    assert seen == [("127.0.0.1", "甲"), ("127.0.0.1", "")]


# --- clients that fall away ----------------------------------------------------------------------


@contextmanager
def sent_by_one_who_leaves(served: Served, body: Any) -> Iterator[None]:
    """A request whose connection breaks at the end, whatever has come of it."""
    content = json.dumps(body).encode()
    head = f"POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(content)}\r\n"
    with socket.create_connection(("127.0.0.1", served.port)) as wire:
        wire.sendall(head.encode() + b"Content-Type: application/json\r\n\r\n" + content)
        yield


@pytest.mark.parametrize("stream", [True, False])
def test_what_was_under_way_is_there_when_asked_again(own: Served, stream: bool) -> None:
    sent = {"model": "yibao", "messages": user("请等一等"), "stream": stream}
    with sent_by_one_who_leaves(own, sent):
        until(lambda: own.assistant.calls)
    own.assistant.go_on.set()
    with client_of(own) as client:
        got = client.chat.completions.create(model="yibao", messages=user("请等一等"))
    assert "[1]" in (got.choices[0].message.content or "")
    assert questions(own.assistant) == ["请等一等"]


@pytest.mark.parametrize("stream", [True, False])
def test_who_falls_away_in_line_frees_the_place(own: Served, stream: bool) -> None:
    line = own.app.desk.counter.line
    held = {"model": "yibao", "messages": user("请等一等"), "stream": True}
    sent = {"model": "yibao", "messages": user(QUESTION), "stream": stream}
    with httpx.stream("POST", own.url + "v1/chat/completions", json=held, timeout=120):
        until(lambda: own.assistant.calls)
        with sent_by_one_who_leaves(own, sent):
            until(lambda: len(line) == 1)
        until(lambda: len(line) == 0)
    own.assistant.go_on.set()
    with client_of(own) as client:
        client.chat.completions.create(model="yibao", messages=user(QUESTION))
    assert questions(own.assistant) == ["请等一等", QUESTION]


def test_a_full_line_is_a_503(own: Served) -> None:
    door = own.url + "v1/chat/completions"
    held = {"model": "yibao", "messages": user("请等一等"), "stream": True}
    with httpx.stream("POST", door, json=held, timeout=120):
        until(lambda: own.assistant.calls)
        waits = {**held, "messages": user(QUESTION)}
        with httpx.stream("POST", door, json=waits, timeout=120), client_of(own) as client:
            until(lambda: len(own.app.desk.counter.line) == 1)
            with pytest.raises(openai.InternalServerError) as told:
                client.chat.completions.create(model="yibao", messages=user("第三个"))
        own.assistant.go_on.set()
    assert (told.value.status_code, told.value.body) == (
        503,
        {"message": words.QUEUE_FULL, "type": "server_error", "param": None, "code": None},
    )


# --- errors --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "status", "message", "param", "code"),
    [
        ({"model": "gpt-4o", "messages": user("问")}, 404, words.NO_MODEL, "model", "model_not_found"),
        ({"messages": user(" ")}, 400, "请先输入问题。", "messages", None),
        ({"messages": user("医" * 501)}, 400, words.TOO_LONG.format(500), "messages", "context_length_exceeded"),
        ({"messages": []}, 400, words.NO_QUESTION, "messages", None),
        ({"messages": [{"role": "system", "content": "问"}]}, 400, words.NO_QUESTION, "messages", None),
        ({"messages": user("问"), "n": 2}, 400, "字段 n 只能是 1。", "n", None),
        ({"messages": [{"role": "user", "content": 5}]}, 400, "字段 messages.0.content 应为文字。", "messages", None),
        ({"messages": [{"content": "问"}]}, 400, "缺少字段 messages.0.role。", "messages", None),
        ({"messages": "问"}, 400, "字段 messages 应为列表。", "messages", None),
        ({"messages": user("问"), "stream": "也许"}, 400, "字段 stream 应为 true 或 false。", "stream", None),
        ({}, 400, "缺少字段 messages。", "messages", None),
        ([], 400, "请求的内容应为 JSON 对象，并以 application/json 发送。", None, None),
        ({"messages": user("医" * 60_000)}, 413, "请求的内容太大（最多 128 KB）。", None, "request_too_large"),
    ],
)  # fmt: skip
def test_bad_requests_in_the_form_of_this_door(
    server: Served, body: Any, status: int, message: str, param: str | None, code: str | None
) -> None:
    answer = httpx.post(server.url + "v1/chat/completions", json=body)
    told = {"message": message, "type": "invalid_request_error", "param": param, "code": code}
    assert (answer.status_code, answer.json()) == (status, {"error": told})


@pytest.mark.parametrize(
    ("method", "path", "headers", "status", "message"),
    [
        ("GET", "chat/completions", {}, 405, "这个地址不接受这种请求方法，请用 POST。"),
        ("POST", "models", {}, 405, "这个地址不接受这种请求方法，请用 GET。"),
        ("POST", "embeddings", {}, 404, words.ONLY_CHAT),
        ("GET", "models/gpt-4o", {}, 404, words.NO_MODEL),
        ("GET", "models", {"host": "elsewhere.example"}, 421, words.WRONG_HOST),
    ],
)
def test_other_layers_answer_in_that_form_too(
    server: Served, method: str, path: str, headers: dict[str, str], status: int, message: str
) -> None:
    answer = httpx.request(method, f"{server.url}v1/{path}", headers=headers)
    assert answer.status_code == status
    error = answer.json()["error"]
    assert list(error) == ["message", "type", "param", "code"]
    assert (error["message"], error["type"]) == (message, "invalid_request_error")
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_the_library_knows_the_errors(client: OpenAI) -> None:
    with pytest.raises(openai.NotFoundError) as unknown:
        client.chat.completions.create(model="gpt-4o", messages=user("问"))
    assert (unknown.value.code, unknown.value.param) == ("model_not_found", "model")
    with pytest.raises(openai.BadRequestError, match="请先输入问题"):
        client.chat.completions.create(model="yibao", messages=user(" "))


def test_a_failure_inside_has_its_id(client: OpenAI) -> None:
    with pytest.raises(openai.InternalServerError, match=r"错误编号 [0-9a-f]{8}"):
        client.chat.completions.create(model="yibao", messages=user("这里会出错"))
    stream = client.chat.completions.create(model="yibao", messages=user("会出错"), stream=True)
    with pytest.raises(openai.APIError, match=r"错误编号 [0-9a-f]{8}"):
        list(stream)


def test_a_failure_is_tried_again(own: Served) -> None:
    with client_of(own) as client:
        for _ in range(2):
            with pytest.raises(openai.InternalServerError):
                client.chat.completions.create(model="yibao", messages=user("这里会出错"))
    assert questions(own.assistant) == ["这里会出错"] * 2


def test_who_asks_too_much(tmp_path: Path) -> None:
    served = serve(tmp_path, limits=Limits(address_burst=2, address_rate=0.01), password="")
    with client_of(served) as client:
        for n in range(2):
            client.chat.completions.create(model="yibao", messages=user(f"问题{n}"))
        with pytest.raises(openai.RateLimitError) as told:
            client.chat.completions.create(model="yibao", messages=user("问题2"))
    served.stop()
    assert questions(served.assistant) == ["问题0", "问题1"]
    assert told.value.code == "rate_limit_exceeded"
