"""The articles of a generation, each once."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.types import Article
from index.types import Index


def articles(index: Index) -> Iterator[Article]:
    """Every article of the index but statutes, in its order. Reads one passage of each."""
    seen: set[int] = set()
    for number in range(index.size):
        article = index.article_of(number)
        if article not in seen:
            seen.add(article)
            yield index.passage(number).article
