"""What a program is told when its request cannot be taken: a status and one sentence in Chinese.

Nothing that was sent is given back or logged; a failure inside is told by its id alone.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from assistant.page import words

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]


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
    field = ".".join(str(part) for part in error["loc"] if part != "body")
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

    def __init__(self, app: Any, failed: Callable[[], str]) -> None:
        self.app = app
        self.failed = failed

    async def __call__(self, scope: Message, receive: Any, send: Send) -> None:
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
