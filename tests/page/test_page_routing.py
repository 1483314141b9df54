"""Which worker a request belongs to, and how it is handed to it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from page_kit import in_thread

from assistant.page.seat import Seat, seat_of
from assistant.page.workers.count import workers_of
from assistant.page.workers.passing import BrokenError, answer, packed, pass_on, unpacked
from assistant.page.workers.routing import belongs
from corpus.errors import InputError

HASHED = {"a": seat_of("a", 3), "b": seat_of("b", 3), "问": seat_of("问", 3)}


def asked(
    path: str, *, query: str = "", method: str = "GET", body: Any = None, **headers: str
) -> tuple[dict[str, Any], Callable[[], Awaitable[Any]]]:
    """A request's scope, and what its body is received from."""
    sent = json.dumps(body, ensure_ascii=False).encode() if body is not None else b""
    given = {"content-length": str(len(sent)), **headers}
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(k.replace("_", "-").encode(), v.encode()) for k, v in given.items()],
        "client": ("203.0.113.7", 0),
        "server": ("127.0.0.1", 80),
        "yibao.near": False,
    }

    async def receive() -> Any:
        return {"type": "http.request", "body": sent, "more_body": False}

    return scope, receive


def worker(*args: Any, **kw: Any) -> int | None:
    return in_thread(belongs(*asked(*args, **kw), 3))[0]


def test_names_lead_back_to_whoever_made_them() -> None:
    for number in (1, 2, 3):
        names = {Seat(number, 3).fresh() for _ in range(20)}
        assert len(names) == 20
        assert {seat_of(name, 3) for name in names} == {number}
        assert {len(name) for name in names} == {22}
    assert seat_of("whatever", 1) == 1


def test_a_browser_is_known_by_its_cookie() -> None:
    assert worker("/", cookie="a=b; yibao_worker=2; c") == 2
    assert worker("/gradio_api/queue/data", query="session_hash=a", cookie="yibao_worker=3") == 3
    for odd in ("yibao_worker=4", "yibao_worker=0", "yibao_worker=-1", "yibao_worker=二", "x=1"):
        assert worker("/", cookie=odd) is None


def test_without_a_cookie_the_session_decides() -> None:
    for session in ("a", "b"):
        joined = {"session_hash": session, "data": []}
        for path in (
            "/gradio_api/queue/join",
            "/admin/gradio_api/queue/join",
            "/gradio_api/cancel",
        ):
            assert worker(path, method="POST", body=joined) == HASHED[session]
        query = f"session_hash={session}"
        assert worker("/gradio_api/queue/data", query=query) == HASHED[session]
        assert worker(f"/gradio_api/heartbeat/{session}") == HASHED[session]
    assert worker("/gradio_api/queue/join", method="POST", body=[]) is None


def test_programs() -> None:
    name = Seat(2, 3).fresh()
    assert worker("/api/ask/stream", last_event_id=f"{name}-7") == 2
    assert worker("/api/ask/stream", query=f"after={name}-7", cookie="yibao_worker=1") == 2
    assert worker("/api/ask/stream", query="after=odd") is None
    first = [{"role": "system", "content": "x"}, {"role": "user", "content": "问"}]
    for more in ([], [{"role": "user", "content": "y"}]):
        body = {"messages": [*first, *more]}
        assert worker("/v1/chat/completions", method="POST", body=body) == HASHED["问"]
    assert worker("/v1/chat/completions", method="POST", body={"messages": 1}) is None
    assert worker("/api/ask", method="POST", body={"question": "问"}) is None


def test_health_is_asked_of_one() -> None:
    assert worker("/healthz", query="worker=2") == 2
    assert worker("/readyz", query="worker=3", cookie="yibao_worker=1") == 3
    assert worker("/healthz", query="worker=4") is None
    assert worker("/api/ask", query="worker=2") is None


def test_a_body_that_was_looked_into_is_still_there() -> None:
    body = {"session_hash": "a"}
    scope, receive = asked("/gradio_api/queue/join", method="POST", body=body)
    _, after = in_thread(belongs(scope, receive, 3))
    assert json.loads(in_thread(after())["body"]) == body


def test_what_is_too_long_is_not_looked_into() -> None:
    body = {"session_hash": "a", "data": ["x" * 200_000]}
    assert worker("/gradio_api/queue/join", method="POST", body=body) is None


@pytest.mark.parametrize("given", ["0", "65", "-1", "two", "１", "1.5"])
def test_how_many_there_can_be(given: str) -> None:
    with pytest.raises(InputError, match="--workers 应为 1 到 64 之间的整数"):
        workers_of(given, platform="linux")


def test_the_option_comes_before_the_environment() -> None:
    assert workers_of(None, environ={}, platform="linux") == 1
    assert workers_of(None, environ={"YIBAO_WORKERS": " 3 "}, platform="linux") == 3
    assert workers_of("2", environ={"YIBAO_WORKERS": "3"}, platform="linux") == 2
    with pytest.raises(InputError, match="YIBAO_WORKERS"):
        workers_of(None, environ={"YIBAO_WORKERS": "many"}, platform="linux")


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_elsewhere_one_sentence_says_what_to_do(platform: str) -> None:
    assert workers_of("1", platform=platform) == 1
    with pytest.raises(InputError, match=r"只能在 Linux 上用.*反向代理"):
        workers_of("2", platform=platform)


# --- handed over a socket ------------------------------------------------------------------------


def handed(folder: Path, app: Any, receive: Any, **kw: Any) -> list[Any]:
    """What an asker gets whose request is handed to ``app``."""
    got: list[Any] = []

    async def send(message: Any) -> None:
        got.append(message)

    async def both() -> None:
        path, ended = str(folder / "s"), asyncio.Event()

        async def answered(reader: Any, writer: Any) -> None:
            await answer(app, reader, writer)
            ended.set()

        served = await asyncio.start_unix_server(answered, path)
        try:
            await pass_on(path, asked("/x", **kw)[0], receive, send)
            await ended.wait()
        finally:
            served.close()

    in_thread(both())
    return got


def test_a_scope_is_the_same_at_the_other_end() -> None:
    scope, _ = asked("/问", query="a=%20", cookie="x=é")
    scope["headers"].append((b"x-raw", b"\xff\xfe"))
    assert unpacked(packed({**scope, "app": object()})) == {**scope, "asgi": None}


def test_a_body_and_an_answer_in_pieces(tmp_path: Path) -> None:
    pieces = [b"a" * 100_000, b"", b"b"]

    async def receive() -> Any:
        if not pieces:
            await asyncio.sleep(60)
        piece = pieces.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(pieces)}

    async def app(scope: Any, receive: Any, send: Any) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message["body"], message["more_body"]
        start = {"status": 201, "headers": [(b"x", b"\xe9"), (b"x", b"2")]}
        await send({"type": "http.response.start", **start})
        await send({"type": "http.response.body", "body": body[-2:], "more_body": True})
        await send({"type": "http.response.body", "body": str(len(body)).encode()})

    assert handed(tmp_path, app, receive, method="POST") == [
        {"type": "http.response.start", "status": 201, "headers": [(b"x", b"\xe9"), (b"x", b"2")]},
        {"type": "http.response.body", "body": b"ab", "more_body": True},
        {"type": "http.response.body", "body": b"100001", "more_body": False},
    ]


def test_an_asker_who_goes_is_gone_for_everybody_who_asks(tmp_path: Path) -> None:
    told = [{"type": "http.request", "body": b"", "more_body": False}, {"type": "http.disconnect"}]
    seen: list[str] = []

    async def receive() -> Any:
        return told.pop(0)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        for _ in range(3):
            seen.append((await receive())["type"])
        await send({"type": "http.response.start", "status": 200, "headers": []})

    assert handed(tmp_path, app, receive) == []
    assert seen == ["http.request", "http.disconnect", "http.disconnect"]


def test_an_answer_that_breaks_off_is_told(tmp_path: Path) -> None:
    async def receive() -> Any:
        await asyncio.sleep(60)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    with pytest.raises(BrokenError):
        handed(tmp_path, app, receive)


def test_who_goes_while_a_body_is_on_its_way_is_not_taken_for_the_asker(tmp_path: Path) -> None:
    async def receive() -> Any:
        await asyncio.sleep(0)
        return {"type": "http.request", "body": b"x" * 100_000, "more_body": True}

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await receive()

    with pytest.raises(BrokenError):
        handed(tmp_path, app, receive, method="POST")
