"""Floors of retrieval on the team's own labelled questions; the figures themselves are printed by
``python -m benchmarks.quality``."""

from __future__ import annotations

import numpy as np
import pytest
from ground import SHARED

from assistant import Assistant
from benchmarks.labels import QUALITY, mean_reciprocal_rank, read_labels, recall
from benchmarks.quality import rankings, ranks, refusals

pytestmark = pytest.mark.quality


def test_shipped_articles(shipped: Assistant) -> None:
    labels = read_labels(QUALITY / "retrieval.jsonl") + read_labels(QUALITY / "slips.jsonl")
    compared = rankings(shipped.retriever)
    own = ranks(labels, compared.pop("ours"))
    assert recall(own, 1) >= 0.80
    assert recall(own, 5) >= 0.95
    for name, ranking in compared.items():
        other = ranks(labels, ranking)
        assert recall(own, 1) > recall(other, 1), name
        assert mean_reciprocal_rank(own) > mean_reciprocal_rank(other), name


def test_source_pages(seeds: Assistant) -> None:
    labels = [x for x in read_labels(QUALITY / "seeds.jsonl") if x.gold]
    compared = rankings(seeds.retriever)
    own = ranks(labels, compared.pop("ours"))
    assert recall(own, 1) >= 0.81
    assert recall(own, 5) >= 0.97
    assert mean_reciprocal_rank(own) >= 0.88
    for name, ranking in compared.items():
        assert recall(own, 1) > recall(ranks(labels, ranking), 1) + 0.1, name


def test_source_pages_of_another_author(seeds: Assistant) -> None:
    """Questions that no weight was fitted on."""
    labels = [x for x in read_labels(SHARED / "eval" / "retrieval.jsonl") if x.gold]
    own = ranks(labels, rankings(seeds.retriever)["ours"])
    assert recall(own, 1) >= 0.70
    assert recall(own, 5) >= 0.95


def test_scope_on_source_pages(seeds: Assistant) -> None:
    labels = read_labels(QUALITY / "seeds.jsonl") + read_labels(QUALITY / "refuse_pages.jsonl")
    outside = [x for x in labels if not x.gold]
    inside = [x for x in labels if x.gold]
    assert np.mean(refusals(seeds, outside)) >= 0.95
    assert np.mean(refusals(seeds, inside)) <= 0.03


def test_scope_of_the_shipped_articles(shipped: Assistant) -> None:
    inside = read_labels(QUALITY / "retrieval.jsonl") + read_labels(QUALITY / "slips.jsonl")
    assert np.mean(refusals(shipped, read_labels(QUALITY / "outside.jsonl"))) >= 0.95
    assert np.mean(refusals(shipped, inside)) <= 0.03
