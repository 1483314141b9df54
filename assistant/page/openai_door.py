"""``POST /v1/chat/completions`` and ``GET /v1/models``, as OpenAI's libraries and the bridges to
chats (WeChat, 企业微信, 钉钉, Open WebUI) call them.

The history is the user's own earlier messages: answers are never taken from outside. The same
messages sent again (a connection that broke, a retry) get the answer that is under way or there.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import JSONResponse

from assistant.page import words
from assistant.page.admission import address_of
from assistant.page.api import Ask, asked, failure, let_in
from assistant.page.desk import Desk
from assistant.page.errand import Errand
from assistant.page.limits import weights
from assistant.page.openai_errors import DoorError, DoorRoute, error_body
from assistant.page.openai_form import (
    MODELS,
    Completion,
    beside,
    completion,
    models,
    pieces,
    usage,
)
from assistant.page.openai_talks import known_of, talks
from assistant.page.stream import BEAT, Events, queue
from assistant.types import Answer

_USER_CHARS = 64


def openai_routes(desk: Desk) -> APIRouter:
    """The two doors; ``programs`` says of all that this interface has besides that it is not here."""
    router = APIRouter(prefix="/v1", tags=["OpenAI 兼容"], route_class=DoorRoute)

    @router.post("/chat/completions", summary="提问（OpenAI 兼容）")
    async def complete(wanted: Completion, request: Request) -> Response:
        errand = await _errand(desk, request, wanted)
        name, created = f"chatcmpl-{secrets.token_hex(12)}", int(time.time())
        if wanted.stream:
            return Events(_streamed(errand, name, created, wanted))
        answer = await _waited(desk, errand, request)
        return JSONResponse(completion(name, created, wanted, answer))

    @router.get("/models", summary="可用的模型")
    async def known() -> dict[str, Any]:
        return {"object": "list", "data": models()}

    @router.get("/models/{name}", summary="一个模型")
    async def one(name: str) -> dict[str, Any]:
        found = next((model for model in models() if model["id"] == name), None)
        if found is None:
            raise DoorError(404, words.NO_MODEL, param="model", code="model_not_found")
        return found

    return router


async def _errand(desk: Desk, request: Request, wanted: Completion) -> Errand:
    """What is to be read: the errand that has these questions already, or a new one. Raises
    DoorError where the request holds no question that can be taken, HTTPException where there is no
    room for it."""
    question, earlier = _asked_in(desk, wanted)
    client = address_of(request)
    names = talks(desk, client, (*earlier, question))
    errand = desk.errands.get(names[-1])
    if errand is not None and errand.failure is None:
        await let_in(desk, request, question)
        if errand.answer is not None:
            desk.note("openai", errand.answer, None)
    else:
        before, rest = known_of(desk, names, earlier)
        await let_in(desk, request, question, *rest)
        made = Errand(
            desk.counter,
            client,
            asked(desk, Ask(question=question, history=list(rest)), before),
            weights((*rest, question)),
            made=lambda answer, seconds: desk.note("openai", answer, seconds),
            failed=lambda error: failure(desk, error),
            before=before,
            visitor=(wanted.user or "")[:_USER_CHARS],
        )
        errand = desk.errands.keep(names[-1], made)
    queue(desk, errand)
    return errand


def _asked_in(desk: Desk, wanted: Completion) -> tuple[str, tuple[str, ...]]:
    """The question, and the earlier ones: those that could not be taken then are passed over."""
    if wanted.model not in MODELS:
        raise DoorError(404, words.NO_MODEL, param="model", code="model_not_found")
    if not wanted.questions:
        raise DoorError(400, words.NO_QUESTION, param="messages")
    *earlier, question = wanted.questions
    longest = desk.limits.question_chars
    if not question:
        raise DoorError(400, words.EMPTY, param="messages")
    if len(question) > longest:
        desk.metrics.refused.labels("length").inc()
        text = words.TOO_LONG.format(longest)
        raise DoorError(400, text, param="messages", code="context_length_exceeded")
    return question, tuple(one for one in earlier if one and len(one) <= longest)


async def _waited(desk: Desk, errand: Errand, request: Request) -> Answer:
    """The answer, once it is there. Raises HTTPException where there will be none."""
    try:
        async with aclosing(errand.news(request.is_disconnected)) as news:
            async for _ in news:
                pass
    except Exception as error:
        told = failure(desk, error)
        raise HTTPException(told.status, told.text) from None
    if errand.failure is not None:
        raise HTTPException(errand.failure.status, errand.failure.text)
    assert errand.answer is not None  # it is over, and has not failed
    return errand.answer


async def _streamed(
    errand: Errand, name: str, created: int, wanted: Completion
) -> AsyncGenerator[str, None]:
    """Pieces of a message: the role at once, the words when they are there, then the citations."""

    def piece(choices: list[dict[str, Any]], **more: Any) -> str:
        head = {"id": name, "object": "chat.completion.chunk", "created": created}
        return _data({**head, "model": wanted.model, "choices": choices, **more})

    def delta(said: dict[str, Any], finish: str | None = None) -> str:
        choice = {"index": 0, "delta": said, "logprobs": None, "finish_reason": finish}
        return piece([choice])

    yield delta({"role": "assistant", "content": ""})
    async with aclosing(errand.news()) as news:
        async for ahead in news:
            if ahead is None:
                yield BEAT
    if errand.failure is not None:
        yield _data(error_body(errand.failure.status, errand.failure.text))
    elif (answer := errand.answer) is not None:
        told = pieces(answer, wanted.model)
        for text in told:
            yield delta({"content": text})
        yield delta(beside(answer), "stop")
        if wanted.stream_options and wanted.stream_options.include_usage:
            yield piece([], usage=usage(wanted.questions, "".join(told)))
    yield "data: [DONE]\n\n"


def _data(value: dict[str, Any]) -> str:
    return f"data: {json.dumps(value, ensure_ascii=False)}\n\n"
