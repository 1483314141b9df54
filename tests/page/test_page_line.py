"""The line at the counter: order, fairness, giving up, being full; work in steps."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from assistant.page.counter import Counter, Guest, Work, once
from assistant.page.limits import Limits
from assistant.page.line import GoneError, Line, LineFullError
from assistant.page.metrics import Metrics


def run(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """In a thread: a browser's loop may be running in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


async def served(line: Line, clients: str) -> str:
    """Who is served in which order when they arrive in the given one, one at a time."""
    order: list[str] = []

    async def one(client: str) -> None:
        async for _ in line.wait(client, every=0.01):
            pass
        order.append(client)
        await asyncio.sleep(0)
        line.leave()

    hold = [_ async for _ in line.wait("holder")]
    tasks = [asyncio.create_task(one(c)) for c in clients]
    await asyncio.sleep(0)
    line.leave()
    await asyncio.gather(*tasks)
    assert hold == []
    return "".join(order)


@pytest.mark.parametrize(
    ("arrive", "leave"),
    [
        ("abc", "abc"),  # first come, first served
        ("aaaabc", "abcaaa"),  # one who asks much stands behind those who ask once
        ("aabbab", "ababab"),
    ],
)
def test_order(arrive: str, leave: str) -> None:
    assert run(served(Line(served=1), arrive)) == leave


def test_places_are_told_as_they_change() -> None:
    async def scene() -> list[int]:
        line = Line(served=1)
        told: list[int] = []

        async def watch() -> None:
            async for ahead in line.wait("c", every=0.001):
                told.append(ahead)
            line.leave()

        async def brief(client: str) -> None:
            async for _ in line.wait(client, every=0.001):
                pass
            await asyncio.sleep(0.02)
            line.leave()

        tasks = [asyncio.create_task(t) for t in (brief("a"), brief("b"), watch())]
        await asyncio.gather(*tasks)
        return told

    assert run(scene()) == [1, 0]


def test_who_gives_up_frees_the_place() -> None:
    async def scene() -> int:
        line = Line(served=1)
        [_ async for _ in line.wait("a")]
        waiting = line.wait("b")
        assert await anext(waiting) == 0
        await waiting.aclose()
        assert len(line) == 0
        line.leave()
        return len([_ async for _ in line.wait("c")])

    assert run(scene()) == 0


def test_called_and_gone_is_not_served_for_ever() -> None:
    async def scene() -> list[int]:
        line = Line(served=1)
        [_ async for _ in line.wait("a")]
        waiting = line.wait("b")
        await anext(waiting)
        line.leave()  # b is called …
        await waiting.aclose()  # … and has gone
        return [_ async for _ in line.wait("c")]

    assert run(scene()) == []


def test_a_full_line_says_so() -> None:
    async def scene() -> None:
        line = Line(served=1, longest=1)
        [_ async for _ in line.wait("a")]
        second = line.wait("b")
        await anext(second)
        with pytest.raises(LineFullError):
            await anext(line.wait("c"))
        await second.aclose()

    run(scene())


# --- addresses, weights, steps -------------------------------------------------------------------


async def order_of(line: Line, arrive: Sequence[tuple[str, str, float]]) -> str:
    """Visitors in the order in which they are served: (address, visitor, weight) as they arrive."""
    order: list[str] = []

    async def one(address: str, visitor: str, weight: float) -> None:
        wait = line.wait(address, visitor=visitor, weight=weight, every=0.01)
        async for _ in wait:
            pass
        order.append(visitor)
        await asyncio.sleep(0)
        line.leave()

    _ = [_ async for _ in line.wait("holder")]
    tasks = [asyncio.create_task(one(*a)) for a in arrive]
    await asyncio.sleep(0)
    line.leave()
    await asyncio.gather(*tasks)
    return "".join(order)


@pytest.mark.parametrize(
    ("arrive", "leave"),
    [
        # many visitors at one address are one address to another
        ([("x", v, 1) for v in "abcd"] + [("y", "e", 1), ("y", "f", 1)], "aebfcd"),
        # and fair among themselves
        ([("x", v, 1) for v in "aaab"] + [("y", "e", 1)], "aebaa"),
        # what weighs as four counts as four
        ([("x", "a", 4), ("x", "a", 1)] + [("y", "e", 1)] * 4, "aeeeea"),
    ],
)
def test_order_by_address_and_weight(arrive: list[tuple[str, str, float]], leave: str) -> None:
    assert run(order_of(Line(served=1), arrive)) == leave


def test_an_address_has_so_many_places() -> None:
    async def scene() -> None:
        line = Line(served=1, longest=10, each=1)
        [_ async for _ in line.wait("a")]
        first, other, back = line.wait("a"), line.wait("b"), line.wait("a", back=True)
        await anext(first)
        with pytest.raises(LineFullError):
            await anext(line.wait("a"))
        await anext(other)
        await anext(back)  # it was served before and goes on
        for waiting in (first, other, back):
            await waiting.aclose()
        await anext(line.wait("a"))

    run(scene())


def test_who_has_gone_is_taken_out_of_the_line() -> None:
    async def gone() -> bool:
        return True

    async def scene() -> int:
        line = Line(served=1)
        [_ async for _ in line.wait("a")]
        with pytest.raises(GoneError):
            async for _ in line.wait("b", gone=gone, every=0.001):
                pass
        return len(line)

    assert run(scene()) == 0


def test_a_long_history_is_served_in_steps() -> None:
    """Whoever comes while it is worked on waits for one step, not for all."""

    async def scene() -> tuple[list[str], str]:
        counter = Counter(Limits(served=1), Metrics())
        done: list[str] = []

        def steps() -> Iterator[str]:
            for n in range(5):
                time.sleep(0.02)
                done.append(f"h{n}")
                yield done[-1]

        long = asyncio.create_task(counter.serve(Guest("a"), Work(steps(), [1.0] * 5)))
        while not done:
            await asyncio.sleep(0.001)
        short = Work(once(lambda: done.append("q")), [1.0])
        await counter.serve(Guest("b"), short)
        result = await long
        counter.close()
        return done, result

    done, result = run(scene())
    assert result == "h4"
    assert done.index("q") <= 2
    assert [d for d in done if d != "q"] == ["h0", "h1", "h2", "h3", "h4"]
    assert done.index("q") >= 1


def test_who_leaves_between_two_steps_is_not_served_on() -> None:
    async def scene() -> list[int]:
        counter = Counter(Limits(served=1), Metrics())
        done: list[int] = []

        async def gone() -> bool:
            return len(done) >= 2

        def steps() -> Iterator[None]:
            for n in range(5):
                done.append(n)
                yield

        with pytest.raises(GoneError):
            await counter.serve(Guest("a", gone=gone), Work(steps(), [1.0] * 5))
        assert [_ async for _ in counter.line.wait("b")] == []  # the place is free again
        counter.close()
        return done

    assert run(scene()) == [0, 1]


def test_long_work_leaves_a_place_to_short_questions() -> None:
    async def scene() -> list[int]:
        line = Line(served=2)
        assert [_ async for _ in line.wait("a", long=True)] == []
        second = line.wait("a", long=True)
        told = [await anext(second)]  # a place is free, and not for this
        for _ in range(3):
            assert [_ async for _ in line.wait("b")] == []
            line.leave()
        assert len(line) == 1
        line.leave(long=True)
        told += [_ async for _ in second]
        assert [_ async for _ in line.wait("b")] == []
        return told

    assert run(scene()) == [0]
