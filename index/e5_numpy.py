"""The encoder of multilingual-e5-small in numpy, for where ONNX cannot be used.

The package's own engine gives the vector of a text but not the tokens that it is the mean of. The
graph of ``e5_graph`` says what each step is.
"""

from __future__ import annotations

import math
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.e5 import E5File

Matrix = NDArray[np.float32]


class NumpyEncoder:
    """Keeps the weights spelled out, 85 MB, from its first use."""

    def __init__(self, file: E5File) -> None:
        self._file = file

    @cached_property
    def _weights(self) -> dict[str, tuple[Matrix, Matrix]]:
        """Name -> (input, output) and bias of each product."""
        file, found = self._file, {}
        for n in range(file.layers):
            for part in ("q", "k", "v", "ao", "fi", "fo"):
                name = f"l{n}.{part}"
                columns = file.inner if part == "fo" else file.hidden
                rows = file.matrix(name + ".w", columns).rows(slice(None))
                found[name] = np.ascontiguousarray(rows.T), file.vector(name + ".b")
        return found

    def states(self, embedded: Matrix) -> Matrix:
        """(tokens, hidden) of the summed embeddings (tokens, hidden)."""
        file = self._file
        x = self._norm(embedded, "emb.ln")
        for n in range(file.layers):
            at = f"l{n}."
            heads = [
                self._product(x, at + part).reshape(len(x), file.heads, -1).transpose(1, 0, 2)
                for part in "qkv"
            ]
            y = _attention(*heads).transpose(1, 0, 2).reshape(len(x), -1)
            x = self._norm(self._product(y, at + "ao") + x, at + "aln")
            y = self._product(_gelu(self._product(x, at + "fi")), at + "fo")
            x = self._norm(y + x, at + "oln")
        return x

    def _product(self, x: Matrix, name: str) -> Matrix:
        weights, bias = self._weights[name]
        product: Matrix = x @ weights + bias
        return product

    def _norm(self, x: Matrix, name: str) -> Matrix:
        gain, shift = self._file.vector(name + ".w"), self._file.vector(name + ".b")
        centred = x - x.mean(axis=1, keepdims=True)
        spread = np.sqrt((centred * centred).mean(axis=1, keepdims=True) + self._file.epsilon)
        normed: Matrix = centred / spread * gain + shift
        return normed


def _attention(q: Matrix, k: Matrix, v: Matrix) -> Matrix:
    """(heads, tokens, width) each."""
    weights = q @ k.transpose(0, 2, 1) / np.float32(math.sqrt(q.shape[-1]))
    weights = np.exp(weights - weights.max(axis=-1, keepdims=True))
    attended: Matrix = weights / weights.sum(axis=-1, keepdims=True) @ v
    return attended


_ERF = (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592)
"""Abramowitz and Stegun 7.1.26: within 1.5e-7 everywhere. ``math.erf``, one number after the other,
took four fifths of the time of a passage."""


def _erf(x: Matrix) -> Matrix:
    t = 1 / (1 + np.float32(0.3275911) * np.abs(x))
    series = np.zeros_like(x)
    for factor in _ERF:
        series = (series + np.float32(factor)) * t
    erf: Matrix = np.copysign(1 - series * np.exp(-x * x), x)
    return erf


def _gelu(x: Matrix) -> Matrix:
    gelu: Matrix = x * np.float32(0.5) * (1 + _erf(x * np.float32(math.sqrt(0.5))))
    return gelu
