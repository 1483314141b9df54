"""A folder with own articles, edits, uploads and a store, for the tests of what an operator edits."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from store_kit import build

from corpus.settings import Settings
from corpus.types import Article
from index.generations import SOURCES
from index.store import Store

ARTICLE = """---
title: {title}
questions: [{title}甲乙, {title}丙丁, {title}戊己, {title}庚辛]
schemes: [职工]
region: 全国
kind: faq
checked: 2026-11-21
sources:
  s1: {{tier: web, publisher: 某单位, name: 某文}}
basis: []
---
## 简要回答

{answer}{{s1}}
"""


class Desk:
    """A folder with own articles, edits, uploads and a store."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings = replace(
            Settings(), articles=folder / "articles", feedback=folder / "feedback.db"
        )
        for n in (1, 2):
            self.write("articles", n, "可以办。")

    def write(self, where: str, n: int, answer: str) -> Path:
        path = self.folder / where / "停保" / f"样例{n}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(ARTICLE.format(title=f"样例{n}怎么办", answer=answer), encoding="utf-8")
        return path

    def build(self, *paths: Path, **options: object) -> None:
        build(self.store, *paths, settings=self.settings, **options)

    @property
    def store(self) -> Path:
        return self.folder / "store"

    def articles(self) -> dict[str, Article]:
        return {row.article.id: row.article for row in Store.open(self.store).articles.table.rows()}

    def texts(self) -> dict[str, str]:
        return {i.rpartition("/")[2]: a.text.split("\n")[2] for i, a in self.articles().items()}

    def state(self) -> tuple[str, bytes]:
        """The generation, and all that is known of files."""
        store = Store.open(self.store)
        sources = self.store / "generations" / store.name / SOURCES
        return store.generation, sources.read_bytes()
