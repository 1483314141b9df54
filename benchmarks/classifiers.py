"""Makes the weights of the classifiers, and measures them.

    python -m benchmarks.classifiers [--write]

For each list of examples (``corpus/data/asked*.txt``) prints how often a left-out example (a fifth
at a time, every question once) is named rightly: with vectors and words, and with the words alone,
as for another model than the bundled one; how many that ask for nothing are taken for something,
and the reverse. ``--write`` replaces ``assistant/data/*.npz``.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.asked_for import LIST
from assistant.classifier import NONE, Classifier, Examples, examples, fitted, save
from assistant.legal import LIST as LAW_LIST
from assistant.talk import LIST as TALK_LIST
from corpus.settings import Settings
from index.encoder import open_encoder

FOLDS = 5


def some(of: Examples, chosen: Sequence[int]) -> Examples:
    """A list of some of the examples."""
    labels = tuple(of.labels[n] for n in chosen)
    return Examples(of.name, labels, tuple(of.questions[n] for n in chosen))


def named(of: Examples, vectors: NDArray[np.float32], *, dense: bool) -> list[str]:
    """What each example is taken for by weights that have not seen it."""
    found = [""] * len(of.questions)
    fold = np.random.default_rng(0).permutation(len(found)) % FOLDS
    for out in range(FOLDS):
        seen = np.flatnonzero(fold != out).tolist()
        held = Classifier(of.name, "")
        held._weights = fitted(some(of, seen), vectors[seen] if dense else None)
        for n in np.flatnonzero(fold == out).tolist():
            weighed = held.weigh(of.questions[n], vectors[n])
            found[n] = max(weighed, key=lambda label: weighed[label])
    return found


def measure(of: Examples, vectors: NDArray[np.float32], *, dense: bool) -> str:
    """A line of what ``named`` gets right."""
    taken = named(of, vectors, dense=dense)
    right = [label in labels for label, labels in zip(taken, of.labels, strict=True)]
    nothing = [NONE in labels for labels in of.labels]
    invented = np.mean([t != NONE for t, none in zip(taken, nothing, strict=True) if none])
    missed = np.mean([t == NONE for t, none in zip(taken, nothing, strict=True) if not none])
    return f"right {np.mean(right):.3f}  of nothing taken for something {invented:.3f}  missed {missed:.3f}"


def main() -> None:
    parser = argparse.ArgumentParser(description="The weights of the classifiers.")
    parser.add_argument("--write", action="store_true", help="replace assistant/data/*.npz")
    arguments = parser.parse_args()
    encoder = open_encoder(Settings.from_environment())
    for name in (LIST, LAW_LIST, TALK_LIST):
        of = examples(name)
        vectors = encoder.encode_queries(of.questions)
        print(f"{name}: {len(of.questions)} examples of {len(of.kinds)} kinds")
        print("  vectors and words  ", measure(of, vectors, dense=True))
        print("  words alone        ", measure(of, vectors, dense=False))
        if arguments.write:
            path = save(of, fitted(of, vectors), family=encoder.model.rpartition("/")[0])
            print(f"  {path} {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
