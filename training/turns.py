"""Trains what ``corpus/turns.py`` tells changes of scheme with, on the questions of ``training/turns``.

    python -m training.turns [--write] [FILE ...]     # each author by what the others taught; of a FILE, how it is told

A row: a question ``q`` and its ``turn``: 职居, 居职 or 无.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from corpus.hashed import BUCKETS, Weights
from corpus.text import fold
from corpus.turns import FILE, LABELS, TURNS, Side, Turn, mentions, turn_in
from training import hashed

FOLDER = Path(__file__).resolve().parent / "turns"
NAMED = dict(zip(("职居", "居职", "无"), TURNS, strict=True))
STRENGTH = 10.0
Row = tuple[str, Turn | None]
"""A question as it is read, and its change."""


def rows(path: Path) -> list[Row]:
    told = map(json.loads, path.read_text("utf-8").splitlines())
    return [(fold(row["q"]), NAMED[row["turn"]]) for row in told]


def role(side: Side, turn: Turn | None) -> str:
    """What a word for a scheme is where somebody changes so."""
    return "other" if turn is None else "left" if side == turn[0] else "wanted"


def learn(some: Sequence[Row]) -> Weights:
    """(fields, ``BUCKETS``, labels) weights and (labels,) biases."""
    told = [
        (seen, f"{side} {role(side, turn)}")
        for folded, turn in some
        for side, seen in mentions(folded)
    ]
    fields = len(told[0][0])
    model = LogisticRegression(C=STRENGTH, max_iter=3000)
    model.fit(hashed.table([seen for seen, _ in told], (1.0,) * fields), [of for _, of in told])
    order = [list(model.classes_).index(label) for label in LABELS]
    weights = model.coef_[order].reshape(len(order), fields, BUCKETS).transpose(1, 2, 0)
    return weights.astype(np.float32), model.intercept_[order].astype(np.float32)


def report(some: Sequence[Row], weights: Weights | None = None) -> str:
    """By some weights, or those in place: of changes those that are told and told the other way, of all else those taken for one."""
    told = [(turn, turn_in(folded, weights)) for folded, turn in some]
    changes = [(turn, given) for turn, given in told if turn]
    right = np.mean([turn == given for turn, given in changes])
    wrong = np.mean([given not in (turn, None) for turn, given in changes])
    none = [given for turn, given in told if not turn]
    taken = np.mean([given is not None for given in none])
    return f"told {right:.3f}, the other way {wrong:.3f} of {len(changes)}; taken for one {taken:.3f} of {len(none)}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training.turns")
    parser.add_argument("files", nargs="*", type=Path, help="told by the shipped weights, instead")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    for path in args.files:
        print(f"{path.stem}: {report(rows(path))}")
    if args.files:
        return
    by_author = {path.stem: rows(path) for path in sorted(FOLDER.glob("*.jsonl"))}
    for author, own in by_author.items():
        others = [row for name, some in by_author.items() if name != author for row in some]
        print(f"{author}, by the others: {report(own, learn(others))}")
    if args.write:
        hashed.write(*learn([row for some in by_author.values() for row in some]), FILE)


if __name__ == "__main__":
    main()
