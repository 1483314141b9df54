"""Fits the weights of the ranking on labelled questions and says how well they carry over.

    python -m benchmarks.tune [--set STORE LABELS] ...

A conditional logistic regression: among the passages found for a question, the right ones are to
get the mass of a softmax over the weighted features. Prints recall under cross-validation (ten folds
of questions), then the weights for ``index/features.py``. The default set is the shipped store with
tests/quality; more sets are weighed alike.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from assistant import Assistant
from benchmarks.labels import (
    QUALITY,
    Label,
    bare,
    mean_reciprocal_rank,
    read_labels,
    read_rows,
    recall,
)
from corpus.types import Passage
from index.features import LATE, WEIGHTS, Circumstances
from index.late import question_vectors
from index.question import read_question
from index.retrieve import RERANKED, Retriever

FOLDS = 10
RIDGE = 0.0005
SCALE = dict.fromkeys(("cosine", "asked_like", *LATE), 10.0)
"""Cosines differ by hundredths; scaled, one ridge fits all features."""
Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Case:
    """One question: (passages, features) and which passages are right."""

    features: Vector
    right: NDArray[np.bool_]


Right = Callable[[Passage], bool]


def holds(gold: Sequence[str]) -> Right:
    """Whether a passage holds one of the phrases."""
    phrases = [bare(phrase) for phrase in gold]
    return lambda passage: any(phrase in bare(passage.text) for phrase in phrases)


def belongs(articles: Sequence[str]) -> Right:
    """Whether a passage is of one of the articles."""
    return lambda passage: passage.article.id in articles


def questions(labels: Sequence[Label]) -> list[tuple[str, Right]]:
    """Those in scope."""
    return [(label.question, holds(label.gold)) for label in labels if label.gold]


def own_questions() -> list[tuple[str, Right]]:
    """Of ``tests/quality`` over our own articles."""
    phrased = [x for name in ("retrieval", "slips") for x in read_labels(QUALITY / f"{name}.jsonl")]
    rows = [row for name in ("rows", "rows_b") for row in read_rows(QUALITY / f"{name}.jsonl")]
    return questions(phrased) + [(str(r["question"]), belongs(r["articles"])) for r in rows]  # type: ignore[arg-type]


def case(retriever: Retriever, question: str, right: Right) -> Case | None:
    """The candidates of a question, or None where no right one is among them."""
    asked = read_question(question, retriever.words)
    vector, tokens = question_vectors(retriever.encoder, asked.folded)
    rows = retriever.candidates(asked, vector).best(RERANKED)
    who = Circumstances(asked.schemes, asked.hinted, asked.region)
    retriever.read_again(asked, who, rows, tokens)
    marks = np.array([right(retriever.index.passage(n)) for n in rows])
    if not marks.any():
        return None
    matrix = np.array([[r[name] * SCALE.get(name, 1.0) for name in WEIGHTS] for r in rows.values()])
    return Case(matrix, marks)


def fit(cases: list[Case]) -> Vector:
    """The weights (scaled) that give the right passages the most mass, with a small ridge."""

    def loss(weights: Vector) -> tuple[float, Vector]:
        value, slope = RIDGE * float(weights @ weights) / 2, RIDGE * weights
        for one in cases:
            scores = one.features @ weights
            mass = np.exp(scores - scores.max())
            mass /= mass.sum()
            share = mass[one.right].sum() + 1e-12
            value -= np.log(share) / len(cases)
            slope = slope - one.features.T @ (mass * one.right / share - mass) / len(cases)
        return value, slope

    begin = np.zeros(len(WEIGHTS))
    return np.asarray(minimize(loss, begin, jac=True, method="L-BFGS-B").x)


def rank(one: Case, weights: Vector) -> int:
    order = np.argsort(-(one.features @ weights), kind="stable")
    return int(np.argmax(one.right[order])) + 1


def cross_validated(cases: list[Case], also: list[Case]) -> list[int | None]:
    """Rank of each case under weights fitted on the other folds and on ``also``."""
    order = np.random.default_rng(0).permutation(len(cases))
    found: list[int | None] = [None] * len(cases)
    for fold in range(FOLDS):
        test = set(order[fold::FOLDS].tolist())
        weights = fit([c for i, c in enumerate(cases) if i not in test] + also)
        for i in test:
            found[i] = rank(cases[i], weights)
    return found


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tune")
    parser.add_argument("--set", nargs=2, action="append", type=Path, default=[], dest="sets")
    args = parser.parse_args(argv)
    sets = [(Assistant.open(), own_questions())]
    sets += [(Assistant.open(store), questions(read_labels(file))) for store, file in args.sets]
    cases: list[list[Case]] = []
    for yibao, asked in sets:
        made = [case(yibao.retriever, question, right) for question, right in asked]
        cases.append([c for c in made if c is not None])
        print(
            f"{len(cases[-1])} of {len(made)} questions have a right section among the candidates"
        )
    for i, mine in enumerate(cases):
        others = [c for j, other in enumerate(cases) if j != i for c in other]
        found = cross_validated(mine, others)
        print(
            f"set {i}: R@1 {recall(found, 1):.3f}  R@5 {recall(found, 5):.3f}  "
            f"MRR@10 {mean_reciprocal_rank(found):.3f}  (cross-validated)"
        )
    weights = fit([c for mine in cases for c in mine])
    for name, weight in zip(WEIGHTS, weights, strict=True):
        print(f'    "{name}": {weight * SCALE.get(name, 1.0):.2f},')


if __name__ == "__main__":
    main()
