"""Limits, talks and keys that more than one process holds on to, over SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from page_fake import refused, rich
from page_kit import in_thread

from assistant.page.aside import Aside
from assistant.page.buckets import Buckets, Taking
from assistant.page.key_ring import KeyRing
from assistant.page.keys import read_keys
from assistant.page.limits import Limiter, Rate
from assistant.page.packing import masked, packed, unpacked
from assistant.page.shared import Shared
from assistant.page.shared_talks import SharedTalks
from assistant.page.talk_book import Kept, TalkBook
from assistant.page.talks import Said, Talk, Talks
from assistant.page.writer import Writer
from assistant.types import Context, Part
from corpus.errors import StoreError
from index.state import Database, State

ANSWER = rich("断缴怎么补", Context(scheme="职工", region="沈阳", months=2.0, topic="断缴怎么补"))
REFUSED = refused("写一首诗", Context())


@pytest.fixture
def live(database: str, tmp_path: Path) -> Iterator[Database]:
    state = State.open(database, feedback=tmp_path / "feedback.db")
    yield state.live
    state.close()


def run(scene: Coroutine[Any, Any, Any]) -> Any:
    return in_thread(scene)


# --- limits --------------------------------------------------------------------------------------


def test_a_bucket_is_everybodys(live: Database, database: str) -> None:
    now = [1000.0]
    one, other = (Buckets(live, clock=lambda: now[0]) for _ in range(2))
    rate = Rate(0.0001, 2.0)
    wish = Taking("address 10.0.0.1", 1.0, rate)
    assert one.take([wish]) == [0.0]
    waits = other.take([wish, wish, Taking("address 10.0.0.2", 9.0, rate)])
    assert (waits[0], waits[2]) == (0.0, 0.0)  # more than a bucket takes a full bucket
    assert 0 < waits[1] <= 10_000
    if not database:  # PostgreSQL has a clock of its own
        now[0] += 10_000
        assert [one.take([wish]), other.take([wish])] == [[0.0], [10_000.0]]


def test_no_address_is_written_down(live: Database, tmp_path: Path) -> None:
    buckets = Buckets(live)
    buckets.take([Taking("address 203.0.113.77", 1.0, Rate(1.0, 9.0))])
    with live.read() as db:
        keys = db.exec_driver_sql("SELECT key FROM buckets").scalars().all()
    assert keys == [Buckets(live).hashed("address 203.0.113.77")]
    assert "203" not in keys[0]


def test_full_buckets_go(tmp_path: Path) -> None:
    now = [1000.0]
    with_clock = Buckets(State.open("", feedback=tmp_path / "f.db").live, clock=lambda: now[0])
    with_clock.take([Taking("a", 1.0, Rate(1.0, 9.0))])
    now[0] += 61
    with_clock.take([Taking("b", 1.0, Rate(1.0, 9.0))])
    with with_clock._book.read() as db:
        assert db.exec_driver_sql("SELECT count(*) FROM buckets").scalar_one() == 1
    with_clock._book.close()


def test_questions_that_come_at_once_are_one_transaction(live: Database) -> None:
    async def scene() -> tuple[list[bool], int]:
        shared, batches = Shared(live, 60), []
        real = shared.buckets.take

        def counted(wanted: Any) -> list[float]:
            batches.append(len(wanted))
            return real(wanted)

        shared.buckets.take = counted  # type: ignore[method-assign]
        limiter = shared.limiter("t", Limiter(0.001, 5))
        waits = await asyncio.gather(*(limiter.take("a") for _ in range(20)))
        shared.close()
        return [wait == 0 for wait in waits], len(batches)

    allowed, batches = run(scene())
    assert allowed == [True] * 5 + [False] * 15
    assert batches <= 2


def test_who_has_nothing_here_is_not_asked_for_there(tmp_path: Path) -> None:
    def away(_: object) -> list[float]:
        raise AssertionError("the database is asked")

    async def scene() -> list[bool]:
        state = State.open("", feedback=tmp_path / "f.db")
        shared = Shared(state.live, 60)
        limiter = shared.limiter("t", Limiter(0.001, 1))
        first = await limiter.take("a")
        shared.buckets.take = away  # type: ignore[assignment,method-assign]
        second = await limiter.take("a")
        shared.close()
        state.close()
        return [first > 0, second > 0]

    assert run(scene()) == [False, True]


def test_a_database_that_is_away_leaves_each_process_its_own_limits(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def scene() -> list[bool]:
        tried = []

        def away(_: object) -> list[float]:
            tried.append(1)
            raise StoreError("locked")

        state = State.open("", feedback=tmp_path / "f.db")
        shared = Shared(state.live, 60)
        shared.buckets.take = away  # type: ignore[assignment,method-assign]
        limiter = shared.limiter("t", Limiter(0.001, 2))
        waits = [await limiter.take("a") for _ in range(3)]
        shared.close()
        assert tried == [1]  # not at every question
        return [wait > 0 for wait in waits]

    assert run(scene()) == [False, False, True]
    assert len(caplog.records) == 1


def test_nobody_waits_long_for_the_database() -> None:
    async def scene(free: Callable[[], object]) -> object:
        aside = Aside(0.01)
        asked = await aside.do(free)
        aside.close()
        return asked

    assert run(scene(lambda: __import__("time").sleep(0.3))) is None


# --- talks ---------------------------------------------------------------------------------------


def test_an_answer_comes_back_whole() -> None:
    several = replace(ANSWER, parts=(Part("怎么补", "answered", ANSWER.summary[:1]),))
    for answer in (ANSWER, several, REFUSED):
        again = unpacked(packed(answer))
        assert again == answer
        assert again.headings == answer.headings
        assert again.to_markdown() == answer.to_markdown()
    assert several.headings == {0: "怎么补"}


def test_what_names_a_person_is_masked() -> None:
    private = replace(
        ANSWER,
        question="我叫李秀兰，断缴两个月怎么补",
        understood="我叫李秀兰，断缴两个月怎么补",
        context=replace(ANSWER.context, topic="李秀兰，电话13800138000"),
        parts=(Part("我叫李秀兰", "answered"),),
    )
    kept = unpacked(packed(private))
    assert kept == masked(private)
    assert "李秀兰" not in repr(kept)
    assert "13800138000" not in repr(kept)


def said(talk: Talk) -> list[str]:
    return [turn.said.question for turn in talk.turns]


def talk_of(*questions: str) -> Talk:
    talk = Talk("t", version=1)
    for question in questions:
        talk.add(Said(question, ("region",)), replace(ANSWER, question=question))
    return talk


def test_a_talk_is_read_where_it_is_newer(live: Database) -> None:
    book = TalkBook(live, seconds=3600)
    talk = talk_of("断缴怎么补", "多久")
    talk.unseen = 1
    book.keep(Kept.of(talk))
    found = book.newer("t", 0)
    assert found == talk
    assert book.newer("t", 1) is None
    assert book.newer("other", 0) is None
    talk.take_back("1")
    talk.version += 1
    book.keep(Kept.of(talk))
    again = book.newer("t", 1)
    assert again is not None
    assert (said(again), again.made) == (["多久"], 2)


def test_two_processes_that_go_on_at_once_lose_no_turn(live: Database) -> None:
    book = TalkBook(live, seconds=3600)
    one = talk_of("一")
    book.keep(Kept.of(one))
    other = book.newer("t", 0)
    assert other is not None
    one.add(Said("二"), ANSWER)
    other.made = 2
    other.add(Said("三"), ANSWER)
    for talk in (one, other):
        talk.version += 1
        book.keep(Kept.of(talk))
    [kept] = book.all()
    assert said(kept) == ["一", "二", "三"]


def test_a_talk_goes_some_hours_after_its_last_turn(live: Database) -> None:
    now = [0.0]
    book = TalkBook(live, seconds=100, clock=lambda: now[0])
    book.keep(Kept.of(talk_of("一")))
    now[0] = 100.0
    assert book.newer("t", 0) is not None
    now[0] = 1000.0
    assert book.newer("t", 0) is None
    assert book.all() == []
    other = talk_of("二")
    other.id = "u"
    book.keep(Kept.of(other))
    with live.read() as db:
        assert db.exec_driver_sql("SELECT id FROM talks").scalars().all() == ["u"]
        assert db.exec_driver_sql("SELECT talk FROM turns").scalars().all() == ["u"]


def test_what_another_program_wrote_is_no_talk(live: Database) -> None:
    book = TalkBook(live, seconds=3600)
    book.keep(Kept.of(talk_of("一")))
    with live.write() as db:
        db.exec_driver_sql("UPDATE turns SET said = '{}'")
    assert book.newer("t", 0) is None


def test_memory_is_believed_unless_another_process_went_on(live: Database) -> None:
    async def scene() -> tuple[bool, list[str]]:
        def process() -> SharedTalks:
            return SharedTalks(Talks(), TalkBook(live, seconds=3600), Aside(60), Writer())

        one, other = process(), process()
        mine = talk_of("一")
        one.keep(mine)
        assert one._writer.settle(10)
        same = await one.get("t") is mine
        theirs = await other.get("t")
        assert theirs is not None
        theirs.add(Said("二"), ANSWER)
        other.keep(theirs)
        assert other._writer.settle(10)
        found = await one.get("t")
        assert found is not None
        for talks in (one, other):
            talks._writer.close()
            talks._aside.close()
        return same, said(found)

    assert run(scene()) == (True, ["一", "二"])


# --- keys ----------------------------------------------------------------------------------------


def test_a_file_of_keys_is_read_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = tmp_path / "keys.txt"
    file.write_text("甲 yb-0123456789abcdef 2\n", encoding="utf-8")
    keys = read_keys(file)
    ring = KeyRing(keys, file)
    limiter = Limiter(1.0, 1, own=ring)
    assert ring.client_of(keys[0].digest) == "key 甲"
    file.write_text("乙 yb-0123456789abcdef 60\n丙 yb-fedcba9876543210\n", encoding="utf-8")
    assert ring.client_of(keys[0].digest) == "key 乙"
    assert (sorted(ring), limiter.rate_of("key 乙")) == (["key 丙", "key 乙"], Rate(1.0, 60.0))
    assert limiter.rate_of("key 甲") == Rate(1.0, 1.0)
    for bad in ("x\n", ""):
        file.write_text(bad, encoding="utf-8")
        assert ring.client_of(keys[0].digest) == "key 乙"
    file.unlink()
    assert ring.client_of(keys[0].digest) == "key 乙"
    assert "yb-" not in caplog.text
    assert len(caplog.records) == 3
