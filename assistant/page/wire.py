"""One connection: uvicorn's h11 protocol with clocks, a share for each address, and no patience for
crumbs.

A head, a body and an answer that nobody takes have their time; whoever sends more bytes a second
than their share is read more slowly; a body in crumbs (a chunk of one byte costs as much work as
one of a thousand) is refused. Nothing of it is logged: a log that grows with each bad request is a
door of its own.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any, ClassVar

import h11
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.h11_impl import H11Protocol

from assistant.page import words
from assistant.page.crowd import Crowd

HEAD_BYTES = 16 * 1024
_PIECES = 512
_PIECE_BYTES = 256
"""A request may arrive in 512 pieces, and in one more for every 256 bytes: a packet on the net
holds some 1,400. A packet counts twice, as it comes and as it is read, and httpx sends each field
of a form in four: 60 fields, the most that the desk takes, make 480."""
_FINE = 256 * 1024
"""Bytes that an address pays for a request which is none, or that was given up on: as many times
the work of an honest one."""
_SLOWEST = 8 * 1024
"""Bytes a second that a body must bring beyond its first seconds."""
_LINGER = 5.0
"""Seconds for what is still on its way when all is said: the rest of an answer, or of a body that
nobody reads."""


class _Measured(h11.Connection):
    """Counts the pieces in which a request arrives. Raises where they are crumbs."""

    pieces = 0
    size = 0

    def receive_data(self, data: bytes) -> None:
        self.pieces += 1
        super().receive_data(data)

    def next_event(self) -> Any:
        event = super().next_event()
        if isinstance(event, h11.Data):
            self.pieces += 1
            self.size += len(event.data)
        if self.pieces > _PIECES + self.size // _PIECE_BYTES:
            raise h11.RemoteProtocolError("crumbs")
        return event

    def start_next_cycle(self) -> None:
        super().start_next_cycle()
        self.pieces = self.size = 0


class _Flow(FlowControl):
    """Reading may be held for a while, whatever the application wants."""

    held = False

    def resume_reading(self) -> None:
        self.read_paused = False
        if not self.held:
            self._transport.resume_reading()

    def hold(self, seconds: float) -> None:
        if not self.held:
            self.held = True
            self._transport.pause_reading()
            asyncio.get_running_loop().call_later(seconds, self._release)

    def _release(self) -> None:
        self.held = False
        if not self.read_paused and not self._transport.is_closing():
            self._transport.resume_reading()


class Wire(H11Protocol):
    """Made by ``wire_of``: uvicorn makes one for each connection, and gives it nothing of ours."""

    crowd: ClassVar[Crowd]
    peer = ""
    _since = 0.0
    _stuck: float | None = None
    _closed: float | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conn = _Measured(h11.SERVER, HEAD_BYTES)

    # --- as uvicorn calls it ---------------------------------------------------------------------

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.flow = _Flow(transport)
        self.peer = self.client[0] if self.client else ""
        self._since = self.loop.time()
        if not self.crowd.enter(self):
            transport.abort()
        elif seconds := self.crowd.spend(self.peer, 0):
            self.loop.call_soon(self._hold, seconds)  # once asyncio has begun to read

    def connection_lost(self, exc: Exception | None) -> None:
        self.crowd.leave(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        super().data_received(data)
        seconds = self.crowd.spend(self.peer, len(data))
        if seconds:
            self._hold(seconds)

    def handle_events(self) -> None:
        before = self.cycle
        super().handle_events()
        if self.cycle is not before:
            self._since = self.loop.time()  # the head is here: the body's clock begins

    def on_response_complete(self) -> None:
        self._since = self.loop.time()
        super().on_response_complete()

    def pause_writing(self) -> None:
        self._stuck = self.loop.time()
        super().pause_writing()

    def resume_writing(self) -> None:
        self._stuck = None
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        self._refuse(400, words.BAD_HTTP)

    def _unsupported_upgrade_warning(self) -> None:
        """There is no WebSocket here: such a request is answered as if it had not asked."""

    # --- as the crowd sees it --------------------------------------------------------------------

    @property
    def idle_since(self) -> float | None:
        return None if self._working and self.conn.their_state is not h11.SEND_BODY else self._since

    def drop(self) -> None:
        self._end()
        self.transport.abort()

    def check(self, now: float) -> None:
        limits = self.crowd.limits
        if self.transport.is_closing():
            self._closed = self._closed or now
            if now - self._closed > _LINGER:
                self.transport.abort()
        elif self._stuck is not None and now - self._stuck > limits.write_seconds:
            self.drop()
        elif self.conn.their_state is h11.IDLE and now - self._since > limits.head_seconds:
            self._refuse(408, words.TOO_SLOW)
        elif self.conn.their_state is h11.SEND_BODY:
            assert isinstance(self.conn, _Measured)
            allowed = limits.body_seconds + self.conn.size / _SLOWEST
            if now - self._since > (allowed if self._working else _LINGER):
                self._refuse(408, words.TOO_SLOW)

    @property
    def _working(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _end(self) -> None:
        """The application is told that nobody is there any more."""
        if self._working:
            self.cycle.disconnected = True
            self.cycle.message_event.set()

    def _hold(self, seconds: float) -> None:
        assert isinstance(self.flow, _Flow)
        if not self.transport.is_closing():
            self.flow.hold(seconds)

    def _refuse(self, status: int, text: str) -> None:
        """Say why, if nothing else has been said yet and anything was asked; and hang up."""
        assert isinstance(self.conn, _Measured)
        if self.conn.pieces and self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            body = json.dumps({"detail": text}, ensure_ascii=False).encode("utf-8")
            headers = [
                ("content-type", "application/json; charset=utf-8"),
                ("content-length", str(len(body))),
                ("connection", "close"),
            ]
            for event in (
                h11.Response(status_code=status, headers=headers),
                h11.Data(data=body),
                h11.EndOfMessage(),
            ):
                self.transport.write(self.conn.send(event) or b"")
        if self.conn.pieces:
            self.crowd.spend(self.peer, _FINE)
        self._end()
        self.transport.close()


def wire_of(crowd: Crowd) -> type[Wire]:
    """The protocol of one server."""
    return type("Wire", (Wire,), {"crowd": crowd})
