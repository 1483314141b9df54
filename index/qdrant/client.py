"""Qdrant through ``qdrant-client``: a server, a cluster, or the client's own local mode.

The local mode does everything in Python, a few hundred times slower than the engine: for tests and a
first look.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from qdrant_client import QdrantClient
from qdrant_client import models as m
from qdrant_client.http.exceptions import ApiException, ResponseHandlingException

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
"""Points of one trip when all of a collection are read."""


class ClientBackend:
    """A ``Backend``. ``connect`` makes the client (``index.qdrant.opening``); ``address`` names it
    in errors; ``shards`` and ``replicas`` of the collections it makes, for a cluster."""

    def __init__(
        self,
        connect: Callable[[], QdrantClient],
        address: str,
        *,
        shards: int | None = None,
        replicas: int | None = None,
        local: bool = False,
    ) -> None:
        self._address = address
        self._spread = {"shard_number": shards, "replication_factor": replicas}
        self._local = local
        with self._reached():
            self._client = connect()

    @contextmanager
    def _reached(self) -> Iterator[None]:
        """Qdrant's errors as one sentence with its mend."""
        try:
            yield
        except (ResponseHandlingException, ConnectionError, OSError) as error:
            raise StoreError(
                f"连不上 Qdrant 服务 {self._address}（{_short(error)}）："
                f"请检查服务是否已启动、地址和端口是否正确（YIBAO_ENGINE 或 QDRANT_URL）。"
            ) from error
        except ApiException as error:
            raise StoreError(
                f"Qdrant 服务 {self._address} 没有完成请求（{_short(error)}）："
                f"请检查密钥 QDRANT_API_KEY、磁盘空间和服务日志。"
            ) from error
        except ValueError as error:
            if not self._local or "not found" not in str(error):
                raise
            raise StoreError(f"{self._address} 里缺少集合：请重建知识库。") from error
        except RuntimeError as error:
            if "already accessed" not in str(error):
                raise
            raise StoreError(
                f"{self._address} 正被另一个进程使用：本机内嵌的 Qdrant 一次只能由一个进程打开，"
                f"请先停止那个进程，或改用 Qdrant 服务。"
            ) from error

    def collections(self) -> frozenset[str]:
        with self._reached():
            return frozenset(c.name for c in self._client.get_collections().collections)

    def create(self, collection: str, shape: Shape) -> None:
        dense = {
            name: m.VectorParams(
                size=size,
                distance=m.Distance.DOT,
                multivector_config=m.MultiVectorConfig(comparator=m.MultiVectorComparator.MAX_SIM)
                if several
                else None,
            )
            for name, (size, several) in shape.dense.items()
        }
        with self._reached():
            self._client.create_collection(
                collection,
                vectors_config=dense,
                sparse_vectors_config={name: m.SparseVectorParams() for name in shape.sparse},
                **self._spread,
            )
            if self._local:  # it looks at every point and warns of an index
                return
            for name in shape.integers:
                self._client.create_payload_index(collection, name, m.PayloadSchemaType.INTEGER)
            for name in shape.keywords:
                self._client.create_payload_index(collection, name, m.PayloadSchemaType.KEYWORD)

    def drop(self, collection: str) -> None:
        with self._reached():
            self._client.delete_collection(collection)

    def upsert(self, collection: str, points: Sequence[Point]) -> None:
        with self._reached():
            self._client.upsert(collection, [_struct(p) for p in points], wait=True)

    def swap(self, collection: str, point: Point, only: OneOf) -> None:
        with self._reached():
            self._client.upsert(
                collection, [_struct(point)], wait=True, update_filter=_filter((only,))
            )

    def sync(self) -> None:
        """Nothing: each write returned when it was safe."""

    def set_payload(self, collection: str, payload: Mapping[str, Any], where: Filter) -> None:
        with self._reached():
            # without a condition all are meant, and that is said by an empty filter here
            everywhere = _filter(where) or m.Filter(must=[])
            self._client.set_payload(collection, dict(payload), points=everywhere, wait=True)

    def delete(self, collection: str, where: Filter) -> None:
        with self._reached():
            self._client.delete(
                collection, points_selector=m.FilterSelector(filter=_filter(where)), wait=True
            )

    def query(self, collection: str, queries: Sequence[Query]) -> list[list[Got]]:
        requests = [
            m.QueryRequest(
                query=_vector(q.vector),
                using=q.using,
                filter=_filter(q.where),
                limit=q.limit,
                with_payload=list(q.payload) or False,
            )
            for q in queries
        ]
        with self._reached():
            found = self._client.query_batch_points(collection, requests)
        return [[Got(int(p.id), p.score, p.payload or {}) for p in one.points] for one in found]

    def read(
        self,
        collection: str,
        ids: Sequence[int],
        payload: tuple[str, ...] | bool = True,
        vectors: tuple[str, ...] = (),
    ) -> list[Got]:
        with self._reached():
            found = self._client.retrieve(
                collection, list(ids), with_payload=_wanted(payload), with_vectors=list(vectors)
            )
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
            with self._reached():
                found, after = self._client.scroll(
                    collection,
                    scroll_filter=_filter(where),
                    limit=PAGE,
                    offset=after,
                    with_payload=_wanted(payload),
                    with_vectors=list(vectors),
                )
            yield from map(_got, found)
            if after is None:
                return

    def count(self, collection: str, where: Filter) -> int:
        with self._reached():
            found = self._client.count(collection, count_filter=_filter(where), exact=True)
        return int(found.count)

    def close(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)  # of its own lock file
            self._client.close()


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


def _filter(where: Filter) -> m.Filter | None:
    must: list[Any] = []
    for one in where:
        if isinstance(one, Ids):
            must.append(m.HasIdCondition(has_id=list(one.ids)))
        elif isinstance(one, OneOf):
            must.append(m.FieldCondition(key=one.field, match=m.MatchAny(any=list(one.values))))
        elif isinstance(one, Between):
            must.append(m.FieldCondition(key=one.field, range=m.Range(gt=one.above, lte=one.upto)))
    return m.Filter(must=must) if must else None


def _wanted(payload: tuple[str, ...] | bool) -> Any:
    return payload if isinstance(payload, bool) else list(payload) or False


def _vector(vector: Any) -> Any:
    if isinstance(vector, Sparse):
        return m.SparseVector(indices=vector.indices.tolist(), values=vector.values.tolist())
    return vector.tolist()


def _struct(point: Point) -> m.PointStruct:
    vectors = {name: _vector(vector) for name, vector in point.vectors.items()}
    return m.PointStruct(id=point.id, vector=vectors, payload=dict(point.payload))


def _stored(vector: Any) -> Vector:
    if isinstance(vector, m.SparseVector):
        return Sparse(np.array(vector.indices, np.uint32), np.array(vector.values, np.float32))
    return np.asarray(vector, np.float32)


def _got(record: Any) -> Got:
    held = record.vector if isinstance(record.vector, dict) else {}
    vectors = {name: _stored(vector) for name, vector in held.items()}
    return Got(int(record.id), 0.0, record.payload or {}, vectors)
