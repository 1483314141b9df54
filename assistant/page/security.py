"""ASGI layers in front of everything: headers, closed doors, size of bodies, Chinese for all.

It holds back the first page alone (``GET /`` and ``/admin/``), to say in which language it is
written; streams pass through untouched.
"""

from __future__ import annotations

from assistant.page import words
from assistant.page.asgi import App, Message, Receive, Scope, Send, say

# Gradio builds functions from strings (its templates) and has inline scripts, so 'unsafe-eval' and
# 'unsafe-inline' stay; what we insert ourselves is escaped, and nothing may be fetched elsewhere.
CSP = "; ".join(
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
        "frame-ancestors 'none'",
    )
)
HEADERS = (
    (b"content-security-policy", CSP.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
# The doors of Gradio's that our pages use. It has thirty more: files in and out, a proxy, tools.
OPEN = ("queue/join", "queue/data", "run/predict", "cancel", "reset", "startup-events")
OPEN_BELOW = ("heartbeat/",)
ADMIN_OPEN = ("upload", "upload_progress")
PAGES = ("/", "/admin/")
# Browsers set to English (or to bare "zh") would get Gradio's English labels.
HEAD = """<script>
(() => {
  for (const [name, value] of [["language", "zh-CN"], ["languages", ["zh-CN", "zh"]]])
    Object.defineProperty(navigator, name, { get: () => value, configurable: true });
})();
</script>
"""


class Headers:
    """ASGI: every answer carries ``HEADERS``, whichever layer gives it."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                ours = {name for name, _ in HEADERS}
                kept = [h for h in message["headers"] if h[0].lower() not in ours | {b"server"}]
                message["headers"] = [*kept, *HEADERS]
            await send(message)

        await self.app(scope, receive, sending)


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
            send = _Rewriting(send, self.head)
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


class _Rewriting:
    """Holds a page back until it is whole, then sends it in Chinese and with our head."""

    def __init__(self, send: Send, head: str) -> None:
        self.send = send
        self.head = head
        self.start: Message = {}
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.start = message
            return
        self.body += message.get("body", b"")
        if message.get("more_body"):
            return
        headers = dict(self.start["headers"])
        body = self.body
        if headers.get(b"content-type", b"").startswith(b"text/html"):
            body = rewritten(body.decode("utf-8"), self.head).encode("utf-8")
        rest = [h for h in self.start["headers"] if h[0].lower() != b"content-length"]
        length = (b"content-length", str(len(body)).encode())
        await self.send({**self.start, "headers": [*rest, length]})
        await self.send({"type": "http.response.body", "body": body})


def rewritten(page: str, head: str) -> str:
    """Gradio's first page: Chinese, our head first, none of its own advertising tags."""
    page = page.replace('<html\n\tlang="en"', '<html\n\tlang="zh-CN"', 1)
    page = "\n".join(line for line in page.split("\n") if "raw.githubusercontent.com" not in line)
    return page.replace("<head>", "<head>\n" + head, 1)
