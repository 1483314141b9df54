"""Fits the decision on scope and draws its trade-off.

    python -m benchmarks.scope [--asked FILE ...] [--cache FILE]

Two logistic regressions on the features of ``index.scope``. *Answered*: questions that a store answers
against those that it does not, of five origins: what people asked of our articles (``--asked``, files of ``tests/quality/people``),
questions that were written to them (``tests/quality``, and ``--asked``, files in the form of ``training/judged``), pages of cities, the
source pages where they lie beside the project, and pages of an author whom the judge never met. Yes and no of each origin weigh
alike, so that what tells origins apart teaches nothing, and each of the others ``OTHERS`` of what people asked. *Ours*: those on another subject against all others. Each origin is left out
once and judged by what the others taught: the AUC, and for each threshold the share of the unanswerable
that is refused and of the answerable that is refused wrongly; then the weights of all.
"""

from __future__ import annotations

import argparse
import pickle
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from assistant import Assistant
from benchmarks.labels import QUALITY, read_rows
from benchmarks.sets import ASKED, HELD_AUTHORS, SOURCE_PAGES
from index.line_odds import LineOdds
from index.scope import ANSWERED, JUDGED, OURS, features, is_teaser
from training.pages import by_author, pages

FOLDS = 10
RIDGE = 0.0005
OTHER, TALK = ("offtopic", "lookalike"), ("chitchat", "instruction", "gibberish")
"""Types of the questions of ``outside.jsonl`` that are on another subject, and of those that are none."""
PEOPLE, ARTICLES = "people", "articles"
OTHERS = 0.25
"""What yes or no of another origin weighs beside those of people. The AUC of people, in ten folds, is .926 at 1, .929 at this; of cities,
left out, .919 and .926, of the source pages .978 and .977, of the pages of an author never met .701 and .697."""
Vector = NDArray[np.float64]
THRESHOLDS = (0.2, 0.3, 0.4, 0.5, 0.6)
Case = tuple[str, bool, bool]
"""A question, whether it is answered, whether it is on another subject."""


@dataclass(frozen=True, slots=True)
class Row:
    """A question of an origin, what is to be said of it, and what the regressions see."""

    origin: str
    question: str
    answer: bool
    features: dict[str, float]


def look(yibao: Assistant, question: str) -> dict[str, float] | None:
    """The features of one question; None where nothing was found that they could be of."""
    retriever = yibao.retriever
    found = retriever.find(question, k=10)
    whole = [hit for hit in found.hits if not is_teaser(hit)]
    if not whole:
        return None
    judged = retriever.judged(found, [found.seen[hit.number] for hit in whole[:JUDGED]])
    return features(found, retriever, whole, judged, LineOdds(found.asked))


def written(files: Sequence[Path]) -> Iterator[Case]:
    """Questions that were written to the shipped articles."""
    for name in ("retrieval.jsonl", "slips.jsonl", "outside.jsonl"):
        for row in read_rows(QUALITY / name):
            if row["type"] not in TALK:
                yield row["question"], bool(row["gold"]), row["type"] in OTHER
    for name in ASKED:
        for row in read_rows(QUALITY / "asked" / f"{name}.jsonl"):
            yield row["question"], True, False
    for row in (row for file in files for row in read_rows(file)):
        if "full" in row:  # judged sentence by sentence
            yield row["question"], bool(row["full"] or row["part"]), False


def people(files: Sequence[Path]) -> Iterator[Case]:
    """What people asked."""
    for row in (row for file in files for row in read_rows(file)):
        if "answerable" in row and row["note"] != "talk":
            yield row["question"], row["answerable"] != "no", row["note"] == "other"


def origins(folder: Path, files: Sequence[Path]) -> Iterator[tuple[str, Assistant, list[Case]]]:
    """Name, store and questions of each."""
    shipped = Assistant.open()
    for name, cases in ((PEOPLE, people(files)), (ARTICLES, written(files))):
        if each := list(dict.fromkeys(cases)):
            yield name, shipped, each
    cities = QUALITY / "pages" / "cities"
    rows = (*read_rows(cities / "retrieval.jsonl"), *read_rows(cities / "refuse.jsonl"))
    cases = [(row["question"], bool(row.get("gold")), False) for row in rows]
    yield "cities", Assistant.create(folder / "cities", cities / "docs"), cases
    if SOURCE_PAGES.is_dir():
        rows = (*read_rows(QUALITY / "seeds.jsonl"), *read_rows(QUALITY / "refuse_pages.jsonl"))
        cases = [(row["question"], bool(row.get("gold")), False) for row in rows]
        yield "source pages", Assistant.create(folder / "seeds", SOURCE_PAGES), cases
    yield "labelled pages", *_labelled(folder)


def _labelled(folder: Path) -> tuple[Assistant, list[Case]]:
    cases: list[Case] = []
    files = folder / "pages"
    files.mkdir()
    for page in by_author(pages(), HELD_AUTHORS)[1]:
        text = f"# {page.head['title']}\n\n{page.text}\n"
        (files / f"{page.author}-{page.name}.md").write_text(text, encoding="utf-8")
        cases += [(a.text, a.verdict == "full", False) for a in page.asked if a.verdict != "partly"]
    return Assistant.create(folder / "labelled", files), cases


def fit(x: Vector, y: Vector, weight: Vector) -> Vector:
    """Weights of the standardised features, the bias last."""

    def loss(w: Vector) -> tuple[float, Vector]:
        z = x @ w[:-1] + w[-1]
        p = 1 / (1 + np.exp(-z))
        value = weight @ (np.logaddexp(0, z) - y * z) + RIDGE * float(w[:-1] @ w[:-1])
        slope = np.append(x.T @ (weight * (p - y)) + 2 * RIDGE * w[:-1], weight @ (p - y))
        return float(value), slope

    return np.asarray(minimize(loss, np.zeros(x.shape[1] + 1), jac=True, method="L-BFGS-B").x)


def alike(y: Vector, origin: NDArray[np.str_]) -> Vector:
    """The weight of each question: yes and no of each origin together as much as any other, or ``OTHERS`` of what people
    asked."""
    weight = np.zeros(len(y))
    for name in np.unique(origin):
        for answer in (0, 1):
            some = (origin == name) & (y == answer)
            weight[some] = (1 if name == PEOPLE else OTHERS) / max(1, some.sum())
    return weight / weight.sum()


def auc(scores: Vector, y: Vector) -> float:
    """How often an answerable question lies above one that is not."""
    good, bad = scores[y == 1], scores[y == 0]
    above = (good[:, None] > bad[None, :]).mean() + 0.5 * (good[:, None] == bad[None, :]).mean()
    return float(above)


def report(name: str, rows: Sequence[Row], weights: Mapping[str, float]) -> None:
    """The trade-off for each origin by what the others taught, and the weights of all."""
    names = [feature for feature in weights if feature != "bias"]
    x = np.array([[row.features[n] for n in names] for row in rows])
    y = np.array([float(row.answer) for row in rows])
    origin = np.array([row.origin for row in rows])
    mean, spread = x.mean(axis=0), x.std(axis=0) + 1e-9
    scaled = (x - mean) / spread
    print(f"\n{name}: {int(y.sum())} yes, {int((1 - y).sum())} no")
    for here in np.unique(origin):
        mine = origin == here
        fold = np.random.default_rng(0).permutation(mine.sum()) % FOLDS
        others = ~mine if not mine.all() else mine
        w = fit(scaled[others], y[others], alike(y[others], origin[others]))
        left_out = 1 / (1 + np.exp(-(scaled[mine] @ w[:-1] + w[-1])))
        among = np.zeros(mine.sum())
        for out in range(FOLDS):
            seen = ~mine
            seen[np.flatnonzero(mine)[fold != out]] = True
            w = fit(scaled[seen], y[seen], alike(y[seen], origin[seen]))
            test = scaled[np.flatnonzero(mine)[fold == out]]
            among[fold == out] = 1 / (1 + np.exp(-(test @ w[:-1] + w[-1])))
        print(
            f"  {here}: AUC left out {auc(left_out, y[mine]):.3f}, in ten folds {auc(among, y[mine]):.3f}"
        )
        print(
            "    " + ", ".join(f"{n} {auc(x[mine, i], y[mine]):.3f}" for i, n in enumerate(names))
        )
        for t in THRESHOLDS:
            refused = (among[y[mine] == 0] < t).mean(), (among[y[mine] == 1] < t).mean()
            print("    below {:.2f}: refused rightly {:.3f}, wrongly {:.3f}".format(t, *refused))
    w = fit(scaled, y, alike(y, origin))
    print(f'    "bias": {w[-1] - (w[:-1] * mean / spread).sum():.2f},')
    for i, feature in enumerate(names):
        print(
            f'    "{feature}": {w[i] / spread[i]:.2f},  # mean of the answered {x[y == 1, i].mean():.3f}'
        )


def looked(files: Sequence[Path]) -> list[tuple[Row, bool]]:
    """Each question with its features, and whether it is on another subject."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for name, yibao, cases in origins(Path(folder), files):
            for question, answered, other in cases:
                if (seen := look(yibao, question)) is not None:
                    found.append((Row(name, question, answered, seen), other))
    return found


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scope")
    parser.add_argument("--asked", nargs="+", type=Path, default=[])
    parser.add_argument(
        "--cache", type=Path, help="keeps the features there, and takes them up again"
    )
    args = parser.parse_args(argv)
    if args.cache and args.cache.exists():
        rows = pickle.loads(args.cache.read_bytes())
    else:
        rows = looked(args.asked)
        if args.cache:
            args.cache.write_bytes(pickle.dumps(rows))
    report("answered", [row for row, _ in rows], ANSWERED)
    mine = [
        replace(row, origin=ARTICLES, answer=not other)
        for row, other in rows
        if row.origin in (PEOPLE, ARTICLES)
    ]
    report("ours", mine, OURS)


if __name__ == "__main__":
    main()
