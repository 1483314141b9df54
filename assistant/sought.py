"""What was found for one text – a question, or one of its asks – and whether that answers it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.asks import Ask
from index.found import Found
from index.line_odds import LineOdds, Place, Reads, likeliest, reader
from index.scope import LOOKED_AT, Judgement

ALONE = 0.5
"""What a line weighs that is read beside the words of an ask alone; the rest, read beside the case too. Of 215 questions with several asks of
seventeen people .572 are directly answered so where no ask is left open, .549 by the lines beside the case."""
OPEN, NEAR = -2.6, -4.0
"""Log odds of the likeliest line below which one of several asks is open, and from which it is told all the same, as what comes near. Of 351 asks of
140 questions by two hands (``tests/quality/parts``, ``a`` and ``b``), each by what the other taught, .74 and .75 of those that nothing answers
are open so, and .06 and .10 of the others; by the decision on a whole question .16 and .39. AUC .942 and .915; read beside the case alone .885 and .876."""


class AskLines:
    """How lines answer one of several asks: beside its own words, in which nothing stands that only the case brings, and beside
    ask and case together. ``said``: its own words; ``beside``: the lines read with the case."""

    def __init__(self, said: str, beside: LineOdds) -> None:
        self._alone = LineOdds(said)
        self._beside = beside

    def read(self, places: Sequence[Place]) -> list[float]:
        """The log odds of each; 0 where the bundled model does not run here."""
        both = zip(self._alone.read(places), self._beside.read(places), strict=True)
        return [ALONE * alone + (1 - ALONE) * beside for alone, beside in both]


@dataclass(frozen=True, slots=True)
class Sought:
    """What was found for one text, how its lines were read, and whether that answers it, or only comes near."""

    found: Found
    judgement: Judgement
    lines: Reads
    answered: bool
    near: bool = False


def sought(found: Found, judgement: Judgement) -> Sought:
    """For a question as a whole."""
    lines = judgement.lines or LineOdds(found.asked)
    return Sought(found, judgement, lines, judgement.verdict == "in")


def sought_for(ask: Ask, found: Found, judgement: Judgement) -> Sought:
    """For one of several asks: what shares only the case with it does not answer it."""
    whole = sought(found, judgement)
    if judgement.lines is None or judgement.lacking or reader() is None:
        return whole
    lines = AskLines(ask.said, judgement.lines)
    read = lines.read(likeliest(judgement.judged, [h.passage for h in found.hits[:LOOKED_AT]]))
    best = max(read, default=NEAR - 1)
    return replace(whole, lines=lines, answered=best >= OPEN, near=NEAR <= best < OPEN)
