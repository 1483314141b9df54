"""What is kept of a passage belongs to the article as one generation of a store gives it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from assistant.kept import kept
from assistant.recalled import Recalled
from corpus.types import Article, Passage, Source
from index.types import Ranking, Scored, Space

ARTICLE = Article("a", "题", "文字", Source("某站", "a.txt"))


def test_once_for_each_passage_and_anew_for_another_article() -> None:
    made: list[str] = []

    @kept
    def region(passage: Passage) -> str:
        made.append(passage.id)
        return passage.article.region

    assert [region(Passage(ARTICLE, 0, 2)) for _ in range(3)] == ["全国"] * 3
    assert len(made) == 1
    assert region(Passage(replace(ARTICLE, region="沈阳"), 0, 2)) == "沈阳"
    assert len(made) == 2


def test_the_nearest_are_looked_up_once_for_a_vector() -> None:
    asked: list[int] = []

    class Counting:
        def nearest(self, vector: NDArray[np.float32], k: int, space: Space) -> Ranking:
            asked.append(k)
            return Ranking(np.arange(k), 1.0 - np.arange(k))

    index = Recalled(Counting())  # type: ignore[arg-type]  # the rest is not called
    vector = np.ones(3, np.float32)
    assert len(index.nearest(vector, 5, "passages")) == 5
    assert list(index.nearest(vector, 2, "passages")) == [Scored(0, 1.0), Scored(1, 0.0)]
    assert asked == [5]
    index.nearest(vector, 9, "passages")
    index.nearest(vector.copy(), 2, "passages")
    assert asked == [5, 9, 2]
