"""How near single sentences are to a question, by the model that the search uses.

A sentence is read under its title: by itself it rarely says what it is about. Its vector is kept,
because the same sentences come up for many questions.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

MOST = 20_000
"""Sentences whose vectors are kept, some 15 MB."""

Vector = NDArray[np.float32]


class PassageEncoder(Protocol):
    """The part of an encoder that sentences need."""

    def encode_passages(self, texts: Sequence[str]) -> Vector:
        """(n, dim) float32 of unit length."""


class Closeness:
    """Cosines of sentences with a question; threads may share it."""

    def __init__(self, encoder: PassageEncoder) -> None:
        self._encoder = encoder
        self._known: OrderedDict[str, NDArray[np.float16]] = OrderedDict()
        self._lock = Lock()

    def cosines(self, vector: Vector, sentences: Sequence[tuple[str, str]]) -> Vector:
        """(n,) for n sentences, each with its title; ``vector`` (dim,) is the question's."""
        if not sentences:
            return np.zeros(0, np.float32)
        texts = ["\n".join(pair) for pair in sentences]
        with self._lock:
            known = {text: self._known[text] for text in texts if text in self._known}
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        if missing:
            made = self._encoder.encode_passages(missing).astype(np.float16)
            known |= dict(zip(missing, made, strict=True))
        with self._lock:
            for text in texts:
                self._known[text] = known[text]
                self._known.move_to_end(text)
            while len(self._known) > MOST:
                self._known.popitem(last=False)
        found: Vector = np.stack([known[text] for text in texts]).astype(np.float32) @ vector
        return found
