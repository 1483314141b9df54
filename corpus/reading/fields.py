"""Facts that somebody named: front matter of Markdown, columns of a list, in either language."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import yaml

from corpus.front import parse
from corpus.reading.audience import audience_named
from corpus.reading.dates import read_date
from corpus.reading.gazetteer import place_named
from corpus.reading.types import Facts
from corpus.text import normalise
from corpus.types import SCHEMES, Scheme

FRONT = re.compile(r"---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|$)", re.S)


def front_facts(block: str) -> Facts:
    """What the front matter of somebody else's Markdown says; a broken one says nothing."""
    try:
        front = parse(block, patient=True)
    except yaml.YAMLError:
        return Facts()
    return facts_from(front.fields) if front else Facts()


# fmt: off
_KEYS: dict[str, tuple[str, ...]] = {
    "title": ("title", "标题", "题目", "name"),
    "publisher": (
        "publisher", "source", "site", "来源", "发布机构", "发布单位", "sitename", "author",
    ),
    "url": ("url", "link", "canonical", "链接", "网址", "原文链接", "source_url"),
    "published": (
        "published", "date", "发布时间", "发布日期", "日期", "时间", "updated", "更新时间",
    ),
    "retrieved": ("retrieved", "accessed", "saved", "抓取时间", "保存时间"),
    "region": ("region", "地区", "城市", "地域", "place"),
    "schemes": ("schemes", "scheme", "险种", "类别", "参保类型"),
    "audience": ("audience", "适用对象", "服务对象", "办理对象", "申请对象", "受理对象", "对象", "受众"),
    "questions": ("questions", "aliases", "相似问", "相似问题", "问法"),
}
# fmt: on


def facts_from(fields: dict[Any, Any]) -> Facts:
    """Facts from named fields (front matter, a row of a list), whatever language they are in."""
    lowered = {str(key).strip().lower(): value for key, value in fields.items()}

    def first(name: str) -> Any:
        return next((lowered[k] for k in _KEYS[name] if lowered.get(k) not in (None, "", [])), None)

    def text(name: str) -> str:
        value = first(name)
        named = isinstance(value, str | int) and not isinstance(value, bool)
        plain = str(value)[:500] if named else ""
        return normalise(plain).replace("\n", " ")

    url = text("url")
    questions = first("questions")
    return Facts(
        title=text("title"),
        publisher=text("publisher"),
        url=url if url.startswith(("http://", "https://")) else None,
        published=_date(first("published")),
        retrieved=_date(first("retrieved")),
        region=place_named(text("region")),
        schemes=_schemes(first("schemes")),
        audience=audience_named(_words(first("audience"))),
        questions=_strings(questions) if isinstance(questions, list) else (),
    )


def _date(value: Any) -> date | None:
    return value if isinstance(value, date) else read_date(str(value)) if value else None


def _strings(values: list[Any]) -> tuple[str, ...]:
    """The strings among them: to write out what aliases nest could take for ever."""
    lines = (normalise(value).replace("\n", " ") for value in values if isinstance(value, str))
    return tuple(line for line in lines if line.strip())


def _words(value: Any) -> str:
    """A field that holds one name or a list of them, as one text."""
    return " ".join(_strings(value)) if isinstance(value, list) else str(value or "")[:200]


def _schemes(value: Any) -> tuple[Scheme, ...]:
    words = _words(value)
    words = words.replace("新农合", "居民").replace("城乡", "居民")
    return tuple(scheme for scheme in SCHEMES if scheme in words)
