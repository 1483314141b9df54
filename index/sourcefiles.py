"""Writes what a ledger knows: an index, and the articles as they were read, piece by piece."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from corpus.neighbours import Neighbours
from index.arrays import pack
from index.blocks import Files, Writer, named
from index.cuts import cuts, mean_size
from index.generations import READ, SOURCES, FileEntry
from index.ledger import Ledger, head_of
from index.lines import names_in, sizes_of
from index.records import encode
from index.sources import SourceFile


@dataclass(frozen=True, slots=True)
class Written:
    """A ledger as it is to be written: the index, and of each piece its name and its sources."""

    index: bytes
    pieces: Sequence[tuple[str, Sequence[SourceFile]]]

    def write(self, writer: Writer, before: Files | None) -> None:
        """Those pieces that lie in the generation before are taken over."""
        writer.put(SOURCES, self.index)
        for name, sources in self.pieces:
            if before is not None and name in before:
                writer.take(name, before)
            else:
                lines = (line + b"\n" for source in sources for line in source.articles)
                writer.add(READ.removeprefix("."), b"".join(lines))


def written(ledger: Ledger, before: Ledger | None) -> Written:
    """What is to be written of a ledger. Of a piece that stands so in the one before, no line is
    read."""
    places, sources = list(ledger.sources), list(ledger.sources.values())
    at = cuts(places, mean_size(len(places)))
    known = _known(before)
    names = []
    for begin, end in pairwise(at):
        own = sources[begin:end]
        name = known.get(tuple(map(id, own)))
        names.append(name if name is not None else _name(own))
    said = {"cuts": at, "files": names, "resting": encode(ledger.resting)}
    found = [names_in(source.articles) for source in sources]
    arrays = {
        "said": _text(json.dumps(said, ensure_ascii=False)),
        "heads": _text(json.dumps([head_of(source) for source in sources], ensure_ascii=False)),
        "lengths": np.array([n for s in sources for n in sizes_of(s.articles)], np.int64),
        "named": np.array([len(one) for one in found], np.int64),
        "names": np.concatenate([np.zeros(0, np.uint64), *found]),
        **{name: getattr(ledger.links, name) for name in Neighbours.__slots__},
    }
    runs = pairwise(at)
    pieces = [(name, sources[b:e]) for name, (b, e) in zip(names, runs, strict=True)]
    return Written(pack(arrays), pieces)


def _known(before: Ledger | None) -> dict[tuple[int, ...], str]:
    """The files before, by the very objects that they hold: what changed is another object."""
    if before is None or before.pieces is None:
        return {}
    sources = list(before.sources.values())
    runs = zip(pairwise(before.pieces.cuts), before.pieces.names, strict=True)
    return {tuple(map(id, sources[begin:end])): name for (begin, end), name in runs}


def _name(sources: Sequence[SourceFile]) -> str:
    whole, size = hashlib.sha256(), 0
    for source in sources:
        for line in source.articles:
            whole.update(line + b"\n")
            size += len(line) + 1
    return named(FileEntry(size, whole.hexdigest()), READ.removeprefix("."))


def _text(text: str) -> np.ndarray:
    return np.frombuffer(text.encode("utf-8"), np.uint8)
