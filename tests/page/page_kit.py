"""What the page's tests share: a server with the stand-in assistant, visits in a browser."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import httpx
from page_fake import FakeAssistant
from sqlalchemy import delete

from assistant.page.journal import Journal
from assistant.page.limits import Limits
from assistant.page.serve import Server
from assistant.page.server import create_app
from assistant.page.settings import PageSettings
from assistant.page.shared import Shared
from corpus.settings import Settings
from index.feedback import Feedback
from index.state import State
from index.state.tables import talks, turns

T = TypeVar("T")
PATIENT = 60.0
"""Seconds for the shared state: on a busy machine it may take longer than a visitor would wait, and
who gives it up goes on with what its own process knows, or says that it cannot."""
CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
DESKTOP, PHONE = (1360, 900), (390, 844)
PASSWORD = "一个测试用的密码"


@dataclass
class Served:
    """A running server: its address, its assistant, what was written down, and how to stop it."""

    url: str
    assistant: FakeAssistant
    kept: Feedback
    folder: Path
    app: Any
    port: int
    stop: Callable[[], None]

    @property
    def feedback(self) -> Feedback:
        """What was kept, once everything is written that was to be."""
        assert self.app.desk.settle(120)
        return self.kept


def serve(
    folder: Path,
    *,
    limits: Limits | None = None,
    settings: PageSettings | None = None,
    port: int = 0,
    password: str = PASSWORD,
    patience: float = PATIENT,
) -> Served:
    """Serve a stand-in on a free port (or a given one) in a thread of this process. ``patience``:
    the limits' ``state_seconds``."""
    own = replace(Settings(), feedback=folder / "feedback.db", admin_password=password)
    assistant = FakeAssistant(own)
    app = create_app(
        assistant,
        journal=Journal.beside(own),
        limits=replace(limits or Limits(), state_seconds=patience),
        settings=settings,
        library=assistant.library,
    )
    url, stop = run_server(app, port=port)
    number = int(url.rstrip("/").rpartition(":")[2])
    return Served(url, assistant, Feedback(own.feedback), folder, app, number, stop)


@contextmanager
def sharing(folder: Path) -> Iterator[Shared]:
    """What a process has of the state that lies in a folder."""
    state = State.open("", feedback=folder / "feedback.db")
    shared = Shared(state.live, 60)
    yield shared
    shared.close()
    state.close()


def forget_talks(served: Served) -> None:
    """As if nobody had gone on with any talk for hours."""
    desk = served.app.desk
    assert desk.settle(120)
    desk.talks.here._talks.clear()
    with desk.shared.book.write() as db:
        for table in (talks, turns):
            db.execute(delete(table))


def run_server(app: Any, *, port: int = 0) -> tuple[str, Callable[[], None]]:
    """Serve an application in a thread of this process: its address, and how to stop it."""
    listening = socket.create_server(("127.0.0.1", port))
    server = Server(app)
    server.config.timeout_graceful_shutdown = 1
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
    for _ in range(200):
        try:
            httpx.get(url + "healthz")
            break
        except httpx.TransportError:
            time.sleep(0.05)

    def stop() -> None:
        server.should_exit = True
        thread.join(10)
        listening.close()

    return url, stop


@dataclass
class Visit:
    """Opens pages and watches them. ``allowed`` are words of console errors that a test expects.

    Most of a visit is loading Gradio's script, so pages are kept from test to test, emptied of what
    they have stored and shown.
    """

    browser: Any
    url: str
    allowed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    contexts: dict[Any, Any] = field(default_factory=dict)
    idle: dict[Any, list[Any]] = field(default_factory=dict)
    used: list[tuple[Any, Any]] = field(default_factory=list)
    streams: dict[Any, set[Any]] = field(default_factory=dict)
    bent: set[Any] = field(default_factory=set)

    def __call__(
        self,
        path: str = "",
        *,
        size: tuple[int, int] = DESKTOP,
        scheme: str = "light",
        locale: str = "zh-CN",
        url: str = "",
        script: str = "",
    ) -> Any:
        """A page that is ready to be used. ``script`` runs before any of its own: such a page, like
        one of another address, is not kept."""
        key = (size, scheme, locale)
        if not path and not url and not script and self.idle.get(key):
            page = self.idle[key].pop()
            self.used.append((key, page))
            return page
        page = self._context(key).new_page()
        self.used.append((key, page))
        page.set_default_timeout(60_000)
        if script:
            page.add_init_script(script)
            self.bent.add(page)
        self.watch(page)
        page.goto((url or self.url) + path)
        if not path.startswith(("admin", "api")):
            page.wait_for_selector("html.ready", state="attached")
        return page

    def _context(self, key: Any) -> Any:
        (width, height), scheme, locale = key
        if key not in self.contexts:
            self.contexts[key] = self.browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme=scheme,
                locale=locale,
                permissions=["clipboard-read", "clipboard-write"],
            )
        return self.contexts[key]

    def reload(self, page: Any) -> None:
        """As a person does, once Gradio has ended its stream: a stream that ends because its page
        is left is told on the console as an error."""
        self.settle(page)
        page.reload()
        page.wait_for_selector("html.ready", state="attached")

    def settle(self, page: Any) -> None:
        """Wait until no answer is on its way to the page: for some moments in a row, for one event
        of Gradio's may follow another."""
        quiet = 0
        for _ in range(500):
            quiet = 0 if self.streams[page] else quiet + 1
            if quiet == 5:
                return
            page.wait_for_timeout(10)

    @contextmanager
    def filling(self, page: Any) -> Iterator[None]:
        """What is pressed in here leads to the corner, which has been filled when it ends."""
        with page.expect_request("**/queue/join*"):
            yield
            page.locator("#upload").wait_for()
        self.settle(page)

    def leave(self) -> None:
        """Empty the pages of one test and keep them; close those that went elsewhere."""
        for key, page in self.used:
            if not page.is_closed():
                self.settle(page)
            if page.is_closed() or page.url != self.url or self.streams[page] or page in self.bent:
                page.close()
                self.streams.pop(page)
                continue
            page.emulate_media(media="screen")
            page.evaluate("document.documentElement.classList.remove('print-one')")
            page.evaluate("yibao.reset()")
            page.evaluate("document.activeElement.blur()")
            page.fill("#inp textarea", "")
            self.idle.setdefault(key, []).append(page)
        for context in self.contexts.values():
            context.clear_cookies()
        self.used.clear()

    def watch(self, page: Any) -> None:
        streams = self.streams.setdefault(page, set())
        page.on("request", lambda r: self._asked(r, streams))
        page.on("requestfinished", lambda r: streams.discard(r))
        page.on("requestfailed", lambda r: streams.discard(r))
        page.on("pageerror", lambda e: self.wrong.append(f"page error: {e}"))
        page.on("console", lambda m: self._said(m))

    def _asked(self, request: Any, streams: set[Any]) -> None:
        if "/queue/" in request.url:
            streams.add(request)
        self._foreign(request.url)

    def _foreign(self, url: str) -> None:
        if not url.startswith(
            ("http://127.0.0.1:", "http://localhost:", "data:", "blob:http://127.0.0.1")
        ):
            self.wrong.append(f"foreign request: {url}")

    def _said(self, message: Any) -> None:
        if message.type == "error" and not any(word in message.text for word in self.allowed):
            self.wrong.append(f"console: {message.text}")


def give(page: Any, *files: tuple[str, bytes]) -> None:
    """Upload files in the corner and wait until they are there, which their names are earlier, and until their preview is,
    which moves the button below it away under a press."""
    page.locator("#upload input[type=file]").set_input_files(
        [{"name": name, "mimeType": "text/plain", "buffer": data} for name, data in files]
    )
    page.wait_for_function(
        f"document.querySelectorAll('#upload tr').length === {len(files)}"
        " && document.querySelector('#preview pre')"
    )


def enter(visit: Visit) -> Any:
    """The admin page, entered with the password and filled."""
    page = visit("admin/")
    page.fill("#password", PASSWORD)
    with visit.filling(page):
        page.get_by_role("button", name="进入").click()
    return page


def ask(page: Any, question: str) -> Any:
    """Type a question, send it, wait for its whole answer; gives the turn."""
    before = page.locator(".turn").count()
    page.fill("#inp textarea", question)
    page.press("#inp textarea", "Enter")
    turn = page.locator(".turn").nth(before)
    turn.locator(".actions").wait_for()
    return turn


def in_thread(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run it in a thread of its own: a browser's loop may be running in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


def until(true: Callable[[], Any]) -> None:
    """Wait until it is; what never comes is a failure."""
    for _ in range(12_000):
        if true():
            return
        time.sleep(0.01)
    raise AssertionError(true)
