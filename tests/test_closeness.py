"""How near sentences are to a question: under their titles, each encoded once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from assistant import closeness
from assistant.closeness import Closeness


class Counting:
    """Vectors by the text's first letter; remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode_passages(self, texts: Sequence[str]) -> np.ndarray:
        self.asked += texts
        return np.stack([np.eye(4, dtype=np.float32)[ord(t[0]) % 4] for t in texts])


QUESTION = np.array([0.0, 0.6, 0.8, 0.0], np.float32)


def test_each_sentence_is_encoded_once_under_its_title() -> None:
    encoder = Counting()
    near = Closeness(encoder)
    pairs = [("a", "交费。"), ("b", "交费。"), ("a", "交费。")]
    found = near.cosines(QUESTION, pairs)
    assert encoder.asked == ["a\n交费。", "b\n交费。"]
    assert found == pytest.approx([0.6, 0.8, 0.6], abs=1e-3)
    assert near.cosines(QUESTION, pairs[:1]) == pytest.approx([0.6], abs=1e-3)
    assert len(encoder.asked) == 2


def test_no_sentence() -> None:
    assert Closeness(Counting()).cosines(QUESTION, []).shape == (0,)


def test_no_more_are_kept_than_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closeness, "MOST", 2)
    encoder = Counting()
    near = Closeness(encoder)
    for title in "abc":
        near.cosines(QUESTION, [(title, "。")])
    near.cosines(QUESTION, [("c", "。"), ("b", "。")])
    assert len(encoder.asked) == 3  # both were kept
    near.cosines(QUESTION, [("a", "。")])
    assert len(encoder.asked) == 4  # the oldest was not
