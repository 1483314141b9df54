"""Text classifiers: what a short question is like, learned from lists of example questions.

There are more ways to ask than patterns can hold. A list (``corpus/data/asked_law.txt``) holds example
questions by their labels; a ridge regression over their vectors and their runs of one and two
characters gives each label a weight, about 1 for what it is and 0 for what it is not. The weights
for the bundled model are made by ``python -m benchmarks.classifiers``, which also prints how often
they name a left-out example rightly, and lie beside this file. For any other model the runs alone
decide: their weights are worked out at the first question, in some seconds.
"""

from __future__ import annotations

import hashlib
import logging
import math
import re
import threading
from collections import Counter
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.settings import DEFAULT_MODEL
from corpus.text import fold

log = logging.getLogger(__name__)
LISTS = Path(__file__).resolve().parent.parent / "corpus" / "data"
WEIGHTS = Path(__file__).resolve().parent / "data"
NONE = "-"
RIDGE = 1.0
"""Penalty of the regression: of .5, 1 and 2 the best on questions of authors who were left out."""
HELD = 2
"""Examples that must hold a run of characters for it to count."""
VERSION = 2  # changes with what is worked out from the same examples


@dataclass(frozen=True)
class Examples:
    """A list of example questions. ``labels``: what each is an example of, several where it is of
    all; ``kinds``: every label once, in the order of the file."""

    name: str
    labels: tuple[tuple[str, ...], ...]
    questions: tuple[str, ...]

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(label for labels in self.labels for label in labels))

    @cached_property
    def identity(self) -> str:
        """Changes whenever other weights would be made."""
        rows = (f"{','.join(of)}\t{q}" for of, q in zip(self.labels, self.questions, strict=True))
        return hashlib.sha256("\n".join((str(VERSION), *rows)).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Weights:
    """The regression. ``kinds``: the labels; ``centre``: (dim,), the mean of the examples' vectors;
    ``prior``: (kinds,); ``dense``: (dim, kinds), without rows where there are no vectors; ``rows``:
    the row of each run of characters and its rarity; ``runs``: (runs, kinds). All float32."""

    kinds: tuple[str, ...]
    centre: NDArray[np.float32]
    prior: NDArray[np.float32]
    dense: NDArray[np.float32]
    rows: dict[str, tuple[int, float]]
    runs: NDArray[np.float32]


class Classifier:
    """Weighs a question by one list. ``model``: identity of the model that makes the vectors."""

    def __init__(self, name: str, model: str) -> None:
        self.name = name
        self._family = model.rpartition("/")[0] if model.startswith(DEFAULT_MODEL) else ""
        self._lock = threading.Lock()
        self._weights: Weights | None = None
        self._words = lru_cache(maxsize=64)(self._weigh_words)

    def weigh(self, question: str, vector: NDArray[np.float32]) -> dict[str, float]:
        """The weight of each label. ``vector``: (dim,) float32, the question's."""
        kinds = self.weights().kinds
        return dict(zip(kinds, self.weigh_all(question, vector).tolist(), strict=True))

    def weigh_all(self, question: str, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """The same as an array, (kinds,), in the order of ``weights().kinds``."""
        weights = self.weights()
        found = self._words(question)
        if len(weights.dense):
            apart = vector - weights.centre
            length = np.float32(math.sqrt(float(apart @ apart)) or 1.0)
            found = found + (apart @ weights.dense) / length
        return found

    def prepare(self, question: str) -> None:
        """Work out beforehand what needs no vector; it is kept for a while."""
        self._words(question)

    def weights(self) -> Weights:
        """Those that lie beside this file, or for another model those of the words alone."""
        if self._weights is None:
            with self._lock:
                if self._weights is None:
                    shipped = load(self.name, family=self._family) if self._family else None
                    self._weights = shipped or fitted(examples(self.name))
        return self._weights

    def _weigh_words(self, question: str) -> NDArray[np.float32]:
        weights = self.weights()
        known = [found for run in runs_of(question) if (found := weights.rows.get(run))]
        if not known:
            return weights.prior
        rows, rarity = zip(*known, strict=True)
        shares = unit(np.array(rarity, np.float32))
        return weights.prior + shares @ weights.runs.take(rows, axis=0)


@lru_cache(maxsize=4)
def examples(name: str) -> Examples:
    """The list of that name (``asked``, ``asked_law``)."""
    labels: list[tuple[str, ...]] = []
    questions: list[str] = []
    of: tuple[str, ...] = (NONE,)
    for line in (LISTS / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            of = tuple(label.strip() for label in line.strip("[]").split(","))
        elif line and not line.startswith("#"):
            labels.append(of)
            questions.append(line)
    return Examples(name, tuple(labels), tuple(questions))


def fitted(of: Examples, vectors: NDArray[np.float32] | None = None) -> Weights:
    """The weights for a list, and the examples' vectors, (examples, dim), where there are any:
    ridge regression in its dual form, as there are fewer examples than dimensions."""
    held = Counter(run for question in of.questions for run in runs_of(question))
    often = [run for run, count in held.items() if count >= HELD]
    count = len(of.questions)
    rows = {run: (row, math.log(count / held[run])) for row, run in enumerate(often)}
    runs = np.zeros((count, len(often)), np.float32)
    for n, question in enumerate(of.questions):
        for run in runs_of(question):
            if run in rows:
                runs[n, rows[run][0]] = rows[run][1]
    runs = unit(runs)
    wanted = np.array([[float(kind in labels) for kind in of.kinds] for labels in of.labels])
    prior = wanted.mean(axis=0)
    alike = (runs @ runs.T).astype(np.float64)
    centre = np.zeros(0, np.float32) if vectors is None else vectors.mean(axis=0)
    dense = np.zeros((count, 0), np.float32) if vectors is None else unit(vectors - centre)
    alike += dense @ dense.T
    alike[np.diag_indices(count)] += RIDGE
    dual = np.linalg.solve(alike, wanted - prior)
    made = (np.asarray(part, np.float32) for part in (prior, dense.T @ dual, runs.T @ dual))
    first, second, third = made
    return Weights(of.kinds, centre, first, second, rows, third)


def save(of: Examples, weights: Weights, folder: Path = WEIGHTS, *, family: str = "") -> Path:
    """Leave the weights beside this file; those of the runs as whole numbers of one byte, with a
    scale for each label. ``family``: the model's identity without its precision."""
    scale = np.abs(weights.runs).max(axis=0) / 127
    path = folder / f"{of.name}.npz"
    np.savez_compressed(
        path,
        of=of.identity,
        family=family,
        kinds=list(weights.kinds),
        centre=weights.centre,
        prior=weights.prior,
        dense=weights.dense.astype(np.float16),
        names="\n".join(weights.rows),
        rarity=np.array([rarity for _, rarity in weights.rows.values()], np.float32),
        scale=scale,
        runs=np.round(weights.runs / scale).astype(np.int8),
    )
    return path


def load(name: str, folder: Path = WEIGHTS, *, family: str = "") -> Weights | None:
    """The weights that ``save`` left, or None where they are of other examples, of vectors of
    another model or damaged."""
    try:
        with np.load(folder / f"{name}.npz", allow_pickle=False) as kept:
            if (str(kept["of"]), str(kept["family"])) != (examples(name).identity, family):
                log.warning("the weights of %s.txt are old: python -m benchmarks.classifiers", name)
                return None
            names = str(kept["names"]).split("\n")
            rarity = kept["rarity"].tolist()
            return Weights(
                tuple(kept["kinds"].tolist()),
                kept["centre"],
                kept["prior"],
                kept["dense"].astype(np.float32),
                {run: (row, rarity[row]) for row, run in enumerate(names)},
                kept["runs"] * kept["scale"].astype(np.float32),
            )
    except (OSError, ValueError, KeyError, EOFError) as error:
        log.warning("the weights of %s.txt cannot be read: %s", name, error)
        return None


def runs_of(question: str) -> list[str]:
    """Its runs of one and two characters, each once, said plainly and without punctuation."""
    text = re.sub(r"\W", "", fold(question))
    return list(dict.fromkeys((*text, *(text[i : i + 2] for i in range(len(text) - 1)))))


def unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """(…, dim), each of length 1."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: NDArray[np.float32] = vectors / np.maximum(lengths, 1e-9)
    return scaled
