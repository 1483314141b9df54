"""A generation written beside the one that is read: new points first, then the death of what they
replace; the pointer is moved by ``index.qdrant.refresh``, last of all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from index.qdrant import blobs
from index.qdrant.backend import Backend, Ids, OneOf, Point
from index.qdrant.content import Drawn
from index.qdrant.making import Maker
from index.qdrant.pointer import Frequencies, Names
from index.qdrant.points import points_of
from index.qdrant.schema import alive, shapes
from index.qdrant.statistics import Counts
from index.qdrant.tally import Tally
from index.qdrant.terms import Cut, impacts

BLOCK = 64
"""Articles drawn, embedded and written at a time."""
UPSERT = 128
"""Points of one request: some 40 kB each with their tokens, and a server takes 32 MB."""
MOST_PARTS, MOST_SHARE = 50, 0.25
"""Differences of the frequencies become one with them when there are so many, or as large a share."""
T = TypeVar("T")


def blocks(items: Sequence[T], most: int = BLOCK) -> Iterator[Sequence[T]]:
    """The items, so many at a time."""
    return (items[start : start + most] for start in range(0, len(items), most))


class Writing:
    """Writes generation ``number``. ``renew`` is called before each write (``index.qdrant.lease``)."""

    def __init__(
        self,
        backend: Backend,
        names: Names,
        epoch: str,
        number: int,
        renew: Callable[[], None],
    ) -> None:
        self._backend = backend
        self._state = names.state
        self._collections = names.of(epoch)
        self._number = number
        self._renew = renew

    def begin(self, dimension: int) -> None:
        """Make the collections of a new epoch; what a killed refresh left under the names goes."""
        there = self._backend.collections()
        for kind, shape in shapes(dimension).items():
            if self._collections[kind] in there:
                self._backend.drop(self._collections[kind])
            self._backend.create(self._collections[kind], shape)

    def articles(
        self,
        room: str,
        drawn: Sequence[Drawn],
        cuts: Sequence[Sequence[Cut]],
        means: NDArray[np.float64],
        maker: Maker,
    ) -> None:
        """Write articles with their passages. ``cuts``: the terms of each passage of each article."""
        for some, terms in zip(blocks(drawn), blocks(cuts), strict=True):
            rows = [one.row for one in some]
            embedded = maker.texts(room, rows)
            made = maker(embedded)
            points: defaultdict[str, list[Point]] = defaultdict(list)
            for one, row, own, cut in zip(some, rows, embedded, terms, strict=True):
                sparse = [impacts(passage, means) for passage in cut]
                for kind, point in points_of(room, one, row, own, made, sparse, self._number):
                    points[kind].append(point)
            for kind, found in points.items():
                self.put(kind, found)

    def put(self, kind: str, points: Iterable[Point]) -> None:
        """Write points of one collection."""
        for some in blocks(list(points), UPSERT):
            self._renew()
            self._backend.upsert(self._collections[kind], some)

    def bury(self, kinds: Iterable[str], articles: Sequence[int]) -> None:
        """Let the points of some articles (or files) that live until now die in this generation."""
        for kind in kinds:
            for some in blocks(articles, UPSERT):
                self._renew()
                where = (OneOf("article", some), *alive(self._number - 1))
                self._backend.set_payload(self._collections[kind], {"died": self._number}, where)

    def frequencies(
        self, known: Frequencies | None, parts: Mapping[int, Counts], came: Tally, went: Tally
    ) -> Frequencies:
        """The statistics of a room with what came and what went; ``known``: those before, None where
        the room is written anew. ``parts``: known blobs by the first of their ids."""
        if known is None:
            means = came.lengths / max(came.passages, 1)
            ids = self.blob(came.terms.to_bytes())
            return Frequencies(tuple(means.tolist()), tuple(came.lengths.tolist()), (ids,))
        change = Counts.total([(1, came.terms), (-1, went.terms)])
        lengths = np.array(known.lengths, np.int64) + came.lengths - went.lengths
        old = [parts[ids[0]] for ids in known.parts]
        ids_of = known.parts
        added = sum(map(len, old[1:])) + len(change)
        if len(old) >= MOST_PARTS or added > MOST_SHARE * len(old[0]):
            whole = Counts.total([*((1, one) for one in old), (1, change)])
            self.bury_blobs(known)
            ids_of = (self.blob(whole.to_bytes()),)
        elif len(change):
            ids_of = (*ids_of, self.blob(change.to_bytes()))
        return Frequencies(known.means, tuple(lengths.tolist()), ids_of)

    def bury_blobs(self, known: Frequencies) -> None:
        """Let blobs die in this generation."""
        for ids in known.parts:
            self._backend.set_payload(self._state, {"died": self._number}, (Ids(ids),))

    def blob(self, data: bytes) -> tuple[int, ...]:
        """Write frequencies; gives the ids of their points."""
        self._renew()
        return tuple(blobs.put(self._backend, self._state, data, self._number))
