"""The two decisions of an answer that can be left to a language model, and who makes them.

What a turn asks in its talk, part by part, and which of the sentences that may be quoted are shown.
Neither writes a word that is shown: a rewritten question holds the user's own words, a choice is a
choice of numbers. Whether a question is answered at all is decided in ``index.scope`` alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from assistant.conversation import Rewritten, rewritten
from assistant.types import Answer
from index.question import Question

Select = Callable[[str, Sequence[str], Sequence[int]], Sequence[int]]
"""``Judge.select``."""


class Judge(Protocol):
    """Rewrites questions and selects sentences. Safe to call from many threads; never raises."""

    def rewrite(self, asked: Question, history: Sequence[Answer]) -> Rewritten:
        """The turn as a question that stands by itself; ``history``: the answers that it may lean
        on, () where it leans on none: then only its ``parts`` are looked at."""

    def select(
        self, question: str, sentences: Sequence[str], likeliest: Sequence[int]
    ) -> Sequence[int]:
        """The places in ``sentences`` of those to show, the most telling first, each once; none only
        where there are none. ``sentences``: what may be shown, likeliest first; ``likeliest``: the
        places that the learned judgement chooses."""


class BundledJudge:
    """The patterns of ``conversation`` and the learned judgement: no model elsewhere, no request."""

    def rewrite(self, asked: Question, history: Sequence[Answer]) -> Rewritten:
        return rewritten(asked, history)

    def select(
        self, question: str, sentences: Sequence[str], likeliest: Sequence[int]
    ) -> Sequence[int]:
        return likeliest
