"""What a ranking needs to know of a passage, put together once and kept.

What is read off it (``index.marks``), and its folded text for plain containment tests: cheaper and,
for words of two or more characters, as good as segmenting it again.
"""

from __future__ import annotations

from dataclasses import dataclass

from corpus.types import Passage, PassageKind, Scheme
from index.marks import Marks, headings, mark, plain


@dataclass(frozen=True, slots=True)
class Facets:
    """``head`` is title, other questions and headings, ``body`` the passage: both folded and
    without white space. ``kinds`` are those of the passage and its pieces; for the others see
    ``Marks``."""

    head: str
    body: str
    schemes: tuple[Scheme, ...]
    region: str
    kinds: frozenset[PassageKind]
    page: str


def facets(passage: Passage, marks: Marks | None = None) -> Facets:
    """The facets of a passage (callers keep them); ``marks`` where they are known."""
    found = mark(passage) if marks is None else marks
    article = passage.article
    above = (article.title, " ".join(article.questions), " ".join(headings(passage)))
    return Facets(
        head=plain(" ".join(above)),
        body=plain(passage.text),
        schemes=found.schemes,
        region=found.region,
        kinds=frozenset(p.kind for p in (passage, *passage.pieces)),
        page=article.source.url or f"{article.source.publisher}/{article.source.name}",
    )
