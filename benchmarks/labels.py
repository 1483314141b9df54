"""Labelled questions: their form, and when a ranking has answered one.

``tests/quality/*.jsonl`` hold one JSON object a line; ``gold`` are phrases any one of which shows the
right passage (white space and punctuation do not count), empty where no source answers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from corpus.types import Passage

QUALITY = Path(__file__).resolve().parent.parent / "tests" / "quality"


@dataclass(frozen=True, slots=True)
class Label:
    """One question, and what answers it: any passage that holds a phrase of ``gold``, or any of the
    articles named by id or by the name of their file. Neither means that it is to be refused.
    ``held``: of the half that nothing was chosen by."""

    id: str
    question: str
    gold: tuple[str, ...]
    type: str
    articles: tuple[str, ...] = ()
    held: bool = False

    @property
    def answerable(self) -> bool:
        return bool(self.gold or self.articles)

    def answers(self, passage: Passage) -> bool:
        """Whether a passage is a right one."""
        article = passage.article
        names = {article.id, *(Path(source.name).stem for source in article.sources)}
        return not names.isdisjoint(self.articles) or rank_of(self.gold, [passage.text]) == 1


def read_labels(path: Path) -> list[Label]:
    """The labels of a file, in its order."""
    return [
        Label(
            str(row.get("id") or row["row"]),
            row["question"],
            tuple(row.get("gold", ())),
            row.get("type", ""),
            tuple(row.get("articles", ())),
            row.get("held", False),
        )
        for row in read_rows(path)
    ]


def read_rows(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSON-lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def bare(text: str) -> str:
    """Without white space and punctuation, as phrases are compared."""
    return re.sub(r"[\s\W_]+", "", text)


def in_order(fragments: Iterable[str], text: str) -> bool:
    """Whether a text holds the fragments one behind another."""
    plain, at = bare(text), 0
    for fragment in map(bare, fragments):
        found = plain.find(fragment, at)
        if found < 0:
            return False
        at = found + len(fragment)
    return True


def rank_of(gold: Sequence[str], texts: Sequence[str]) -> int | None:
    """1 for the first text that holds a phrase of ``gold``, or None."""
    phrases = [bare(g) for g in gold]
    for rank, text in enumerate(texts, 1):
        plain = bare(text)
        if any(phrase in plain for phrase in phrases):
            return rank
    return None


def rank_in(label: Label, passages: Iterable[Passage]) -> int | None:
    """1 for the first right passage, or None."""
    return next((n for n, passage in enumerate(passages, 1) if label.answers(passage)), None)


def recall(ranks: Sequence[int | None], k: int) -> float:
    """Share of the questions with a right passage among the first ``k``."""
    return sum(r is not None and r <= k for r in ranks) / len(ranks)


def mean_reciprocal_rank(ranks: Sequence[int | None], k: int = 10) -> float:
    """MRR@k: the mean of 1 / rank of the first right passage, 0 beyond ``k``."""
    return sum(1 / r for r in ranks if r is not None and r <= k) / len(ranks)


def interval(values: Sequence[float], *, draws: int = 2000, seed: int = 7) -> tuple[float, float]:
    """95% bootstrap interval of the mean of per-question values."""
    sample = np.asarray(values, dtype=np.float64)
    generator = np.random.default_rng(seed)
    picks = generator.integers(0, len(sample), size=(draws, len(sample)))
    low, high = np.quantile(sample[picks].mean(axis=1), (0.025, 0.975))
    return float(low), float(high)
