"""Which matters a question is likely to ask for: how like it is to examples of each.

``corpus/data/asked.txt`` lists questions by what they ask for, half of them for nothing that sources
dispute; ``classifier`` says how like them a question is. Whether a topic bears on the question is not decided
here: that is ``disputed``, to which this is a sign among others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from assistant.classifier import NONE, Classifier, examples

LIST = "asked"


@dataclass(frozen=True, slots=True)
class Weights:
    """How like a question is to those that ask for a matter, by its name, and to those that ask for ``nothing`` that sources
    dispute; each about 1 or 0."""

    families: Mapping[str, float]
    nothing: float


class AskedFor:
    """Weighs a question. ``model``: identity of the model that makes the vectors."""

    def __init__(self, model: str) -> None:
        self.classifier = Classifier(LIST, model)

    def weigh(self, question: str, vector: NDArray[np.float32]) -> Weights:
        """``vector``: (dim,) float32, the question's."""
        weighed = self.classifier.weigh(question, vector)
        nothing = weighed.pop(NONE)
        return Weights(weighed, nothing)

    def prepare(self, question: str) -> None:
        """Work out beforehand what needs no vector; it is kept for a while."""
        self.classifier.prepare(question)


@lru_cache(maxsize=1)
def _all_words() -> str:
    of = examples(LIST)
    return "\n".join(
        q for labels, q in zip(of.labels, of.questions, strict=True) if NONE not in labels
    )


def is_everyday(word: str) -> bool:
    """Whether people use a word when they ask of 医保, whether or not a source holds it."""
    return len(word) > 1 and word in _all_words()
