"""The head that web readers put above a page that they turned into Markdown.

Title: …   URL Source: …   Published Time: …   Markdown Content:
"""

from __future__ import annotations

import re

from corpus.reading.dates import read_date
from corpus.reading.types import Facts

_FIELD = re.compile(
    r"(Title|URL Source|Published Time|Author|Site Name|Description)\s{0,3}:\s?(.*)"
)
_BODY = re.compile(r"Markdown Content\s{0,3}:\s*")
_MOST_LINES = 20
_OTHER = re.compile(r"(?:Warning|Number of Pages|Image|Language)\s{0,3}:")


def web_reader_head(text: str) -> tuple[Facts, str]:
    """What such a head says, and the text behind it; nothing and all of it where there is none."""
    lines = text.split("\n")
    said: dict[str, str] = {}
    for place, line in enumerate(lines[:_MOST_LINES]):
        if _BODY.fullmatch(line):
            return _facts(said), "\n".join(lines[place + 1 :])
        if found := _FIELD.fullmatch(line.strip()):
            said[found.group(1)] = found.group(2).strip()
        elif line.strip() and not _OTHER.match(line):
            break
    if "Title" in said and "URL Source" in said:
        last = max(
            i for i, line in enumerate(lines[:_MOST_LINES]) if _FIELD.fullmatch(line.strip())
        )
        return _facts(said), "\n".join(lines[last + 1 :])
    return Facts(), text


def _facts(said: dict[str, str]) -> Facts:
    url = said.get("URL Source", "")
    return Facts(
        hint=said.get("Title", ""),
        publisher=said.get("Site Name", ""),
        url=url if url.startswith(("http://", "https://")) else None,
        published=read_date(said.get("Published Time", "")),
    )
