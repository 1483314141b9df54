"""Below which path the page lies for those who ask: ``/yibao`` behind ``location /yibao/``.

Inside, every address is written without that path. Here it is taken off where the proxy passed it
on, and put before what an answer sends a browser to: redirects, and the paths of cookies.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote, urlsplit, urlunsplit

from assistant.page.asgi import App, Message, Receive, Scope, Send
from corpus.errors import InputError

OWN = frozenset(
    {
        "admin", "api", "assets", "config", "docs", "favicon", "favicon.ico", "gradio_api", "healthz",
        "index.html", "login", "login_check", "logout", "manifest.json", "mcp", "metrics",
        "monitoring", "openapi.json", "page", "pwa_icon", "readyz", "redoc", "robots.txt", "static", "svelte", "theme.css",
        "token", "user", "v1", "widget.js",
    }
)  # fmt: skip
"""What our own addresses begin with. A root path that began so could not be told from them."""

_ROOT = re.compile(r"(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+")
_COOKIE_PATH = re.compile(rb"(;\s*path=)(/[^;]*)", re.IGNORECASE)


def root_of(text: str) -> str:
    """``/yibao`` for ``yibao``, ``/yibao`` or ``/yibao/``; "" for "" and ``/``. Raises InputError."""
    bare = text.strip().strip("/")
    if not bare:
        return ""
    root = f"/{bare}"
    if not _ROOT.fullmatch(root):
        raise InputError(
            f"YIBAO_ROOT_PATH（--root-path）不能是「{text}」；只写域名后面的路径，例如 /yibao，"
            "由字母、数字和 - _ . ~ 组成，不带 http:// 和域名。"
        )
    first = bare.partition("/")[0]
    if first in OWN:
        raise InputError(
            f"YIBAO_ROOT_PATH（--root-path）不能以 /{first} 开头，这是本页面自己的地址；请换一个，"
            "例如 /yibao。"
        )
    return root


class Rooted:
    """ASGI: the same page with the root path before its addresses and without.

    It changes ``scope`` itself, so that the layers around it see the inner path too.
    """

    def __init__(self, app: App, root: str) -> None:
        self.app = app
        self.root = root

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not self.root:
            await self.app(scope, receive, send)
            return
        path: str = scope["path"]
        if path == self.root:
            # what the page loads is named from its folder, so it needs its stroke
            await _sent_on(send, self.root, scope.get("query_string", b""))
            return
        if path.startswith(f"{self.root}/"):
            scope["path"] = path.removeprefix(self.root)
            scope["raw_path"] = quote(scope["path"]).encode()

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = list(self._placed(message["headers"]))
            await send(message)

        await self.app(scope, receive, sending)

    def _placed(self, headers: Iterable[tuple[bytes, bytes]]) -> Iterable[tuple[bytes, bytes]]:
        for name, value in headers:
            if name.lower() == b"location":
                value = self.below(value.decode("latin-1")).encode("latin-1")
            elif name.lower() == b"set-cookie":
                value = _COOKIE_PATH.sub(rb"\1" + self.root.encode() + rb"\2", value)
            yield name, value

    def below(self, location: str) -> str:
        """Where a redirect leads. All of ours stay here; frameworks write the host that they see
        before the path, which behind a proxy need not be the one that the browser asked."""
        _, _, path, query, fragment = urlsplit(location)
        return urlunsplit(
            ("", "", f"{self.root}{path}" if path[:1] == "/" else path, query, fragment)
        )


async def _sent_on(send: Send, root: str, query: bytes) -> None:
    to = f"{root}/".encode() + (b"?" + query if query else b"")
    headers = [(b"location", to), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": 308, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
