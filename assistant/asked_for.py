"""Which matters a question asks for: what its words say and how like it is to examples of each.

There are more ways to ask than patterns (``corpus/data/matters.yaml``) can hold, and a pattern also
fits what only sounds like it. ``corpus/data/asked.txt`` lists questions by what they ask for, half
of them for nothing that sources dispute; ``classifier`` says how like them a question is, and a
pattern that fits adds to it.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from assistant.classifier import NONE, Classifier, examples
from corpus import matters

LIST = "asked"
NAMED = 0.15
"""What a pattern that fits adds."""
ENOUGH = 0.25
"""Weight from which a matter is taken to be asked for, if it also outweighs ``NONE``."""
BESIDE = 0.35
"""… and share of the likeliest one's weight: 要交满几年退休 asks for years, hardly for a wait too."""


class AskedFor:
    """Tells what a question asks for. ``model``: identity of the model that makes the vectors."""

    def __init__(self, model: str) -> None:
        self.classifier = Classifier(LIST, model)

    def matters(self, question: str, vector: NDArray[np.float32]) -> tuple[str, ...]:
        """What a question asks for, the likeliest first; () where it asks for nothing that sources
        dispute. ``vector``: (dim,) float32, the question's."""
        asked = self._asked(question, vector)
        return tuple(sorted(asked, key=lambda about: -asked[about]))

    def prepare(self, question: str) -> None:
        """Work out beforehand what needs no vector; it is kept for a while."""
        matters.asked(question)
        self.classifier.prepare(question)

    def _asked(self, question: str, vector: NDArray[np.float32]) -> dict[str, float]:
        """The matters that a question asks for, with their weights."""
        weighed = self.classifier.weigh(question, vector)
        nothing = weighed.pop(NONE)
        for about in matters.asked(question):
            weighed[about] = weighed.get(about, 0.0) + NAMED
        least = max(ENOUGH, nothing, BESIDE * max(weighed.values()))
        asked = {about: weight for about, weight in weighed.items() if weight >= least}
        return {about: asked[about] for about in asked if matters.may_ask(about, question)}


@lru_cache(maxsize=1)
def _all_words() -> str:
    of = examples(LIST)
    return "\n".join(
        q for labels, q in zip(of.labels, of.questions, strict=True) if NONE not in labels
    )


def is_everyday(word: str) -> bool:
    """Whether people use a word when they ask of 医保, whether or not a source holds it."""
    return len(word) > 1 and word in _all_words()
