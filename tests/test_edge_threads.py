"""The engine in this process lets go of a shard only after the last call on it."""

from __future__ import annotations

import threading

import pytest

pytest.importorskip("qdrant_edge", reason="qdrant-edge-py is not installed")

from index.qdrant.edge import _Shard


class Held:
    """A shard as the library behaves: it refuses to be closed while it is at work."""

    def __init__(self) -> None:
        self.at_work = threading.Event()
        self.may_end = threading.Event()
        self.done: list[str] = []

    def count(self) -> None:
        self.at_work.set()
        assert self.may_end.wait(30)
        self.at_work.clear()
        self.done.append("count")

    def flush(self) -> None:
        self.done.append("flush")

    def close(self) -> None:
        assert not self.at_work.is_set(), "Already borrowed"
        self.done.append("close")


def test_closing_waits_for_a_call_under_way() -> None:
    held = Held()
    shard = _Shard(held)

    def work() -> None:
        with shard.using() as one:
            one.count()

    working, closing = threading.Thread(target=work), threading.Thread(target=shard.close)
    working.start()
    assert held.at_work.wait(30)
    closing.start()
    closing.join(0.2)
    assert closing.is_alive()
    held.may_end.set()
    working.join(30)
    closing.join(30)
    assert held.done == ["count", "flush", "close"]


def test_a_call_that_fails_is_over_too() -> None:
    held = Held()
    shard = _Shard(held)
    with pytest.raises(ValueError, match="so"), shard.using():
        raise ValueError("so")
    shard.close()
    assert held.done == ["flush", "close"]
