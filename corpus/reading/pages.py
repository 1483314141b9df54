"""A page as Articles: its own first, then the other questions on it.

Whatever the format was, a page comes here as lines. ``sorting`` tells which belong where; nothing
writes or changes a word, lines are kept or dropped whole.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256

from corpus.given import readable
from corpus.reading.dropping import without_empty_headings
from corpus.reading.items import Item, ends_in_dots
from corpus.reading.places import region_of, schemes_of
from corpus.reading.sorting import Parts, find_title, sort
from corpus.reading.types import Facts, File, Page
from corpus.text import normalise
from corpus.types import NATIONAL, SCHEMES, Article, ArticleKind, Source

_POLICY = re.compile(
    r"(?:通知|意见|办法|规定|决定|公告|通告|批复|条例|细则|方案|规程|函)"
    r"(?:[（(].{1,12}[）)])?$|^关于.{4,}的(?:通知|意见|公告)"
)
_NUMBER = re.compile(r"[\u4e00-\u9fff]{2,12}[〔\[（(【]\s?20\d\d\s?[〕\]）)】]\s?\d{1,4}\s?号")
_LEAST = 3  # characters that say anything, of a page whose items are taken out


def articles(page: Page, file: File) -> tuple[Article, ...]:
    """The page's own article first, then its other questions in their order."""
    title, lines = find_title(page, file)
    parts = sort(lines, title)
    if any(block.own for block in parts.blocks):
        parts.main = without_empty_headings(parts.main)
    facts = _facts(page.facts, parts, title)
    own = _own_article(parts, facts, file)
    taken = _distinct([item for block in parts.blocks for item in block.items()])
    items = [_item_article(item, suffix, facts, file) for item, suffix in taken]
    return (*([own] if own else []), *items)


def listed(pages: Sequence[Page], file: File) -> tuple[Article, ...]:
    """The rows of a list of questions: each answer is a text, and nothing in it heads items."""
    rows: list[Article] = []
    for page in pages:
        item = Item(title=page.facts.title)
        for line in page.lines:
            item.add(line)
        parts = Parts(main=item.body, cut=item.cut)
        own = _own_article(parts, _facts(page.facts, parts, item.title), file)
        if own is not None:
            rows.append(own if page.facts.url else replace(own, id=f"{own.id}#{own.title}"))
    counts = Counter(row.id for row in rows)
    rows = [replace(r, id=f"{r.id}~{r.sha[:8]}") if counts[r.id] > 1 else r for r in rows]
    return tuple({row.id: row for row in rows}.values())


def _facts(facts: Facts, parts: Parts, title: str) -> Facts:
    """What the page's head says, completed by the lines in which it speaks about itself."""
    dates = [a.published for a in parts.abouts] + [a.updated for a in parts.abouts]
    named = [a.publisher for a in parts.abouts]
    publisher = facts.publisher or next(filter(None, named), "") or parts.publisher
    text = "\n".join(line.text for line in parts.main)
    return replace(
        facts,
        title=title,
        published=facts.published or next(filter(None, dates), None),
        publisher=publisher,
        region=facts.region or region_of(title, text, publisher),
        schemes=facts.schemes or schemes_of(title, text),
    )


def _own_article(parts: Parts, facts: Facts, file: File) -> Article | None:
    text = normalise("\n".join(line.text for line in parts.main))
    if len(re.sub(r"\W", "", text)) < (_LEAST if parts.blocks else 1):
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
        schemes=facts.schemes,
        region=facts.region,
        excerpt=parts.cut or ends_in_dots(text),
        questions=facts.questions,
    )


def _item_article(item: Item, suffix: str, facts: Facts, file: File) -> Article:
    """A question of the page's own list shares the page's date, place and scheme."""
    text = normalise(item.text)
    publisher = item.publisher or facts.publisher
    region = region_of(item.title, text, publisher)
    schemes = {*schemes_of(item.title, text), *(facts.schemes if item.own else ())}
    return Article(
        id=f"{facts.url or _file_id(facts, file)}#{item.title}{suffix}",
        title=item.title,
        text=text,
        source=Source(
            publisher=publisher,
            name=_name(file),
            url=facts.url,
            published=item.published or (facts.published if item.own else None),
            retrieved=facts.retrieved,
        ),
        schemes=tuple(scheme for scheme in SCHEMES if scheme in schemes),
        region=facts.region if item.own and region == NATIONAL else region,
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
    return readable((file.member or file.path.name).rsplit("/", 1)[-1])
