"""Works out the directions on which token vectors are kept (``index/late.py``), and what they cost.

    python -m benchmarks.token_basis [--write]

The principal directions, about the origin because cosines are, of the tokens of our own articles
and of the questions in ``tests/quality``, half and half; the step of each is its greatest value on
them by 127. Prints the share of the products that the directions keep; ``--write`` replaces the file.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from assistant import Assistant
from benchmarks.labels import QUALITY, read_labels
from corpus.text import fold
from index import texts
from index.encoder import BundledEncoder
from index.late import BASIS, WIDTH
from index.vectors import Matrix


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.token_basis")
    parser.add_argument("--write", action="store_true")
    write = parser.parse_args(argv).write
    yibao = Assistant.open()
    encoder, index = yibao._encoder, yibao.retriever.index
    assert isinstance(encoder, BundledEncoder)
    passages = unit(
        encoder.engine.tokens(texts.late_text(index.passage(n)), query=False)[1]
        for n in range(index.size)
    )
    labels = [
        label for name in ("retrieval", "slips") for label in read_labels(QUALITY / f"{name}.jsonl")
    ]
    asked = unit(encoder.engine.tokens(fold(label.question), query=True)[1] for label in labels)
    moment = (passages.T @ passages / len(passages) + asked.T @ asked / len(asked)) / 2
    values, directions = np.linalg.eigh(moment)
    kept = directions[:, ::-1][:, :WIDTH].astype(np.float32)
    kept *= np.where(
        kept[np.abs(kept).argmax(axis=0), np.arange(WIDTH)] < 0, -1, 1
    )  # one sign of two
    step = np.abs(np.vstack([passages, asked]) @ kept).max(axis=0) / 127
    exact = asked @ passages[::50].T
    error = np.abs(asked @ kept @ (np.rint(passages[::50] @ kept / step) * step).T - exact)
    print(
        f"{len(passages)} tokens of {index.size} passages, {len(asked)} of {len(labels)} questions"
    )
    print(
        f"kept {values[::-1][:WIDTH].sum() / values.sum():.4f} of the squares; mean error of a cosine {error.mean():.4f}"
    )
    if write:
        np.savez(BASIS, directions=kept.astype(np.float16), step=step.astype(np.float32))
        print(f"{BASIS}: {BASIS.stat().st_size:,} bytes")


def unit(states: Iterable[Matrix]) -> NDArray[np.float64]:
    """(tokens, dim) of unit length, all texts together."""
    rows = np.concatenate(list(states)).astype(np.float64)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


if __name__ == "__main__":
    main()
