"""Fits the decision on scope and draws its trade-off.

    python -m benchmarks.scope [--set STORE LABELS] ...

The weights in ``index/scope.py`` are those with ``seeds.jsonl`` and ``refuse_pages.jsonl`` of
tests/quality as two further sets, both over a store of the source pages.

A logistic regression on the features of ``index.scope`` over labelled questions (those that rules
settle count as refused), cross-validated in ten folds: for each threshold the share of the
unanswerable that is refused and of the answerable that is refused wrongly, then the weights.
"""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from assistant import Assistant
from benchmarks.labels import QUALITY, Label, read_labels
from index.scope import LOOKED_AT, WEIGHTS, features, judge

NAMES = [name for name in WEIGHTS if name != "bias"]
FOLDS = 10
RIDGE = 0.0005
Vector = NDArray[np.float64]


def look(yibao: Assistant, label: Label, today: date) -> tuple[Vector, bool]:
    """The features of one question, and whether a rule settles it before they are asked."""
    retriever = yibao.retriever
    found = retriever.find(label.question, k=10)
    settled = judge(found, retriever, today=today).probability == 0.0
    texts = [retriever.text_of(hit) for hit in found.hits[:LOOKED_AT]]
    values = features(found, retriever, texts)
    return np.array([values[name] for name in NAMES]), settled


def fit(x: Vector, y: Vector) -> Vector:
    """Weights of the standardised features, the bias last."""

    def loss(w: Vector) -> tuple[float, Vector]:
        z = x @ w[:-1] + w[-1]
        p = 1 / (1 + np.exp(-z))
        value = np.mean(np.logaddexp(0, z) - y * z) + RIDGE * float(w[:-1] @ w[:-1])
        slope = np.append(x.T @ (p - y) / len(y) + 2 * RIDGE * w[:-1], np.mean(p - y))
        return float(value), slope

    return np.asarray(minimize(loss, np.zeros(x.shape[1] + 1), jac=True, method="L-BFGS-B").x)


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scope")
    parser.add_argument("--set", nargs=2, action="append", type=Path, default=[], dest="sets")
    args = parser.parse_args(argv)
    names = ("retrieval.jsonl", "slips.jsonl", "outside.jsonl")
    sets = [(Assistant.open(), [label for n in names for label in read_labels(QUALITY / n)])]
    sets += [(Assistant.open(store), read_labels(labels)) for store, labels in args.sets]
    today = date.today()
    seen = [(look(yibao, label, today), label) for yibao, labels in sets for label in labels]
    answerable = np.array([bool(label.gold) for _, label in seen])
    settled = np.array([was for (_, was), _ in seen])
    x = np.stack([vector for (vector, _), _ in seen])[~settled]
    y = answerable[~settled].astype(float)
    mean, spread = x.mean(axis=0), x.std(axis=0) + 1e-9
    scaled = (x - mean) / spread
    probability = np.zeros(len(seen))
    order = np.random.default_rng(0).permutation(len(y))
    held = np.zeros(len(y))
    for fold in range(FOLDS):
        test = order[fold::FOLDS]
        train = np.setdiff1d(order, test)
        weights = fit(scaled[train], y[train])
        held[test] = 1 / (1 + np.exp(-(scaled[test] @ weights[:-1] + weights[-1])))
    probability[~settled] = held
    print(f"{len(seen)} questions, {int(settled.sum())} settled by rules")
    print("threshold  refused of the unanswerable  refused of the answerable")
    for threshold in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8):
        right = np.mean(probability[~answerable] < threshold)
        wrong = np.mean(probability[answerable] < threshold)
        print(f"{threshold:9.2f}{right:29.3f}{wrong:27.3f}  {'#' * round(40 * right)}")
    weights = fit(scaled, y)
    plain = weights[:-1] / spread
    print(f'    "bias": {weights[-1] - float(plain @ mean):.1f},')
    for name, weight in zip(NAMES, plain, strict=True):
        print(f'    "{name}": {weight:.2f},')


if __name__ == "__main__":
    main()
