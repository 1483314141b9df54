"""What is asked of Qdrant, in words of our own, whichever way it runs.

A server or a cluster, the client's local mode and the engine in process (``qdrant-edge-py``) speak
one language in two dialects. Everything else in this package is written against ``Backend``; which
dialect answers is decided in ``index.qdrant.opening`` alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Sparse:
    """``indices`` (n,) uint32, each once, and ``values`` (n,) float32."""

    indices: NDArray[np.uint32]
    values: NDArray[np.float32]


Vector = Matrix | Sparse
"""Dense (dim,), several rows (n, dim) where the collection takes several a point, or sparse."""


@dataclass(frozen=True, slots=True)
class OneOf:
    """The field holds one of the values, or is a list with one of them in it."""

    field: str
    values: Sequence[int] | Sequence[str]


@dataclass(frozen=True, slots=True)
class Between:
    """``above`` < field <= ``upto``; None leaves a side open."""

    field: str
    above: int | None = None
    upto: int | None = None


@dataclass(frozen=True, slots=True)
class Ids:
    """The point is one of these."""

    ids: Sequence[int]


Condition = OneOf | Between | Ids
Filter = tuple[Condition, ...]
"""All of them hold."""


@dataclass(frozen=True, slots=True)
class Point:
    """``id``: 63 bits. ``vectors`` by name, any of the collection's."""

    id: int
    vectors: Mapping[str, Vector]
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Query:
    """The ``limit`` points with the greatest inner product with ``vector``, among those that
    ``where`` lets through; where a point has several rows, its best one counts. ``payload``: the
    fields wanted of each."""

    using: str
    vector: Vector
    limit: int
    where: Filter
    payload: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Got:
    """A point that was found or read. ``score`` is 0 where nothing was asked of vectors."""

    id: int
    score: float = 0.0
    payload: Mapping[str, Any] = field(default_factory=dict)
    vectors: Mapping[str, Vector] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shape:
    """A collection: ``dense`` name -> (dimension, several rows a point?), ``sparse`` names, the
    payload fields that are filtered by: ``integers`` and ``keywords``."""

    dense: Mapping[str, tuple[int, bool]] = field(default_factory=dict)
    sparse: tuple[str, ...] = ()
    integers: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()


class Backend(Protocol):
    """Collections of points. Every method raises ``StoreError`` where Qdrant cannot be used; each
    call is one trip. Safe for threads. Writes are visible to the next call when they return."""

    def collections(self) -> frozenset[str]:
        """Names of all collections that there are."""

    def create(self, collection: str, shape: Shape) -> None:
        """Make a collection; one of that name must not exist."""

    def drop(self, collection: str) -> None:
        """Remove a collection, if it exists."""

    def upsert(self, collection: str, points: Sequence[Point]) -> None:
        """Put the points in, over those of the same id."""

    def swap(self, collection: str, point: Point, only: OneOf) -> None:
        """Put a point over the one of its id only where that satisfies ``only`` at this moment."""

    def sync(self) -> None:
        """Return when all that was written is safe on the disk."""

    def set_payload(self, collection: str, payload: Mapping[str, Any], where: Filter) -> None:
        """Set fields of all points that ``where`` lets through."""

    def delete(self, collection: str, where: Filter) -> None: ...

    def query(self, collection: str, queries: Sequence[Query]) -> list[list[Got]]:
        """The answer to each, best first; equal scores in no order."""

    def read(
        self,
        collection: str,
        ids: Sequence[int],
        payload: tuple[str, ...] | bool = True,
        vectors: tuple[str, ...] = (),
    ) -> list[Got]:
        """Those that exist, in no order."""

    def scroll(
        self,
        collection: str,
        where: Filter,
        payload: tuple[str, ...] | bool = True,
        vectors: tuple[str, ...] = (),
    ) -> Iterator[Got]:
        """All points that ``where`` lets through, by id, a page a trip."""

    def count(self, collection: str, where: Filter) -> int: ...

    def close(self) -> None: ...
