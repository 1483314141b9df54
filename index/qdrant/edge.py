"""Qdrant's engine in this process, without a server: ``qdrant-edge-py``, a folder a collection.

One process has the folder open at a time; whoever opens it twice in one process shares the shards
(``index.qdrant.opening``).
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import qdrant_edge as q

from corpus.errors import StoreError
from index.qdrant.backend import (
    Between,
    Filter,
    Got,
    Ids,
    OneOf,
    Point,
    Query,
    Shape,
    Sparse,
    Vector,
)

PAGE = 1000
_NOTHING = "none"
"""Name of a sparse vector that nothing has: a shard without any vector cannot be made."""

_NUMBERS = q.IntegerIndexParams(lookup=True, range=True, enable_hnsw=False)
"""No links of their own in a graph: what a number lets through is nearly everything, or so little that it is looked at
without one."""


class _Shard:
    """One that is open. It is closed by nobody while another thread is at work on it: the library
    refuses that (``Already borrowed``)."""

    def __init__(self, shard: Any) -> None:
        self._shard = shard
        self._calls = 0
        self._idle = threading.Condition()

    @contextmanager
    def using(self) -> Iterator[Any]:
        with self._idle:
            self._calls += 1
        try:
            yield self._shard
        finally:
            with self._idle:
                self._calls -= 1
                self._idle.notify_all()

    def close(self) -> None:
        """Write what is not written and let go, after the last of the calls."""
        with self._idle:
            self._idle.wait_for(lambda: not self._calls)
            self._shard.flush()
            self._shard.close()


class EdgeBackend:
    """A ``Backend`` over the shards in ``folder``. Raises ``StoreError`` where another process has
    them open."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with self._told():
            folder.mkdir(parents=True, exist_ok=True)
            self._shards = {
                path.name: _Shard(q.EdgeShard.load(str(path)))
                for path in sorted(folder.iterdir())
                if path.is_dir() and not path.name.startswith(".")
            }

    @contextmanager
    def _told(self) -> Iterator[None]:
        """The engine's errors as one sentence with its mend."""
        try:
            yield
        except StoreError:
            raise
        except KeyError as error:
            raise StoreError(
                f"{self._folder} 里没有集合 {error.args[0]}：请重建知识库。"
            ) from error
        except Exception as error:  # the engine raises nothing narrower
            text = " ".join(str(error).split())
            if "WouldBlock" in text:
                raise StoreError(
                    f"{self._folder} 正被另一个进程使用：本机内嵌的 Qdrant 一次只能由一个进程打开，"
                    f"请先停止那个进程，或改用 Qdrant 服务。"
                ) from error
            raise StoreError(
                f"{self._folder} 里的 Qdrant 数据无法使用（{text[:200]}）："
                f"请检查磁盘空间和文件权限，必要时用 --rebuild 重建。"
            ) from error

    @contextmanager
    def _using(self, collection: str) -> Iterator[Any]:
        with self._told(), self._shards[collection].using() as shard:
            yield shard

    def collections(self) -> frozenset[str]:
        return frozenset(self._shards)

    def create(self, collection: str, shape: Shape) -> None:
        several = q.MultiVectorConfig(q.MultiVectorComparator.MaxSim)
        config = q.EdgeConfig(
            vectors={
                name: q.EdgeVectorParams(
                    size,
                    q.Distance.Dot,
                    multivector_config=several if rows else None,
                )
                for name, (size, rows) in shape.dense.items()
            },
            sparse_vectors={
                name: q.EdgeSparseVectorParams()
                for name in shape.sparse or (() if shape.dense else (_NOTHING,))
            },
        )
        with self._told():
            # under a name that is not opened, until it is whole
            unfinished, final = (self._folder / f"{dot}{collection}" for dot in (".", ""))
            shutil.rmtree(unfinished, ignore_errors=True)
            shard = q.EdgeShard.create(str(unfinished), config)
            for kind, names in (
                (_NUMBERS, shape.integers),
                (q.PayloadSchemaType.Keyword, shape.keywords),
            ):
                for name in names:
                    shard.update(q.UpdateOperation.create_field_index(name, kind))
            shard.close()
            unfinished.rename(final)
            self._shards = {**self._shards, collection: _Shard(q.EdgeShard.load(str(final)))}

    def drop(self, collection: str) -> None:
        with self._told():
            if collection in self._shards:
                gone = self._shards[collection]
                self._shards = {n: s for n, s in self._shards.items() if n != collection}
                gone.close()
                shutil.rmtree(self._folder / collection)

    def upsert(self, collection: str, points: Sequence[Point]) -> None:
        with self._using(collection) as shard:
            shard.update(q.UpdateOperation.upsert_points([_point(p) for p in points]))

    def swap(self, collection: str, point: Point, only: OneOf) -> None:
        with self._using(collection) as shard:
            shard.update(
                q.UpdateOperation.upsert_points([_point(point)], condition=_filter((only,)))
            )

    def sync(self) -> None:
        for collection in self.collections():
            with self._using(collection) as shard:
                # graphs over many vectors; what was deleted leaves the disk once it is a fifth
                shard.optimize()
                shard.flush()

    def set_payload(self, collection: str, payload: Mapping[str, Any], where: Filter) -> None:
        with self._using(collection) as shard:
            shard.update(q.UpdateOperation.set_payload_by_filter(_filter(where), dict(payload)))

    def delete(self, collection: str, where: Filter) -> None:
        with self._using(collection) as shard:
            shard.update(q.UpdateOperation.delete_points_by_filter(_filter(where)))

    def query(self, collection: str, queries: Sequence[Query]) -> list[list[Got]]:
        requests = [
            q.QueryRequest(
                limit=one.limit,
                query=q.Query.Nearest(_vector(one.vector), using=one.using),
                filter=_filter(one.where),
                with_payload=list(one.payload) or False,
            )
            for one in queries
        ]
        with self._using(collection) as shard:
            found = shard.query_batch(q.QueryBatchRequest(requests))
        return [[Got(_id(p.id), p.score, p.payload or {}) for p in one] for one in found]

    def read(
        self,
        collection: str,
        ids: Sequence[int],
        payload: tuple[str, ...] | bool = True,
        vectors: tuple[str, ...] = (),
    ) -> list[Got]:
        with self._using(collection) as shard:
            found = shard.retrieve(list(ids), _wanted(payload), list(vectors) or False)
        return [_got(record) for record in found]

    def scroll(
        self,
        collection: str,
        where: Filter,
        payload: tuple[str, ...] | bool = True,
        vectors: tuple[str, ...] = (),
    ) -> Iterator[Got]:
        after: Any = None
        while True:
            with self._using(collection) as shard:
                found, after = shard.scroll(
                    q.ScrollRequest(
                        offset=after,
                        limit=PAGE,
                        filter=_filter(where),
                        with_payload=_wanted(payload),
                        with_vector=list(vectors) or False,
                    )
                )
            yield from map(_got, found)
            if after is None:
                return

    def count(self, collection: str, where: Filter) -> int:
        request = q.CountRequest(exact=True, filter=_filter(where))
        with self._using(collection) as shard:
            return int(shard.count(request))

    def close(self) -> None:
        with self._told():
            shards, self._shards = self._shards, {}
            for shard in shards.values():
                shard.close()


def _filter(where: Filter) -> q.Filter:
    must: list[Any] = []
    for one in where:
        if isinstance(one, Ids):
            must.append(q.HasIdCondition(set(one.ids)))
        elif isinstance(one, OneOf):
            must.append(q.FieldCondition(one.field, match=q.MatchAny(list(one.values))))
        elif isinstance(one, Between):
            must.append(q.FieldCondition(one.field, range=q.RangeFloat(gt=one.above, lte=one.upto)))
    return q.Filter(must=must)


def _wanted(payload: tuple[str, ...] | bool) -> Any:
    return payload if isinstance(payload, bool) else list(payload) or False


def _vector(vector: Any) -> Any:
    if isinstance(vector, Sparse):
        return q.SparseVector(vector.indices.tolist(), vector.values.tolist())
    return vector.tolist()


def _point(point: Point) -> q.Point:
    vectors = {name: _vector(vector) for name, vector in point.vectors.items()}
    return q.Point(point.id, vectors, dict(point.payload))


def _stored(vector: Any) -> Vector:
    if isinstance(vector, q.SparseVector):
        return Sparse(np.array(vector.indices, np.uint32), np.array(vector.values, np.float32))
    return np.asarray(vector, np.float32)


def _got(record: Any) -> Got:
    held = record.vector if isinstance(record.vector, dict) else {}
    vectors = {name: _stored(vector) for name, vector in held.items()}
    return Got(_id(record.id), 0.0, record.payload or {}, vectors)


def _id(value: Any) -> int:
    return int(value)
