"""Trains what ``corpus/mention_roles.py`` tells names with, on the questions of ``training/mentions``.

    python -m training.mention_roles [--write] [FILE ...]     # each author by what the others taught; of a FILE, how it is told

A row: a question ``q`` and its ``places``, or its ``channels``, in order, each as it is written (``t``) and what it is ``of``. The
name of a file begins with what it holds.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from corpus.hashed import BUCKETS, Weights
from corpus.mention_roles import FILES, ROLES, Kind, Span, fields, roles_of, where_covered
from corpus.text import fold
from training import hashed

FOLDER = Path(__file__).resolve().parent / "mentions"
STRENGTH: Mapping[Kind, float] = {"place": 1.0, "channel": 30.0}
FIELDS = 6


@dataclass(frozen=True, slots=True)
class Row:
    """A question as it is read, and the names in it with what each is; of names close upon each other one."""

    folded: str
    spans: tuple[Span, ...]
    roles: tuple[str, ...]


def kind_of(path: Path) -> Kind:
    return "place" if path.stem.startswith("places") else "channel"


def rows(path: Path) -> Iterator[Row]:
    for row in map(json.loads, path.read_text("utf-8").splitlines()):
        folded, at = fold(row["q"]), 0
        spans, roles = list[Span](), list[str]()
        for told in row[f"{kind_of(path)}s"]:
            start = folded.index(fold(told["t"]), at)
            at = start + len(fold(told["t"]))
            if spans and start == spans[-1][1] and roles[-1] == told["of"]:
                spans[-1] = spans[-1][0], at
            else:
                spans.append((start, at))
                roles.append(told["of"])
        yield Row(folded, tuple(spans), tuple(roles))


def learn(some: Sequence[Row], kind: Kind) -> Weights:
    """(fields, ``BUCKETS``, roles) weights and (roles,) biases."""
    seen = [fields(row.folded, row.spans, n) for row in some for n in range(len(row.spans))]
    of = [role for row in some for role in row.roles]
    model = LogisticRegression(C=STRENGTH[kind], max_iter=2000)
    model.fit(hashed.table(seen, (1.0,) * FIELDS), of)
    coefficients, biases = model.coef_, model.intercept_
    if len(model.classes_) == 2:  # of two, the odds of the second alone
        coefficients = np.concatenate([-coefficients, coefficients]) / 2
        biases = np.concatenate([-biases, biases]) / 2
    order = [list(model.classes_).index(role) for role in ROLES[kind]]
    weights = coefficients[order].reshape(len(order), FIELDS, BUCKETS).transpose(1, 2, 0)
    return weights.astype(np.float32), biases[order].astype(np.float32)


def report(some: Sequence[Row], kind: Kind, weights: Weights | None = None) -> str:
    """By some weights, or those in place: names told rightly, of each kind those that are, and texts with several of which all are."""
    told = [roles_of(row.folded, row.spans, kind, weights) for row in some]
    pairs = [
        pair
        for row, given in zip(some, told, strict=True)
        for pair in zip(row.roles, given, strict=True)
    ]
    each = ", ".join(
        f"{role} {np.mean([a == b for a, b in pairs if a == role]):.3f} of {sum(a == role for a, _ in pairs)}"
        for role in ROLES[kind]
    )
    whole = [
        row.roles == given for row, given in zip(some, told, strict=True) if len(row.roles) > 1
    ]
    right = np.mean([a == b for a, b in pairs])
    return f"names {right:.3f} of {len(pairs)} ({each}), with several all {np.mean(whole):.3f} of {len(whole)}"


def covered(some: Sequence[Row], weights: Weights | None = None) -> str:
    """Of texts with several places one of which decides: for how many one is told, and whether rightly."""
    told = right = several = 0
    for row in some:
        names = [row.folded[start:end] for start, end in row.spans]
        if len(set(names)) < 2 or "cover" not in row.roles:
            continue
        several += 1
        left = where_covered(row.folded, weights)
        if left != row.folded:
            told += 1
            right += any(
                n in left for n, role in zip(names, row.roles, strict=True) if role == "cover"
            )
    return f"; with several one told {told / max(1, several):.3f} of {several}, rightly {right / max(1, told):.3f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, help="told by the shipped weights, instead")
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    for path in given.files:
        found, kind = [*rows(path)], kind_of(path)
        print(f"{path.stem}: {report(found, kind)}{covered(found) if kind == 'place' else ''}")
    if given.files:
        return
    for kind, file in FILES.items():
        by_author = {p.stem: [*rows(p)] for p in sorted(FOLDER.glob(f"{kind}s_*.jsonl"))}
        for author, own in by_author.items():
            others = [row for name, some in by_author.items() if name != author for row in some]
            if others:
                learned = learn(others, kind)
                beside = covered(own, learned) if kind == "place" else ""
                print(f"{author}, by the others: {report(own, kind, learned)}{beside}")
        if given.write:
            every = [row for some in by_author.values() for row in some]
            hashed.write(*learn(every, kind), file)


if __name__ == "__main__":
    main()
