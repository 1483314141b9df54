"""A crowd of one: connections, heads, bodies, bytes, long histories, clients that leave."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from page_kit import Served, in_thread, serve

from assistant.page.crowd import Crowd, room
from assistant.page.limits import Limiter, Limits, weight

QUESTION = {"question": "职工医保断缴两个月怎么补"}
ALONE = Path(__file__).with_name("page_alone.py")

# --- limiter -------------------------------------------------------------------------------------


def test_a_long_question_weighs_more() -> None:
    assert [weight("医" * n) for n in (1, 125, 250, 500)] == [1.0, 1.0, 2.0, 4.0]


def test_what_costs_more_than_a_bucket_takes_a_full_one() -> None:
    limiter = Limiter(1.0, 3, clock=lambda: 0.0)
    assert limiter.take("a", cost=100.0) == 0.0
    assert limiter.take("a", cost=100.0) == 3.0


def test_a_debt_is_waited_for() -> None:
    now = [0.0]
    limiter = Limiter(2.0, 10, clock=lambda: now[0])
    assert limiter.owe("a", 8) == 0.0
    assert limiter.owe("a", 8) == 3.0
    now[0] = 3.0
    assert limiter.owe("a", 0) == 0.0
    assert limiter.owe("b", 8) == 0.0


def test_long_histories_take_more_tickets(tmp_path: Path) -> None:
    served = serve(tmp_path, limits=Limits(address_burst=20, address_rate=0.01), password="")
    long = {"question": "医" * 500, "history": ["断" * 500] * 3}  # 16 of 20
    statuses = [httpx.post(served.url + "api/ask", json=long).status_code for _ in range(2)]
    short = httpx.post(served.url + "api/ask", json=QUESTION).status_code
    served.stop()
    assert (statuses, short) == ([200, 429], 200)


# --- connections ---------------------------------------------------------------------------------


@dataclass(eq=False)
class Stub:
    """A connection without a wire."""

    peer: str
    idle_since: float | None
    dropped: bool = False

    def drop(self) -> None:
        self.dropped = True

    def check(self, now: float) -> None:
        pass


def crowd_of(*stubs: Stub, each: int = 10, most: int = 10) -> tuple[Crowd, list[bool]]:
    async def scene() -> tuple[Crowd, list[bool]]:
        crowd = Crowd(Limits(connections_each=each), most=most, free=lambda peer: peer == "proxy")
        return crowd, [crowd.enter(stub) for stub in stubs]

    return in_thread(scene())


def test_the_longest_silent_of_an_address_makes_room() -> None:
    stubs = [Stub("a", float(n)) for n in (3, 1, 2, 4)] + [Stub("b", 0.0)]
    crowd, entered = crowd_of(*stubs, Stub("a", 5.0), each=4)
    assert all(entered)
    assert [s.dropped for s in stubs] == [False, True, False, False, False]
    assert len(crowd) == 5


def test_what_is_worked_on_stays_and_another_is_refused() -> None:
    stubs = [Stub("a", None) for _ in range(4)]
    _, entered = crowd_of(*stubs, Stub("a", 0.0), Stub("b", 0.0), each=4)
    assert entered == [True] * 4 + [False, True]
    assert not any(s.dropped for s in stubs)


def test_where_all_is_taken_the_largest_address_makes_room() -> None:
    peers = "babababc"  # an address holds half of what there is at most
    stubs = [Stub(peer, float(n)) for n, peer in enumerate(peers)]
    crowd, entered = crowd_of(*stubs, Stub("d", 9.0), each=100, most=8)
    assert all(entered)
    assert len(crowd) == 8
    assert [n for n, s in enumerate(stubs) if s.dropped] == [0]


def test_a_proxy_holds_as_many_as_there_are() -> None:
    _, entered = crowd_of(*(Stub("proxy", None) for _ in range(10)), each=4)
    assert all(entered)


def test_room_follows_the_open_files(monkeypatch: pytest.MonkeyPatch) -> None:
    resource = pytest.importorskip("resource", reason="Windows has no such limit")
    monkeypatch.setattr("os.listdir", lambda _: ["0"] * 60)
    for files, expected in ((1024, 600), (256, 88), (100, 8), (100_000, 4096)):
        monkeypatch.setattr(resource, "getrlimit", lambda _, n=files: (n, n))
        assert room(4096) == expected


# --- against a server ----------------------------------------------------------------------------


@pytest.fixture
def quick(tmp_path: Path) -> Iterator[Served]:
    """A server that loses its patience in a moment."""
    limits = Limits(head_seconds=0.5, body_seconds=0.5, connections_each=8)
    served = serve(tmp_path, limits=limits, password="")
    yield served
    served.assistant.go_on.set()
    served.stop()


def connect(served: Served, data: bytes = b"", *, source: str = "127.0.0.1") -> socket.socket:
    made = socket.create_connection(("127.0.0.1", served.port), 10, source_address=(source, 0))
    made.sendall(data)
    return made


def answer_of(connection: socket.socket) -> tuple[str, str]:
    """Status line's number and the sentence; ("", "") where it was hung up without a word."""
    with closing(connection):
        got = b""
        while piece := connection.recv(65536):
            got += piece
    head, _, body = got.partition(b"\r\n\r\n")
    return (head.split(b" ")[1].decode(), json.loads(body)["detail"]) if head else ("", "")


HEAD = b"POST /api/ask HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"


def test_silence_is_hung_up_on(quick: Served) -> None:
    assert answer_of(connect(quick)) == ("", "")


@pytest.mark.parametrize(
    "data",
    [b"GET / HTTP/1.1\r\nhost:", HEAD + b"content-length: 90\r\n\r\n{"],
    ids=["head", "body"],
)
def test_half_a_request_is_told_that_it_took_too_long(quick: Served, data: bytes) -> None:
    assert answer_of(connect(quick, data)) == ("408", "请求发送得太慢，请重试。")


def test_a_body_that_nobody_reads_has_its_time_too(quick: Served) -> None:
    connection = connect(
        quick, b"POST /nowhere HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\n"
    )
    assert answer_of(connection)[0] in ("404", "405")


@pytest.mark.parametrize(
    ("data", "times"),
    [(HEAD + b"transfer-encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 10_000, 1), (b"x", 3000)],
    ids=["chunks", "packets"],
)
def test_crumbs_are_refused(quick: Served, data: bytes, times: int) -> None:
    start = b"" if times == 1 else HEAD + b"content-length: 100000\r\n\r\n"
    with closing(connect(quick, start)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            for _ in range(times):
                connection.sendall(data)
                time.sleep(0.0005 if times > 1 else 0)
            assert answer_of(connection)[0] in ("400", "408")
        except (ConnectionError, TimeoutError):
            pass  # hung up on while it was still sending
    assert httpx.post(quick.url + "api/ask", json=QUESTION).status_code == 200


def test_a_form_that_a_client_sends_piece_by_piece_is_read(quick: Served) -> None:
    """httpx sends each field in four packets: whether the server meets them one by one is chance."""
    body = json.dumps(QUESTION).encode().ljust(240)
    with closing(connect(quick, HEAD + b"content-length: 240\r\n\r\n")) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in body:
            connection.sendall(bytes([byte]))
            time.sleep(0.0005)
        assert connection.recv(15) == b"HTTP/1.1 200 OK"


def test_what_is_no_http_is_told_so(quick: Served) -> None:
    for data in (
        b"\x16\x03\x01\x02\x00\x01\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/1.1\r\n: x\r\n\r\n",
    ):
        assert answer_of(connect(quick, data)) == ("400", "请求不是有效的 HTTP。")


def test_a_head_is_bounded(quick: Served) -> None:
    data = b"GET / HTTP/1.1\r\nhost: localhost\r\nx: " + b"y" * 40_000
    assert answer_of(connect(quick, data))[0] == "400"


def test_an_address_holds_its_share_of_requests_and_others_are_served(quick: Served) -> None:
    body = json.dumps({"question": "等一等"}).encode()
    asking = HEAD + b"content-length: %d\r\n\r\n" % len(body) + body
    held = []
    for _ in range(12):
        held.append(connect(quick, asking, source="127.0.0.2"))
        time.sleep(0.05)
    other = httpx.HTTPTransport(local_address="127.0.0.3")
    with httpx.Client(transport=other) as client:
        assert client.get(quick.url + "healthz").status_code == 200
    quick.assistant.go_on.set()
    statuses = [answer_or_reset(c) for c in held]
    assert statuses.count("200") == 8
    assert statuses.count("") == 4


def answer_or_reset(connection: socket.socket) -> str:
    try:
        return connection.recv(65536)[9:12].decode()
    except OSError:
        return ""
    finally:
        connection.close()


def test_bytes_have_their_share(tmp_path: Path) -> None:
    """The same body again and again: past its share an address is read more slowly, others not."""
    limits = Limits(bytes_burst=100_000, bytes_rate=50_000.0)
    served = serve(tmp_path, limits=limits, password="")
    body = json.dumps({"question": "问", "history": ["断" * 300] * 20}).encode()  # 18 kB

    def seconds(source: str, times: int) -> float:
        begun = time.monotonic()
        with httpx.Client(
            transport=httpx.HTTPTransport(local_address=source), timeout=120
        ) as client:
            for _ in range(times):
                kind = {"content-type": "application/json"}
                client.post(served.url + "api/ask", content=body, headers=kind)
        return time.monotonic() - begun

    slow = seconds("127.0.0.2", 14)
    served.stop()
    assert slow > len(body) * 12 / 50_000 - 2


@contextmanager
def alone(folder: Path, *, files: int, slow: float, **limits: str) -> Iterator[tuple[str, Path]]:
    """A server in a process of its own; gives its address and its log."""
    log = folder / "log"
    command = [sys.executable, str(ALONE), str(folder), str(files), str(slow)]
    with (
        log.open("w", encoding="utf-8") as written,
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=written, text=True, env={**os.environ, **limits}
        ) as process,
    ):
        try:
            assert process.stdout is not None
            url = f"http://127.0.0.1:{int(process.stdout.readline())}/"
            for _ in range(200):
                try:
                    httpx.get(url + "healthz")
                    break
                except httpx.TransportError:
                    time.sleep(0.1)
            yield url, log
        finally:
            process.terminate()
            process.wait(20)


def test_silent_connections_lock_nobody_out_and_fill_no_log(tmp_path: Path) -> None:
    """More of them than the process may have files, from the address of the honest one too."""
    pytest.importorskip("resource", reason="Windows has no such limit")
    with alone(tmp_path, files=256, slow=0.0) as (url, log):
        port = int(url.rstrip("/").rpartition(":")[2])
        silent = []
        for n in range(400):
            source = ("127.0.0.1", "127.0.0.2", "127.0.0.3")[n % 3]
            silent.append(socket.create_connection(("127.0.0.1", port), 10, (source, 0)))
        statuses = [
            httpx.post(url + "api/ask", json=QUESTION, timeout=120).status_code for _ in range(5)
        ]
        for connection in silent:
            connection.close()
    assert statuses == [200] * 5
    assert log.read_text(encoding="utf-8") == ""


# --- who leaves ----------------------------------------------------------------------------------


def call_of(question: str) -> dict[str, object]:
    """The ``ask`` of MCP, as a client sends it."""
    asked = {"name": "ask", "arguments": {"question": question}}
    return {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": asked}


@pytest.mark.parametrize(
    ("door", "body"), [("api/ask", lambda q: {"question": q}), ("mcp", call_of)], ids=["api", "mcp"]
)
def test_a_request_whose_client_has_gone_is_not_begun(
    tmp_path: Path, door: str, body: Callable[[str], object]
) -> None:
    served = serve(tmp_path, limits=Limits(served=1), password="")
    kinds = {"accept": "application/json, text/event-stream"}

    async def scene() -> None:
        async with httpx.AsyncClient(base_url=served.url, timeout=120, headers=kinds) as client:

            def post(question: str) -> asyncio.Task[httpx.Response]:
                return asyncio.create_task(client.post(door, json=body(question)))

            first = post("等一等")
            await until(lambda: len(served.assistant.calls) == 1)
            gone = [post(f"走了{n}") for n in range(5)]
            await until(lambda: len(served.app.desk.counter.line) == 5)
            for task in gone:
                task.cancel()
            await until(lambda: len(served.app.desk.counter.line) == 0)
            served.assistant.go_on.set()
            assert (await first).status_code == 200

    in_thread(scene())
    served.stop()
    assert [question for question, _ in served.assistant.calls] == ["等一等"]


def test_a_history_is_not_worked_through_for_nobody(tmp_path: Path) -> None:
    served = serve(tmp_path, limits=Limits(served=1), password="")

    async def scene() -> None:
        async with httpx.AsyncClient(timeout=120) as client:
            sent = {"question": "最后", "history": ["等一等"] * 20}
            task = asyncio.create_task(client.post(served.url + "api/ask", json=sent))
            await until(lambda: len(served.assistant.calls) == 1)
            task.cancel()
            await asyncio.sleep(0.3)
            served.assistant.go_on.set()
            again = await client.post(served.url + "api/ask", json=QUESTION)
            assert again.status_code == 200

    in_thread(scene())
    served.stop()
    asked = [question for question, _ in served.assistant.calls]
    assert asked == ["等一等", QUESTION["question"]]


def test_a_chat_that_nobody_listens_to_is_not_answered(tmp_path: Path) -> None:
    """Joined and left at once; and left while waiting."""
    served = serve(tmp_path, limits=Limits(served=1), password="")
    served.app.desk.presence._patience = 0.3

    async def join(client: httpx.AsyncClient, question: str, session: str) -> None:
        data = {"data": [question, None], "fn_index": 0, "session_hash": session}
        assert (await client.post("gradio_api/queue/join", json=data)).status_code == 200

    async def listen(client: httpx.AsyncClient, session: str) -> None:
        address = f"gradio_api/queue/data?session_hash={session}"
        async with client.stream("GET", address) as stream:
            async for _ in stream.aiter_bytes():
                pass

    async def scene() -> None:
        async with httpx.AsyncClient(base_url=served.url, timeout=120) as client:
            await join(client, "没人听", "s0")
            await join(client, "等一等", "s1")
            first = asyncio.create_task(listen(client, "s1"))
            await until(lambda: len(served.assistant.calls) == 1)
            await join(client, "等不及", "s2")
            second = asyncio.create_task(listen(client, "s2"))
            await until(lambda: len(served.app.desk.counter.line) == 1)
            second.cancel()
            await until(lambda: len(served.app.desk.counter.line) == 0)
            served.assistant.go_on.set()
            await first

    in_thread(scene())
    served.stop()
    assert [question for question, _ in served.assistant.calls] == ["等一等"]


async def until(true: Callable[[], bool]) -> None:
    for _ in range(6000):
        if true():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it never came true")
