"""Which other sites may show the chat in a frame, as ``frame-ancestors`` and ``location.origin``
write them.

The browser holds to it: it tells nobody else which page a frame lies in.
"""

from __future__ import annotations

import re

from corpus.errors import InputError

_ORIGIN = re.compile(r"(https?)://([^\s/:@?#]+)(?::(\d{1,5}))?")
_NAME = re.compile(r"(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*")
_USUAL = {"http": "80", "https": "443"}


def origin(text: str) -> str:
    """``https://www.example.org``, in small letters, without the usual port, a Chinese name in its
    ``xn--`` form; ``https://*.example.org`` is every name below. Raises InputError."""
    found = _ORIGIN.fullmatch(text.strip().lower())
    name = _ascii(found[2]) if found else ""
    if found is None or not _NAME.fullmatch(name):
        raise InputError(
            f"YIBAO_FRAMES 里的「{text}」不是网站；应写成 https://www.example.org 或 "
            "https://*.example.org，不带路径，以逗号分隔。"
        )
    scheme, _, port = found.groups()
    return f"{scheme}://{name}" + (f":{port}" if port and port != _USUAL[scheme] else "")


def _ascii(name: str) -> str:
    """A name as name servers know it, or "" for what is none."""
    try:
        return name.encode("idna").decode()
    except UnicodeError:
        return ""
