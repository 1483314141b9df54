"""One generation in Qdrant, as questions are asked of it: ``index.types.Index``.

Each method is one trip to each collection that it concerns, save ``search``, which takes three: what
is near; how near the others are; how their articles are asked for. Collections are asked at the same
time where they do not depend on each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from corpus.errors import StoreError
from index.marks import VERSION as MARKS_VERSION
from index.qdrant import terms
from index.qdrant.backend import Backend, Got, OneOf, Sparse
from index.qdrant.backend import Query as Ask
from index.qdrant.pointer import Names, Pointer, number_now
from index.qdrant.rows import Rows
from index.qdrant.schema import alive, hashed, let_through, unpacked
from index.qdrant.search import SPARE, Searching
from index.qdrant.statistics import Statistics
from index.table import Row
from index.types import DIGITS, Entry, Matches, Pool, Probe, Query, Ranking, Seen, Statute

BLOCK = 256
"""Articles of a block, see ``blocks``."""


class Generation:
    """An ``Index``. ``rows``: those of ``articles`` and ``statutes``, shared by generations;
    ``statistics`` by room; ``pool``: asks several collections at once, None where that gains nothing."""

    def __init__(
        self,
        backend: Backend,
        names: Names,
        pointer: Pointer,
        rows: Mapping[str, Rows],
        statistics: Mapping[str, Statistics],
        pool: ThreadPoolExecutor | None = None,
    ) -> None:
        self.pointer = pointer
        self._backend = backend
        self._names = names
        self._collections = names.of(pointer.epoch)
        self._rows = rows
        self._statistics = statistics
        self._pool = pool
        self._alive = alive(pointer.number)
        self._marked = pointer.versions.get("marks") == MARKS_VERSION
        counts = pointer.counts
        asked = counts["questions"] / max(1, counts["articles"])
        self._searching = Searching(self._ask, self._alive, asked)

    @property
    def generation(self) -> str:
        return self.pointer.generation

    @property
    def model(self) -> str:
        return self.pointer.model

    @property
    def size(self) -> int:
        return self.pointer.counts["passages"]

    def stale(self) -> bool:
        """As in the Protocol: one small read."""
        try:
            return number_now(self._backend, self._names) != self.pointer.number
        except StoreError:
            return False

    def match(self, queries: Sequence[Query]) -> Sequence[Matches]:
        articles, laws = self._statistics["articles"], self._statistics["statutes"]
        passages: list[Ask | None] = []
        statutes: list[Ask | None] = []
        for query in queries:
            where = (*self._alive, *let_through(query.only))
            for name, wanted in (("words", query.words), ("pairs", query.pairs)):
                asked = terms.asked(wanted, articles)
                passages.append(_sparse(name, asked, query.k, where))
            asked = terms.asked(query.statutes, laws)
            statutes.append(_sparse("terms", asked, query.statutes_k, self._alive))
        found, of_laws = self._ask({"passages": passages, "statutes": statutes})
        return [
            Matches(
                words=_ranking(found[2 * n], query.k),
                pairs=_ranking(found[2 * n + 1], query.k),
                statutes=_ranking(of_laws[n], query.statutes_k),
                rarity=terms.rarity(query.rare, articles),
            )
            for n, query in enumerate(queries)
        ]

    def search(self, probes: Sequence[Probe]) -> Sequence[Pool]:
        return self._searching(probes)

    def passages(self, numbers: Sequence[int], *, codes: bool = True) -> Sequence[Seen]:
        wanted = ("article", "place", *(("codes",) if codes else ()))
        points = self._read("passages", [n for n in dict.fromkeys(numbers) if n >= 0], wanted)
        found = {point.id: point for point in points}
        rows = self._rows["articles"].get(int(p.payload["article"]) for p in points)
        return [self._seen(found[number], rows) for number in numbers]

    def _read(self, kind: str, ids: Sequence[int], payload: tuple[str, ...]) -> list[Got]:
        return self._backend.read(self._collections[kind], ids, payload) if ids else []

    def _seen(self, point: Got, rows: Mapping[int, Row]) -> Seen:
        article, place = int(point.payload["article"]), int(point.payload["place"])
        if article not in rows:
            raise KeyError(point.id)
        return self._passage(article, rows[article], place, point.payload.get("codes"))

    def _passage(self, article: int, row: Row, place: int, codes: Any) -> Seen:
        return Seen(
            number=hashed(article, place),
            article=article,
            passage=row.passages[place],
            marks=row.marks[place] if self._marked and row.marks else None,
            codes=unpacked(codes) if codes else None,
        )

    def read(
        self, articles: Sequence[int | str], *, codes_of: Sequence[int | str] = ()
    ) -> Sequence[Entry | None]:
        numbers = self._numbers([*articles, *codes_of])
        rows = self._rows["articles"].get(n for n in numbers.values() if n is not None)
        codes = self._codes([n for a in codes_of if (n := numbers[a]) in rows])
        entries = {n: self._entry(n, row, codes) for n, row in rows.items()}
        return [entries.get(n) if (n := numbers[a]) is not None else None for a in articles]

    def _numbers(self, articles: Sequence[int | str]) -> dict[int | str, int | None]:
        """The numbers of articles; ids cost a trip."""
        numbers: dict[int | str, int | None] = {
            a: None if isinstance(a, str) or a < 0 else a for a in articles
        }
        ids = [a for a in numbers if isinstance(a, str)]
        if ids:
            where = (OneOf("id", ids), *self._alive)
            for point in self._backend.scroll(self._collections["articles"], where, ("id",)):
                numbers[point.payload["id"]] = point.id
        return numbers

    def _codes(self, articles: Sequence[int]) -> dict[int, str]:
        """The tokens of the passages of some articles, by the passages' numbers."""
        if not articles:
            return {}
        where = (OneOf("article", articles), *self._alive)
        found = self._backend.scroll(self._collections["passages"], where, ("codes",))
        return {point.id: point.payload.get("codes", "") for point in found}

    def _entry(self, number: int, row: Row, codes: Mapping[int, str] = {}) -> Entry:
        seen = [
            self._passage(number, row, place, codes.get(hashed(number, place)))
            for place in range(len(row.passages))
        ]
        return Entry(number, row.article, seen, row.claims)

    def blocks(self) -> Iterator[Sequence[Entry]]:
        """As in the Protocol, a trip a block; the rows are not kept."""
        points: list[Got] = []
        for point in self._backend.scroll(self._collections["articles"], self._alive, ("line",)):
            points.append(point)
            if len(points) == BLOCK:
                yield self._block(points)
                points = []
        if points:
            yield self._block(points)

    def _block(self, points: Sequence[Got]) -> list[Entry]:
        return [self._entry(i, row) for i, row in self._rows["articles"].take(points).items()]

    def statutes(self) -> Sequence[Statute]:
        found = self._backend.scroll(self._collections["statutes"], self._alive, ("line", "place"))
        places = {point.id: (int(point.payload["place"]), point) for point in found}
        rows = self._rows["statutes"].take([point for _, point in places.values()])
        return [Statute(n, rows[n].passages[places[n][0]]) for n in sorted(places)]

    def fixed(self) -> Mapping[str, int]:
        found: dict[str, int] = {}
        for _, fixes in sorted(self.pointer.fixed.items()):
            for key in fixes.keys:
                found.setdefault(key, fixes.number)
        return found

    def regions(self) -> frozenset[str]:
        return frozenset(self.pointer.regions)

    def _ask(self, asked: Mapping[str, Sequence[Ask | None]]) -> list[list[list[Got]]]:
        """What each collection answers, all asked at the same time; nothing to what is None."""

        def one(kind: str) -> list[list[Got]]:
            queries = [ask for ask in asked[kind] if ask is not None]
            found = iter(self._backend.query(self._collections[kind], queries) if queries else ())
            return [next(found) if ask is not None else [] for ask in asked[kind]]

        mapped: Callable[..., Any] = map if self._pool is None else self._pool.map
        return list(mapped(one, asked))


def _sparse(name: str, asked: Sparse, k: int, where: tuple[Any, ...]) -> Ask | None:
    if k < 1 or not len(asked.indices):
        return None
    return Ask(name, asked, k + SPARE, where)


def _ranking(found: Sequence[Got], k: int) -> Ranking:
    numbers = np.array([got.id for got in found], np.int64)
    scores = np.round([got.score for got in found], DIGITS)
    return Ranking.best(numbers, scores, k)
