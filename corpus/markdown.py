"""Our own articles: Markdown with front matter, one question each.

    article = read_article(path, text, root=settings.articles)
    articles = load(settings.articles)

Reads what ``corpus.schema`` lets pass. Pages that others wrote are read by ``corpus.reading``.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import yaml

from corpus.basis import law_problems
from corpus.errors import ArticleError
from corpus.fixed import fixed_of
from corpus.schema import Parts, problems, take_apart
from corpus.supports import read_marks, reports, supported
from corpus.types import EDITORS, Article, LawRef, Source


def is_article(raw_text: str) -> bool:
    """Whether a Markdown file has the front matter of our own articles (right or wrong)."""
    if not raw_text.startswith("---"):
        return False
    try:
        parts = take_apart(tidy(raw_text))
    except yaml.YAMLError:
        return False
    return parts is not None and {"title", "questions"} <= parts.fields.keys()


def read_article(path: Path, raw_text: str, *, root: Path) -> Article:
    """One article; its id is ``corpus/<folder>/<slug>``, from its place under ``root``.

    Raises ArticleError with file, line and mend of each slip in its form.
    """
    text = tidy(raw_text)
    slips = problems(str(path), text)
    if slips:
        raise ArticleError("\n".join(map(str, slips)))
    parts = take_apart(text)
    assert parts is not None  # problems() has seen it
    return _article(path, parts, root)


def load(root: Path, *, today: date | None = None) -> tuple[Article, ...]:
    """All articles under ``root``, ordered by id, their laws looked up as of ``today``.

    Raises ArticleError for the first file with a slip in its form or its laws.
    """
    found = []
    for path in paths(root):
        text = path.read_text(encoding="utf-8")
        article = read_article(path, text, root=root)
        line = line_of(text, "basis")
        slips = list(law_problems(article, str(path), line, today=today or date.today()))
        if slips:
            raise ArticleError("\n".join(map(str, slips)))
        found.append(article)
    return tuple(sorted(found, key=lambda article: article.id))


def paths(root: Path) -> list[Path]:
    """The article files under ``root``: ``<folder>/<slug>.md``."""
    return sorted(root.glob("*/*.md"))


def article_id(path: Path, root: Path) -> str:
    """``corpus/停保/zhifubao`` for ``root/停保/zhifubao.md``, the same on every system."""
    inside = path.resolve().relative_to(root.resolve())
    return "corpus/" + inside.with_suffix("").as_posix()


def line_of(text: str, field: str) -> int:
    """The line on which a field of the front matter stands; 1 where it is not."""
    parts = take_apart(tidy(text))
    return parts.lines.get(field, 1) if parts else 1


def tidy(raw_text: str) -> str:
    """No BOM, line ends as ``\\n``, no blanks at line ends; each line keeps its number."""
    text = raw_text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(line.rstrip() for line in text.split("\n"))


def _article(path: Path, parts: Parts, root: Path) -> Article:
    fields = parts.fields
    sources = {key: _source(item) for key, item in fields["sources"].items()}
    marked = read_marks(parts.body)
    return Article(
        id=article_id(path, root),
        title=fields["title"].strip(),
        text=marked.text,
        source=next(iter(sources.values())),
        kind=fields["kind"],
        schemes=tuple(fields["schemes"]),
        region=fields["region"].strip(),
        questions=tuple(fields["questions"]),
        sources=tuple(sources.values()),
        basis=tuple(LawRef(*entry.split(" ")) for entry in fields["basis"]),
        checked=fields["checked"],
        author=EDITORS,
        supports=supported(marked, sources),
        reports=reports(marked, sources),
        fixed=fixed_of(fields, marked),
    )


def _source(item: dict[str, Any]) -> Source:
    return Source(
        publisher=str(item["publisher"]),
        name=str(item["name"]),
        url=item.get("url"),
        published=item.get("date"),
        title=str(item.get("title", "")),
        tier=item["tier"],
        national=item["tier"] in ("law", "policy"),
    )
