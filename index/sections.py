"""What a hit shows: the section around the passage that matched.

Passages are cut fine (papers, place and steps apart) so that each has one kind and one vector. By
itself such a piece is often too little to answer with, so a hit gives the largest stretch of
neighbouring passages under one heading that is still short: 「小段检索、大段呈现」 (small-to-big retrieval).
"""

from __future__ import annotations

from collections.abc import Sequence

from corpus.types import Passage

MOST = 320
"""Characters of a section made of several passages; a longer single passage stays as it is.
Found with ``python -m benchmarks.quality``: see the CHANGELOG of the retrieval work."""


def sections(passages: Sequence[Passage]) -> list[tuple[int, int]]:
    """``(first, last + 1)`` positions of the passages of one article that make up each section.

    ``passages`` are one article's, in the order of the text. The sections cover them all, in order.
    """
    return _split(passages, 0, len(passages), depth=0)


def _split(passages: Sequence[Passage], first: int, stop: int, *, depth: int) -> list[tuple[int, int]]:
    """Whole where it is short enough; else by the headings at ``depth``, then one level deeper."""
    if stop - first <= 1 or passages[stop - 1].end - passages[first].start <= MOST:
        return [(first, stop)] if stop > first else []
    if all(len(p.heading) <= depth for p in passages[first:stop]):
        return _fill(passages, first, stop)
    runs: list[tuple[int, int]] = []
    start = first
    for i in range(first + 1, stop + 1):
        if i == stop or passages[i].heading[: depth + 1] != passages[start].heading[: depth + 1]:
            runs.append((start, i))
            start = i
    found: list[tuple[int, int]] = []
    for run in runs:
        found += _split(passages, *run, depth=depth + 1)
    return found


def _fill(passages: Sequence[Passage], first: int, stop: int) -> list[tuple[int, int]]:
    """Neighbours under the same heading, put together from the front while they stay short."""
    found: list[tuple[int, int]] = []
    start = first
    for i in range(first + 1, stop + 1):
        if i == stop or passages[i].end - passages[start].start > MOST:
            found.append((start, i))
            start = i
    return found


def join(passages: Sequence[Passage], best: Passage) -> Passage:
    """One passage that spans them all; kind and items are those of the one that matched."""
    if len(passages) == 1:
        return passages[0]
    heading = passages[0].heading
    for other in passages[1:]:
        shared = 0
        while shared < min(len(heading), len(other.heading)) and heading[shared] == other.heading[shared]:
            shared += 1
        heading = heading[:shared]
    return Passage(
        article=best.article,
        start=passages[0].start,
        end=passages[-1].end,
        kind=best.kind,
        heading=best.heading if best.heading[: len(heading)] == heading else heading,
        items=best.items,
    )
