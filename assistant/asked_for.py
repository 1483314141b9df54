"""Which matter a question asks for where no pattern tells: the one that its nearest examples ask for.

There are more ways to ask than patterns (``corpus/data/matters.yaml``) can hold. ``asked.txt`` lists
questions by what they ask for, some two hundred of them for nothing that sources dispute; their
vectors are made once for each model and kept in the cache folder.
"""

from __future__ import annotations

import hashlib
import logging
import os
import threading
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

log = logging.getLogger(__name__)
EXAMPLES = Path(__file__).resolve().parent.parent / "corpus" / "data" / "asked.txt"
NONE = "-"
NEIGHBOURS, FAR = 5, 20
"""So many examples vote, each with how much nearer it is than the ``FAR``-th."""
SHARE, AGAINST = 0.6, 0.4
"""Share of the votes from which a matter is taken to be asked for, and share of the votes for none
from which nothing is: with less of the one or more of the other, ``tests/quality`` shows
disagreements where there are none."""


class QueryEncoder(Protocol):
    """The part of an encoder that is needed here."""

    @property
    def model(self) -> str:
        """Identity of the model."""

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n, dim) float32 of unit length."""


class AskedFor:
    """The examples with their vectors, made at the first question that needs them."""

    def __init__(self, encoder: QueryEncoder, cache: Path) -> None:
        self._encoder = encoder
        self._cache = cache
        self._lock = threading.Lock()
        self._vectors: NDArray[np.float32] | None = None

    def matters(self, vector: NDArray[np.float32]) -> tuple[str, ...]:
        """What the nearest examples ask for, most votes first; () where they ask for nothing or
        do not agree. ``vector``: (dim,) float32, the question's."""
        abouts, _ = examples()
        near = self.vectors() @ vector
        order = np.lexsort((np.arange(len(near)), -near))[: FAR + 1]
        far = float(near[order[-1]])
        votes: dict[str, float] = {}
        for n in order[:NEIGHBOURS].tolist():
            votes[abouts[n]] = votes.get(abouts[n], 0.0) + float(near[n]) - far
        total = sum(votes.values())
        if votes.pop(NONE, 0.0) > AGAINST * total:
            return ()
        ranked = sorted(votes, key=lambda about: -votes[about])
        return tuple(about for about in ranked if votes[about] >= SHARE * total)

    def vectors(self) -> NDArray[np.float32]:
        """(examples, dim) float32: from the cache folder, or made now and left there."""
        with self._lock:
            if self._vectors is None:
                self._vectors = self._load()
            return self._vectors

    def _load(self) -> NDArray[np.float32]:
        _, questions = examples()
        identity = "\n".join((self._encoder.model, *questions))
        name = f"asked-{hashlib.sha256(identity.encode()).hexdigest()[:16]}.npy"
        path = self._cache.expanduser() / name
        try:
            kept: NDArray[np.float32] = np.load(path, allow_pickle=False)
            if len(kept) == len(questions):
                return kept
        except (OSError, ValueError):
            pass  # not made yet, or damaged
        made = self._encoder.encode_queries(questions)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            beside = path.with_suffix(f".{os.getpid()}.npy")
            np.save(beside, made, allow_pickle=False)
            beside.replace(path)
        except OSError as error:
            log.info("the vectors of the examples are not kept: %s", error)
        return made


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
