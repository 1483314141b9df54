"""Which matters a question asks for: what its words say and how like it is to examples of each.

There are more ways to ask than patterns (``corpus/data/matters.yaml``) can hold, and a pattern also
fits what only sounds like it. ``asked.txt`` lists questions by what they ask for, a third of them
for nothing that sources dispute. A ridge regression over the vectors of these examples and their
runs of one to three characters gives each matter a weight; a pattern that fits adds to it. Leaving
out one example at a time, it names the right one for 90% (with vectors alone 84, runs alone 85, the
five nearest examples 82). It is worked out once for each model and kept in the cache folder.
"""

from __future__ import annotations

import hashlib
import logging
import math
import os
import re
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from corpus import matters

log = logging.getLogger(__name__)
EXAMPLES = Path(__file__).resolve().parent.parent / "corpus" / "data" / "asked.txt"
NONE = "-"
RIDGE = 1.0
"""Penalty of the regression: .3 names 89.9% of the left-out examples rightly, 1 90.4%, 3 88.2%."""
NAMED = 0.15
"""What a pattern that fits adds: of left-out examples 5.7% are then missed and 8% of those for
nothing taken for something (.1: 6.2 and 7.2; .2: 5.2 and 10.4)."""
ENOUGH = 0.25
"""Weight from which a matter is taken to be asked for, if it also outweighs ``NONE`` (.3: 6.7% missed)."""
BESIDE = 0.35
"""… and share of the likeliest one's weight: 要交满几年退休 asks for years, hardly for a wait too."""
PLAINLY = 0.55
"""Weight from which there is no doubt: of 300 labelled questions to refuse none weighs more than .5."""
VERSION = 1  # changes with what is worked out from the same examples


class QueryEncoder(Protocol):
    """The part of an encoder that is needed here."""

    @property
    def model(self) -> str:
        """Identity of the model."""

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n, dim) float32 of unit length."""


@dataclass(frozen=True, slots=True)
class Weights:
    """The regression. ``centre``: (dim,), the mean of the examples' vectors; ``prior``: (kinds,);
    ``dense``: (dim, kinds); ``runs``: (runs, kinds), a row for each run of characters; float32."""

    centre: NDArray[np.float32]
    prior: NDArray[np.float32]
    dense: NDArray[np.float32]
    runs: NDArray[np.float32]


class AskedFor:
    """Tells what a question asks for; the weights are made at the first question."""

    def __init__(self, encoder: QueryEncoder, cache: Path) -> None:
        self._encoder = encoder
        self._cache = cache
        self._lock = threading.Lock()
        self._weights: Weights | None = None

    def matters(self, question: str, vector: NDArray[np.float32]) -> tuple[str, ...]:
        """What a question asks for, the likeliest first; () where it asks for nothing that sources
        dispute. ``vector``: (dim,) float32, the question's."""
        asked = self._asked(question, vector)
        return tuple(sorted(asked, key=lambda about: -asked[about]))

    def prepare(self, question: str) -> None:
        """Work out beforehand what needs no vector; it is kept for a while."""
        matters.asked(question)
        _runs_of(question)

    def plainly(self, question: str, vector: NDArray[np.float32]) -> str:
        """The matter that a question asks for beyond doubt, or ""."""
        asked = self._asked(question, vector)
        return next((about for about, weight in asked.items() if weight >= PLAINLY), "")

    def _asked(self, question: str, vector: NDArray[np.float32]) -> dict[str, float]:
        """The matters that a question asks for, with their weights."""
        weighed = self._weigh(question, vector)
        nothing = weighed.pop(NONE)
        for about in matters.asked(question):
            weighed[about] = weighed.get(about, 0.0) + NAMED
        least = max(ENOUGH, nothing, BESIDE * max(weighed.values()))
        asked = {about: weight for about, weight in weighed.items() if weight >= least}
        return {about: asked[about] for about in asked if matters.may_ask(about, question)}

    def weights(self) -> Weights:
        """From the cache folder, or made now and left there."""
        with self._lock:
            if self._weights is None:
                self._weights = self._load()
            return self._weights

    def _weigh(self, question: str, vector: NDArray[np.float32]) -> dict[str, float]:
        """The weight of each kind of example, about 1 for what it is and 0 for what it is not."""
        weights = self.weights()
        found = weights.prior + _unit(vector - weights.centre) @ weights.dense
        rows, shares = _runs_of(question)
        if rows:
            found = found + np.array(shares, np.float32) @ weights.runs[rows]
        return dict(zip(kinds(), found.tolist(), strict=True))

    def _load(self) -> Weights:
        abouts, questions = examples()
        identity = "\n".join((str(VERSION), self._encoder.model, *abouts, *questions))
        name = f"asked-{hashlib.sha256(identity.encode()).hexdigest()[:16]}.npz"
        path = self._cache.expanduser() / name
        try:
            with np.load(path, allow_pickle=False) as kept:
                return Weights(kept["centre"], kept["prior"], kept["dense"], kept["runs"])
        except (OSError, ValueError, KeyError, EOFError):
            pass  # not made yet, or damaged
        made = fitted(self._encoder.encode_queries(questions))
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            beside = path.with_suffix(f".{os.getpid()}.npz")
            np.savez(beside, centre=made.centre, prior=made.prior, dense=made.dense, runs=made.runs)
            beside.replace(path)
        except OSError as error:
            log.info("what the examples ask for is not kept: %s", error)
        return made


def fitted(vectors: NDArray[np.float32]) -> Weights:
    """The weights for the examples' vectors, (examples, dim): ridge regression in its dual form,
    as there are fewer examples than dimensions."""
    abouts, questions = examples()
    centre = vectors.mean(axis=0)
    dense = _unit(vectors - centre).astype(np.float64)
    runs = np.zeros((len(questions), len(_vocabulary())))
    for n, question in enumerate(questions):
        rows, shares = _runs_of(question)
        runs[n, rows] = shares
    wanted = np.array([[float(about == kind) for kind in kinds()] for about in abouts])
    prior = wanted.mean(axis=0)
    alike = dense @ dense.T + runs @ runs.T + RIDGE * np.eye(len(questions))
    dual = np.linalg.solve(alike, wanted - prior)
    parts = (centre, prior, dense.T @ dual, runs.T @ dual)
    return Weights(*(part.astype(np.float32) for part in parts))


@lru_cache(maxsize=1)
def examples() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What each example asks for, and the examples, in the order of the file."""
    abouts: list[str] = []
    questions: list[str] = []
    about = NONE
    for line in EXAMPLES.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            about = line.strip("[]")
        elif line and not line.startswith("#"):
            abouts.append(about)
            questions.append(line)
    return tuple(abouts), tuple(questions)


@lru_cache(maxsize=1)
def _all_words() -> str:
    return "\n".join(q for about, q in zip(*examples(), strict=True) if about != NONE)


def is_everyday(word: str) -> bool:
    """Whether people use a word when they ask of 医保, whether or not a source holds it."""
    return len(word) > 1 and word in _all_words()


@lru_cache(maxsize=1)
def kinds() -> tuple[str, ...]:
    """What examples ask for, each once."""
    return tuple(dict.fromkeys(examples()[0]))


@lru_cache(maxsize=1)
def _vocabulary() -> dict[str, tuple[int, float]]:
    """The row and the rarity of each run of characters that more than one example holds."""
    _, questions = examples()
    held = Counter(run for question in questions for run in _runs(question))
    often = [run for run, count in held.items() if count > 1]
    return {run: (row, math.log(len(questions) / held[run])) for row, run in enumerate(often)}


@lru_cache(maxsize=64)
def _runs_of(question: str) -> tuple[list[int], list[float]]:
    """The rows of a question's runs of characters and their weights, of length 1 together."""
    known = [found for run in _runs(question) if (found := _vocabulary().get(run))]
    length = math.sqrt(sum(rarity * rarity for _, rarity in known)) or 1.0
    return [row for row, _ in known], [rarity / length for _, rarity in known]


def _runs(question: str) -> list[str]:
    """Its runs of one to three characters, each once, said plainly and without punctuation."""
    text = re.sub(r"\W", "", matters.plain(question))
    every = (text[i : i + n] for n in (1, 2, 3) for i in range(len(text) - n + 1))
    return list(dict.fromkeys(every))


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """(…, dim), each of length 1."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    unit: NDArray[np.float32] = vectors / np.maximum(lengths, 1e-9)
    return unit
