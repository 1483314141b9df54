"""What a program is told when its request cannot be taken: a status and one sentence in Chinese.

Nothing that was sent is given back or logged; a failure inside is told by its id alone. What the
libraries below us say in English, or with nothing at all, becomes the sentence for its status.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import partial
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.exceptions import HTTPException

from assistant.page import words
from assistant.page.asgi import (
    App,
    Message,
    Receive,
    Scope,
    Send,
    header,
    say,
    telling_failures,
)
from assistant.page.sheet import told

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_LONGEST_FIELD = 40


def add_errors(app: FastAPI, failed: Callable[[], str]) -> None:
    """``failed`` logs the failure being handled and gives its id."""
    app.add_middleware(Failures, failed=failed)

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        return JSONResponse({"detail": sentence(error.errors()[0])}, 422)

    @app.exception_handler(HTTPException)
    async def refused(_: Request, error: HTTPException) -> JSONResponse:
        # the framework's own words are English
        ours = not error.detail.isascii()
        detail = error.detail if ours else words.STATUS.get(error.status_code, words.BAD_REQUEST)
        return JSONResponse({"detail": detail}, error.status_code, error.headers)


def sentence(error: Any) -> str:
    """One error of pydantic as a sentence: which field, and what it should be."""
    kind: str = error["type"]
    path = ".".join(str(part) for part in error["loc"] if part != "body")
    field = re.sub(r"[^\w.]", "", path)[:_LONGEST_FIELD] or (path and "？")
    if kind == "json_invalid":
        return words.NOT_JSON
    if not field:
        return words.NOT_AN_OBJECT
    for start, template in words.FIELD_ERRORS.items():
        if kind.startswith(start):
            given = {k: _chinese(v) for k, v in error.get("ctx", {}).items()}
            return template.format(field=field, **given)
    return words.BAD_FIELD.format(field=field)


def _chinese(expected: object) -> str:
    """``'职工', '居民' or '灵活就业'`` as a Chinese list."""
    return str(expected).replace("'", "").replace(" or ", "、").replace(", ", "、")


class Failures:
    """ASGI: an exception that nobody handled becomes the apology with its id, once logged."""

    def __init__(self, app: App, failed: Callable[[], str]) -> None:
        self.app = app
        self.failed = failed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def sending(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, sending)
        except Exception:
            apology = words.APOLOGY.format(self.failed())
            if scope["type"] == "http" and not begun:
                await JSONResponse({"detail": apology}, 500)(scope, receive, send)
            elif scope["type"] != "http":
                raise


class Spoken:
    """ASGI: every answer of a status from 400 on is in Chinese, whoever gives it: a page where a
    browser goes to an address, JSON for programs and scripts. ``root``: the root path."""

    def __init__(self, app: App, root: str) -> None:
        self.app = app
        self.root = root

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await telling_failures(self.app, scope, receive, send, partial(self._speak, scope, send))

    async def _speak(self, scope: Scope, send: Send, start: Message, body: bytes) -> None:
        """The answer as it is where a person here can read it; else the sentence for its status."""
        said = _said(body)
        chinese = _CHINESE.search(json.dumps(said, ensure_ascii=False))
        detail = said.get("detail") if isinstance(said, dict) else None
        sentence_ = detail if chinese else _of_status(start)
        status: int = start["status"]
        kept = [h for h in start["headers"] if h[0].lower() in (b"allow", b"retry-after")]
        goes_there = any("text/html" in kinds for kinds in header(scope, b"accept"))
        if goes_there and isinstance(sentence_, str):
            page = HTMLResponse(told(self.root, sentence_), status)
            await _send(send, status, [*kept, *page.raw_headers], bytes(page.body))
        elif chinese:
            await _send(send, status, start["headers"], body)
        elif isinstance(said, dict) and isinstance(said.get("error"), dict):
            # JSON-RPC, as MCP has it
            error = {"code": said["error"].get("code", 0), "message": _of_status(start)}
            answer = JSONResponse({**said, "error": error}, status)
            await _send(send, status, answer.raw_headers, bytes(answer.body))
        else:
            await say(send, status, _of_status(start), *kept)


def _said(body: bytes) -> Any:
    """What JSON stands for, and any other text as it is."""
    try:
        text = body.decode("utf-8")
        return json.loads(text) if text[:1] in "{[" and text else text
    except ValueError:
        return ""


def _of_status(start: Message) -> str:
    allowed = [
        value.decode("latin-1") for name, value in start["headers"] if name.lower() == b"allow"
    ]
    if start["status"] == 405 and allowed:
        return words.WRONG_METHOD.format(allowed[0])
    return words.STATUS.get(start["status"], words.BAD_REQUEST)


async def _send(send: Send, status: int, headers: Any, body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
