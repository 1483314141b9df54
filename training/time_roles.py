"""Trains what ``corpus/time_roles.py`` tells times with, on the questions and sentences of ``training/times``.

    python -m training.time_roles [--write] [FILE ...]      # each author by what the others taught; of a FILE, how it is told

A row: a question ``q``, its ``times`` in order, each as it is written (``t``) and what it is ``of``, and the length of the
break in ``months`` that a careful clerk would reckon on ``TODAY``, null where none is told. Or a sentence of a page, with the
``conditions`` that its lengths of a break make, as ``corpus.circumstances`` writes them.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from corpus.circumstances import conditions_of
from corpus.hashed import BUCKETS, Weights
from corpus.text import fold
from corpus.time_roles import FILES, ROLES, Kind, fields, lapse, told_in
from corpus.times import times
from training import hashed

FOLDER = Path(__file__).resolve().parent / "times"
TODAY = date(2026, 11, 29)
STRENGTH = 30.0
FIELDS = 7
BESIDE: Mapping[tuple[Kind, Kind], float] = {("question", "page"): 0.0, ("page", "question"): 0.3}
"""What one of the other kind is worth in learning. Of pages, each author by the others, times come out right for .924 without the
questions, for .932 so; questions gain nothing by pages, and ``held/i`` lost (none told .846, .788 with them)."""
NEAR = 0.15
"""Of a break, how far a reckoning may lie from the clerk's, and still be right; or half a month."""


@dataclass(frozen=True, slots=True)
class Row:
    """A question as it is read: its times that were found, what each is of ("" where nobody said), and its break; of a sentence
    of a page, its ``conditions``."""

    folded: str
    roles: tuple[str, ...]
    missed: tuple[str, ...]
    months: float | None
    conditions: tuple[str, ...] | None = None

    @property
    def kind(self) -> Kind:
        return "question" if self.conditions is None else "page"


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
        held = tuple(row["conditions"]) if "conditions" in row else None
        yield Row(folded, tuple(roles), tuple(missed), row.get("months"), held)


def learn(some: Sequence[Row], kind: Kind) -> Weights:
    """(fields, ``BUCKETS``, roles) weights and (roles,) biases, of times that somebody said of what they are."""
    seen, of, worth = [], [], []
    for row in some:
        found = times(row.folded)
        for n, role in enumerate(row.roles):
            if role and (here := BESIDE.get((kind, row.kind), 1.0)):
                seen.append(fields(row.folded, found, n))
                of.append(role)
                worth.append(here)
    model = LogisticRegression(C=STRENGTH, max_iter=2000)
    model.fit(hashed.table(seen, (1.0,) * FIELDS), of, sample_weight=worth)
    order = [list(model.classes_).index(role) for role in ROLES]
    weights = model.coef_[order].reshape(len(ROLES), FIELDS, BUCKETS).transpose(1, 2, 0)
    return weights.astype(np.float32), model.intercept_[order].astype(np.float32)


def report(some: Sequence[Row], weights: Weights | None = None) -> str:
    """By some weights, or those in place: times told rightly; of questions that tell a break those whose length is right, and
    of the others those that are left without one; so with the conditions of sentences of pages."""
    right = total = 0
    told = [0, 0]
    none = [0, 0]
    for row in some:
        found = told_in(row.folded, row.kind, weights)
        right += sum(one.role == role for one, role in zip(found, row.roles, strict=True) if role)
        total += sum(map(bool, row.roles)) + len(row.missed)
        if row.conditions is not None:
            told_of = dict.fromkeys(c for *_, c in conditions_of(found, row.folded))
            same = [*told_of] == [*dict.fromkeys(row.conditions)]
            count = told if row.conditions else none
            count[0] += same
            count[1] += 1
            continue
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
        others = [row for name, some in by_author.items() if name != author for row in some]
        learned = learn(others, own[0].kind)
        print(f"{author}, by the others: {report(own, learned)}", flush=True)
    if given.write:
        every = [row for some in by_author.values() for row in some]
        for kind, file in FILES.items():
            hashed.write(*learn(every, kind), file)


if __name__ == "__main__":
    main()
