"""Who disagrees: sources that say different things of the same matter, side by side, each cited."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from assistant.types import Citation, Conflict
from corpus.types import Passage, Scheme
from index.types import Hit, Index

Number = Callable[[Passage, int, int], Citation]


def conflicts(
    question: str,
    hits: Sequence[Hit],
    index: Index,
    *,
    scheme: Scheme | None,
    region: str | None,
    today: date,
    number: Number,
) -> tuple[Conflict, ...]:
    """What the hits of one question say differently of what it asks."""
    return ()
