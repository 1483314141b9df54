"""Token buckets that all processes share, in the book ``live``.

A bucket is known by a hash under a secret of the installation: no address is written down. Its row
goes once it is full again, which is what a client has who never asked.
"""

from __future__ import annotations

import secrets as random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from sqlalchemy import Connection, delete, func, select

from assistant.page.limits import Rate
from index.state.database import Database, insert
from index.state.tables import buckets, secrets

_SWEPT_EVERY = 60.0


@dataclass(frozen=True, slots=True)
class Taking:
    """``cost`` tokens wanted of the bucket ``key``, which fills at ``rate``."""

    key: str
    cost: float
    rate: Rate


class Buckets:
    """Over a database; ``clock`` gives seconds since 1970 where the database has no clock of its
    own (several machines share PostgreSQL's)."""

    def __init__(self, book: Database, *, clock: Callable[[], float] = time.time) -> None:
        self._book = book
        self._clock = clock
        self._secret = b""
        self._swept = 0.0

    def take(self, wanted: Sequence[Taking]) -> list[float]:
        """Of each wish in order 0.0 and the tokens less, or the seconds until there are enough.
        Raises StoreError."""
        with self._book.write() as db:
            keys = [self._hashed(db, one.key) for one in wanted]
            rates = {key: one.rate for key, one in zip(keys, wanted, strict=True)}
            now = self._now(db)
            held = self._held(db, now, rates)
            waits = []
            for key, one in zip(keys, wanted, strict=True):
                cost = min(one.cost, one.rate.burst)
                wait = max(0.0, cost - held[key]) / one.rate.second
                held[key] -= 0.0 if wait else cost
                waits.append(wait)
            self._put(db, held, now, rates)
            self._sweep(db, now)
        return waits

    def hashed(self, key: str) -> str:
        """What stands for an address or a name. Raises StoreError."""
        if self._secret:
            return _digest(self._secret, key)
        with self._book.write() as db:
            return self._hashed(db, key)

    def _held(self, db: Connection, now: float, rates: Mapping[str, Rate]) -> dict[str, float]:
        """The tokens in each bucket now. Its row is there and ours until the transaction ends."""
        held = {key: rates[key].burst for key in sorted(rates)}
        rows = [{"key": key, "tokens": full, "at": now, "full": now} for key, full in held.items()]
        db.execute(insert(db, buckets).on_conflict_do_nothing(), rows)
        # in order of keys, so that no two transactions wait for each other
        wanted = select(buckets.c.key, buckets.c.tokens, buckets.c.at)
        mine = wanted.where(buckets.c.key.in_(held)).order_by(buckets.c.key).with_for_update()
        for key, tokens, at in db.execute(mine).all():
            filled = tokens + max(0.0, now - at) * rates[key].second
            held[key] = min(held[key], filled)
        return held

    def _put(
        self, db: Connection, held: Mapping[str, float], now: float, rates: Mapping[str, Rate]
    ) -> None:
        rows = []
        for key, left in held.items():
            until = now + (rates[key].burst - left) / rates[key].second
            rows.append({"key": key, "tokens": left, "at": now, "full": until})
        made = insert(db, buckets)
        new = {name: made.excluded[name] for name in ("tokens", "at", "full")}
        db.execute(made.on_conflict_do_update(index_elements=["key"], set_=new), rows)

    def _sweep(self, db: Connection, now: float) -> None:
        if now - self._swept > _SWEPT_EVERY:
            db.execute(delete(buckets).where(buckets.c.full < now))
            self._swept = now

    def _now(self, db: Connection) -> float:
        if db.dialect.name == "sqlite":
            return self._clock()
        return float(db.execute(select(func.extract("epoch", func.clock_timestamp()))).scalar_one())

    def _hashed(self, db: Connection, key: str) -> str:
        if not self._secret:
            made = {"name": "addresses", "value": random.token_bytes(32)}
            db.execute(insert(db, secrets).values(made).on_conflict_do_nothing())
            kept = select(secrets.c.value).where(secrets.c.name == "addresses")
            self._secret = bytes(db.execute(kept).scalar_one())
        return _digest(self._secret, key)


def _digest(secret: bytes, key: str) -> str:
    return blake2b(key.encode("utf-8"), key=secret, digest_size=16).hexdigest()
