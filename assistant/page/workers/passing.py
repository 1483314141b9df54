"""ASGI from the process that holds the connection to the one that answers, over a UNIX socket.

A connection a request, so that what one end closes or does not read is seen at the other by itself.
Each message is a frame: a letter, its length in four bytes, its payload. HTTP is read once, in the
front; here are only its parts.

    ->  S scope (JSON)   B a piece of the body   E its last piece
    <-  R status and headers (JSON)   P a piece of the answer   L its last piece
"""

from __future__ import annotations

import asyncio
import json
import struct
from contextlib import suppress
from typing import Any

from assistant.page.asgi import App, Message, Receive, Scope, Send

_HEAD = struct.Struct(">cI")
_PIECES = 16
"""Pieces of a body that wait for the application; then the front is not read any further."""
_REST, _PATIENCE = 1 << 16, 10.0
"""Bytes at once of a body that nobody wants any more, and seconds for which the next are waited for."""
_TEXTS = ("type", "method", "path", "scheme", "http_version", "root_path")
_BYTES = ("raw_path", "query_string")
_OURS = ("yibao.near", "yibao.proxied")


class BrokenError(Exception):
    """The process that answers has gone before its answer was whole."""


def packed(scope: Scope) -> bytes:
    """What the application looks at of a request."""
    kept = {name: scope[name] for name in (*_TEXTS, *_OURS) if name in scope}
    kept |= {name: scope[name].decode("latin-1") for name in _BYTES if name in scope}
    headers = [(k.decode("latin-1"), v.decode("latin-1")) for k, v in scope["headers"]]
    ends = {name: scope.get(name) for name in ("client", "server", "asgi")}
    return json.dumps({**kept, **ends, "headers": headers}).encode("utf-8")


def unpacked(payload: bytes) -> Scope:
    """The scope that was ``packed``."""
    kept: dict[str, Any] = json.loads(payload)
    ends = {name: tuple(kept[name]) for name in ("client", "server") if kept[name] is not None}
    raw = {name: kept[name].encode("latin-1") for name in _BYTES if name in kept}
    return {**kept, **ends, **raw, "headers": _headers(kept["headers"])}


def _headers(pairs: list[list[str]]) -> list[tuple[bytes, bytes]]:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in pairs]


async def pass_on(path: str, scope: Scope, receive: Receive, send: Send) -> None:
    """Have a request answered by whoever listens at ``path``. Raises BrokenError, and OSError where
    nobody listens."""
    reader, writer = await asyncio.open_unix_connection(path)
    _put(writer, b"S", packed(scope))
    up = asyncio.create_task(_body(receive, writer))
    ended = False
    try:
        while (frame := await _frame(reader)) is not None:
            kind, payload = frame
            ended = kind == b"L"
            await send(_answer(kind, payload))
        if not ended and not (up.done() and up.result()):
            raise BrokenError
    finally:
        up.cancel()
        writer.close()


async def _body(receive: Receive, writer: asyncio.StreamWriter) -> bool:
    """Passes the body on; closes the connection once the asker has gone. Whether they have: the
    other end may go as well."""
    while (message := await receive())["type"] == "http.request":
        more = message.get("more_body", False)
        _put(writer, b"B" if more else b"E", message.get("body", b""))
        try:
            await writer.drain()
        except ConnectionError:
            return False
    writer.close()
    return True


def _answer(kind: bytes, payload: bytes) -> Message:
    if kind == b"R":
        status, headers = json.loads(payload)
        return {"type": "http.response.start", "status": status, "headers": _headers(headers)}
    return {"type": "http.response.body", "body": payload, "more_body": kind == b"P"}


async def answer(app: App, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One request, in the process that answers."""
    try:
        frame = await _frame(reader)
        if frame is not None:
            asked = Asked(reader, writer)
            try:
                await app(unpacked(frame[1]), asked.receive, asked.send)
            finally:
                await asked.close()
            await _hear_out(reader, writer)
    finally:
        writer.close()


async def _hear_out(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Says that all is said, and reads on until the other end has closed: a socket that is closed
    while something lies unread in it takes back what it said last (a 413 in the middle of a body)."""
    with suppress(OSError, asyncio.TimeoutError):
        writer.write_eof()
        while await asyncio.wait_for(reader.read(_REST), _PATIENCE):
            pass


class Asked:
    """The two calls of ASGI over one connection; ``gone`` makes the asker gone."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._messages: asyncio.Queue[Message] = asyncio.Queue(_PIECES)
        self._pump = asyncio.create_task(self._read())

    async def _read(self) -> None:
        while (frame := await _frame(self._reader)) is not None:
            more = frame[0] == b"B"
            await self._messages.put({"type": "http.request", "body": frame[1], "more_body": more})
        await self._messages.put({"type": "http.disconnect"})

    async def receive(self) -> Message:
        """May be cancelled at any time, and called by several at once."""
        message = await self._messages.get()
        if message["type"] == "http.disconnect":
            self._messages.put_nowait(message)  # whoever asks again hears the same
        return message

    async def send(self, message: Message) -> None:
        """What is said to somebody who has gone is said to nobody."""
        with suppress(ConnectionError):
            if message["type"] == "http.response.start":
                pairs = [(k.decode("latin-1"), v.decode("latin-1")) for k, v in message["headers"]]
                payload = json.dumps([message["status"], pairs]).encode("utf-8")
                _put(self._writer, b"R", payload)
            elif message["type"] == "http.response.body":
                kind = b"P" if message.get("more_body") else b"L"
                _put(self._writer, kind, message.get("body", b""))
                await self._writer.drain()

    async def close(self) -> None:
        """Nothing is read here from now on."""
        self._pump.cancel()
        await asyncio.gather(self._pump, return_exceptions=True)


def _put(writer: asyncio.StreamWriter, kind: bytes, payload: bytes) -> None:
    if not writer.is_closing():
        writer.write(_HEAD.pack(kind, len(payload)) + bytes(payload))


async def _frame(reader: asyncio.StreamReader) -> tuple[bytes, bytes] | None:
    """The next frame; None where the other end has closed."""
    try:
        kind, size = _HEAD.unpack(await reader.readexactly(_HEAD.size))
        return kind, await reader.readexactly(size)
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
