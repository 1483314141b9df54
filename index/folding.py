"""Hits that say the same become one, and the first of them do not all come from one page."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from index.types import Hit

SAME = 0.9
"""Jaccard similarity of two passages' character triples from which they are one hit (and no digit
differs: two passages that differ in a number are what the product has to show)."""
ONE_PAGE = 5
"""The first so many hits do not all come from one page."""
FITS = 4.2
"""A hit of another page fits unless its score lies further than this behind the first."""
_NO_DIGIT = re.compile(r"\D+")


def folded(
    ranked: Sequence[int], bodies: Callable[[int], str], most: int
) -> list[tuple[int, list[int]]]:
    """The first ``most`` of some passages, best first, each with those behind it that say the same."""
    texts: list[str] = []
    chosen: list[tuple[int, list[int]]] = []
    for number in ranked:
        if len(texts) >= most:
            break
        body = bodies(number)
        twin = next((i for i, other in enumerate(texts) if alike(body, other)), None)
        if twin is None:
            texts.append(body)
            chosen.append((number, []))
        else:
            chosen[twin][1].append(number)
    return chosen


def several_pages(hits: list[Hit], pages: Sequence[str]) -> list[Hit]:
    """The last of the first hits gives way to the best of another page, where one fits."""
    if len(set(pages[:ONE_PAGE])) > 1 or len(hits) <= ONE_PAGE:
        return hits
    other = next((i for i, page in enumerate(pages) if page != pages[0]), None)
    if other is None or hits[0].score - hits[other].score > FITS:
        return hits
    moved = [*hits[: ONE_PAGE - 1], hits[other], *hits[ONE_PAGE - 1 : other], *hits[other + 1 :]]
    return moved


@lru_cache(maxsize=4096)
def alike(one: str, other: str) -> bool:
    """Whether two texts are one for a reader: no digit differs and few triples of characters do."""
    if not SAME <= (len(one) + 1) / (len(other) + 1) <= 1 / SAME or _digits(one) != _digits(other):
        return False
    a, b = (({t[i : i + 3] for i in range(len(t) - 2)} or {t}) for t in (one, other))
    return len(a & b) >= SAME * len(a | b)


@lru_cache(maxsize=4096)
def _digits(text: str) -> str:
    return _NO_DIGIT.sub("", text)
