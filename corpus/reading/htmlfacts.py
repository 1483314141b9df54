"""What the head of an HTML page says about it: title, publisher, address, date."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta, timezone
from typing import Any

from lxml import etree

from corpus.reading.about import names_nobody
from corpus.reading.dates import read_date
from corpus.reading.naming import doubtful, site_apart
from corpus.reading.noise import bare
from corpus.reading.style import words_in
from corpus.reading.types import Facts, Line
from corpus.text import normalise

Element = etree._Element
_SCRIPT_DAY = re.compile(
    r"(?:publish_time|createTime)['\"]?\s{0,3}[=:]\s{0,3}['\"]((?:19|20)\d\d-\d\d-\d\d)"
)
_SCRIPT_SECONDS = re.compile(r"\bct\s{0,3}=\s{0,3}['\"](1\d{9})['\"]")
_CHINA = timezone(timedelta(hours=8))
_SAVED = re.compile(r"<!--\s*saved from url=\(\d+\)(https?://[^\s>]{4,500})")
_DATES = ("article:published_time", "pubdate", "publishdate", "publish_date", "datepublished",
          "og:release_date", "releasedate", "dc.date", "article:modified_time", "lastmodified",
          "og:updated_time")  # fmt: skip
_PUBLISHERS = ("contentsource", "og:site_name", "sitename", "publisher", "application-name")
_LONGEST_JSON = 200_000


def head_facts(root: Element, lines: Sequence[Line], text: str) -> Facts:
    """Hint of a title: the one <h1> that <title> repeats, else what the head says.

    Publisher, address and date from ``<meta>``, ``<link rel=canonical>``, JSON-LD and ``<time>``.
    """
    metas = _metas(root)
    linked = next(_json_ld(root), {})
    whole = normalise(root.findtext(".//title") or "").replace("\n", " ").strip()
    named = [metas[k] for k in _PUBLISHERS if metas.get(k)]
    named = [
        _words_of(root, "js_name"),
        *named,
        _name(linked.get("publisher")),
        site_apart(whole)[1],
    ]
    dates = [metas[k] for k in _DATES if metas.get(k)]
    dates += [str(linked.get("datePublished") or "")]
    dates += [node.get("datetime") or "" for node in root.findall(".//time[@datetime]")[:1]]
    return Facts(
        hint=_hint(lines, metas, whole),
        publisher=next((name for name in named if not names_nobody(name)), ""),
        url=_address(root, metas, text),
        published=next(filter(None, map(read_date, dates)), None)
        or _scripted(root)
        or read_date(_words_of(root, "publish_time")),
    )


def _hint(lines: Sequence[Line], metas: dict[str, str], whole: str) -> str:
    heads = [bare(line.text) for line in lines if line.heading == 1]
    confirmed = [head for head in heads if head and head in whole]
    if confirmed and not doubtful(head := max(confirmed, key=len)):
        return head
    given = [metas.get("articletitle", ""), metas.get("og:title", ""), whole]
    if len(heads) == 1:
        given.insert(2, heads[0])
    return next((g for g in given if not doubtful(site_apart(g)[0])), next(filter(None, given), ""))


def _words_of(root: Element, name: str) -> str:
    """What the element of that id says: in a WeChat article ``js_name`` is the account under which
    it stands, ``publish_time`` the day."""
    node = root.find(f".//*[@id='{name}']")
    return " ".join(words_in(node).split()) if node is not None else ""


def _scripted(root: Element) -> date | None:
    """The day that a WeChat article's script writes into the page."""
    for node in root.iter("script"):
        code = node.text or ""
        if "publish_time" not in code and "ct =" not in code and "createTime" not in code:
            continue
        if found := _SCRIPT_DAY.search(code[:_LONGEST_JSON]):
            return read_date(found.group(1))
        if found := _SCRIPT_SECONDS.search(code[:_LONGEST_JSON]):
            return datetime.fromtimestamp(int(found.group(1)), _CHINA).date()
    return None


def _metas(root: Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in root.findall(".//meta")[:200]:
        key = (node.get("property") or node.get("name") or node.get("itemprop") or "").lower()
        value = normalise((node.get("content") or "")[:500]).replace("\n", " ").strip()
        if key and value:
            found.setdefault(key, value)
    return found


def _address(root: Element, metas: dict[str, str], text: str) -> str | None:
    candidates = [n.get("href") or "" for n in root.findall(".//link[@rel='canonical']")]
    candidates.append(metas.get("og:url", ""))
    if saved := _SAVED.search(text[:2000]):
        candidates.append(saved.group(1))
    return next((c.strip() for c in candidates if re.match(r"https?://", c.lstrip())), None)


def _json_ld(root: Element) -> Iterator[dict[str, Any]]:
    """The first JSON-LD object that tells a date."""
    for node in root.findall(".//script[@type='application/ld+json']")[:10]:
        if not node.text or len(node.text) > _LONGEST_JSON:
            continue
        try:
            data = json.loads(node.text)
        except (ValueError, RecursionError):
            continue
        for item in data if isinstance(data, list) else [data]:
            if isinstance(item, dict) and item.get("datePublished"):
                yield item


def _name(value: Any) -> str:
    name = value.get("name") if isinstance(value, dict) else value
    return name.strip()[:60] if isinstance(name, str) else ""
