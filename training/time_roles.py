"""Trains what ``corpus/time_roles.py`` tells times with, on the questions of ``training/times``.

    python -m training.time_roles [--write] [FILE ...]      # each author by what the others taught; of a FILE, how it is told

A row: a question ``q``, its ``times`` in order, each as it is written (``t``) and what it is ``of``, and the length of the
break in ``months`` that a careful clerk would reckon on ``TODAY``, null where none is told.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from corpus.hashed import BUCKETS, Weights
from corpus.text import fold
from corpus.time_roles import FILE, ROLES, fields, lapse, told_in
from corpus.times import times
from training import hashed

FOLDER = Path(__file__).resolve().parent / "times"
TODAY = date(2026, 11, 29)
STRENGTH = 30.0
FIELDS = 7
NEAR = 0.15
"""Of a break, how far a reckoning may lie from the clerk's, and still be right; or half a month."""


@dataclass(frozen=True, slots=True)
class Row:
    """A question as it is read: its times that were found, what each is of ("" where nobody said), and its break."""

    folded: str
    roles: tuple[str, ...]
    missed: tuple[str, ...]
    months: float | None


def rows(path: Path) -> Iterator[Row]:
    for row in map(json.loads, path.read_text("utf-8").splitlines()):
        folded = fold(row["q"])
        found = times(folded)
        roles, missed, at = [""] * len(found), [], 0
        for told in row["times"]:
            start = folded.index(fold(told["t"]), at)
            at = start + len(fold(told["t"]))
            over = [n for n, one in enumerate(found) if one.start < at and start < one.end]
            for n in over:
                roles[n] = told["of"]
            if (
                not over and told["of"] != "other"
            ):  # an age is no time that could be taken for a break
                missed.append(told["of"])
        yield Row(folded, tuple(roles), tuple(missed), row["months"])


def read(some: Sequence[Row]) -> tuple[list[tuple[str, ...]], list[str]]:
    """What is read of each time of which somebody said what it is of, and that."""
    seen, of = [], []
    for row in some:
        found = times(row.folded)
        for n, role in enumerate(row.roles):
            if role:
                seen.append(fields(row.folded, found, n))
                of.append(role)
    return seen, of


def learn(some: Sequence[Row]) -> Weights:
    """(fields, ``BUCKETS``, roles) weights and (roles,) biases."""
    seen, of = read(some)
    model = LogisticRegression(C=STRENGTH, max_iter=2000)
    model.fit(hashed.table(seen, (1.0,) * FIELDS), of)
    order = [list(model.classes_).index(role) for role in ROLES]
    weights = model.coef_[order].reshape(len(ROLES), FIELDS, BUCKETS).transpose(1, 2, 0)
    return weights.astype(np.float32), model.intercept_[order].astype(np.float32)


def report(some: Sequence[Row], weights: Weights | None = None) -> str:
    """By some weights, or those in place: times told rightly; of questions that tell a break those whose length is right, and
    of the others those that are left without one."""
    right = total = 0
    told = [0, 0]
    none = [0, 0]
    for row in some:
        found = told_in(row.folded, weights)
        right += sum(one.role == role for one, role in zip(found, row.roles, strict=True) if role)
        total += sum(map(bool, row.roles)) + len(row.missed)
        reckoned = lapse(found, row.folded, TODAY)
        if row.months is None:
            none[0] += reckoned is None
            none[1] += 1
        else:
            near = max(0.5, NEAR * row.months)
            told[0] += reckoned is not None and abs(reckoned.months - row.months) <= near
            told[1] += 1
    return (
        f"times {right / total:.3f} of {total}, breaks {told[0] / max(1, told[1]):.3f} of {told[1]}, "
        f"none told {none[0] / max(1, none[1]):.3f} of {none[1]}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, help="told by the shipped weights, instead")
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    for path in given.files:
        print(f"{path.stem}: {report([*rows(path)])}")
    if given.files:
        return
    by_author = {path.stem: [*rows(path)] for path in sorted(FOLDER.glob("*.jsonl"))}
    for author, own in by_author.items():
        learned = learn([row for name, some in by_author.items() if name != author for row in some])
        print(f"{author}, by the others: {report(own, learned)}", flush=True)
    if given.write:
        hashed.write(*learn([row for some in by_author.values() for row in some]), FILE)


if __name__ == "__main__":
    main()
