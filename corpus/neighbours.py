"""Which articles could be doubles of each other, without comparing all with all again.

``merge`` of ``corpus.duplicates`` unites two articles only along a chain of articles that share a
key given here. So after a change only the articles that a chain leads to from it have to be merged
again; for all others the result stays what it was. Which of them are doubles is not decided here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.duplicates import _PREFIX, _items
from corpus.shingles import BANDS, signatures
from corpus.types import Article
from corpus.versions import version_of

MERGE_VERSION = version_of(__name__)
"""Part of a store's identity: changes whenever articles could be merged otherwise or get other keys."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What n articles may share. ``keys``: (n, k) uint64, equal ones make neighbours.

    ``openings``: (n,) uint64 of how a text begins, 0 for short ones; ``excerpts``: (n,) bool. An
    excerpt is compared with every text that begins like it.
    """

    keys: NDArray[np.uint64]
    openings: NDArray[np.uint64]
    excerpts: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.keys)

    def __getitem__(self, rows: slice) -> Neighbours:
        return Neighbours(self.keys[rows], self.openings[rows], self.excerpts[rows])

    def take(self, rows: NDArray[np.int64]) -> Neighbours:
        """The given rows, in their order."""
        return Neighbours(self.keys[rows], self.openings[rows], self.excerpts[rows])

    @classmethod
    def joined(cls, parts: Sequence[Neighbours]) -> Neighbours:
        """One behind the other."""
        if not parts:
            return neighbours(())
        return cls(
            np.concatenate([p.keys for p in parts]),
            np.concatenate([p.openings for p in parts]),
            np.concatenate([p.excerpts for p in parts]),
        )

    def reached(self, start: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """(n,) bool: the articles of ``start`` and all that a chain of neighbours leads to."""
        cut = np.unique(self.openings[self.excerpts & (self.openings > 0)])
        # an opening that no excerpt has makes no neighbours: each article's own id stands for it
        openings = np.where(np.isin(self.openings, cut), self.openings, self.keys[:, -1])
        keys = np.column_stack([self.keys, openings])
        found, new = start.copy(), start.copy()
        while new.any():
            met = np.isin(keys, np.unique(keys[new])).any(axis=1)
            new = met & ~found
            found = found | met
        return np.asarray(found, np.bool_)


def neighbours(articles: Sequence[Article]) -> Neighbours:
    """The keys of the articles: what ``merge`` looks at, and nothing that it does not."""
    keys = np.zeros((len(articles), BANDS + 2), np.uint64)
    openings = np.zeros(len(articles), np.uint64)
    places = {id(article): row for row, article in enumerate(articles)}
    items = _items([article for article in articles if article.kind != "statute"])
    keys[:] = np.array([_hash("id", a.id) for a in articles], np.uint64).reshape(-1, 1)
    rows = signatures([item.plain for item in items]) if items else np.zeros((0, 0), np.uint32)
    for item, row in zip(items, rows, strict=True):
        place = places[id(item.article)]
        said = _hash("said", item.said())
        bands = row.reshape(BANDS, -1).tolist()
        keys[place, :-2] = [_hash(n, band, said) for n, band in enumerate(bands)]
        keys[place, -2] = _hash("text", item.titled(), item.plain)
        if len(item.plain) >= _PREFIX:
            openings[place] = _hash("opening", item.plain[:_PREFIX])
    excerpts = np.array([article.excerpt for article in articles], np.bool_)
    return Neighbours(keys, openings, excerpts)


def _hash(*parts: object) -> int:
    digest = hashlib.blake2b(repr(parts).encode("utf-8"), digest_size=8).digest()
    return int.from_bytes(digest, "big") | 1
