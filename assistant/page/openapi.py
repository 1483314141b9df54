"""What describes the doors for programs: OpenAPI, with an example of each request and answer, of each
refusal, and the key where one is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fastapi.openapi.utils import get_openapi
from starlette.routing import BaseRoute

from assistant.page import examples, words
from assistant.page.openai_errors import error_body

VERSION = "3"
_JSON, _EVENTS = "application/json", "text/event-stream"
_TALK = [{"role": "user", "content": examples.QUESTION}]


@dataclass(frozen=True, slots=True)
class Example:
    """What is sent (None: no body), what comes back, and which statuses say no."""

    sent: dict[str, Any] | None
    given: Any
    refusals: tuple[int, ...] = (400, 413, 422, 429, 503)
    media: str = _JSON


_QUESTION = {"question": examples.QUESTION}
_STREAM_REFUSALS = (400, 409, 410, 413, 422, 429, 503)
EXAMPLES: dict[tuple[str, str], Example] = {
    ("/api/ask", "post"): Example(_QUESTION, examples.ANSWER),
    ("/api/retrieve", "post"): Example({**_QUESTION, "k": 1}, examples.HITS),
    ("/api/legal", "post"): Example({**_QUESTION, "k": 1}, examples.BASES),
    ("/api/suggest", "post"): Example({"text": "断缴年限"}, examples.SUGGESTIONS, (413, 422, 429)),
    ("/api/ask/stream", "post"): Example(_QUESTION, examples.EVENTS, _STREAM_REFUSALS, _EVENTS),
    ("/api/ask/stream", "get"): Example(None, examples.REST, (400, 410, 503), _EVENTS),
    ("/v1/chat/completions", "post"): Example(
        {"model": "yibao", "messages": _TALK}, examples.COMPLETION, (400, 404, 413, 429, 503)
    ),
    ("/v1/models", "get"): Example(None, examples.MODELS, ()),
    ("/v1/models/{name}", "get"): Example(None, examples.MODELS["data"][0], (404,)),
}
_TOLD = {
    400: words.EMPTY,
    401: words.NO_KEY,
    404: words.NO_MODEL,
    409: words.OTHER_QUESTION,
    410: words.ANSWER_GONE,
    413: words.TOO_LARGE.format(128),
    422: words.FIELD_ERRORS["missing"].format(field="question"),
    429: words.TOO_MANY.format(3),
    503: words.QUEUE_FULL,
}


def described(routes: Sequence[BaseRoute], *, keys: bool = False, root: str = "") -> dict[str, Any]:
    """The description. ``keys``: programs have to show one. ``root``: the root path."""
    schema = get_openapi(
        title=words.TITLE,
        version=VERSION,
        description=words.DISCLAIMER,
        routes=routes,
        servers=[{"url": root or "/"}],
    )
    for path, doors in schema["paths"].items():
        for method, door in doors.items():
            _exemplify(door, EXAMPLES[path, method], path, keys=keys)
    # the framework's own form of an error, which is not ours
    for name in ("HTTPValidationError", "ValidationError"):
        schema["components"]["schemas"].pop(name, None)
    if keys:
        schema["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
        schema["security"] = [{"key": []}]
    return schema


def _exemplify(door: dict[str, Any], example: Example, path: str, *, keys: bool) -> None:
    if example.sent is not None:
        door["requestBody"]["content"][_JSON]["example"] = example.sent
    kind = {"type": "object" if example.media == _JSON else "string"}
    content = {example.media: {"schema": kind, "example": example.given}}
    door["responses"] = {"200": {"description": "回答", "content": content}}
    for status in (*example.refusals, *((401,) if keys else ())):
        text = _TOLD[status]
        told = error_body(status, text) if path.startswith("/v1/") else {"detail": text}
        door["responses"][str(status)] = {
            "description": text,
            "content": {_JSON: {"schema": {"type": "object"}, "example": told}},
        }
