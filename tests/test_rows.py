"""For each point on which sources differ and each topic with a legal basis: one question, and the
article that answers it comes first, or second for the few in ``SECOND``. The labels are
``tests/quality/rows*.jsonl``."""

from __future__ import annotations

import json

import pytest

from assistant import Assistant
from corpus.settings import ROOT

QUALITY = ROOT / "tests" / "quality"


SECOND = frozenset({"12", "重复参保", "001 缴费失败"})
"""Rows whose article comes second: no weight is fitted on them alone."""


def rows() -> list[tuple[str, str, tuple[str, ...]]]:
    """Row, question and the ids of the articles that answer it."""
    lines = [
        line
        for name in ("rows.jsonl", "rows_b.jsonl")
        for line in (QUALITY / name).read_text(encoding="utf-8").splitlines()
    ]
    read = [json.loads(line) for line in lines]
    return [(row["row"], row["question"], tuple(row["articles"])) for row in read]


@pytest.mark.quality
@pytest.mark.parametrize(("row", "question", "right"), rows())
def test_the_right_article_comes_first(
    row: str, question: str, right: tuple[str, ...], shipped: Assistant
) -> None:
    hits = shipped.retriever.find(question, k=5).hits
    assert hits, f"row {row}: nothing found"
    articles = list(dict.fromkeys(hit.passage.article.id for hit in hits))
    assert not set(articles[: 2 if row in SECOND else 1]).isdisjoint(right)
