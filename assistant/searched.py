"""What was found for a question: as a whole, and for each of its asks."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.asks import Ask
from assistant.ground import Asked
from index.found import Found
from index.scope import Judgement


@dataclass(frozen=True, slots=True)
class Sought:
    """What was found for one text, and whether that answers it."""

    found: Found
    judgement: Judgement

    @property
    def answered(self) -> bool:
        return self.judgement.verdict == "in"


@dataclass(frozen=True, slots=True)
class Searched:
    """``asked``: the question as it is understood in its talk; ``asks``: its asks, each with what was
    found for it; () where it is one."""

    asked: Asked
    whole: Sought
    asks: tuple[tuple[Ask, Sought], ...] = ()

    @property
    def main(self) -> Sought:
        """What leads the answer: what was found for the whole, or, where that does not answer, for the
        first ask that is answered."""
        answered = [sought for _, sought in self.asks if sought.answered]
        return self.whole if self.whole.answered or not answered else answered[0]
