"""Some questions asked twice, of the store before a trial and after it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Generic, TypeVar

from assistant.types import Answer
from index.report import Outcome
from index.types import Index

T = TypeVar("T")
Over = Callable[[Index], Callable[[str], Answer]]
"""A generation -> what answers from it."""


class Rehearsal(Generic[T]):
    """Stands in for the check questions of a refresh (``index.engine.Checks``). ``look``: what is
    kept of an answer, which goes with the trial that it was given in."""

    def __init__(self, over: Over, questions: Sequence[str], look: Callable[[Answer], T]) -> None:
        self._over = over
        self._questions = questions
        self._look = look
        self._seen: list[dict[str, T]] = []

    def __call__(self, index: Index) -> Mapping[str, Outcome]:
        ask = self._over(index)
        self._seen.append({question: self._look(ask(question)) for question in self._questions})
        return {}

    def changes(self) -> dict[str, tuple[T, T]]:
        """Each question with what was seen before and after; {} where a trial would change nothing."""
        if len(self._seen) < 2:
            return {}
        before, after = self._seen
        return {question: (before[question], after[question]) for question in before}
