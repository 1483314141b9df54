"""What depends on a passage or an article alone is worked out once and kept, for every question."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from corpus.types import Article, Passage

MOST = 20_000
"""Values kept of at most; then all are forgotten and made anew as they are met."""

Of = TypeVar("Of", Passage, Article)
P = ParamSpec("P")
T = TypeVar("T")


def kept(make: Callable[Concatenate[Of, P], T]) -> Callable[Concatenate[Of, P], T]:
    """A function of a passage or an article that remembers what it gave; further arguments only
    help to work it out.

    What is kept belongs to one Article object, as one generation of a store gives it: after a
    refresh the same text may come with another date or place.
    """
    found: dict[tuple[str, int, int], tuple[Article, T]] = {}

    @wraps(make)
    def remembered(of: Of, /, *args: P.args, **more: P.kwargs) -> T:
        if isinstance(of, Passage):
            article, key = of.article, (of.article.id, of.start, of.end)
        else:
            article, key = of, (of.id, 0, 0)
        known = found.get(key)
        if known is not None and known[0] is article:
            return known[1]
        if len(found) >= MOST:
            found.clear()
        value = make(of, *args, **more)
        found[key] = (article, value)
        return value

    return remembered
