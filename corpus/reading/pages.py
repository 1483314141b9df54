"""A page as Articles: its own first, then the other questions on it.

Whatever the format was, a page comes here as lines. ``sorting`` tells which belong where; nothing
writes or changes a word, lines are kept or dropped whole.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from corpus.given import readable
from corpus.reading.about import names_nobody
from corpus.reading.asked import mark_numbered
from corpus.reading.audience import audience_of
from corpus.reading.dropping import without_empty_headings
from corpus.reading.issuing import (
    effective_on,
    is_body,
    issuer_of,
    names_site,
    number_of,
    passed_on,
    titled_by,
)
from corpus.reading.items import Item, as_title, ends_in_dots
from corpus.reading.joining import without_gaps
from corpus.reading.places import full_name, region_of, schemes_of
from corpus.reading.sorting import Parts, find_title, sort
from corpus.reading.types import Facts, File, Line, Page
from corpus.text import normalise
from corpus.types import NATIONAL, SCHEMES, Article, ArticleKind, Source

_POLICY = re.compile(
    r"(?:通知|意见|办法|规定|决定|公告|通告|批复|条例|细则|方案|规程|函)"
    r"(?:[（(].{1,12}[）)])?$|^关于.{4,}的(?:通知|意见|公告)"
)
_CLAUSE = re.compile(r"\s{0,8}第[一二三四五六七八九十百]{1,5}条")
_CLAUSE_INSIDE = re.compile(
    r"(?<=[。；）)则])[ \u3000]{1,8}(?=第[一二三四五六七八九十百]{1,5}[章条][ \u3000])"
)
_NAMING = 3  # lines
_CLAUSES = 3  # at the beginning of lines: that many make a regulation
_READS = re.compile(r"解读|问答|解答|图解|一图|看懂|读懂|指南|怎么|如何|[?？]")
_LEAST = 3  # characters that say anything, of a page whose items are taken out


@dataclass(frozen=True, slots=True)
class Made:
    """The articles of a page, its own first; ``aside``: words that frame it and are in none."""

    articles: tuple[Article, ...]
    aside: tuple[str, ...] = ()


def articles(page: Page, file: File) -> Made:
    """The page's own article first, then its other questions in their order."""
    tidy = [tidied for line in page.lines for tidied in _tidied(line)]
    named = " ".join([page.facts.title, page.facts.hint, _name(file), *_first(tidy)])
    marked = tuple(mark_numbered(tidy, named))
    title, lines = find_title(replace(page, lines=marked), file)
    parts = sort(lines, title)
    if any(block.own for block in parts.blocks):
        parts.main = without_empty_headings(parts.main)
    facts = _facts(page.facts, parts, title, _named_by_list(parts, title))
    own = _own_article(parts, facts, file)
    taken = _distinct([item for block in parts.blocks for item in block.items()])
    items = [_item_article(item, suffix, facts, file) for item, suffix in taken]
    below = {line.text for line in lines}
    above = (line.text for line in marked if line.text not in below)
    aside = (*page.aside, *above, *(line.text for line in parts.menus))
    return Made((*([own] if own else []), *items), aside)


def _tidied(line: Line) -> list[Line]:
    """The line without blanks between its characters, cut before each clause within it."""
    texts = [without_gaps(text) for text in _CLAUSE_INSIDE.split(line.text)]
    return [line] if texts == [line.text] else [replace(line, text=text) for text in texts]


def listed(pages: Sequence[Page], file: File) -> Made:
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
    return Made(tuple({row.id: row for row in rows}.values()))


def _first(lines: Sequence[Line]) -> list[str]:
    """The first lines of words, in which a page says what it is."""
    filled = (line.text for line in lines if line.text.strip())
    return [text for _, text in zip(range(_NAMING), filled, strict=False)]


def _named_by_list(parts: Parts, title: str) -> bool:
    """Whether the title is only that of the first question of a list: it says nothing of the rest."""
    return any(
        block.own and as_title(block.lines[0].text) == as_title(title) for block in parts.blocks
    )


def _facts(facts: Facts, parts: Parts, title: str, listed: bool = False) -> Facts:
    """What the page's head says, completed by the lines in which it speaks about itself."""
    dates = [a.published for a in parts.abouts] + [a.updated for a in parts.abouts]
    published = facts.published or next(filter(None, dates), None) or passed_on(parts.main)
    publisher = _publisher(facts, parts, title)
    text = "\n".join(line.text for line in parts.main)
    region = facts.region or region_of("" if listed else title, text, publisher)
    return replace(
        facts,
        title=title,
        published=published,
        effective=facts.effective or effective_on(parts.main, published),
        publisher=full_name(publisher, region),
        region=region,
        schemes=facts.schemes or schemes_of("" if listed else title, text),
        audience=facts.audience or audience_of("" if listed else title, text),
    )


def _publisher(facts: Facts, parts: Parts, title: str) -> str:
    """Who published it: a body before a site or an account; a label such as 本网 names nobody."""
    labelled = [about.publisher for about in parts.abouts]
    names = [titled_by(title), facts.publisher, *labelled, issuer_of(parts.main), parts.publisher]
    names = [name for name in names if not names_nobody(name)]
    bodies = (
        name for name in sorted(names, key=lambda name: not is_body(name)) if not names_site(name)
    )
    return next(bodies, next(iter(names), ""))


def _own_article(parts: Parts, facts: Facts, file: File) -> Article | None:
    text = normalise("\n".join(line.text for line in parts.main))
    if len(re.sub(r"\W", "", text)) < (_LEAST if parts.blocks else 1):
        return None
    number = number_of(facts.title, parts.main)
    kind = facts.kind or _kind(facts.title, parts)
    return Article(
        id=facts.url or _file_id(facts, file),
        title=facts.title,
        text=text,
        source=Source(
            publisher=facts.publisher,
            name=number if number and kind == "policy" else _name(file),
            url=facts.url,
            published=facts.published,
            effective=facts.effective,
            retrieved=facts.retrieved,
        ),
        kind=kind,
        schemes=facts.schemes,
        region=facts.region,
        excerpt=parts.cut or ends_in_dots(text),
        questions=facts.questions,
        audience=facts.audience,
    )


def _kind(title: str, parts: Parts) -> ArticleKind:
    """A policy by its name or by its numbered clauses; what explains one is none."""
    if _POLICY.search(title):
        return "policy"
    clauses = sum(bool(_CLAUSE.match(line.text)) for line in parts.main)
    return "policy" if clauses >= _CLAUSES and not _READS.search(title) else "faq"


def _item_article(item: Item, suffix: str, facts: Facts, file: File) -> Article:
    """A question of the page's own list shares the page's date, place and scheme."""
    text = normalise(item.text)
    publisher = item.publisher or facts.publisher
    listed_in = facts.title if item.own and facts.title != item.title else ""
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
            title=listed_in,
        ),
        schemes=tuple(scheme for scheme in SCHEMES if scheme in schemes),
        region=facts.region if item.own and region == NATIONAL else region,
        excerpt=item.cut,
        audience=audience_of(item.title, text) or (facts.audience if item.own else ()),
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
