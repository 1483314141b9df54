"""A web page saved as one file (.mhtml): the HTML part, with the address it was saved from."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from email import message_from_bytes, policy
from email.message import Message
from email.utils import parsedate_to_datetime

from corpus.errors import InputError
from corpus.reading.encoding import decode
from corpus.reading.html import read_html
from corpus.reading.types import Page

_MOST_PARTS = 2_000
_BROKEN = "MHTML 中没有网页正文；请在浏览器中重新保存网页"


def read_mhtml(data: bytes) -> Page:
    """The page; its address and the day it was saved come from the file's own heads."""
    message = message_from_bytes(data, policy=policy.compat32)
    part = _main_part(message)
    page = read_html(_text(part))
    address = page.facts.url
    for text in (message["Snapshot-Content-Location"], part["Content-Location"]):
        if address is None and text and re.match(r"https?://", str(text)):
            address = str(text).strip()
    saved = page.facts.retrieved or _day(message["Date"])
    return replace(page, facts=replace(page.facts, url=address, retrieved=saved))


def page_in(data: bytes) -> str:
    """The HTML of the page. Raises InputError where there is none."""
    return _text(_main_part(message_from_bytes(data, policy=policy.compat32)))


def _text(part: Message) -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes) or not content.strip():
        raise InputError(_BROKEN)
    return decode(content, declared=part.get_content_charset() or "", html=True)


def _main_part(message: Message) -> Message:
    """The first HTML part that is not empty: frames and advertisements come behind it."""
    waiting: list[Message] = [message]
    for _ in range(_MOST_PARTS):
        if not waiting:
            break
        part = waiting.pop()
        inner = part.get_payload()
        if isinstance(inner, list):
            waiting.extend(reversed([p for p in inner if isinstance(p, Message)]))
        elif part.get_content_type() in ("text/html", "application/xhtml+xml"):
            return part
    raise InputError(_BROKEN)


def _day(text: str | None) -> date | None:
    try:
        return parsedate_to_datetime(str(text)).date() if text else None
    except (ValueError, TypeError, OverflowError):
        return None
