"""Floors of retrieval on the team's own labelled questions; the figures themselves are printed by
``python -m benchmarks.quality``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from ground import SHARED

from assistant import Assistant
from benchmarks.labels import QUALITY, Label, mean_reciprocal_rank, read_labels, recall
from benchmarks.quality import faq, rankings, ranks, refusals
from corpus.settings import Settings
from index.encoder import Encoder

pytestmark = pytest.mark.quality


def test_shipped_articles(shipped: Assistant) -> None:
    labels = read_labels(QUALITY / "retrieval.jsonl") + read_labels(QUALITY / "slips.jsonl")
    compared = rankings(shipped.retriever)
    own = ranks(labels, compared.pop("ours"))
    assert recall(own, 1) >= 0.78
    assert recall(own, 5) >= 0.95
    for name, ranking in compared.items():
        other = ranks(labels, ranking)
        assert recall(own, 1) > recall(other, 1), name
        assert mean_reciprocal_rank(own) > mean_reciprocal_rank(other), name


def _reaches(
    yibao: Assistant,
    labels: Sequence[Label],
    *,
    first: float,
    among_five: float,
    mrr: float,
    ahead: float,
) -> None:
    """R@1, R@5 and MRR@10 of the questions in scope, and by how much no ready-made recipe's R@1
    comes near."""
    inside = [x for x in labels if x.gold]
    compared = rankings(yibao.retriever)
    own = ranks(inside, compared.pop("ours"))
    assert recall(own, 1) >= first
    assert recall(own, 5) >= among_five
    assert mean_reciprocal_rank(own) >= mrr
    for name, ranking in compared.items():
        assert recall(own, 1) > recall(ranks(inside, ranking), 1) + ahead, name


def test_source_pages(seeds: Assistant) -> None:
    labels = read_labels(QUALITY / "seeds.jsonl")
    _reaches(seeds, labels, first=0.90, among_five=0.99, mrr=0.94, ahead=0.2)


def test_questions_that_nothing_was_fitted_on(seeds: Assistant) -> None:
    """By another author, put aside until weights and directions stood."""
    labels = read_labels(QUALITY / "seeds_unseen.jsonl")
    _reaches(seeds, labels, first=0.87, among_five=0.98, mrr=0.925, ahead=0.2)
    assert np.mean(refusals(seeds, [x for x in labels if not x.gold])) >= 0.86
    assert np.mean(refusals(seeds, [x for x in labels if x.gold])) <= 0.08


def test_source_pages_of_a_third_author(seeds: Assistant) -> None:
    labels = [x for x in read_labels(SHARED / "eval" / "retrieval.jsonl") if x.gold]
    own = ranks(labels, rankings(seeds.retriever)["ours"])
    assert recall(own, 1) >= 0.8
    assert recall(own, 5) >= 0.98


@pytest.mark.parametrize("field", ["bank", "shop", "city"])
def test_other_fields(field: str, settings: Settings, encoder: Encoder, tmp_path: Path) -> None:
    """What was learned of this field costs nothing in others: no ready-made recipe does better."""
    yibao, labels = faq(
        QUALITY / "faq" / f"{field}.jsonl", tmp_path, settings=settings, encoder=encoder
    )
    compared = rankings(yibao.retriever)
    own = ranks(labels, compared.pop("ours"))
    for name, ranking in compared.items():
        other = ranks(labels, ranking)
        assert recall(own, 1) >= recall(other, 1), name
        assert mean_reciprocal_rank(own) > mean_reciprocal_rank(other), name


def test_scope_on_source_pages(seeds: Assistant) -> None:
    """Of every third question; ``benchmarks.quality`` asks all."""
    labels = read_labels(QUALITY / "seeds.jsonl") + read_labels(QUALITY / "refuse_pages.jsonl")
    labels = labels[::3]
    outside = [x for x in labels if not x.gold]
    inside = [x for x in labels if x.gold]
    assert np.mean(refusals(seeds, outside)) >= 0.86
    assert np.mean(refusals(seeds, inside)) <= 0.10
