"""Whether one question back would settle what the best evidence disagrees on.

Only when the asker left open what the evidence splits by: the scheme, or, in what is quoted to him, whether the break
is longer than three months. The options are what the evidence offers, never a fixed menu.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant import phrases
from assistant.types import Context
from corpus.circumstances import conditions
from corpus.text import fold
from corpus.types import SCHEMES, Scheme
from index.question import Question
from index.segments import Want
from index.types import Hit

LOOKED_AT = 5
CLOSE = 0.85
"""A hit counts as as good as the first from this share of the range of scores on."""
_DEPENDS: frozenset[Want] = frozenset({"期限", "能否"})
"""What may hang on how long a break is: how one does a thing hangs on it less."""
_SHORT, _LONG = frozenset({"≤3个月", "<3个月"}), frozenset({">3个月", "≥3个月"})


@dataclass(frozen=True, slots=True)
class Clarification:
    """A question back, in our phrases, and the inputs that settle it."""

    question: str
    options: tuple[str, ...]


def clarification(
    asked: Question,
    hits: Sequence[Hit],
    said: Sequence[str],
    context: Context,
    *,
    schemes_of: Callable[[Hit], tuple[Scheme, ...]],
) -> Clarification | None:
    """The one question that the evidence asks for, or None. ``said``: the sentences that are quoted; ``schemes_of``: for
    whom a hit speaks."""
    if context.scheme is None and not asked.schemes and not asked.hinted:
        offered = _schemes([schemes_of(hit) for hit in _as_good_as_first(hits)])
        if len(offered) > 1:
            return Clarification(
                phrases.WHICH_SCHEME, tuple(phrases.SCHEME_NAMES[s] for s in offered)
            )
    if context.months is None and not asked.lengths and _DEPENDS & {*asked.asked_for}:
        named = {condition for one in said for *_, condition in conditions(fold(one))}
        if named & _SHORT and named & _LONG:
            return Clarification(
                phrases.WHICH_LENGTH, (phrases.UP_TO_3_MONTHS, phrases.OVER_3_MONTHS)
            )
    return None


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
