"""What the head of an HTML page says about it: title, publisher, address, date."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from lxml import etree

from corpus.reading.dates import read_date
from corpus.reading.noise import bare
from corpus.reading.types import Facts, Line
from corpus.text import normalise

Element = etree._Element
_PARTS = re.compile(r"\s{0,20}[_|｜＿–—»]{1,20}\s{0,20}|\s{1,20}-\s{1,20}|-(?=[^-\d]{2,12}$)")
_SITE = re.compile(
    r"(?:网|网站|在线|局|政府|门户|平台|频道|中心|之家|日报|晚报|新闻|社区|百科|问答|律师)$"
)
_SAVED = re.compile(r"<!--\s*saved from url=\(\d+\)(https?://[^\s>]{4,500})")
_DATES = ("article:published_time", "pubdate", "publishdate", "publish_date", "datepublished",
          "og:release_date", "releasedate", "dc.date", "article:modified_time", "lastmodified",
          "og:updated_time")  # fmt: skip
_PUBLISHERS = ("og:site_name", "contentsource", "sitename", "publisher", "application-name")
_LONGEST_JSON = 200_000


def head_facts(root: Element, lines: Sequence[Line], text: str) -> Facts:
    """Title: the one <h1> that <title> repeats, else what the head says, without the site's name.

    Publisher, address and date from ``<meta>``, ``<link rel=canonical>``, JSON-LD and ``<time>``.
    """
    metas = _metas(root)
    linked = next(_json_ld(root), {})
    whole = normalise(root.findtext(".//title") or "").replace("\n", " ").strip()
    parts = [part for part in _PARTS.split(whole) if part]
    site = parts[-1] if len(parts) > 1 and _SITE.search(parts[-1]) else ""
    named = next((metas[k] for k in _PUBLISHERS if metas.get(k)), "")
    dates = [metas[k] for k in _DATES if metas.get(k)]
    dates += [str(linked.get("datePublished") or "")]
    dates += [node.get("datetime") or "" for node in root.findall(".//time[@datetime]")[:1]]
    return Facts(
        title=_title(lines, metas, parts, whole),
        publisher=named or _name(linked.get("publisher")) or site,
        url=_address(root, metas, text),
        published=next(filter(None, map(read_date, dates)), None),
    )


def _title(lines: Sequence[Line], metas: dict[str, str], parts: Sequence[str], whole: str) -> str:
    heads = [bare(line.text) for line in lines if line.heading == 1]
    confirmed = [head for head in heads if head and head in whole]
    if confirmed:
        return max(confirmed, key=len)
    given = metas.get("articletitle") or metas.get("og:title") or ""
    if given:
        return _PARTS.split(given)[0]
    if len(heads) == 1:
        return heads[0]
    return parts[0] if parts else ""


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
