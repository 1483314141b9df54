"""What was read from which file, a point a file (``index.ledger`` has the meaning of it all).

A refresh reads all of them, because an article may be a double of any other, and writes those that
changed.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from corpus.errors import StoreError
from corpus.neighbours import Neighbours
from index.arrays import pack, unpack
from index.ledger import Ledger, kept, sources_in
from index.qdrant.backend import Backend, Point
from index.qdrant.pointer import Pointer
from index.qdrant.schema import ALIVE, alive, hashed
from index.records import decode
from index.resting import Resting
from index.sources import SourceFile, Sources


def read_sources(backend: Backend, collection: str, number: int) -> dict[str, SourceFile]:
    """The files of generation ``number``, by place, in the order of the places."""
    found = backend.scroll(collection, alive(number), ("lines",))
    sources = [_source(point.payload, collection) for point in found]
    return {source.place: source for source in sorted(sources, key=lambda s: s.place)}


def read_ledger(backend: Backend, collection: str, pointer: Pointer) -> Ledger:
    """The ledger of a generation. Raises ``StoreError`` where it makes no sense."""
    held: dict[str, tuple[SourceFile, Neighbours]] = {}
    for point in backend.scroll(collection, alive(pointer.number), ("lines", "links")):
        source = _source(point.payload, collection)
        try:
            links = Neighbours(**unpack(base64.b64decode(point.payload["links"])))
        except (KeyError, TypeError, ValueError):
            raise _damaged(collection) from None
        held[source.place] = source, links
    places = sorted(held)
    firsts: dict[str, int] = {}
    row = 0
    for place in places:
        firsts[place] = row
        row += len(held[place][0].articles)
    links = Neighbours.joined([held[place][1] for place in places])
    sources = {place: held[place][0] for place in places}
    return Ledger(sources, links, firsts, decode(Resting, dict(pointer.resting)))


def changed(now: Ledger, before: Sources) -> Iterator[SourceFile]:
    """The files that are new, or not what they were."""
    return (s for place, s in now.sources.items() if before.get(place) is not s)


def source_points(ledger: Ledger, sources: Iterable[SourceFile], born: int) -> Iterator[Point]:
    """The points of some of its files."""
    for source in sources:
        first = ledger.firsts[source.place]
        links = ledger.links.take(np.arange(first, first + len(source.articles)))
        arrays = {name: getattr(links, name) for name in Neighbours.__slots__}
        payload = {
            "lines": kept(source).decode("utf-8"),
            "links": base64.b64encode(pack(arrays)).decode("ascii"),
            "article": place_number(source.place),
            "born": born,
            "died": ALIVE,
        }
        yield Point(hashed(source.place, born), {}, payload)


def place_number(place: str) -> int:
    """What a file's points are told by."""
    return hashed("place", place)


def _source(payload: Mapping[str, str], collection: str) -> SourceFile:
    try:
        (source,) = sources_in(payload["lines"].encode("utf-8")).values()
    except (KeyError, ValueError):
        raise _damaged(collection) from None
    return source


def _damaged(collection: str) -> StoreError:
    return StoreError(f"集合 {collection} 缺少数据或已损坏：请用 --rebuild 重建知识库。")
