"""What depends on a passage alone is worked out once and kept, for every question that meets it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from corpus.types import Passage

MOST = 20_000
"""Passages kept of at most; then all are forgotten and made anew as they are met."""

T = TypeVar("T")


def kept(make: Callable[[Passage], T]) -> Callable[[Passage], T]:
    """A function of one passage that remembers. A passage is known by its article's id and text and
    its offsets: hashing the article itself would cost more than most of what is kept."""
    found: dict[tuple[str, str, int, int], T] = {}

    @wraps(make)
    def remembered(passage: Passage) -> T:
        article = passage.article
        key = (article.id, article.sha, passage.start, passage.end)
        value = found.get(key)
        if value is None:
            if len(found) >= MOST:
                found.clear()
            value = found[key] = make(passage)
        return value

    return remembered
