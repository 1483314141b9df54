"""Which worker a request belongs to: what lives in one process alone has to be asked of that one.

A browser is known by a cookie that its page came with. Where it keeps none (the chat in a frame of
another site), the session that Gradio's script names decides. An answer on its way to a program is
found by its name, a talk of the OpenAI door by its first question; anything else is anybody's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

from assistant.page.asgi import Receive, Scope, again, body_of, header
from assistant.page.seat import seat_of

COOKIE = "yibao_worker"
PAGES = ("/", "/admin/", "/admin/login")
"""What a browser opens first: there it is given its cookie."""
_HEALTH = ("/healthz", "/readyz")
_STREAM = "/api/ask/stream"
_COMPLETIONS = "/v1/chat/completions"
_QUEUE = re.compile(r"(?:/admin)?/gradio_api/(?:queue/join|cancel)/?")
_SESSION = re.compile(r"(?:/admin)?/gradio_api/(?:queue/data|heartbeat/(?P<named>[^/]+))/?")
_NAME = re.compile(r"([A-Za-z0-9_-]{22})-\d{1,6}", re.ASCII)
_LONGEST = 128 * 1024
"""Bytes of a body that are looked into."""


def open_for_long(path: str) -> bool:
    """Whether it is a stream that stays open as long as a page does, and tells nothing."""
    return "/gradio_api/heartbeat/" in path


def cookie_for(number: int) -> tuple[bytes, bytes]:
    """The header that makes a browser come back to that worker."""
    return b"set-cookie", f"{COOKIE}={number}; Path=/; HttpOnly; SameSite=Lax".encode()


async def belongs(scope: Scope, receive: Receive, of: int) -> tuple[int | None, Receive]:
    """The number of the worker, None where any will do; and what the body is received from."""
    number = _said(scope, of) or known(scope, of)
    if number is not None:
        return number, receive
    if (session := _session(scope)) is not None:
        return seat_of(session, of), receive
    path: str = scope["path"]
    if scope["method"] != "POST" or not (_QUEUE.fullmatch(path) or path == _COMPLETIONS):
        return None, receive
    length = header(scope, b"content-length")
    if len(length) != 1 or not length[0].isdigit() or int(length[0]) > _LONGEST:
        return None, receive
    body = await body_of(receive)
    if body is None:
        return None, receive
    name = _in_body(path, body)
    return (seat_of(name, of) if name else None), again(body, receive)


def known(scope: Scope, of: int) -> int | None:
    """The worker that a browser's cookie names."""
    for value in _cookies(scope):
        if value.isascii() and value.isdigit() and 1 <= int(value[:4]) <= of:
            return int(value[:4])
    return None


def _cookies(scope: Scope) -> Iterator[str]:
    for line in header(scope, b"cookie"):
        for pair in line.split(";"):
            name, _, value = pair.partition("=")
            if name.strip() == COOKIE:
                yield value.strip().strip('"')


def _said(scope: Scope, of: int) -> int | None:
    """What is asked by its own name: an answer on its way, or how one of the workers is."""
    path: str = scope["path"]
    if path not in (_STREAM, *_HEALTH):
        return None
    asked = parse_qs(scope["query_string"].decode("latin-1"))
    if path == _STREAM:
        last = [*header(scope, b"last-event-id"), *asked.get("after", ())]
        named = _NAME.fullmatch(last[0]) if last else None
        return seat_of(named[1], of) if named else None
    worker = asked.get("worker", [""])[0]
    return int(worker) if re.fullmatch(r"[0-9]{1,2}", worker) and 1 <= int(worker) <= of else None


def _session(scope: Scope) -> str | None:
    """The session of Gradio's that the address names."""
    found = _SESSION.fullmatch(scope["path"])
    if found is None:
        return None
    asked = parse_qs(scope["query_string"].decode("latin-1"))
    return found["named"] or asked.get("session_hash", [None])[0]


def _in_body(path: str, body: bytes) -> str:
    """Gradio's session, or the first question of a talk; "" where there is none to be seen."""
    try:
        value: Any = json.loads(body)
        if path != _COMPLETIONS:
            name = value["session_hash"]
        else:
            name = next(m["content"] for m in value["messages"] if m["role"] == "user")
    except (ValueError, RecursionError, LookupError, TypeError, StopIteration):
        return ""
    return name if isinstance(name, str) else json.dumps(name)
