"""Fits the weights of the ranking on questions of several origins and says how well they carry over.

    python -m benchmarks.tune [--beir FOLDER ...] [--without FEATURE ...] [--cache DIR]

A conditional logistic regression: among the passages found for a question, the right ones are to
get the mass of a softmax over the weighted features. Each origin (``benchmarks.sets``) weighs alike,
and likeness of any kind never counts against a passage. First each origin is left out of the fit and
ranked by what the others taught, beside the plain sum of pairs of characters and cosine; then all are
fitted, and the weights printed for ``index/features.py``. After a change of the model this is the one
command to run. ``--without`` leaves features out, to see what each is worth.
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from benchmarks.labels import Label, mean_reciprocal_rank, recall
from benchmarks.sets import Set, origins, read_beir, shipped_sets
from corpus.settings import Settings
from corpus.words import words
from index.encoder import Encoder, open_encoder
from index.features import FIRST, LATE, WEIGHTS
from index.retrieve import Retriever

log = logging.getLogger(__name__)
RIDGE = 0.003
FEATURES = tuple(dict.fromkeys((*FIRST, *WEIGHTS)))
"""Of the first choice and of the ranking: words count in the first alone."""
SCALE = dict.fromkeys(("cosine", "asked_like", "asked_near", *LATE), 10.0)
"""Cosines differ by hundredths; scaled, one ridge fits all features."""
SET = {"place": 1.5}
"""Not fitted: whoever names a place gets what is said of it first, and few of the questions do."""
Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Case:
    """One question: (passages, features), scaled, and which passages are right."""

    features: Vector
    right: NDArray[np.bool_]


Cases = Mapping[str, Sequence[Case]]
"""By the name of a set."""


def case(retriever: Retriever, label: Label) -> Case:
    """The candidates of a question that are read again."""
    rows = retriever.rows(label.question)
    right = [label.answers(seen.passage) for seen, _ in rows]
    matrix = [[row[name] * SCALE.get(name, 1.0) for name in FEATURES] for _, row in rows]
    return Case(np.array(matrix), np.array(right))


def fit(sets: Sequence[Sequence[Case]], names: Sequence[str]) -> Vector:
    """(features,) weights, scaled, that give the right passages the most mass, with a small ridge;
    0 for what is not in ``names``. Each set weighs alike."""
    fixed = np.array([SET.get(name, 0.0) for name in FEATURES])
    free = np.array([name in names and name not in SET for name in FEATURES])
    cases = [(c, 1 / len(s) / len(sets)) for s in sets for c in s if c.right.any()]

    def loss(given: Vector) -> tuple[float, Vector]:
        weights = fixed.copy()
        weights[free] = given
        value, slope = RIDGE * float(given @ given), 2 * RIDGE * given
        for one, share in cases:
            scores = one.features @ weights
            mass = np.exp(scores - scores.max())
            mass /= mass.sum()
            held = mass[one.right].sum() + 1e-12
            value -= share * float(np.log(held))
            slope = slope - share * (one.features.T @ (mass * one.right / held - mass))[free]
        return value, slope

    count = int(free.sum())
    found = minimize(loss, np.zeros(count), jac=True, method="L-BFGS-B", bounds=[(0, None)] * count)
    fixed[free] = found.x
    return fixed


def rank(one: Case, weights: Vector) -> int | None:
    """1 for the first right passage under some weights; None where none was found."""
    order = np.argsort(-(one.features @ weights), kind="stable")
    return int(np.argmax(one.right[order])) + 1 if one.right.any() else None


def left_out(
    sets: Sequence[Set], cases: Cases, names: Sequence[str]
) -> dict[str, list[int | None]]:
    """By set: the rank of each question under weights fitted on the other origins alone."""
    found = {}
    for origin in origins(sets):
        others = [cases[s.name] for s in sets if s.origin != origin and cases[s.name]]
        weights = fit(others, names)
        for mine in (s for s in sets if s.origin == origin):
            found[mine.name] = [rank(one, weights) for one in cases[mine.name]]
    return found


def gather(
    sets: Sequence[Set], folder: Path, settings: Settings, encoder: Encoder
) -> dict[str, list[Case]]:
    """The cases of each set."""
    cases: dict[str, list[Case]] = {}
    opened: dict[str, Retriever] = {}
    for one in sets:
        if one.store not in opened:
            index = one.open(folder, settings, encoder).retriever.index
            opened[one.store] = Retriever(index, encoder, words(settings))
        cases[one.name] = [case(opened[one.store], label) for label in one.labels]
        log.info("%s: %d questions", one.name, len(one.labels))
    return cases


def line(name: str, found: Sequence[int | None]) -> str:
    return (
        f"{name:28}{recall(found, 1):8.3f}{recall(found, 5):8.3f}{mean_reciprocal_rank(found):8.3f}"
    )


def report(sets: Sequence[Set], cases: Cases, names: Sequence[str]) -> None:
    """How each set fares without its origin in the fit, and how with the shipped weights."""
    shipped = np.array([WEIGHTS.get(name, 0.0) / SCALE.get(name, 1.0) for name in FEATURES])
    alone = left_out(sets, cases, names)
    print(f"\n{'without its origin':28}{'R@1':>8}{'R@5':>8}{'MRR@10':>8}{'n':>6}   shipped MRR@10")
    for name, found in alone.items():
        whole = mean_reciprocal_rank([rank(one, shipped) for one in cases[name]])
        print(f"{line(name, found)}{len(found):6}{whole:12.3f}")


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tune")
    parser.add_argument("--beir", type=Path, nargs="+", default=[])
    parser.add_argument("--without", nargs="+", default=[], choices=FEATURES)
    parser.add_argument("--cache", type=Path)
    args = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    settings = Settings.from_environment()
    folder = args.cache or settings.cache.expanduser() / "benchmarks"
    sets = [one.half(False) for one in shipped_sets(folder / "written")]
    sets += [read_beir(path, folder / "written") for path in args.beir]
    cases = gather(sets, folder, settings, open_encoder(settings))
    names = [name for name in WEIGHTS if name not in args.without]
    report(sets, cases, names)
    for title, chosen in (
        ("WEIGHTS", names),
        ("FIRST", [n for n in FIRST if n not in args.without]),
    ):
        print(f"\n{title}")
        weights = fit([cases[s.name] for s in sets if cases[s.name]], chosen)
        for name, weight in zip(FEATURES, weights, strict=True):
            if name in chosen:
                print(f'    "{name}": {weight * SCALE.get(name, 1.0):.2f},')


if __name__ == "__main__":
    main()
