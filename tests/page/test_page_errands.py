"""What is kept of answers for programs: for how long, of whom, and what never goes."""

from __future__ import annotations

from contextlib import aclosing
from typing import Any

import pytest
from page_kit import in_thread

from assistant.page.counter import Counter
from assistant.page.errand import BEAT, Errand, Failure
from assistant.page.errands import Errands
from assistant.page.limits import Limits
from assistant.page.line import GoneError
from assistant.page.metrics import Metrics


def errand(client: str, counter: Any = None, steps: Any = (), weights: Any = (1.0,)) -> Errand:
    return Errand(
        counter,
        client,
        iter(steps),
        weights,
        made=lambda *_: None,
        failed=lambda error: Failure(500, type(error).__name__),
    )


def test_where_there_are_too_many_the_oldest_of_who_has_most_goes() -> None:
    kept = Errands(most=3, seconds=600)
    for name in ("a1", "b1", "a2", "a3"):
        kept.keep(name, errand(name[0]))
    assert [name for name in ("a1", "b1", "a2", "a3") if kept.get(name)] == ["b1", "a2", "a3"]
    # to ask for one makes it the youngest
    kept.get("a2")
    kept.keep("a4", errand("a"))
    assert [name for name in ("b1", "a2", "a3", "a4") if kept.get(name)] == ["b1", "a2", "a4"]


def test_what_nobody_asks_for_is_forgotten() -> None:
    kept = Errands(most=3, seconds=600)
    old, young = kept.keep("old", errand("a")), kept.keep("young", errand("a"))
    old.touched -= 601
    young.touched -= 599
    assert kept.get("old") is None
    assert kept.get("young") is young
    assert len(kept) == 1


def test_what_is_read_stays() -> None:
    async def scene() -> None:
        counter = Counter(Limits(served=1), Metrics())
        _ = [_ async for _ in counter.line.wait("another")]
        kept = Errands(most=1, seconds=600)
        read = kept.keep("read", errand("a", counter))
        async with aclosing(read.news()) as news:
            assert await anext(news) == 0
            read.touched -= 601
            kept.keep("more", errand("b"))
            assert kept.get("read") is read
            assert kept.get("more") is None
        assert (read.readers, read.over) == (0, False)
        counter.close()

    in_thread(scene())


def test_who_is_gone_before_it_begins_starts_nothing() -> None:
    async def gone() -> bool:
        return True

    async def scene() -> Errand:
        one = errand("a")  # without a counter nothing could begin
        with pytest.raises(GoneError):
            await anext(one.news(gone))
        return one

    assert not in_thread(scene()).busy


def test_a_reader_hears_that_the_connection_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.page.errand.BEAT", 0.01)
    assert BEAT == 15.0

    async def scene() -> list[int | None]:
        counter = Counter(Limits(served=1), Metrics())
        _ = [_ async for _ in counter.line.wait("another")]
        async with aclosing(errand("a", counter).news()) as news:
            heard = [await anext(news) for _ in range(3)]
        counter.close()
        return heard

    assert in_thread(scene()) == [0, None, None]
