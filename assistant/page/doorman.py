"""How many requests a client has a second and at once, whatever door they knock at.

The connections are counted where they are made (``crowd``); behind a proxy all of them come from
one address, so the same shares are kept here for each client that the proxy names.
"""

from __future__ import annotations

import asyncio
import math
from collections import Counter

from assistant.page import words
from assistant.page.asgi import App, Message, Receive, Scope, Send, say
from assistant.page.limits import Limiter, Limits

_COSTS = {"/gradio_api/queue/join": 5.0}
"""A question to the page makes Gradio keep a queue for its session, of which it holds 2,000."""


class Doorman:
    """ASGI: 429 with a sentence for who asks too often or has too much open."""

    def __init__(self, app: App, limits: Limits) -> None:
        self.app = app
        self.limits = limits
        self._requests = Limiter(limits.requests_rate, limits.requests_burst)
        self._bytes = Limiter(limits.bytes_rate, limits.bytes_burst)
        self._open: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        client: str = scope["client"][0]
        wait = self._requests.take(client, cost=_COSTS.get(scope["path"], 1.0))
        if wait or self._open[client] >= self.limits.connections_each:
            seconds = math.ceil(wait) or 5
            after = (b"retry-after", str(seconds).encode())
            await say(send, 429, words.TOO_MANY_REQUESTS.format(seconds), after)
            return
        self._open[client] += 1
        try:
            slow = self._slowly(client, receive) if scope["yibao.proxied"] else receive
            await self.app(scope, slow, send)
        finally:
            self._open[client] -= 1
            if not self._open[client]:
                del self._open[client]

    def _slowly(self, client: str, receive: Receive) -> Receive:
        """What is not received yet waits in the proxy, and does not take this server's time."""

        async def receiving() -> Message:
            message = await receive()
            await asyncio.sleep(self._bytes.owe(client, len(message.get("body", b""))))
            return message

        return receiving
