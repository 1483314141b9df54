"""What training changed in the bundled model, as a small file that is merged into its weights.

``data/e5_adaptation.npz``, written by ``python -m training.ship``, holds for each matrix that was
trained its difference from the package's: two bits a number, four levels of each row's own size, or four
bits, fifteen levels. The vectors (biases, norms) stand in 16 bits. Without the file the model is the package's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FILE = Path(__file__).resolve().parent / "data" / "e5_adaptation.npz"
LEVELS = np.array([-1.494, -0.4528, 0.4528, 1.494], np.float32)
"""Of a row's standard deviation: the four levels that err least for a normal distribution
(Lloyd 1957, Max 1960)."""
CODES, HALVES, SIZES = ".codes", ".halves", ".sizes"
"""Endings of a matrix' two arrays: (rows, columns / 4) uint8, four numbers a byte, or (rows, columns / 2), two; and
(rows,)."""
_MOST = 7
"""Of four bits: -7 to 7."""

Tensors = dict[str, NDArray[np.float32]]


def adapted(tensors: Tensors, path: Path = FILE) -> Tensors:
    """The tensors with the differences of the file added; the same where there is no file."""
    if not path.exists():
        return tensors
    return tensors | {name: tensors[name] + change for name, change in changes(path).items()}


def changes(path: Path) -> Tensors:
    """The differences of a file, by the names of their tensors."""
    found = {}
    with np.load(path) as file:
        for entry in file.files:
            if entry.endswith(CODES):
                name = entry.removesuffix(CODES)
                found[name] = _unpacked(file[entry], file[name + SIZES])
            elif entry.endswith(HALVES):
                name = entry.removesuffix(HALVES)
                two = np.stack([file[entry] & 15, file[entry] >> 4], axis=-1).astype(np.float32)
                found[name] = (two.reshape(len(two), -1) - _MOST) * file[name + SIZES][:, None]
            elif not entry.endswith(SIZES):
                found[entry] = file[entry].astype(np.float32)
    return found


@lru_cache(maxsize=4)
def identity(path: Path = FILE) -> str:
    """Names the file by its content; "" where there is none."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:8] if path.exists() else ""


def packed(
    differences: Mapping[str, NDArray[np.float32]], bits: int = 2
) -> dict[str, NDArray[np.generic]]:
    """The arrays of the file. ``bits``: 2 or 4 a number."""
    arrays: dict[str, NDArray[np.generic]] = {}
    for name, change in differences.items():
        if change.ndim == 1:
            arrays[name] = change.astype(np.float16)
            continue
        if bits == 4:
            sizes = np.maximum(np.abs(change).max(axis=1) / _MOST, 1e-12).astype(np.float32)
            two = (np.rint(change / sizes[:, None]) + _MOST).astype(np.uint8)
            two = two.reshape(len(two), -1, 2)
            arrays[name + HALVES], arrays[name + SIZES] = two[..., 0] | two[..., 1] << 4, sizes
            continue
        sizes = np.maximum(change.std(axis=1), 1e-12).astype(np.float32)
        borders = (LEVELS[1:] + LEVELS[:-1]) / 2
        codes = np.digitize(change / sizes[:, None], borders).astype(np.uint8)
        four = codes.reshape(len(codes), -1, 4)
        arrays[name + CODES] = four[..., 0] | four[..., 1] << 2 | four[..., 2] << 4 | four[..., 3] << 6  # fmt: skip
        arrays[name + SIZES] = sizes
    return arrays


def _unpacked(codes: NDArray[np.uint8], sizes: NDArray[np.float32]) -> NDArray[np.float32]:
    four = np.stack([codes >> shift & 3 for shift in (0, 2, 4, 6)], axis=-1)
    change: NDArray[np.float32] = LEVELS[four.reshape(len(codes), -1)] * sizes[:, None]
    return change
