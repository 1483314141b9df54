"""A small HTTP server that speaks the OpenAI form, for tests of a language model elsewhere."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from corpus.settings import Settings

Reply = Callable[[dict[str, Any]], str]
"""What the model writes for what it is given: ``问题`` with ``句子`` or with ``对话``."""
PATIENCE = 0.2
"""Seconds for which a test waits for a model that is slow on purpose."""


@dataclass
class LanguageServer:
    """``write``: what the model replies; ``status``, ``body``: sent instead of it, where they are set;
    ``headers`` beside. ``slow``: nothing comes until the end; ``crumbs``: a blank now and then."""

    write: Reply = lambda given: ""
    status: int = 200
    body: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    slow: bool = False
    crumbs: bool = False
    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    heads: list[tuple[str, Message]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def given(self) -> list[dict[str, Any]]:
        """What the model was given at each request."""
        return [json.loads(asked["messages"][1]["content"]) for asked in self.asked]

    def settings(self, *, late: bool = False, llm_key: str = "") -> Settings:
        """Those that name this server; ``late``: it is not waited for."""
        seconds = str(PATIENCE) if late else "8"
        return Settings(llm_url=self.url, llm_model="small", llm_key=llm_key, llm_seconds=seconds)


@contextmanager
def language_server(**options: Any) -> Iterator[LanguageServer]:
    served = LanguageServer(**options)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            served.asked.append(asked)
            served.heads.append((self.path, self.headers))
            if served.slow:
                served.over.wait()
                return
            body = served.body
            if body is None:
                content = served.write(json.loads(asked["messages"][1]["content"]))
                body = completion(content)
            self.send_response(served.status)
            kind = "application/json" if body[:1] in "{[" else "text/html"
            for name, value in {"Content-Type": kind, **served.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body.encode()) + 10_000 * served.crumbs))
            self.end_headers()
            while served.crumbs and not served.over.wait(PATIENCE / 4):
                self.wfile.write(b" ")
                self.wfile.flush()
            if not served.crumbs:
                self.wfile.write(body.encode())

        def handle(self) -> None:
            with suppress(BrokenPipeError, ConnectionResetError):  # whoever asked has given up
                super().handle()

        def log_message(self, *_: object) -> None:
            """Nothing: the tests read what the assistant logs."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        served.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
        try:
            yield served
        finally:
            served.over.set()
            server.shutdown()


def completion(content: object) -> str:
    """A reply of the OpenAI form with one message."""
    message = {"role": "assistant", "content": content}
    choice = {"index": 0, "finish_reason": "stop", "message": message}
    whole = {"id": "1", "object": "chat.completion", "created": 0, "model": "small"}
    return json.dumps({**whole, "choices": [choice]})


def questions(*parts: str) -> str:
    return json.dumps({"questions": parts}, ensure_ascii=False)


def numbers(*chosen: int) -> str:
    return json.dumps({"numbers": chosen})


def by_task(split: Sequence[str] | Reply, choose: Sequence[int] | Reply) -> Reply:
    """A model that does both tasks, each by a fixed list or by what it is given."""

    def write(given: dict[str, Any]) -> str:
        if "句子" in given:
            return choose(given) if callable(choose) else numbers(*choose)
        return split(given) if callable(split) else questions(*split)

    return write


def unchanged(given: dict[str, Any]) -> str:
    """A model that splits nothing."""
    return questions(given["问题"])
