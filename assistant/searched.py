"""What was found for a question: as a whole, and for each of its asks."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.asks import Ask
from assistant.ground import Asked
from assistant.sought import Sought

PLAINLY = 0.7
"""Probability from which a text that sounds like another subject, or an ask of a question that as a whole is not
answered, is answered all the same. Of 22 such questions of eighteen askers with an ask above the usual threshold 4
had an answer."""


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
        first ask that is plainly answered: with several asks one comes over the threshold by chance."""
        plain = [s for _, s in self.asks if s.answered and s.judgement.probability >= PLAINLY]
        return self.whole if self.whole.answered or not plain else plain[0]
