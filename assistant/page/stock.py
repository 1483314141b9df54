"""The articles of a generation, each once, and one of them by its id."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.types import Article
from index.types import Entry, Index


def entries(index: Index) -> Iterator[Entry]:
    """Every article of the index that has a passage, in its order: may block for a moment."""
    return (entry for block in index.blocks() for entry in block if entry.passages)


def article(index: Index, article_id: str) -> Article | None:
    """An article by its id, as it is now; None for one that is gone. May block for a moment."""
    (entry,) = index.read([article_id])
    return entry.article if entry is not None else None
