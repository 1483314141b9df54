"""Who asks: the address behind a request, seen through the proxies that the operator named.

Limits go by address and nothing writes it down. An IPv6 household holds a whole /64, so that is
what counts as one address there. ``X-Forwarded-For`` is read from its end, where a named proxy
wrote it; what stands before the first address that is no named proxy was said by the client itself.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, MutableMapping, Sequence
from typing import Any

from assistant.page.asgi import App, Receive, Scope, Send
from corpus.errors import InputError

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
UNKNOWN = "unknown"
_TOLD = b"x-forwarded-"


def network(text: str) -> Network:
    """An address or a network as ``10.0.0.0/8``. Raises InputError."""
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise InputError(
            f"YIBAO_PROXIES 里的「{text}」不是地址或网段；应写成 127.0.0.1 或 10.0.0.0/8，以逗号分隔。"
        ) from None


def parsed(text: str) -> Address | None:
    """The address in ``1.2.3.4``, ``1.2.3.4:80``, ``::1`` or ``[::1]:80``; None for anything else."""
    bare = text.strip()
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        found = ipaddress.ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def key(address: Address | None) -> str:
    """What limits know an address by: itself, or the /64 it lies in."""
    if address is None:
        return UNKNOWN
    if address.version == 4 or address.is_loopback:
        return str(address)
    return str(ipaddress.ip_network((address, 64), strict=False))


def among(address: Address | None, networks: Iterable[Network]) -> bool:
    """Whether an address lies in one of the networks."""
    return address is not None and any(address in one for one in networks)


def client_of(peer: Address | None, forwarded: Sequence[str], proxies: Sequence[Network]) -> str:
    """The key of whoever asks, behind as many named proxies as there are."""
    if not among(peer, proxies):
        return key(peer)
    nearest = peer
    for hop in reversed([one for line in forwarded for one in line.split(",")]):
        found = parsed(hop)
        if found is None:
            break
        nearest = found
        if not among(found, proxies):
            break
    return key(nearest)


class Forwarded:
    """ASGI: puts the client's key in place of the peer's address, and the scheme that a named proxy
    tells. ``scope["yibao.near"]``: the request came from this machine, through no proxy."""

    def __init__(self, app: App, proxies: Sequence[Network]) -> None:
        self.app = app
        self.proxies = tuple(proxies)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket"):
            self._see(scope)
        await self.app(scope, receive, send)

    def _see(self, scope: MutableMapping[str, Any]) -> None:
        peer = parsed(scope["client"][0]) if scope.get("client") else None
        told = [v.decode("latin-1") for k, v in scope["headers"] if k == b"x-forwarded-for"]
        trusted = among(peer, self.proxies)
        client = client_of(peer, told, self.proxies)
        seen = parsed(client)
        here = seen is not None and seen.is_loopback
        scope["client"] = (client, 0)
        scope["yibao.proxied"] = trusted
        scope["yibao.near"] = here and not (told and (not trusted or seen == peer))
        if not trusted:  # Gradio would believe them
            scope["headers"] = [h for h in scope["headers"] if not h[0].startswith(_TOLD)]
        for name, value in scope["headers"]:
            if name == b"x-forwarded-proto" and value.strip() in (b"http", b"https"):
                scope["scheme"] = value.strip().decode()
