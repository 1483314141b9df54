"""Several numpy arrays in one file, the same bytes for the same arrays on any machine.

``np.savez`` would do, but it copies on reading and keeps a time in each entry. Here a line of JSON
names the arrays and their raw bytes follow, each at a multiple of 64, so that reading is a view.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

_ALIGN = 64
_HEAD = 65_536
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


def unpack(data: bytes | memoryview) -> dict[str, NDArray[Any]]:
    """Read-only views of the arrays in ``data``. Raises ``ValueError`` where it is none of ours."""
    line, _, _ = bytes(data[:_HEAD]).partition(b"\n")
    place = _aligned(len(line) + 1)
    found = {}
    for entry in json.loads(line):
        dtype = np.dtype(entry["dtype"])
        count = int(np.prod(entry["shape"], dtype=np.int64))
        flat = np.frombuffer(data, dtype=dtype, count=count, offset=place)
        found[entry["name"]] = flat.reshape(entry["shape"])
        place += _aligned(flat.nbytes)
    return found


def _aligned(size: int) -> int:
    return size + -size % _ALIGN
