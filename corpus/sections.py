"""What is searched and shown: the section around neighbouring passages of one article.

``split`` cuts fine, so that papers, place and steps each have their kind. By itself such a piece is
often too little to be found by or to answer with (a line of papers names no subject). The index
therefore holds sections: the largest stretch of neighbours under one heading that is still short.
"""

from __future__ import annotations

from collections.abc import Sequence

from corpus.passages import split
from corpus.types import Article, Part, Passage, PassageKind
from corpus.versions import version_of

MOST = 320
"""Characters of a section made of several passages; a longer single passage stays as it is."""

SECTIONS_VERSION = version_of(__name__)
"""Part of a store's identity: changes whenever the same text could be cut otherwise."""

Range = tuple[int, int]
"""``(first, last + 1)`` positions in a list of passages."""


def sections(article: Article) -> tuple[Passage, ...]:
    """The sections of an article, in order; together they hold every passage of ``split``."""
    passages = split(article)
    return tuple(_join(passages[a:b]) for a, b in _divide(passages, 0, len(passages), depth=0))


def _divide(passages: Sequence[Passage], first: int, stop: int, *, depth: int) -> list[Range]:
    """Whole where it is short enough; else by the headings at ``depth``, then one level deeper."""
    if stop - first <= 1 or passages[stop - 1].end - passages[first].start <= MOST:
        return [(first, stop)] if stop > first else []
    if all(len(p.heading) <= depth for p in passages[first:stop]):
        return _fill(passages, first, stop)
    found: list[Range] = []
    start = first
    for i in range(first + 1, stop + 1):
        if i == stop or passages[i].heading[: depth + 1] != passages[start].heading[: depth + 1]:
            found += _divide(passages, start, i, depth=depth + 1)
            start = i
    return found


def _fill(passages: Sequence[Passage], first: int, stop: int) -> list[Range]:
    """Neighbours under the same heading, put together from the front while they stay short."""
    found: list[Range] = []
    start = first
    for i in range(first + 1, stop + 1):
        if i == stop or passages[i].end - passages[start].start > MOST:
            found.append((start, i))
            start = i
    return found


def _join(passages: Sequence[Passage]) -> Passage:
    """One passage that spans them all, of the kind that most of its words are."""
    if len(passages) == 1:
        return passages[0]
    heading = passages[0].heading
    for other in passages[1:]:
        while heading != other.heading[: len(heading)]:
            heading = heading[:-1]
    sizes: dict[PassageKind, int] = {}
    for p in passages:
        sizes[p.kind] = sizes.get(p.kind, 0) + p.end - p.start
    return Passage(
        article=passages[0].article,
        start=passages[0].start,
        end=passages[-1].end,
        kind=max(sizes, key=lambda kind: (sizes[kind], kind)),
        heading=heading,
        parts=tuple(Part(p.start, p.end, p.kind, p.heading, p.items) for p in passages),
    )
