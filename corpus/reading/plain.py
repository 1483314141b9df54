"""Plain text and Markdown as pages."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise
from typing import Any

import yaml

from corpus.reading.dates import read_date
from corpus.reading.rows import sentence
from corpus.reading.types import Facts, Line, Page
from corpus.text import normalise
from corpus.types import SCHEMES, Scheme

_QUESTION = re.compile(
    r"^\s*(?:#{1,6}\s+|[-*]\s+)?(?:\d{1,2}[.、]\s*)?"
    r"(?:(?:问题?|提问|[QqＱ])\s*\d{0,2}\s*[:：]|[【\[(（](?:问题?|提问|[QqＱ])[】\])）][:：]?)\s*\S"
)
_ANSWER = re.compile(
    r"^\s*(?:(?:答(?!复)|回答|解答|[AaＡ])\s*\d{0,2}\s*[:：]|[【\[(（](?:答|回答|解答|[AaＡ])[】\])）])"
)
_BOLD = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_BOLD_LINE = re.compile(r"\s*(?:\*\*|__)([^*_]{2,40})(?:\*\*|__)\s*[:：]?\s*")
_NUMBERED = re.compile(
    r"[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十]|\d{1,2}[.、]|[①-⑳]|第.{1,2}步"
    r"|首先|其次|最后"
)
_LISTED = re.compile(r"([ \t\u3000]*)(?:[-*•·●]\s|\d{1,2}\s?[.、．)）]|[(（]\d{1,2}[)）]|[①-⑳])")
_IMAGE = re.compile(r"!\[[^\[\]\n]{0,200}\]\([^()\n]{0,500}\)")
_LINK = re.compile(r"\[([^\[\]\n]{1,300})\]\([^()\n]{0,500}\)")
_LONGEST_FRONT = 20_000  # characters
_MOST_BRACKETS = 200
_NESTED = re.compile(r"^[ ]{100}|^\s*(?:[-?:]\s+){12}", re.M)
_FRONT = re.compile(r"---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|$)", re.S)


def read_plain(text: str) -> Page:
    """A .txt file: its lines as they stand; only lists within lists stay indented."""
    raw = normalise(text).split("\n")
    levels = _levels(raw)
    lines = [_plain_line(t, levels.get(i, 0)) for i, t in enumerate(raw)]
    return Page(tuple(mark_questions(lines)))


def read_markdown(text: str) -> Page:
    """A .md file that is not one of our own articles; its front matter says facts about it."""
    sane = sane_front(text)
    text = normalise(text)
    facts = Facts()
    if sane and (found := _FRONT.match(text)):
        facts, text = _front(found.group(1)), text[found.end() :]
    lines: list[Line] = []
    fenced = False
    for raw in text.split("\n"):
        if raw.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
        elif not re.fullmatch(r"\s*(?:[-*_]\s*){3,}", raw):
            lines.append(Line(raw) if fenced else _markdown_line(raw))
    return Page(tuple(mark_questions(_tables(lines))), facts)


def mark_questions(lines: list[Line]) -> list[Line]:
    """Lines with 问： marked as questions where a line with 答： follows each."""
    filled = [i for i, line in enumerate(lines) if line.text.strip()]
    marked = list(lines)
    for place, after in pairwise(filled):
        if _QUESTION.match(lines[place].text) and _ANSWER.match(lines[after].text):
            marked[place] = replace(lines[place], question=True)
    return marked


def starts_with_number(text: str) -> bool:
    """Whether a line brings its own number: 一、 （一） 1. ① 第一步 首先."""
    return bool(_NUMBERED.match(text))


def unmarked(text: str) -> str:
    """Without inline markup: bold, links and images; their words stay."""
    text = _LINK.sub(r"\1", _IMAGE.sub("", text))
    return _BOLD.sub(r"\2", text).replace("**", "").replace("`", "")


def _levels(raw: list[str]) -> dict[int, int]:
    """How deep each line of a list stands within other lists, by its indent."""
    indents = {
        place: sum(2 if c in "\u3000\t" else 1 for c in found.group(1))
        for place, line in enumerate(raw)
        if (found := _LISTED.match(line))
    }
    steps: list[int] = []
    for indent in sorted(set(indents.values())):
        if not steps or indent >= steps[-1] + 2:
            steps.append(indent)
    return {place: bisect_right(steps, indent) - 1 for place, indent in indents.items()}


def _plain_line(raw: str, level: int) -> Line:
    text = raw.strip(" \t\u3000")
    if found := re.match(r"(#{1,6})\s+\S", text):
        return Line(text, heading=len(found.group(1)))
    return Line("  " * level + text.replace("**", ""))


def _markdown_line(raw: str) -> Line:
    text = raw.rstrip()
    if (found := _BOLD_LINE.fullmatch(text)) and not re.search(r"[。；，]", found.group(1)):
        inside = found.group(1).strip()
        return Line(inside) if _NUMBERED.match(inside) else Line(f"### {inside}", heading=3)
    text = re.sub(r"^(?:>\s?)+", "", text)
    text = re.sub(r"^(\s*)[*+•]\s+", r"\1- ", text)
    link = bool(re.fullmatch(r"\s*(?:[-*]\s+)?\[[^\]]+\]\([^)]*\)\s*", text))
    text = unmarked(text).strip("\u3000")
    found = re.match(r"(#{1,6})\s*\S", text)
    return Line(text, heading=len(found.group(1)) if found else 0, link=link)


def _tables(lines: list[Line]) -> list[Line]:
    """Markdown tables as sentences that keep their column heads."""
    out: list[Line] = []
    heads: list[str] = []
    for place, line in enumerate(lines):
        row = line.text.strip()
        if not (row.startswith("|") and row.endswith("|") and len(row) > 2):
            heads = []
            out.append(line)
            continue
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        following = lines[place + 1].text.strip() if place + 1 < len(lines) else ""
        if re.fullmatch(r"\|(?:\s*:?-+:?\s*\|)+", row):
            continue
        if not heads and re.fullmatch(r"\|(?:\s*:?-+:?\s*\|)+", following):
            heads = cells
        else:
            out.append(Line(sentence(heads, cells)))
    return out


def sane_front(text: str) -> bool:
    """Whether the front matter is small and flat enough to be parsed.

    The YAML parser in C recurses: 50,000 brackets in a row end the whole process.
    """
    found = _FRONT.match(text[:_LONGEST_FRONT].replace("\r\n", "\n"))
    if not found:
        return not text.startswith("---")
    block = found.group(1)
    return sum(map(block.count, "[{")) <= _MOST_BRACKETS and not _NESTED.search(block)


def _front(block: str) -> Facts:
    """What the front matter of somebody else's Markdown says; a broken one says nothing."""
    try:
        fields = yaml.safe_load(block)
    except (yaml.YAMLError, ValueError, RecursionError):
        return Facts()
    return facts_from(fields) if isinstance(fields, dict) else Facts()


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
        plain = str(value)[:500] if isinstance(value, str | int) else ""
        return normalise(plain).replace("\n", " ")

    url = text("url")
    questions = first("questions")
    return Facts(
        title=text("title"),
        publisher=text("publisher"),
        url=url if url.startswith(("http://", "https://")) else None,
        published=_date(first("published")),
        retrieved=_date(first("retrieved")),
        region=re.sub(r"(?<=..)(?:市|省)$", "", text("region")),
        schemes=_schemes(first("schemes")),
        questions=_strings(questions) if isinstance(questions, list) else (),
    )


def _date(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else read_date(str(value)) if value else None


def _strings(values: list[Any]) -> tuple[str, ...]:
    """The strings among them: to write out what aliases nest could take for ever."""
    return tuple(value for value in values if isinstance(value, str))


def _schemes(value: Any) -> tuple[Scheme, ...]:
    words = " ".join(_strings(value)) if isinstance(value, list) else str(value or "")[:200]
    words = words.replace("新农合", "居民").replace("城乡", "居民")
    return tuple(scheme for scheme in SCHEMES if scheme in words)
