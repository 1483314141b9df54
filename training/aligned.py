"""The labelled pages as a refresh reads them: articles, and where in them each labelled line stands."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.reading import discover, read_each
from corpus.text import normalise
from corpus.types import Article
from training.pages import Page


@dataclass(frozen=True, slots=True)
class Stand:
    """``article.text[start:end]`` is the labelled line ``number``."""

    start: int
    end: int
    number: int


@dataclass(frozen=True, slots=True)
class Aligned:
    """A page and the articles that the reader makes of it (an FAQ gives several), with the lines found
    in each, in the order of its text."""

    page: Page
    articles: tuple[tuple[Article, tuple[Stand, ...]], ...]

    @property
    def found(self) -> frozenset[int]:
        """The numbers of the lines that stand in one of the articles."""
        return frozenset(stand.number for _, stands in self.articles for stand in stands)


def aligned(pages: Sequence[Page]) -> list[Aligned]:
    """Each page written to a file, read by the project's own reader, and found again in what it gives."""
    with tempfile.TemporaryDirectory() as folder:
        for number, page in enumerate(pages):
            text = f"# {page.head['title']}\n\n{page.text}\n"
            (Path(folder) / f"{number:05d}.md").write_text(text, encoding="utf-8")
        files, _ = discover(folder)
        read = {int(done.file.path.stem): done.articles for done in read_each(files)}
    return [
        Aligned(page, tuple((a, tuple(_stands(a.text, page))) for a in read[number]))
        for number, page in enumerate(pages)
    ]


def _stands(text: str, page: Page) -> Iterator[Stand]:
    at = 0
    for number, line in enumerate(page.lines, 1):
        said = normalise(line.text).strip()
        start = text.find(said, at)
        start = start if start >= 0 else text.find(said)
        if said and start >= 0:
            at = start + len(said)
            yield Stand(start, at, number)
