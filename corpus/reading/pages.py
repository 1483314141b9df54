"""A page apart: its own article, the other questions on it, and what is neither.

Whatever the format was, a page comes here as lines; what goes out are Articles. Nothing here
writes or changes a word: lines are kept or dropped whole.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

from corpus.reading.about import About, publisher_in, read_about
from corpus.reading.items import Item, as_title, ends_in_dots, take_apart
from corpus.reading.noise import (
    TEASER,
    bare,
    heads_feed,
    heads_related,
    is_noise,
    tells_age,
)
from corpus.reading.places import region_of, schemes_of
from corpus.reading.types import Facts, File, Line, Page
from corpus.text import normalise
from corpus.types import Article, ArticleKind, Source

_POLICY = re.compile(
    r"(?:通知|意见|办法|规定|决定|公告|通告|批复|条例|细则|方案|规程|指南|函|通知书)(?:[（(].{1,12}[）)])?$|^关于.{4,}的"
)
_NUMBER = re.compile(r"[\u4e00-\u9fff]{2,12}[〔\[（(【]\s?20\d\d\s?[〕\]）)】]\s?\d{1,4}\s?号")
_LONE_NUMBER = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十]{1,3}[)）]|\d{1,2}[.、])"
)
_LONGEST_TITLE = 60
_LEAST = 6  # characters that say anything; a page's remains after its items are taken out


@dataclass(slots=True)
class _Parts:
    """A page's lines, sorted."""

    main: list[Line] = field(default_factory=list)
    blocks: list[list[Line]] = field(default_factory=list)
    abouts: list[About] = field(default_factory=list)
    publisher: str = ""
    cut: bool = False


def articles(page: Page, file: File) -> tuple[Article, ...]:
    """The page's own article first, then its other questions in their order."""
    title, lines = _title(page, file)
    parts = _sort(lines, title)
    facts = _facts(page.facts, parts, title)
    own = _own_article(parts, facts, file)
    taken = _distinct([item for block in parts.blocks for item in take_apart(block)])
    items = [_item_article(item, suffix, facts, file) for item, suffix in taken]
    return (*([own] if own else []), *items)


def _title(page: Page, file: File) -> tuple[str, Sequence[Line]]:
    """The title, and the lines without it: what the page says, its first line, the file's name."""
    if page.facts.title:
        return page.facts.title, page.lines
    for place, line in enumerate(page.lines):
        text = line.text.strip()
        if not text or is_noise(text) or read_about(text):
            continue
        words = as_title(re.sub(r"^(?:标题|题目|问题)\s*[:：]\s*", "", text))
        short = len(words) <= _LONGEST_TITLE and not re.search(r"[。；;，,：:]$", words)
        if line.heading or short:
            return words, [*page.lines[:place], *page.lines[place + 1 :]]
        break
    stem = (file.member or file.path.name).rsplit("/", 1)[-1].rsplit(".", 1)[0]
    if re.search(r"[\u4e00-\u9fff]", stem):
        return stem, page.lines
    first = next((line.text.strip() for line in page.lines if line.text.strip()), stem)
    return re.split(r"[。；;，,：:！!]", first)[0][:40] or stem, page.lines


def _sort(lines: Sequence[Line], title: str) -> _Parts:
    """Each line to the article, to a block of other questions, or away."""
    parts = _Parts()
    lines = _without_feeds(lines)
    related: list[Line] | None = None
    level = 0
    asking = sum(line.question for line in lines) >= 2
    for line in lines:
        if related is not None and (line.ends or (line.heading and line.heading <= level)):
            related, level = None, 0
        if heads_related(line.text):
            related, level = [], line.heading
            parts.blocks.append(related)
            continue
        if related is None and asking and line.question:
            related, level = [], line.heading
            parts.blocks.append(related)
        parts.publisher = parts.publisher or publisher_in(line.text)
        if related is not None:
            related.append(line)
        elif about := read_about(line.text):
            parts.abouts.append(about)
        elif line.zone == "main" and not _is_title_again(line, title):
            _keep(line, parts)
    return parts


def _keep(line: Line, parts: _Parts) -> None:
    """A line of the article, unless it is noise; a 查看全文 at the very end says that it is cut."""
    if not line.text.strip():
        parts.main.append(line)
        return
    if is_noise(line.text):
        parts.cut = parts.cut or bool(TEASER.fullmatch(bare(line.text)))
        return
    text = TEASER.sub("", line.text)
    parts.cut = text != line.text
    number = _taken_number(parts.main)
    parts.main.append(replace(line, text=number + (text.lstrip() if number else text)))


def _taken_number(main: list[Line]) -> str:
    """「二、」 on a line of its own is taken away: it belongs before the next line."""
    for place in range(len(main) - 1, -1, -1):
        last = main[place].text.strip()
        if last:
            if not _LONE_NUMBER.fullmatch(last):
                return ""
            del main[place:]
            return last
    return ""


def _is_title_again(line: Line, title: str) -> bool:
    return bare(line.text) == bare(title)


def _without_feeds(lines: Sequence[Line]) -> list[Line]:
    """The lines without live feeds: name, name, 3分钟前, the beginning of an answer."""
    dropped: set[int] = set()
    filled = [i for i, line in enumerate(lines) if line.text.strip()]
    for order, place in enumerate(filled):
        if heads_feed(lines[place].text):
            dropped.add(place)
        if not tells_age(lines[place].text):
            continue
        dropped.add(place)
        for before in reversed(filled[max(0, order - 3) : order]):
            words = lines[before].text.strip()
            if before in dropped or len(words) > 14 or re.search(r"[。；，：:？?]", words):
                break
            dropped.add(before)
        if order + 1 < len(filled):
            after = lines[filled[order + 1]]
            if not after.heading and not heads_related(after.text):
                dropped.add(filled[order + 1])
    return [line for i, line in enumerate(lines) if i not in dropped]


def _facts(facts: Facts, parts: _Parts, title: str) -> Facts:
    """What the page's head says, completed by the lines in which it speaks about itself."""
    dates = [a.published for a in parts.abouts] + [a.updated for a in parts.abouts]
    named = [a.publisher for a in parts.abouts]
    return replace(
        facts,
        title=title,
        published=facts.published or next(filter(None, dates), None),
        publisher=facts.publisher or next(filter(None, named), "") or parts.publisher,
    )


def _own_article(parts: _Parts, facts: Facts, file: File) -> Article | None:
    text = normalise("\n".join(line.text for line in parts.main))
    if len(re.sub(r"\W", "", text)) < _LEAST:
        return None
    number = _NUMBER.search(facts.title) or _NUMBER.search(text[:300])
    kind: ArticleKind = facts.kind or ("policy" if _POLICY.search(facts.title) else "faq")
    return Article(
        id=facts.url or _file_id(facts, file),
        title=facts.title,
        text=text,
        source=Source(
            publisher=facts.publisher,
            name=re.sub(r"\s", "", number.group()) if number and kind == "policy" else _name(file),
            url=facts.url,
            published=facts.published,
            retrieved=facts.retrieved,
        ),
        kind=kind,
        schemes=facts.schemes or schemes_of(facts.title, text),
        region=facts.region or region_of(facts.title, text, facts.publisher),
        excerpt=parts.cut or ends_in_dots(text),
        questions=facts.questions,
    )


def _item_article(item: Item, suffix: str, facts: Facts, file: File) -> Article:
    text = normalise(item.text)
    return Article(
        id=f"{facts.url or _file_id(facts, file)}#{item.title}{suffix}",
        title=item.title,
        text=text,
        source=Source(
            publisher=item.publisher or facts.publisher,
            name=_name(file),
            url=facts.url,
            published=item.published,
            retrieved=facts.retrieved,
        ),
        schemes=schemes_of(item.title, text),
        region=region_of(item.title, text, item.publisher or facts.publisher),
        excerpt=item.cut,
    )


def _distinct(items: list[Item]) -> list[tuple[Item, str]]:
    """Each item with what tells it from others of its title; the same item twice is one."""
    counts = Counter(item.title for item in items)
    seen: dict[tuple[str, str], tuple[Item, str]] = {}
    for item in items:
        mark = sha256(item.text.encode("utf-8")).hexdigest()[:8]
        suffix = f"~{mark}" if counts[item.title] > 1 else ""
        seen.setdefault((item.title, item.text), (item, suffix))
    return list(seen.values())


def _file_id(facts: Facts, file: File) -> str:
    return f"{facts.publisher}/{file.name}" if facts.publisher else file.name


def _name(file: File) -> str:
    return (file.member or file.path.name).rsplit("/", 1)[-1]
