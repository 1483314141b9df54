"""Floors of retrieval on the team's own labelled questions; the figures themselves are printed by
``python -m benchmarks.quality``."""

from __future__ import annotations

import pytest
from ground import SHARED

from assistant import Assistant
from benchmarks.labels import QUALITY, mean_reciprocal_rank, read_labels, recall
from benchmarks.quality import rankings, ranks

pytestmark = pytest.mark.quality


def test_shipped_articles(shipped: Assistant) -> None:
    labels = read_labels(QUALITY / "retrieval.jsonl") + read_labels(QUALITY / "slips.jsonl")
    compared = rankings(shipped.retriever)
    own = ranks(labels, compared.pop("ours"))
    assert recall(own, 1) >= 0.72
    assert recall(own, 5) >= 0.95
    for name, ranking in compared.items():
        other = ranks(labels, ranking)
        assert recall(own, 1) > recall(other, 1), name
        assert mean_reciprocal_rank(own) > mean_reciprocal_rank(other), name


def test_source_pages(seeds: Assistant) -> None:
    labels = [x for x in read_labels(SHARED / "eval" / "retrieval.jsonl") if x.gold]
    own = ranks(labels, rankings(seeds.retriever)["ours"])
    assert recall(own, 5) >= 0.85
