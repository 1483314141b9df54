"""What every answer says to the browser: nothing from elsewhere, in no frame but those that were
named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from assistant.page.asgi import App, Message, Receive, Scope, Send

WIDGET = "/widget.js"
# Gradio builds functions from strings (its templates) and has inline scripts, so 'unsafe-eval' and
# 'unsafe-inline' stay; what we insert ourselves is escaped, and nothing may be fetched elsewhere.
_CSP = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors ",  # and by whom
    )
)
HEADERS = (
    (b"content-security-policy", _CSP.encode() + b"'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
_OURS = {name for name, _ in HEADERS} | {b"server"}


def framed(frames: Iterable[str]) -> dict[bytes, bytes]:
    """``HEADERS`` for the chat page where other sites may show it in a frame."""
    policy = _CSP + " ".join(frames)
    rest = {name: value for name, value in HEADERS if name != b"x-frame-options"}
    return {**rest, b"content-security-policy": policy.encode()}


class Headers:
    """ASGI: every answer carries ``HEADERS``, whichever layer gives it. The chat page alone may be
    framed, by ``frames``; their pages load the widget."""

    def __init__(self, app: App, frames: Iterable[str] = ()) -> None:
        self.app = app
        self._usual = dict(HEADERS)
        self._others: dict[str, dict[bytes, bytes]] = {}
        if named := tuple(frames):
            loaded = {**self._usual, b"cross-origin-resource-policy": b"cross-origin"}
            self._others = {"/": framed(named), WIDGET: loaded}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [h for h in message["headers"] if h[0].lower() not in _OURS]
                # by now ``Rooted`` has taken the root path off
                ours = self._others.get(scope.get("path", ""), self._usual)
                message["headers"] = [*kept, *ours.items(), *_streamed(kept)]
            await send(message)

        await self.app(scope, receive, sending)


def _streamed(headers: Iterable[tuple[bytes, bytes]]) -> Iterator[tuple[bytes, bytes]]:
    """nginx holds an answer back until a buffer is full, unless it is told that it is a stream."""
    if dict(headers).get(b"content-type", b"").startswith(b"text/event-stream"):
        yield b"x-accel-buffering", b"no"
