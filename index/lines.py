"""Lines of a file that are looked up when they are needed, as a sequence of bytes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import overload

import numpy as np
from numpy.typing import NDArray

Data = Callable[[int, int], bytes]
"""Some bytes of a file, from the first to the end."""
_NAMED = re.compile(rb'"(?:name|url)":"(?:[^"\\]|\\.)*"')


class Lines(Sequence[bytes]):
    """Some lines of a file, which ``data`` reads. Equal to any sequence of equal lines.

    ``ends``: where the lines end, behind the begin of the first: (n + 1,) of a file in which a line
    break stands behind each. ``names``: what ``names_in`` finds in them.
    """

    def __init__(self, data: Data, ends: NDArray[np.int64], names: NDArray[np.uint64]) -> None:
        self._data = data
        self._ends = ends
        self.names = names

    def __len__(self) -> int:
        return len(self._ends) - 1

    @property
    def sizes(self) -> list[int]:
        """Bytes of each, its end included."""
        return [end - begin for begin, end in pairwise(self._ends.tolist())]

    @overload
    def __getitem__(self, place: int) -> bytes: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[bytes, ...]: ...

    def __getitem__(self, place: int | slice) -> bytes | tuple[bytes, ...]:
        if isinstance(place, slice):
            return tuple(self[at] for at in range(*place.indices(len(self))))
        at = range(len(self))[place]
        begin, end = self._ends[at : at + 2].tolist()
        return self._data(begin, end - 1)

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))


def sizes_of(lines: Sequence[bytes]) -> list[int]:
    """Bytes of each line, its end included; they are not read for it."""
    if isinstance(lines, Lines):
        return lines.sizes
    return [len(line) + 1 for line in lines]


def names_in(lines: Iterable[bytes]) -> NDArray[np.uint64]:
    """(n,) a hash of each name and each address that stands in lines of JSON, ascending."""
    if isinstance(lines, Lines):
        return lines.names
    found = {name_code(mark) for line in lines for mark in _NAMED.findall(line)}
    return np.array(sorted(found), np.uint64)


def name_code(mark: bytes) -> int:
    """64 bits for ``"name":"…"`` or ``"url":"…"`` as it stands in a line."""
    return int.from_bytes(hashlib.blake2b(mark, digest_size=8).digest(), "big")
