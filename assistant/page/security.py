"""ASGI layers before the application: closed doors, size of bodies, the first page as ours.

It holds back the first page alone (``first_page``); streams pass through untouched.
"""

from __future__ import annotations

from assistant.page import words
from assistant.page.asgi import App, Message, Receive, Scope, Send, say
from assistant.page.first_page import HEAD, Rewriting

# The doors of Gradio's that our pages use. It has thirty more: files in and out, a proxy, tools.
OPEN = ("queue/join", "queue/data", "run/predict", "cancel", "reset", "startup-events")
OPEN_BELOW = ("heartbeat/",)
ADMIN_OPEN = ("upload", "upload_progress")
PAGES = ("/", "/admin/")


class Security:
    """ASGI: closed doors, sizes of bodies, the first page in Chinese."""

    def __init__(self, app: App, *, body_bytes: int, upload_bytes: int, head: str = "") -> None:
        self.app = app
        self.body_bytes = body_bytes
        self.upload_bytes = upload_bytes
        self.head = HEAD + head

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path: str = scope["path"]
        if path == "/mcp":  # its one address, with or without the stroke
            path = scope["path"] = "/mcp/"
            scope["raw_path"] = b"/mcp/"
        if path == "/mcp/" and scope["method"] != "POST":
            # a GET would be held open for messages that a server without sessions never sends
            await say(send, 405, words.STATUS[405], (b"allow", b"POST"))
            return
        if closed(path):
            await say(send, 403, words.UPLOAD_BLOCKED)
            return
        limit = (
            self.upload_bytes if path.startswith("/admin/gradio_api/upload") else self.body_bytes
        )
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if not declared.isdigit() or int(declared) > limit:
            await say(send, 413, words.TOO_LARGE.format(limit // 1024))
            return
        if path in PAGES and scope["method"] == "GET":
            send = Rewriting(send, self.head)
            # what is rewritten must not come compressed
            scope["headers"] = [h for h in scope["headers"] if h[0] != b"accept-encoding"]
        counting = _Counting(receive, send, limit)
        await self.app(scope, counting.receive, counting.send)


def closed(path: str) -> bool:
    """Whether a path is one of Gradio's doors that stay shut here."""
    inner = path.removeprefix("/admin")
    if inner.startswith("/monitoring") or inner.rstrip("/") in ("/openapi.json", "/docs", "/redoc"):
        return True
    if not inner.startswith("/gradio_api"):
        return False
    door = inner.removeprefix("/gradio_api").strip("/")
    if inner != path and door in ADMIN_OPEN:
        return False
    return door not in OPEN and not door.startswith(OPEN_BELOW)


class _Counting:
    """A body that says nothing of its length is cut off where it grows too long, and what the
    application makes of the piece is replaced by saying so."""

    def __init__(self, receive: Receive, send: Send, limit: int) -> None:
        self._receive = receive
        self._send = send
        self._limit = limit
        self._got = 0
        self._told = False

    async def receive(self) -> Message:
        message = await self._receive()
        self._got += len(message.get("body", b""))
        return {"type": "http.disconnect"} if self._got > self._limit else message

    async def send(self, message: Message) -> None:
        if self._got <= self._limit:
            await self._send(message)
        elif not self._told:
            self._told = True
            await say(self._send, 413, words.TOO_LARGE.format(self._limit // 1024))
