"""Several processes behind one port: who answers, who comes back to whom, who replaces whom."""

from __future__ import annotations

import os
import re
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil
import pytest
from page_kit import Visit, ask
from workers_fake import PASSWORD
from workers_kit import LINUX, QUESTION, Running, at, chat, running, submit, until

pytestmark = LINUX


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Two workers below a root path, with limits that are out of the way."""
    limits = {"YIBAO_LIMIT_REQUESTS_BURST": "1000000", "YIBAO_ROOT_PATH": "/yibao"}
    with running(tmp_path_factory.mktemp("workers"), **limits) as started:
        yield started


# --- who answers ---------------------------------------------------------------------------------


def test_both_answer_and_are_counted_together(two: Running) -> None:
    for number in (1, 2):
        with at(two.url, number) as client:
            assert client.get("healthz").json()["worker"] == number
            answer = client.post("api/ask", json={"question": QUESTION}).json()
            assert answer["status"] == "answered"
    with at(two.url) as client:
        assert client.get("readyz").json()["status"] == "ready"
        counted = client.get(two.url.replace("/yibao/", "/metrics")).text
    assert 'yibao_questions_total{door="api",status="answered"} 2.0' in counted


def test_one_of_them_can_be_asked_how_it_is(two: Running) -> None:
    with at(two.url, 1) as client:
        asked = [client.get("healthz", params={"worker": n}).json()["worker"] for n in (1, 2, 2)]
    assert asked == [1, 2, 2]


def test_a_browser_comes_back_to_its_worker(two: Running) -> None:
    numbers = set()
    for _ in range(2):
        with at(two.url) as client:
            given = client.get("").headers["set-cookie"]
            found = re.fullmatch(
                r"yibao_worker=([12]); Path=/yibao/; HttpOnly; SameSite=Lax", given
            )
            assert found is not None, given
            numbers.add(int(found[1]))
            health = [client.get("healthz").json() for _ in range(4)]
            assert {h["worker"] for h in health} == {int(found[1])}
            assert len({h["boot"] for h in health}) == 1
            assert "set-cookie" not in client.get("").headers
    assert numbers == {1, 2}


def test_without_cookies_all_workers_are_of_one_boot(two: Running) -> None:
    with at(two.url) as client:
        health = [client.get("healthz").json() for _ in range(4)]
    assert {h["worker"] for h in health} == {1, 2}
    assert len({h["boot"] for h in health}) == 1


def test_a_session_without_cookies_is_answered(two: Running) -> None:
    fn = submit(two.url)
    for n in range(4):
        assert chat(two.url, fn, f"session{n}")["state"] == "done"


def test_an_answer_on_its_way_is_found_by_its_name(two: Running) -> None:
    for number in (1, 2):
        with at(two.url, number) as client:
            first = client.post("api/ask/stream", json={"question": QUESTION})
            ids = re.findall(r"^id: (\S+)$", first.text, re.MULTILINE)
        with at(two.url, 3 - number) as client:
            rest = client.get("api/ask/stream", params={"after": ids[0]})
        assert re.findall(r"^id: (\S+)$", rest.text, re.MULTILINE) == ids[1:]


def test_every_door(two: Running) -> None:
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    accept = {"accept": "application/json, text/event-stream"}
    with at(two.url) as client:
        tools = client.post("mcp", json=call, headers=accept).json()["result"]["tools"]
        assert len(tools) == 3
        said = {"model": "yibao", "messages": [{"role": "user", "content": QUESTION}]}
        whole = client.post("v1/chat/completions", json=said).json()
        assert whole["choices"][0]["finish_reason"] == "stop"
        streamed = client.post("v1/chat/completions", json={**said, "stream": True}).text
        assert streamed.rstrip().endswith("data: [DONE]")
        assert client.get("page/page.js").headers["content-type"].startswith("text/javascript")
        assert client.get("nowhere").json() == {"detail": "没有这个地址。"}
        assert client.post("api/ask", content=b"x" * 300_000).status_code == 413
        assert client.get("healthz", headers={"host": "other.example"}).status_code == 421


def test_the_admin_corner(two: Running) -> None:
    for number in (1, 2):
        with at(two.url, number) as client:
            entered = client.post("admin/login", data={"name": "王芳", "password": PASSWORD})
            assert entered.status_code == 303
            assert client.get("admin/").status_code == 200


@pytest.mark.browser
def test_a_browser_reads_its_answer_and_shares_it(visit: Visit, two: Running) -> None:
    page = visit(url=two.url)
    turn = ask(page, QUESTION)
    turn.locator(".summary .cite").first.click()
    page.locator("#source mark").first.wait_for()


# --- coming and going ----------------------------------------------------------------------------


def test_who_is_killed_is_replaced_and_the_talk_goes_on(two: Running) -> None:
    fn = submit(two.url)
    first = chat(two.url, fn, "a")
    before = two.pids()
    assert len(before) == 2
    killed = before.pop()
    os.kill(killed, signal.SIGKILL)
    until(lambda: f"(process {killed}) ended; another comes" in two.log)
    found = re.search(rf"worker (\d) \(process {killed}\)", two.log)
    assert found is not None
    until(lambda: len(two.pids()) == 2)
    assert killed not in two.pids()
    with at(two.url, int(found[1])) as client:
        until(lambda: client.get("healthz").json()["worker"] == int(found[1]))
    # in whichever of them the talk was
    more = chat(two.url, fn, "a", "要带什么", talk=first["talk"], said=[[QUESTION, []]])
    assert more["state"] == "done"
    with at(two.url) as client:
        said = [[QUESTION, []], ["要带什么", []]]
        told = client.post("page/talk", json={"talk": more["talk"], "said": said}).json()
    assert [turn["question"] for turn in told["turns"]] == [QUESTION, "要带什么"]


def slow(two: Running, number: int) -> Any:
    """The status of an answer that takes two seconds."""
    with at(two.url, number) as client:
        return client.post("api/ask", json={"question": "慢"}).status_code


def test_all_are_replaced_one_by_one_while_everybody_is_answered(two: Running) -> None:
    before, loaded = two.pids(), {one.pid for one in two.templates()}
    statuses: list[int] = []
    ended = threading.Event()

    def knock() -> None:
        with at(two.url) as client:
            while not ended.is_set():
                statuses.append(client.get("readyz").status_code)
                time.sleep(0.05)

    with ThreadPoolExecutor(3) as pool:
        answers = [pool.submit(slow, two, number) for number in (1, 2)]
        knocking = pool.submit(knock)
        until(lambda: len(list(two.folder.glob("asked*"))) == 2)
        os.kill(two.process.pid, signal.SIGHUP)
        assert [one.result() for one in answers] == [200, 200]
        until(lambda: len(two.pids()) == 2 and not two.pids() & before)
        ended.set()
        knocking.result()
    assert set(statuses) == {200}
    # the process that they were copied from ends by itself, after them
    until(lambda: len(two.templates()) == 1)
    assert loaded.isdisjoint(one.pid for one in two.templates())


def test_what_cannot_be_loaded_changes_nothing(two: Running) -> None:
    before = two.pids()
    (two.folder / "broken").touch()
    os.kill(two.process.pid, signal.SIGHUP)
    until(lambda: "the restart is given up, who is left stays: 知识库坏了。" in two.log)
    (two.folder / "broken").unlink()
    until(lambda: len(two.templates()) == 1)  # the one that failed has ended
    assert two.pids() == before
    with at(two.url) as client:
        assert client.get("readyz").status_code == 200


def test_stopped_it_lets_answers_end_and_leaves_nothing(tmp_path: Path) -> None:
    with running(tmp_path) as two:
        processes = psutil.Process(two.process.pid).children(recursive=True)
        assert len(processes) == 3
        with ThreadPoolExecutor(1) as pool:
            answer = pool.submit(slow, two, 1)
            until(lambda: list(tmp_path.glob("asked*")))
            two.process.send_signal(signal.SIGTERM)
            assert answer.result() == 200
        assert two.process.wait(300) == 0
    _, alive = psutil.wait_procs(processes, timeout=300)
    assert alive == []
    assert "Traceback" not in two.log


def test_a_front_that_is_killed_takes_its_workers_with_it(tmp_path: Path) -> None:
    with running(tmp_path) as two:
        processes = psutil.Process(two.process.pid).children(recursive=True)
        two.process.kill()
        _, alive = psutil.wait_procs(processes, timeout=300)
    assert alive == []


def test_what_cannot_be_opened_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "broken").touch()
    with pytest.raises(AssertionError, match=r"^知识库坏了。\n"), running(tmp_path):
        pass
