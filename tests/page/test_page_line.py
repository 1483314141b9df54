"""The line at the counter: order, fairness, giving up, being full."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from assistant.page.line import Line, LineFullError


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
