"""The hits of a question that asks several things: what answers each part stands behind the first.

A search for the whole finds what is like the whole; 在手机上怎么交 at its end may bring up nothing. Only
parts that are answered by themselves, and only beside a whole that is, come in here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.retrieve import Found


def beside(found: Found, of_parts: Sequence[Found]) -> Found:
    """What was found for the whole, with the best hit of each part behind the first one.

    As many hits as before. A hit of a part gets the score of the first: what is drawn from hits
    looks at how far they are behind it, and the scores of two searches cannot be compared.
    """
    if not found.hits:
        return found
    first, *rest = found.hits
    best = {of.hits[0].number: replace(of.hits[0], score=first.score) for of in of_parts if of.hits}
    best.pop(first.number, None)
    further = [hit for hit in rest if hit.number not in best]
    hits = (first, *best.values(), *further)[: len(found.hits)]
    return replace(found, hits=hits)
