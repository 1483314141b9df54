"""Several numpy arrays in one file, the same bytes for the same arrays on any machine.

``np.savez`` would do, but it copies on reading and keeps a time in each entry. Here a line of JSON
names the arrays and their raw bytes follow, each at a multiple of 64, so that reading is a view.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_ALIGN = 64
HEAD = 65_536
"""Bytes that hold the line for certain."""


def pack(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """One ``bytes`` that ``unpack`` turns back into the arrays (little-endian)."""
    ready = {
        name: np.ascontiguousarray(a, dtype=a.dtype.newbyteorder("<")) for name, a in arrays.items()
    }
    head = [{"name": n, "dtype": a.dtype.str, "shape": a.shape} for n, a in ready.items()]
    line = json.dumps(head).encode("ascii") + b"\n"
    parts = [line, bytes(-len(line) % _ALIGN)]
    for array in ready.values():
        raw = array.tobytes()
        parts += [raw, bytes(-len(raw) % _ALIGN)]
    return b"".join(parts)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an array lies: its first byte, what its numbers are, its shape."""

    first: int
    dtype: np.dtype[Any]
    shape: tuple[int, ...]

    @property
    def count(self) -> int:
        """Numbers in all."""
        return math.prod(self.shape)


def places(head: bytes | memoryview) -> dict[str, Place]:
    """Where the arrays lie in data that begins with ``head``, of ``HEAD`` bytes where there are so
    many. Raises ``ValueError``, ``KeyError`` or ``TypeError`` where it is none of ours."""
    line, _, _ = bytes(head[:HEAD]).partition(b"\n")
    first, found = _aligned(len(line) + 1), {}
    for entry in json.loads(line):
        one = Place(first, np.dtype(entry["dtype"]), tuple(entry["shape"]))
        found[entry["name"]] = one
        first += _aligned(one.count * one.dtype.itemsize)
    return found


def unpack(data: bytes | memoryview) -> dict[str, NDArray[Any]]:
    """Read-only views of the arrays in ``data``. Raises as ``places`` does."""
    return {
        name: np.frombuffer(data, at.dtype, at.count, at.first).reshape(at.shape)
        for name, at in places(data).items()
    }


def _aligned(size: int) -> int:
    return size + -size % _ALIGN
