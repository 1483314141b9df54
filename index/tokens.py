"""The tokens of all passages, for ``index.late``: some 13 kB a passage, in two files of codes.

Written whole at each refresh they would cost more than all else together. So the larger file is
taken over as it is, by a link, and what a refresh adds goes into the smaller one. When that has grown,
both become one; at once where a passage of the larger went, because nothing of it may stay.
``passages.spans`` says where each passage's tokens lie, and by which key (``index.texts``) they are
known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.arrays import pack, unpack
from index.generations import FileEntry
from index.late import WIDTH, Codes

SPANS, LARGE, SMALL = "passages.spans", "passages.tokens", "passages.tokens.new"
MOST_NEW = 0.1
"""Share of all tokens that the smaller file may hold."""

Read = Callable[[str], bytes]
Put = Callable[[str, "bytes | memoryview"], None]
Link = Callable[[str, Path, FileEntry], None]


@dataclass(frozen=True, slots=True)
class Spans:
    """For n passages: ``keys`` (n, 16); ``starts``, ``lengths`` (n,) of the tokens in the file;
    ``new`` (n,) whether that is the smaller file."""

    keys: NDArray[np.uint8]
    new: NDArray[np.bool_]
    starts: NDArray[np.int64]
    lengths: NDArray[np.int64]

    @classmethod
    def read(cls, read: Read) -> Spans:
        return cls(**unpack(read(SPANS)))

    def to_bytes(self) -> bytes:
        return pack({name: getattr(self, name) for name in ("keys", "new", "starts", "lengths")})


class PassageTokens:
    """All tokens in memory; safe to read from many threads."""

    def __init__(self, spans: Spans, large: Codes, small: Codes) -> None:
        self._spans = spans
        self._files = (large, small)

    @classmethod
    def read(cls, read: Read) -> PassageTokens:
        """Raises ``ValueError`` where spans and files do not belong together."""
        spans, large, small = Spans.read(read), _codes(read(LARGE)), _codes(read(SMALL))
        if {len(a) for a in (spans.new, spans.starts, spans.lengths)} - {len(spans.keys)}:
            raise ValueError("tokens: spans of unequal number")
        ends = spans.starts + spans.lengths
        beyond = ends > np.where(spans.new, len(small), len(large))
        if (beyond | (spans.starts < 0) | (spans.lengths < 1)).any():
            raise ValueError("tokens: spans beyond their file")
        return cls(spans, large, small)

    def __len__(self) -> int:
        return len(self._spans.keys)

    @property
    def keys(self) -> NDArray[np.uint8]:
        """(n, 16) what each passage's tokens were made of."""
        return self._spans.keys

    def codes(self, number: int) -> Codes:
        """(tokens, WIDTH) of one passage."""
        start, length = int(self._spans.starts[number]), int(self._spans.lengths[number])
        return self._files[int(self._spans.new[number])][start : start + length]


@dataclass(frozen=True, slots=True)
class Before:
    """The tokens of the generation before, in ``folder``; ``entry`` is of its larger file."""

    spans: Spans
    read: Read
    folder: Path
    entry: FileEntry


def write_tokens(
    keys: NDArray[np.uint8],
    origin: NDArray[np.int64],
    made: Mapping[bytes, NDArray[Any]],
    before: Before | None,
    put: Put,
    link: Link,
) -> None:
    """Write the three files. ``origin``: (n,) the passage before with the same tokens, or -1."""
    known = np.flatnonzero(origin >= 0)
    lengths, starts = np.zeros(len(keys), np.int64), np.zeros(len(keys), np.int64)
    new = np.ones(len(keys), np.bool_)
    codes: dict[int, Codes] = {}
    if before is not None:
        old, small = before.spans, _codes(before.read(SMALL))
        for mine, theirs in ((new, old.new), (starts, old.starts), (lengths, old.lengths)):
            mine[known] = theirs[origin[known]]
        for row in known[new[known]].tolist():
            codes[row] = small[starts[row] : starts[row] + lengths[row]]
    for row in np.flatnonzero(origin < 0).tolist():
        codes[row] = made[keys[row].tobytes()]
        lengths[row] = len(codes[row])
    used, total = int(lengths[~new].sum()), int(lengths.sum())
    if before is not None and used:
        _, firsts = np.unique(starts[~new], return_index=True)  # equal passages share their tokens
        all_used = int(lengths[~new][firsts].sum()) * WIDTH == before.entry.size
        if all_used and total - used <= MOST_NEW * total:
            link(LARGE, before.folder / LARGE, before.entry)
        else:
            large = _codes(before.read(LARGE))
            for row in np.flatnonzero(~new).tolist():
                codes[row] = large[starts[row] : starts[row] + lengths[row]]
            used = 0
    if not used:
        new[:] = False
    ordered = [codes[row] for row in sorted(codes)]
    fresh = np.array(sorted(codes), np.int64)
    starts[fresh] = np.cumsum(lengths[fresh]) - lengths[fresh]
    if not used:
        put(LARGE, _bytes(ordered))
    put(SMALL, _bytes(ordered if used else []))
    put(SPANS, Spans(keys, new, starts, lengths).to_bytes())


def _codes(data: bytes) -> Codes:
    return np.frombuffer(data, np.int8).reshape(-1, WIDTH)


def _bytes(codes: Sequence[Codes]) -> bytes:
    return b"".join(np.ascontiguousarray(c).data for c in codes)
