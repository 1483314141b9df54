"""The tokens of all passages, for ``index.late``, in several files: so many bits a number.

A file holds those of the passages of one piece (``index.cuts``), one behind the other; how many each
passage has stands in the table of the generation. They are by far the most that a store holds, so they
are packed, and taken apart again for the passages that are looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.blocks import Block
from index.late import WIDTH, Codes
from index.rows import Run

Packed = NDArray[np.uint8]
"""(tokens, WIDTH * bits / 8): tokens as they are kept."""


def pack_codes(codes: Codes, bits: int) -> Packed:
    """Codes of so many bits (``index.late.Basis``: odd numbers) without the bits that are never set."""
    levels = ((codes.astype(np.int16) + 2**bits - 1) // 2).astype(np.uint8)
    found = np.zeros((len(codes), WIDTH * bits // 8), np.uint8)
    for place in range(8 // bits):
        found |= levels[:, place :: 8 // bits] << np.uint8(place * bits)
    return found


def unpack_codes(packed: Packed, bits: int) -> Codes:
    """What ``pack_codes`` was given."""
    codes: Codes = _UNPACKED[bits].take(packed).view(np.int8).reshape(len(packed), WIDTH)
    return codes


def _unpacked(bits: int) -> NDArray[np.signedinteger]:
    """(256,) the codes that each byte stands for, side by side in one number: a row of codes for each byte takes
    six times as long to look up."""
    shifts = np.arange(0, 8, bits)
    levels = (np.arange(256)[:, None] >> shifts) & (2**bits - 1)
    codes: Codes = (2 * levels - (2**bits - 1)).astype(np.int8)
    return codes.view(f"i{len(shifts)}")[:, 0]


_UNPACKED = {bits: _unpacked(bits) for bits in (1, 2, 4)}


@dataclass(frozen=True, slots=True)
class Layout:
    """For n passages: ``keys`` (n, 16), of what their tokens were made; ``lengths`` (n,), how many
    tokens each has; ``cuts``: the passages with which the files begin, and the end."""

    keys: NDArray[np.uint8]
    lengths: NDArray[np.int64]
    cuts: NDArray[np.int64]


class PassageTokens:
    """The tokens of a generation, read as they are asked for; safe to read from many threads."""

    def __init__(self, layout: Layout, pieces: Sequence[Block], bits: int) -> None:
        """Raises ``ValueError`` where layout and files do not belong together."""
        self.keys = layout.keys
        self.lengths = layout.lengths
        self._cuts = layout.cuts
        self._pieces = pieces
        self._bits = bits
        self._row = WIDTH * bits // 8
        starts = np.append(0, np.cumsum(layout.lengths))
        if len(layout.keys) != len(layout.lengths) or len(pieces) != len(layout.cuts) - 1:
            raise ValueError("tokens: keys, lengths and files of unequal number")
        if (layout.lengths < 1).any():
            raise ValueError("tokens: a passage without any")
        sizes = np.diff(starts[layout.cuts]) * self._row
        if [block.size for block in pieces] != sizes.tolist():
            raise ValueError("tokens: files of another size")
        self._starts = starts

    def __len__(self) -> int:
        return len(self.keys)

    def packed(self, run: Run) -> bytes:
        """Those of passages that follow each other, as they lie in the files."""
        found, (first, end) = [], run
        while first < end:
            piece = int(np.searchsorted(self._cuts, first, side="right")) - 1
            until = min(end, int(self._cuts[piece + 1]))
            span = self._row * (self._starts[[first, until]] - self._starts[self._cuts[piece]])
            found.append(self._pieces[piece].read(*span.tolist()))
            first = until
        return b"".join(found)

    def codes(self, number: int) -> Codes:
        """(tokens, WIDTH) of one passage."""
        packed = np.frombuffer(self.packed((number, number + 1)), np.uint8)
        return unpack_codes(packed.reshape(-1, self._row), self._bits)
