"""A reverse proxy as small as can be, and pages of other sites: what stands before and around ours.

The proxy passes on what lies below its path, with or without it, one request a connection; anything
else it answers itself, so that a link that forgot the path is found.
"""

from __future__ import annotations

import contextlib
import re
import socket
import socketserver
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

NOT_BELOW = b"HTTP/1.1 404 Not Found\r\ncontent-length: 9\r\nconnection: close\r\n\r\nelsewhere"


@dataclass
class Proxy:
    """``strip``: takes its path off. ``host``: what it writes in place of the ``Host`` that it was
    sent. ``missed`` are the requests for other paths."""

    to: int
    path: str = "/yibao"
    strip: bool = True
    host: str = ""
    missed: list[str] = field(default_factory=list)

    def __call__(self, client: socket.socket) -> None:
        head, body = _head(client)
        if not head:
            return  # a browser opens connections that it does not need
        first, *lines = head.split("\r\n")
        method, target, version = first.split(" ")
        if not target.startswith((f"{self.path}/", f"{self.path}?")):
            self.missed.append(target)
            client.sendall(NOT_BELOW)
            return
        if self.strip:
            target = target.removeprefix(self.path)
        kept = [line for line in lines if not line.lower().startswith("connection:")]
        if self.host:
            kept = [line for line in kept if not line.lower().startswith("host:")]
            kept.append(f"Host: {self.host}")
        kept += ["Connection: close", "X-Forwarded-For: 203.0.113.7", "X-Forwarded-Proto: http"]
        sent = "\r\n".join((f"{method} {target} {version}", *kept, "", ""))
        with socket.create_connection(("127.0.0.1", self.to)) as server:
            server.sendall(sent.encode("latin-1") + body)
            up = threading.Thread(target=_pipe, args=(client, server), daemon=True)
            up.start()
            _pipe(server, client)
            up.join()


@dataclass
class Balancer:
    """Before several processes, as ``deploy/nginx`` is: who has a cookie ``yibao_node`` comes back
    to the same one, and to another where that one is not there."""

    ports: tuple[int, ...]

    def __call__(self, client: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            seen = client.recv(65536, socket.MSG_PEEK)
            if not seen:
                return
            head = seen
        node = re.search(rb"yibao_node=([^;\s]*)", head)
        first = zlib.crc32(node[1] if node else b"") % len(self.ports)
        for port in (*self.ports[first:], *self.ports[:first]):
            with contextlib.suppress(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", port)).close()
                Proxy(port, path="", strip=False)(client)
                return


def _head(client: socket.socket) -> tuple[str, bytes]:
    """The head of a request, and as much of its body as came with it."""
    got = b""
    while b"\r\n\r\n" not in got:
        piece = client.recv(65536)
        if not piece:
            return "", b""
        got += piece
    head, _, body = got.partition(b"\r\n\r\n")
    return head.decode("latin-1"), body


def _pipe(source: socket.socket, sink: socket.socket) -> None:
    """Until either side is closed; then both are, so that the other direction ends too."""
    with contextlib.suppress(OSError):
        while piece := source.recv(65536):
            sink.sendall(piece)
    for one in (source, sink):
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)


def site(html: str) -> Callable[[socket.socket], None]:
    """Somebody else's site that has one page."""

    def answer(client: socket.socket) -> None:
        if not _head(client)[0]:
            return
        body = html.encode("utf-8")
        head = f"content-type: text/html; charset=utf-8\r\ncontent-length: {len(body)}"
        client.sendall(f"HTTP/1.1 200 OK\r\n{head}\r\nconnection: close\r\n\r\n".encode() + body)

    return answer


@contextmanager
def listening(handler: Callable[[socket.socket], None]) -> Iterator[int]:
    """Serve it on a free port of this machine, which it gives."""

    class Each(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with contextlib.suppress(ConnectionError):
                handler(self.request)

    class Sockets(socketserver.ThreadingTCPServer):
        daemon_threads = True
        request_queue_size = 128

    with Sockets(("127.0.0.1", 0), Each) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join(10)
