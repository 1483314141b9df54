"""Where a long list is cut into pieces, each of which becomes a file that never changes.

The list itself says where: behind some names, by their hash. So the same list is cut alike whatever
became of it before, and a change moves only the cuts near to it: all other pieces stay what they were,
and their files are taken over. Nothing that was removed lingers in a piece, because a piece that held
it is written anew.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

LEAST = 256
"""Names of a piece in a short list."""
PIECES = 48
"""So many pieces a long list has at most, and half of that at least: more files cost each opening and
each search, fewer cost each change."""
COARSE = 4
"""Small pieces in a large one: for what each search looks through, piece by piece."""


def mean_size(count: int) -> int:
    """Names of a piece, on average, in a list of so many: a power of two, so that few changes of
    the count change it."""
    size = LEAST
    while size * PIECES < count:
        size *= 2
    return size


def cuts(names: Sequence[str], size: int) -> list[int]:
    """Where pieces of ``size`` names on average begin, and the end: ``[0, …, len(names)]``; no piece
    is empty, none is larger than twice the size, and only the last may be smaller than half of it."""
    half = max(1, size // 2)
    found = [0]
    for number in range(half, len(names)):
        held = number - found[-1]
        if held >= half and (
            held >= 2 * size or not zlib.crc32(names[number].encode("utf-8", "replace")) % half
        ):
            found.append(number)
    return found if found[-1] == len(names) else [*found, len(names)]
