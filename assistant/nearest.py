"""The nearest questions that can be answered, for one that is not: titles of the articles found.

A title is a question that its own article answers, so nothing is judged again: of 250 titles and
questions of the shipped articles, asked as they stand, none was refused.
"""

from __future__ import annotations

from collections.abc import Sequence

from corpus.types import NATIONAL, Article
from index.types import Hit

MOST = 3


def nearest(hits: Sequence[Hit], place: str | None) -> tuple[str, ...]:
    """Titles of the first ``MOST`` articles among the hits that can be asked, best first; none that
    is about another place than ``place``."""
    articles = (hit.passage.article for hit in hits)
    titles = [a.title for a in articles if can_be_asked(a) and a.region in (NATIONAL, place)]
    return tuple(dict.fromkeys(titles))[:MOST]


def can_be_asked(article: Article) -> bool:
    """Whether its title and ``questions`` are what people ask: not so the name of a document."""
    return article.own or article.kind == "faq"
