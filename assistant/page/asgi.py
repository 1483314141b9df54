"""The words of ASGI, and a short answer in JSON: what every layer before the application shares."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


async def say(send: Send, status: int, text: str, *more: tuple[bytes, bytes]) -> None:
    """``{"detail": text}`` with a status."""
    body = json.dumps({"detail": text}, ensure_ascii=False).encode("utf-8")
    headers = [
        *more,
        (b"content-type", b"application/json; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def header(scope: Scope, name: bytes) -> list[str]:
    """Every header of that name (lower case), in order."""
    return [value.decode("latin-1") for key, value in scope["headers"] if key == name]


async def telling_failures(
    app: App,
    scope: Scope,
    receive: Receive,
    send: Send,
    tell: Callable[[Message, bytes], Awaitable[None]],
) -> None:
    """Run an application; an answer of a status from 400 on is held until it is whole, and ``tell``
    is given its start and its body to send something in its place."""
    start: Message | None = None
    body = b""

    async def sending(message: Message) -> None:
        nonlocal start, body
        if message["type"] == "http.response.start" and message["status"] >= 400:
            start = message
        elif start is None:
            await send(message)
        elif message["type"] == "http.response.body":
            body += message.get("body", b"")
            if not message.get("more_body"):
                await tell(start, body)

    await app(scope, receive, sending)


async def body_of(receive: Receive) -> bytes | None:
    """The whole body; None where the client went before it was sent."""
    pieces = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        pieces.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(pieces)


def again(body: bytes, receive: Receive) -> Receive:
    """A ``receive`` that gives a body that was read already, then whatever comes after it."""
    given = False

    async def receiving() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receiving
