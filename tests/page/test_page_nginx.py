"""Debian's nginx with the block of docs/deployment.md before the page, in both forms."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from page_kit import Visit, ask, serve

from assistant.page.addresses import network
from assistant.page.settings import PageSettings

DOCS = Path(__file__).parents[2] / "docs" / "deployment.md"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
pytestmark = pytest.mark.skipif(NGINX is None, reason="no nginx: apt-get install nginx")
CONFIG = """daemon off; worker_processes 1; error_log stderr; pid {folder}/pid;
events {{}}
http {{
    access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    server {{ listen 127.0.0.1:{port}; {block} }}
}}"""


@pytest.fixture(scope="module", params=["", "/"], ids=["passed on", "stripped"])
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("nginx")
    settings = PageSettings(root="/yibao", proxies=(network("127.0.0.1"),))
    served = serve(folder, settings=settings)
    found = re.search(r"```nginx\n(location .*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    block = found[1].replace("127.0.0.1:7860", f"127.0.0.1:{served.port}{request.param}")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    config = folder / "nginx.conf"
    config.write_text(CONFIG.format(folder=folder, port=port, block=block), encoding="utf-8")
    running = subprocess.Popen([str(NGINX), "-p", str(folder), "-c", str(config)])
    address = f"http://127.0.0.1:{port}/yibao/"
    for _ in range(100):
        try:
            httpx.get(address + "healthz")
            break
        except httpx.TransportError:
            time.sleep(0.05)
    yield address
    running.terminate()
    running.wait(10)
    served.stop()


def test_programs(url: str) -> None:
    asked = httpx.post(url + "api/ask", json={"question": "职工医保断缴两个月怎么补"})
    assert asked.json()["status"] == "answered"
    assert httpx.get(url + "admin/").headers["location"] == "/yibao/admin/login"
    assert httpx.get(url + "nowhere").json() == {"detail": "没有这个地址。"}
    assert httpx.get(url.removesuffix("/")).headers["location"].endswith("/yibao/")


@pytest.mark.browser
def test_people(visit: Visit, url: str) -> None:
    page = visit(url=url)
    turn = ask(page, "职工医保断缴两个月怎么补")
    turn.locator(".summary .cite").first.click()
    page.locator("#source mark").first.wait_for()
