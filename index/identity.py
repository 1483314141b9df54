"""The articles of all sources as one list: one for each id, doubles merged, ordered by id.

The result depends on what was read, never on the order or the time in which it came.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from corpus.duplicates import merge

from corpus.types import Article
from index.records import dumps


def united(articles: Iterable[Article]) -> tuple[tuple[Article, ...], int]:
    """The articles without doubles, and how many were folded into others."""
    distinct, given = _distinct(articles)
    merged = sorted(merge(distinct), key=lambda a: a.id)
    return tuple(merged), given - len(merged)


def _distinct(articles: Iterable[Article]) -> tuple[list[Article], int]:
    """Each article once. Of several under one id all but the first get a number behind it: two
    folders may hold files of the same name. The order is that of their content."""
    by_id: defaultdict[str, list[Article]] = defaultdict(list)
    given = 0
    for article in articles:
        given += 1
        if article not in by_id[article.id]:
            by_id[article.id].append(article)
    found = []
    for article_id, same in by_id.items():
        for n, article in enumerate(sorted(same, key=dumps) if len(same) > 1 else same, 1):
            found.append(article if n == 1 else replace(article, id=f"{article_id}~{n}"))
    return found, given
