"""What a ranking needs to know of a passage, worked out once and kept.

For whom it speaks, where, of what lengths of time, and its folded text for plain containment
tests: cheaper and, for words of two or more characters, as good as segmenting it again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.reading.places import region_of
from corpus.text import fold
from corpus.types import NATIONAL, Passage, PassageKind, Scheme
from index.question import actions_in, channels_in, lengths_in, online_in, schemes_in


@dataclass(frozen=True, slots=True)
class Facets:
    """``head`` is title, other questions and headings, ``body`` the passage: both folded and
    without white space. ``months`` are the lengths of time that the body names, ``actions`` what
    title and headings say is done, ``kinds`` those of the passage and its pieces."""

    head: str
    body: str
    schemes: tuple[Scheme, ...]
    region: str
    months: frozenset[float]
    actions: frozenset[str]
    body_actions: frozenset[str]
    kinds: frozenset[PassageKind]
    online: bool | None
    channels: tuple[str, ...]
    page: str
    cut: bool


def facets(passage: Passage) -> Facets:
    """Work out the facets of a passage (callers keep them)."""
    article = passage.article
    title = _plain(article.title)
    pieces = passage.pieces
    headings = list(dict.fromkeys(h for p in (passage, *pieces) for h in p.heading))
    heading = _plain(" ".join(headings))
    body = _plain(passage.text)
    # the nearest word on the scheme counts: heading, then title, then the body, then the article
    schemes: tuple[Scheme, ...] = ()
    for where in (heading, title, body):
        if schemes := schemes_in(where):
            break
    region = article.region
    if region == NATIONAL:
        region = region_of(" ".join(headings), body)
    return Facets(
        head=title + _plain(" ".join(article.questions)) + heading,
        body=body,
        schemes=schemes or article.schemes,
        region=region,
        months=frozenset(lengths_in(body)),
        actions=actions_in(title + heading),
        body_actions=actions_in(body),
        kinds=frozenset(p.kind for p in (passage, *pieces)),
        online=online_in(heading + body),
        channels=channels_in(title + heading),
        page=article.source.url or f"{article.source.publisher}/{article.source.name}",
        cut=passage.text.rstrip().endswith(("...", "…", "：", ":")),
    )


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", fold(text))
