"""``POST /api/ask/stream``: the answer as server-sent events, block by block, each with an id.

Who lost the connection asks again with the id of the last event that came (``Last-Event-ID``, as
browsers and libraries do by themselves, or ``GET …?after=``), and gets all that came after it.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Header, HTTPException, Query, Request, Response
from fastapi.responses import StreamingResponse

from assistant.escape import unescaped
from assistant.page import words
from assistant.page.admission import address_of
from assistant.page.api import Ask, asked, failure, let_in
from assistant.page.asgi import Receive, Scope, Send
from assistant.page.desk import Desk
from assistant.page.errand import Errand
from assistant.page.examples import LAST_EVENT
from assistant.page.limits import weights
from assistant.types import Answer

BEAT = ": \n\n"
"""A remark that readers of events skip: the connection lives."""
RETRY = 1000
"""Milliseconds until a browser comes back after the connection broke."""
_ID = re.compile(r"([A-Za-z0-9_-]{22})-(\d{1,6})", re.ASCII)
_HEADING = re.compile(r"^(?=### )", re.MULTILINE)

LastId = Annotated[
    str | None,
    Header(
        alias="Last-Event-ID",
        description="收到的最后一个事件的 id；从它之后接着发",
        examples=[LAST_EVENT],
    ),
]
After = Annotated[
    str | None,
    Query(
        description="同 Last-Event-ID；两者都有时以请求头为准",
        examples=[LAST_EVENT],
    ),
]


class Events(StreamingResponse):
    """Nothing on the way may hold events back or keep them."""

    media_type = "text/event-stream"

    def __init__(self, content: AsyncGenerator[str, None], status_code: int = 200) -> None:
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        super().__init__(content, status_code, headers)
        self._content = content

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A reader who has gone in the middle of an event has gone at once."""
        async with aclosing(self._content):
            await super().__call__(scope, receive, send)


@dataclass(frozen=True, slots=True)
class Event:
    """One event; its place in the answer is its number."""

    name: str
    data: dict[str, Any]

    def to_text(self, name: str, number: int) -> str:
        """As it is sent; ``name`` is the answer's."""
        retry = f"retry: {RETRY}\n" if number == 1 else ""
        data = json.dumps(self.data, ensure_ascii=False)
        return f"id: {name}-{number}\nevent: {self.name}\n{retry}data: {data}\n\n"


def stream_routes(desk: Desk) -> APIRouter:
    """Asked with POST; a connection that broke is taken up again with POST or GET."""
    router = APIRouter(prefix="/api/ask/stream", tags=["医保问答"])

    @router.post("", summary="提问，逐段收到回答（断线可续）", response_class=Events)
    async def ask(wanted: Ask, request: Request, last: LastId = None) -> Response:
        if last:
            return _resumed(desk, request, last, wanted)
        client = await let_in(desk, request, wanted.question, *wanted.history)
        name = desk.seat.fresh()
        errand = Errand(
            desk.counter,
            client,
            asked(desk, wanted),
            weights((*wanted.history, wanted.question)),
            made=lambda answer, seconds: desk.note("api", answer, seconds),
            failed=lambda error: failure(desk, error),
            subject=wanted,
        )
        queue(desk, errand)
        return Events(_told(desk.errands.keep(name, errand), name, 0))

    @router.get("", summary="接着收一个断了线的回答", response_class=Events)
    async def resume(request: Request, last: LastId = None, after: After = None) -> Response:
        return _resumed(desk, request, last or after or "", None)

    return router


def queue(desk: Desk, errand: Errand) -> None:
    """Raises HTTPException where the line has no place for it."""
    if errand.starts and desk.counter.line.full(errand.client, long=errand.long):
        desk.metrics.refused.labels("line").inc()
        raise HTTPException(503, words.QUEUE_FULL)


def _resumed(desk: Desk, request: Request, last: str, wanted: Ask | None) -> Response:
    """The events after ``last``; 204 tells a browser that there are none and will be none."""
    found = _ID.fullmatch(last)
    if found is None:
        raise HTTPException(400, words.BAD_EVENT_ID)
    errand = desk.errands.get(found[1])
    if errand is None or (desk.keys and errand.client != address_of(request)):
        raise HTTPException(410, words.ANSWER_GONE)
    if wanted is not None and wanted != errand.subject:
        raise HTTPException(409, words.OTHER_QUESTION)
    after = int(found[2])
    if errand.over and after >= len(events(errand)):
        return Response(status_code=204)
    queue(desk, errand)
    return Events(_told(errand, found[1], after))


async def _told(errand: Errand, name: str, after: int) -> AsyncGenerator[str, None]:
    """The events from the one after ``after`` to the last."""

    def fresh() -> list[str]:
        nonlocal after
        new = events(errand)[after:]
        texts = [event.to_text(name, n) for n, event in enumerate(new, after + 1)]
        after += len(new)
        return texts

    for text in fresh():
        yield text
    async with aclosing(errand.news()) as news:
        async for ahead in news:
            if ahead is None:
                yield BEAT
            for text in fresh():
                yield text
    for text in fresh():
        yield text


def events(errand: Errand) -> list[Event]:
    """All that there is to tell so far. It only grows, so that a number names an event for good."""
    told = [Event("start", {}), *(Event("waiting", {"ahead": n}) for n in errand.ahead)]
    if errand.failure is not None:
        status, text = errand.failure.status, errand.failure.text
        return [*told, Event("error", {"status": status, "detail": text})]
    if (answer := errand.answer) is None:
        return told
    blocks = (Event("block", {"title": t, "markdown": m}) for t, m in sections(answer))
    return [*told, *blocks, Event("done", answer.to_dict())]


def sections(answer: Answer) -> list[tuple[str, str]]:
    """The title and the text of each part of the answer's Markdown; joined, the texts are it."""
    parts = [part for part in _HEADING.split(answer.to_markdown()) if part]
    heads = [part.partition("\n")[0] if part.startswith("### ") else "" for part in parts]
    return [(unescaped(h.removeprefix("### ")), p) for h, p in zip(heads, parts, strict=True)]
