"""What the linear models of ``corpus/hashed.py`` are learned from, and their files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from corpus.hashed import BUCKETS, buckets


def table(read: Sequence[Sequence[str]], counts: Sequence[float]) -> csr_matrix:
    """(n, fields · ``BUCKETS``). ``counts``: how far each field counts."""
    rows, columns, values = [], [], []
    for row, fields in enumerate(read):
        for field, text in enumerate(fields):
            ids = buckets(text)
            if len(ids):
                rows.append(np.full(len(ids), row))
                columns.append(ids + field * BUCKETS)
                values.append(np.full(len(ids), counts[field] / len(ids) ** 0.5))
    where = (np.concatenate(rows), np.concatenate(columns))
    return csr_matrix((np.concatenate(values), where), shape=(len(read), len(counts) * BUCKETS))


def write(weights: NDArray[np.floating], bias: NDArray[np.floating], path: Path) -> None:
    """8 bits a weight."""
    unit = np.abs(weights).max(axis=(0, 1)) / 127
    held = np.rint(weights / np.maximum(unit, 1e-9)).astype(np.int8)
    np.savez_compressed(
        path, weights=held, unit=unit.astype(np.float32), bias=bias.astype(np.float32)
    )
