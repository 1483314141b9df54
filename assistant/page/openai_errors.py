"""Errors of the OpenAI door in that door's own form, whichever layer of ours says no.

What is told elsewhere as ``{"detail": sentence}`` is told there as
``{"error": {"message", "type", "param", "code"}}``, with the same status (400 for a 422, which that
interface does not have).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute

from assistant.page.asgi import App, Message, Receive, Scope, Send, telling_failures
from assistant.page.errors import sentence

_DOOR = "/v1/"
_CODES = {401: "invalid_api_key", 413: "request_too_large", 429: "rate_limit_exceeded"}
_TYPES = {401: "authentication_error", 429: "rate_limit_error"}


class DoorError(Exception):
    """A request that this door cannot take: which field (``param``) is at fault, and a name for the
    fault that programs know (``code``)."""

    def __init__(
        self, status: int, text: str, *, param: str | None = None, code: str | None = None
    ) -> None:
        super().__init__(text)
        self.status = 400 if status == 422 else status
        self.body = error_body(self.status, text, param=param, code=code)


def error_body(
    status: int, text: str, *, param: str | None = None, code: str | None = None
) -> dict[str, Any]:
    """``{"error": …}``; our sentence is its message."""
    kind = "server_error" if status >= 500 else _TYPES.get(status, "invalid_request_error")
    known = code or _CODES.get(status)
    return {"error": {"message": text, "type": kind, "param": param, "code": known}}


class DoorRoute(APIRoute):
    """A route of this door: what it cannot read names the field."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handling(request: Request) -> Response:
            try:
                return await handle(request)
            except RequestValidationError as error:
                first = error.errors()[0]
                where = [str(part) for part in first["loc"] if part != "body"]
                known = where[0] if where and where[0] in _FIELDS else None
                return _answer(DoorError(400, sentence(first), param=known))
            except DoorError as error:
                return _answer(error)

        return handling


_FIELDS = frozenset({"model", "messages", "stream", "stream_options", "n", "user"})
"""What may be named as ``param``: a field that somebody made up is not given back."""


def _answer(error: DoorError) -> JSONResponse:
    return JSONResponse(error.body, error.status)


class DoorErrors:
    """ASGI: ``{"detail": …}`` under ``/v1/`` in this door's form."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(_DOOR):
            await self.app(scope, receive, send)
            return
        await telling_failures(self.app, scope, receive, send, partial(_retold, send))


async def _retold(send: Send, start: Message, body: bytes) -> None:
    told = json.loads(body) if body[:1] == b"{" else {}  # a page, where a browser goes there
    if "detail" in told:
        error = DoorError(start["status"], told["detail"])
        body = json.dumps(error.body, ensure_ascii=False).encode("utf-8")
        kept = [h for h in start["headers"] if h[0] != b"content-length"]
        length = (b"content-length", str(len(body)).encode())
        start = {**start, "status": error.status, "headers": [*kept, length]}
    await send(start)
    await send({"type": "http.response.body", "body": body})
