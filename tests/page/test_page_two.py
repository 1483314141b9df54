"""Two page processes behind nginx (or a proxy of the tests where there is none), as ``deploy/`` has
them: what somebody has does not go with the process that they had it from."""

from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import postgres_kit
import pytest
from proxy_kit import Balancer, listening
from workers_kit import LINUX, QUESTION, chat, running, submit, until

DEPLOY = Path(__file__).parents[2] / "deploy" / "nginx"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
CONFIG = """daemon off; worker_processes 1; error_log stderr; pid {folder}/pid;
events {{}}
http {{
    access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    include {folder}/yibao.conf;
}}"""
BURST = 8
LIMITS = {"YIBAO_LIMIT_ADDRESS_BURST": str(BURST), "YIBAO_LIMIT_ADDRESS_RATE": "0.0001"}
"""Of questions of an address; what an hour brings back is less than one."""
pytestmark = LINUX


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def listens(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def before(ports: tuple[int, int], folder: Path) -> Iterator[str]:
    """The address at which both are asked."""
    if NGINX is None:
        with listening(Balancer(ports)) as port:
            yield f"http://127.0.0.1:{port}/"
        return
    port = free_port()
    upstream = (DEPLOY / "systemd-upstream.conf").read_text(encoding="utf-8")
    for name, own in zip(("7861", "7862"), ports, strict=True):
        upstream = upstream.replace(name, str(own))
    (folder / "upstream.conf").write_text(upstream, encoding="utf-8")
    site = (DEPLOY / "yibao.conf").read_text(encoding="utf-8")
    site = site.replace("/etc/nginx/yibao-upstream.conf", f"{folder}/upstream.conf")
    site = site.replace("listen 8080", f"listen 127.0.0.1:{port}")
    (folder / "yibao.conf").write_text(site, encoding="utf-8")
    (folder / "nginx.conf").write_text(CONFIG.format(folder=folder), encoding="utf-8")
    process = subprocess.Popen([NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf")])
    try:
        until(lambda: listens(port))
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait(10)


class Pair:
    """Two page processes with one state; each can be stopped and started again at its port."""

    def __init__(self, folder: Path, stack: ExitStack, **environ: str) -> None:
        self.ports = (free_port(), free_port())
        self._folder = folder
        self._stack = stack
        self._environ = {"YIBAO_PROXIES": "127.0.0.1", **LIMITS, **environ}
        self._of: dict[int, ExitStack] = {}

    def start(self, n: int) -> None:
        self._of[n] = self._stack.enter_context(ExitStack())
        page = running(self._folder, 1, port=self.ports[n], **self._environ)
        self._of[n].enter_context(page)

    def stop(self, n: int) -> None:
        self._of[n].close()


@pytest.fixture
def state() -> Iterator[dict[str, str]]:
    """What tells the processes where their state is: in one PostgreSQL, or in files where there is none."""
    if postgres_kit.MISSING:
        yield {}
        return
    with postgres_kit.running() as server, server.database() as address:
        yield {"YIBAO_DATABASE": address}


def test_what_somebody_has_outlives_the_process_that_it_came_from(
    tmp_path: Path, state: dict[str, str]
) -> None:
    with ExitStack() as stack:
        pair = Pair(tmp_path, stack, **state)
        for n in (0, 1):
            pair.start(n)
        url = stack.enter_context(before(pair.ports, tmp_path))
        client = stack.enter_context(httpx.Client(base_url=url, timeout=300))
        answered = chat(url, submit(url), "one")
        place = {"talk": answered["talk"], "turn": answered["turn"]}
        token = client.post("page/share", json=place).json()["token"]
        pair.stop(0)  # where all of that was asked
        # by its name alone: nothing of it is asked again
        told = client.post("page/talk", json={"talk": place["talk"]}).json()
        assert [turn["question"] for turn in told["turns"]] == [QUESTION]
        shared = client.post("page/shared", json={"token": token}).json()
        assert [turn["question"] for turn in shared["turns"]] == [QUESTION]
        # the answer, the link and its opening took three
        asks = [client.post("api/ask", json={"question": QUESTION}) for _ in range(BURST - 2)]
        assert [one.status_code for one in asks] == [200] * (BURST - 3) + [429]
        pair.start(0)
        pair.stop(1)
        assert client.post("api/ask", json={"question": QUESTION}).status_code == 429
        for talk in (place["talk"], shared["talk"]):
            told = client.post("page/talk", json={"talk": talk}).json()
            assert [turn["question"] for turn in told["turns"]] == [QUESTION]
        assert client.post("page/shared", json={"token": "another"}).status_code == 404
