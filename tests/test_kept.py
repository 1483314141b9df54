"""What is kept of a passage belongs to the article as one generation of a store gives it."""

from __future__ import annotations

from dataclasses import replace

from corpus.types import Article, Passage, Source
from index.kept import kept

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
