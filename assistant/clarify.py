"""Whether one question back would settle what the best evidence disagrees on.

Only when the asker left open what the evidence splits by: the scheme, or whether the break is longer
than three months. The options are what the evidence offers, never a fixed menu.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant import phrases
from assistant.types import Context
from corpus.circumstances import conditions
from corpus.text import fold
from corpus.types import SCHEMES, Passage, Scheme
from index.kept import kept
from index.question import Question
from index.types import Hit

LOOKED_AT = 5
CLOSE = 0.85
"""A hit counts as as good as the first from this share of the range of scores on."""
_BREAKS = frozenset({"断缴", "补缴"})
"""What is done in a question that may depend on how long the break is."""
_SHORT, _LONG = frozenset({"≤3个月", "<3个月"}), frozenset({">3个月", "≥3个月"})


@dataclass(frozen=True, slots=True)
class Clarification:
    """A question back, in our phrases, and the inputs that settle it."""

    question: str
    options: tuple[str, ...]


def clarification(
    asked: Question,
    hits: Sequence[Hit],
    context: Context,
    *,
    schemes_of: Callable[[Hit], tuple[Scheme, ...]],
) -> Clarification | None:
    """The one question that the evidence asks for, or None. ``schemes_of``: for whom a hit speaks."""
    best = _as_good_as_first(hits)
    if context.scheme is None and not asked.schemes and not asked.hinted:
        offered = _schemes([schemes_of(hit) for hit in best])
        if len(offered) > 1:
            return Clarification(
                phrases.WHICH_SCHEME, tuple(phrases.SCHEME_NAMES[s] for s in offered)
            )
    if context.months is None and asked.actions & _BREAKS:
        lengths = [_lengths(h.passage) for h in best]
        if any(short for short, _ in lengths) and any(long for _, long in lengths):
            return Clarification(
                phrases.WHICH_LENGTH, (phrases.UP_TO_3_MONTHS, phrases.OVER_3_MONTHS)
            )
    return None


@kept
def _lengths(passage: Passage) -> tuple[bool, bool]:
    """Whether a passage speaks of short breaks, and of long ones."""
    named = {condition for *_, condition in conditions(fold(passage.text))}
    return bool(named & _SHORT), bool(named & _LONG)


def _as_good_as_first(hits: Sequence[Hit]) -> list[Hit]:
    top = list(hits[:LOOKED_AT])
    if not top:
        return []
    spread = max(top[0].score - hits[-1].score, 1e-9)
    return [h for h in top if (h.score - hits[-1].score) / spread >= CLOSE]


def _schemes(each: Sequence[tuple[Scheme, ...]]) -> tuple[Scheme, ...]:
    """The schemes that single-scheme passages speak for, where at least two do."""
    spoken = {schemes[0] for schemes in each if len(schemes) == 1}
    return tuple(s for s in SCHEMES if s in spoken)
