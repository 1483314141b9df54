"""What the browser may put into Gradio's queue: checked before Gradio sees it.

Gradio takes any value for any input. A dictionary that looks like one of its files makes it copy a
file of the server's, and what does not fit its functions becomes a traceback in the log. So the
chat takes texts alone, as many as its function takes, and no value of the admin page is a file to
Gradio: ours come in through ``admin.uploads``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from assistant.page import words
from assistant.page.asgi import App, Receive, Scope, Send, again, body_of, say

_DOOR = re.compile(r"(?P<admin>/admin)?/gradio_api/(?P<what>queue/join|run/predict|cancel|reset)/?")
_SESSION = re.compile(r"[A-Za-z0-9_-]{1,64}")
_FIELDS = frozenset({"data", "event_data", "fn_index", "trigger_id", "session_hash"})
"""The fields that Gradio's own script sends and its queue needs."""
_EVENTS = ("cancel", "reset")
_DEEPEST = 12


class Joins:
    """ASGI: 422 with a sentence for what our pages do not send. ``chat``, ``admin``: how many
    values each function of the page takes, by Gradio's number for it."""

    def __init__(self, app: App, *, chat: Mapping[int, int], admin: Mapping[int, int]) -> None:
        self.app = app
        self.chat = chat
        self.admin = admin

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = _DOOR.fullmatch(scope["path"]) if scope["type"] == "http" else None
        if found is None or scope["method"] != "POST":
            await self.app(scope, receive, send)
            return
        body = await body_of(receive)
        if body is None:
            return
        try:
            value = json.loads(body)
        except (ValueError, RecursionError):
            await say(send, 400, words.NOT_JSON)
            return
        takes = self.admin if found["admin"] else self.chat
        wanted = _cleaned(value, found["what"], takes, public=takes is self.chat)
        if wanted is None:
            await say(send, 422, words.BAD_REQUEST)
            return
        sent = json.dumps(wanted).encode("ascii")
        rest = [h for h in scope["headers"] if h[0] not in (b"content-length", b"content-type")]
        scope["headers"] = [
            *rest,
            (b"content-type", b"application/json"),
            (b"content-length", str(len(sent)).encode()),
        ]
        await self.app(scope, again(sent, receive), send)


def _cleaned(
    value: Any, what: str, takes: Mapping[int, int], *, public: bool
) -> dict[str, Any] | None:
    """What Gradio is given, or None where it is not what a page of ours sends."""
    if not isinstance(value, dict):
        return None
    # Gradio's script does not know yet how an event is called that was begun a moment ago
    event = value.get("event_id") or ""
    if (event and not _is_session(event)) or (what in _EVENTS and "event_id" not in value):
        return None
    if what == "reset":
        return {"event_id": event}
    if not _is_session(value.get("session_hash")):
        return None
    number = value.get("fn_index")
    if not isinstance(number, int) or isinstance(number, bool) or number not in takes:
        return None
    if what == "cancel":
        return {"session_hash": value["session_hash"], "fn_index": number, "event_id": event}
    data = value.get("data")
    if not isinstance(data, list) or len(data) != takes[number]:
        return None
    if public and not all(one is None or isinstance(one, str) for one in data):
        return None
    if value.get("trigger_id") is not None and not _is_number(value["trigger_id"]):
        return None
    plain = {k: _plain(v) for k, v in value.items() if k in _FIELDS}
    return {**plain, "event_data": None} if public else plain


def _is_session(value: Any) -> bool:
    return isinstance(value, str) and _SESSION.fullmatch(value) is not None


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10_000


def _plain(value: Any, depth: int = 0) -> Any:
    """The value, nothing in it a file to Gradio, no half of a character in it, not too deep."""
    if depth > _DEEPEST:
        return None
    if isinstance(value, str):
        return value.encode("utf-8", "ignore").decode("utf-8")
    if isinstance(value, dict):
        return {_plain(k): _plain(v, depth + 1) for k, v in value.items() if k != "meta"}
    if isinstance(value, list):
        return [_plain(one, depth + 1) for one in value]
    return value
