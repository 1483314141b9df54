"""Only for the names that it goes by: a page elsewhere cannot make a browser talk to this one.

A site may let its own name point at 127.0.0.1 (DNS rebinding); the browser then takes our answers
for that site's. Its ``Host`` header tells: we answer for this machine's names, for the address at
which a connection arrived, and for what the operator named.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.page import words
from assistant.page.addresses import parsed
from assistant.page.asgi import App, Receive, Scope, Send, header, say
from corpus.errors import InputError

LOCAL = ("localhost", "127.0.0.1", "::1")
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::\d{1,5})?", re.IGNORECASE)


def name_of(host: str) -> str:
    """The name in ``name``, ``name:port`` or ``[::1]:port``, as it is compared; "" for no such."""
    found = _HOST.fullmatch(host.strip())
    return found[1].strip("[]").rstrip(".").lower() if found else ""


def names_of(hosts: Iterable[str], listening: str = "") -> frozenset[str]:
    """What the page goes by: this machine's names, the address it listens at, what was named.

    Raises InputError for what cannot be a name (``https://…``, a path).
    """
    names = {*LOCAL, *([listening] if _one(listening) else [])}
    for host in hosts:
        name = host if host == "*" else name_of(f"[{host}]" if host.count(":") > 1 else host)
        name = name or name_of(host)
        if not name:
            raise InputError(
                f"YIBAO_HOSTS 里的「{host}」不是主机名；只写名字或地址，例如 yibao.example.org，"
                "不带 http:// 和路径，以逗号分隔。"
            )
        names.add(name)
    return frozenset(name.lower() for name in names)


def _one(listening: str) -> bool:
    """Whether that is one address and not all that the machine has."""
    address = parsed(listening)
    return bool(listening) and not (address is not None and address.is_unspecified)


def from_elsewhere(scope: Scope) -> bool:
    """Whether a page of another origin sent a request, a subdomain or another port of ours among them: the session's
    cookie goes with those too. Browsers say so themselves (``Sec-Fetch-Site``), older ones and plain http by
    ``Origin``; programs say neither."""
    if site := header(scope, b"sec-fetch-site"):
        return not {"same-origin", "none"}.issuperset(site)
    hosts = {host.strip().lower() for host in header(scope, b"host")}
    said = (origin.partition("://")[2].lower() for origin in header(scope, b"origin"))
    # a proxy may leave the port out of ``Host``
    return any(not name or not hosts & {name, name_of(name)} for name in said)


class Hosts:
    """ASGI: 421 for any other name. MCP is asked by programs alone, so there a page of another
    site is turned away too."""

    def __init__(self, app: App, names: frozenset[str]) -> None:
        self.app = app
        self.names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or "*" in self.names:
            await self.app(scope, receive, send)
            return
        given = header(scope, b"host")
        name = name_of(given[0]) if len(given) == 1 else ""
        if not self._ours(name, scope):
            if scope["type"] == "http":
                await say(send, 421 if name else 400, words.WRONG_HOST)
            return
        if scope["path"].rstrip("/") == "/mcp" and not self._from_us(scope):
            await say(send, 403, words.WRONG_ORIGIN)
            return
        await self.app(scope, receive, send)

    def _ours(self, name: str, scope: Scope) -> bool:
        if not name:
            return False
        at = parsed(scope["server"][0]) if scope.get("server") else None
        return name in self.names or (at is not None and parsed(f"[{name}]") == at)

    def _from_us(self, scope: Scope) -> bool:
        origins = header(scope, b"origin")
        return all(self._ours(name_of(o.partition("://")[2]), scope) for o in origins)
