"""What a ranking needs to know of a passage, worked out once and kept.

For whom it speaks, where, of what lengths of time, and its folded text for plain containment
tests: cheaper and, for words of two or more characters, as good as segmenting it again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.reading.places import region_of
from corpus.text import fold
from corpus.types import NATIONAL, Passage, Scheme
from index.question import actions_in, lengths_in, online_in, schemes_in

@dataclass(frozen=True, slots=True)
class Facets:
    """``head`` is title, other questions and headings, ``body`` the passage: both folded and
    without white space. ``months`` are the lengths of time that the body names, ``actions`` what title
    and headings say is done."""

    head: str
    title: str
    body: str
    schemes: tuple[Scheme, ...]
    region: str
    months: frozenset[float]
    actions: frozenset[str]
    online: bool | None
    page: str


def facets(passage: Passage) -> Facets:
    """Work out the facets of a passage (about 50 µs; callers keep them)."""
    article = passage.article
    title = _plain(article.title)
    head = _plain(" ".join((article.title, *article.questions, *passage.heading)))
    body = _plain(passage.text)
    # the nearest word on the scheme counts: heading, then title, then the body, then the article
    schemes: tuple[Scheme, ...] = ()
    for where in (_plain(" ".join(passage.heading)), title, body):
        if schemes := schemes_in(where):
            break
    region = article.region
    if region == NATIONAL:
        region = region_of(" ".join(passage.heading), body)
    return Facets(
        head=head,
        title=title,
        body=body,
        schemes=schemes or article.schemes,
        region=region,
        months=frozenset(lengths_in(body)),
        actions=actions_in(title + _plain(" ".join(passage.heading))),
        online=online_in(_plain(" ".join(passage.heading)) + body),
        page=article.source.url or f"{article.source.publisher}/{article.source.name}",
    )


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", fold(text))
