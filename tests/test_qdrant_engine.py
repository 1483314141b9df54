"""An engine in Qdrant: generations, what a refresh writes, filters, removal, errors."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from qdrant_kit import WAYS, Killed, everything, opened
from store_kit import TokenDouble, page, two_statutes, write_pages

from corpus.errors import InputError, LockedError, StoreError
from corpus.words import words
from index.qdrant import QdrantEngine, lease
from index.qdrant import refresh as planning
from index.qdrant.backend import Point
from index.qdrant.generation import Generation
from index.qdrant.pointer import move
from index.sources import place_of
from index.texts import late_text
from index.types import EVERYTHING, Filter, Probe, Query, Term

QUESTION = "停保怎么办理"


@pytest.fixture(autouse=True)
def _few_statutes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "statutes", two_statutes)


@pytest.fixture(params=WAYS)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[QdrantEngine]:
    with opened(request.param, tmp_path) as found:
        yield found


@pytest.fixture
def patient(tmp_path: Path) -> Iterator[QdrantEngine]:
    """One that keeps what died."""
    with opened("edge", tmp_path, grace=3600) as found:
        yield found


def fill(engine: QdrantEngine, folder: Path, numbers: Any = range(6), **options: Any) -> Any:
    return engine.refresh(
        [write_pages(folder, numbers)], encoder=TokenDouble(), settings=None, **options
    )


def asked(index: Generation, only: Filter = EVERYTHING) -> tuple[list[str], list[str]]:
    """Texts that match the question by words, and those of the pool, best first."""
    cutter = words()
    query = Query(
        words=[Term(word) for word in cutter.keywords(QUESTION)],
        pairs=[Term(pair, 0.5, "bigram") for pair in cutter.bigrams(QUESTION)],
        statutes=[Term("停保")],
        rare=["停保"],
        k=8,
        statutes_k=3,
        only=only,
    )
    (matches,) = index.match([query])
    vector, _ = TokenDouble().encode_question(QUESTION)
    matched = np.union1d(matches.words.numbers, matches.pairs.numbers)
    (pool,) = index.search([Probe(vector, matched, 4, 2, 2, only)])
    assert pool.numbers.tolist() == sorted(set(pool.numbers.tolist()))
    assert {*matched.tolist(), *pool.near.numbers.tolist()} <= set(pool.numbers.tolist())
    seen = {s.number: s for s in index.passages(pool.numbers.tolist(), codes=False)}
    assert [seen[n].article for n in pool.numbers.tolist()] == pool.articles.tolist()
    return (
        [seen[n].passage.text for n in matches.words.numbers.tolist()],
        [seen[n].passage.text for n in pool.near.numbers.tolist()],
    )


def test_a_generation_holds_what_was_read(engine: QdrantEngine, tmp_path: Path) -> None:
    assert not engine.exists()
    report = fill(engine, tmp_path / "a")
    index = engine.open(model="pairs")
    assert (report.added, report.passages, report.statutes) == (6, 6, 2)
    assert report.switched
    assert engine.exists()
    assert (index.size, index.generation) == (6, report.generation)
    entries = [entry for block in index.blocks() for entry in block]
    assert [entry.number for entry in entries] == sorted(entry.number for entry in entries)
    assert sorted(entry.article.id for entry in entries) == [f"{n:04}.txt" for n in range(6)]
    first, again, none = index.read(
        [entries[0].number, entries[0].article.id, "nothing"], codes_of=[entries[0].number]
    )
    assert none is None
    assert first is again
    assert first is not None
    (seen,) = index.passages([first.passages[0].number])
    assert seen.passage is first.passages[0].passage
    (codes,) = TokenDouble().encode_tokens([late_text(seen.passage)])
    assert np.array_equal(seen.codes, codes)
    assert np.array_equal(seen.codes, first.passages[0].codes)
    laws = index.statutes()
    assert [law.number for law in laws] == sorted(law.number for law in laws)
    assert {law.passage.article.id for law in laws} == {"statute/1", "statute/2"}
    assert index.regions() == {"全国"}
    assert list(engine.sources()) == [place_of(tmp_path / "a" / f"{n:04}.txt") for n in range(6)]
    with pytest.raises(KeyError):
        index.passages([1])


def test_a_refresh_writes_what_changed_and_nothing_else(
    engine: QdrantEngine, tmp_path: Path
) -> None:
    fill(engine, tmp_path / "a")
    watched: Any = engine.watched  # type: ignore[attr-defined]
    watched.written.clear()
    (tmp_path / "a" / "0003.txt").write_text(page(3, days=99), encoding="utf-8")
    encoder = TokenDouble()
    report = engine.refresh([tmp_path / "a"], encoder=encoder)
    assert (report.changed, report.unchanged, report.embedded) == (1, 5, 1)
    assert len(encoder.embedded) == 1
    assert len(encoder.tokened) == 1
    assert {k: n for k, n in watched.written.items() if k != "state"} == {
        "passages": 1,
        "questions": 1,
        "articles": 1,
        "sources": 1,
    }
    again = engine.refresh([tmp_path / "a"], encoder=encoder)
    assert not again.switched
    assert again.generation == report.generation


def test_a_reader_keeps_its_generation(patient: QdrantEngine, tmp_path: Path) -> None:
    fill(patient, tmp_path / "a")
    old = patient.open()
    before = asked(old)
    assert not old.stale()
    (tmp_path / "a" / "0003.txt").write_text(page(3, days=99), encoding="utf-8")
    (tmp_path / "a" / "0005.txt").unlink()
    patient.refresh([tmp_path / "a"], encoder=TokenDouble())
    new = patient.open()
    assert old.stale()
    assert not new.stale()
    assert asked(old) == before
    assert old.read(["0005.txt"])[0] is not None
    assert new.read(["0005.txt"]) == [None]
    assert any("99天" in text for text in asked(new)[0])
    assert not any("99天" in text for text in asked(old)[0])
    # back to what it was, while the first of the three may still be read
    write_pages(tmp_path / "a", range(6))
    patient.refresh([tmp_path / "a"], encoder=TokenDouble())
    assert asked(old) == before
    assert sorted(asked(patient.open())[1]) == sorted(before[1])


def test_a_refreshed_engine_is_one_made_anew(tmp_path: Path) -> None:
    with opened("edge", tmp_path / "1") as one, opened("edge", tmp_path / "2") as other:
        fill(one, tmp_path / "a", range(4))
        fill(one, tmp_path / "a", range(6))
        fill(other, tmp_path / "a", range(6))
        assert one.open().generation == other.open().generation
        assert [s.number for b in one.open().blocks() for s in b] == [
            s.number for b in other.open().blocks() for s in b
        ]


def test_killed_at_any_write_the_old_generation_stands(
    patient: QdrantEngine, tmp_path: Path
) -> None:
    fill(patient, tmp_path / "a", range(3))
    watched: Any = patient.watched  # type: ignore[attr-defined]
    before = asked(patient.open())
    (tmp_path / "a" / "0001.txt").write_text(page(1, days=99), encoding="utf-8")
    (tmp_path / "a" / "0002.txt").unlink()
    killed = 0
    while True:
        watched.writes, watched.kill_at = 0, killed
        try:
            patient.refresh([tmp_path / "a"], encoder=TokenDouble())
            break
        except Killed:
            watched.kill_at = None
            if patient.open().read(["0002.txt"]) == [None]:
                break  # the pointer had moved
            assert asked(patient.open()) == before
            released(patient)
            killed += 1
    watched.kill_at = None
    assert killed > 8
    assert patient.open().size == 2
    assert patient.verify(words=words()).problems == ()


def released(engine: QdrantEngine) -> None:
    """A killed process holds no lease; this one lives on."""
    backend: Any = engine.watched  # type: ignore[attr-defined]
    backend.upsert(engine._names.state, [Point(2, {}, {"holder": ""})])


def test_what_was_removed_leaves_no_trace(engine: QdrantEngine, tmp_path: Path) -> None:
    fill(engine, tmp_path / "a")
    assert "3号窗口" in everything(engine)
    report = engine.refresh([tmp_path / "a" / "0003.txt"], encoder=TokenDouble(), remove=True)
    assert report.removed == 1
    engine.settle()
    assert "3号窗口" not in everything(engine)
    assert "0003.txt" not in everything(engine)
    assert engine.verify(words=words(), encoder=TokenDouble(), every=True).problems == ()


def test_what_died_stays_until_its_grace_is_over(
    patient: QdrantEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("threading.Timer.start", lambda self: None)
    fill(patient, tmp_path / "a")
    patient.refresh([tmp_path / "a" / "0003.txt"], encoder=TokenDouble(), remove=True)
    patient._sweep()
    assert "3号窗口" in everything(patient)
    later = time.time() + 3601
    monkeypatch.setattr("index.qdrant.sweeping.time.time", lambda: later)
    patient._sweep()
    assert "3号窗口" not in everything(patient)


def test_a_filter_works_inside_the_search(engine: QdrantEngine, tmp_path: Path) -> None:
    folder = write_pages(tmp_path / "a", range(6))
    (folder / "x.txt").write_text(
        "沈阳市职工医保如何办理停保\n\n沈阳市职工医保停保到窗口。\n", "utf-8"
    )
    (folder / "y.txt").write_text(
        "大连市居民医保如何办理停保\n\n大连市居民医保停保到窗口。\n", "utf-8"
    )
    engine.refresh([folder], encoder=TokenDouble())
    index = engine.open()
    assert index.regions() == {"全国", "沈阳", "大连"}

    def found(only: Filter) -> set[str]:
        return {text[:3] for texts in asked(index, only) for text in texts}

    assert {"沈阳市", "大连市"} <= found(EVERYTHING)
    assert "大连市" not in found(Filter(region="沈阳"))
    assert "沈阳市" in found(Filter(region="沈阳"))
    assert "沈阳市" not in found(Filter(("居民",)))
    assert "大连市" in found(Filter(("居民",)))
    assert not {"沈阳市", "大连市"} & found(Filter(("居民",), "沈阳"))
    assert not {"沈阳市", "大连市"} & found(Filter(region="全国"))
    assert found(Filter(("灵活就业",), "沈阳"))


def test_a_trial_leaves_no_trace(engine: QdrantEngine, tmp_path: Path) -> None:
    fill(engine, tmp_path / "a", range(3))
    before = everything(engine)
    report = fill(engine, tmp_path / "b", [7], dry_run=True, checks=lambda index: {})
    assert (report.added, report.passages, report.switched) == (1, 4, False)
    assert without_lease(everything(engine)) == without_lease(before)


def without_lease(told: str) -> str:
    return "\n".join(line for line in told.split("\n") if "'until'" not in line)


def test_a_rebuild_begins_anew_and_the_old_collections_go(
    engine: QdrantEngine, tmp_path: Path
) -> None:
    fill(engine, tmp_path / "a", range(3))
    backend: Any = engine.watched  # type: ignore[attr-defined]
    before = backend.collections()
    other = TokenDouble("other")
    with pytest.raises(StoreError, match=r"由模型 pairs 建立，现在的模型是 other"):
        engine.refresh([tmp_path / "a"], encoder=other)
    report = engine.refresh(encoder=other, rebuild=True)
    assert (report.unchanged, report.switched) == (3, True)
    assert engine.open(model="other").size == 3
    engine.settle()
    assert len(backend.collections()) == len(before)
    assert len(backend.collections() & before) == 1  # state


@pytest.mark.parametrize("version", ["words", "texts", "marks", "merge"])
def test_what_another_program_made_is_made_again(
    engine: QdrantEngine, tmp_path: Path, version: str
) -> None:
    made = fill(engine, tmp_path / "a", range(3))
    pointer = engine._current()
    older = replace(pointer, versions={**pointer.versions, version: "older"})
    move(engine._backend, engine._names, engine.address, older, pointer.number)
    assert engine.status().outdated == (version,)
    encoder = TokenDouble()
    report = engine.refresh(encoder=encoder)
    assert (report.switched, report.unchanged, report.generation) == (True, 3, made.generation)
    # laws are few, and theirs are not looked up
    assert [t for t in encoder.embedded if "件事" not in t and "某某法" not in t] == []
    assert engine.status().outdated == ()
    assert engine.verify(words=words(), encoder=encoder, every=True).problems == ()


def test_one_refresh_at_a_time(
    engine: QdrantEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(engine, tmp_path / "a", range(2))
    backend: Any = engine.watched  # type: ignore[attr-defined]
    with lease.refreshing(backend, engine._names, engine.address):
        with pytest.raises(LockedError, match=f"正由另一个刷新占用（进程 {os.getpid()}"):
            engine.refresh(encoder=TokenDouble())
        monkeypatch.setattr(lease, "_lives", lambda pid: False)
        assert not engine.refresh(encoder=TokenDouble()).switched


def test_verify_names_what_is_wrong(engine: QdrantEngine, tmp_path: Path) -> None:
    fill(engine, tmp_path / "a", range(4))
    found = engine.verify(words=words(), encoder=TokenDouble(), every=True)
    assert found.problems == ()
    assert found.checked == {"files": 4, "passages": 6, "words": 6, "vectors": 6, "tokens": 4}
    backend: Any = engine.watched  # type: ignore[attr-defined]
    passages = next(c for c in backend.collections() if c.endswith("_passages"))
    backend.set_payload(passages, {"lets": ["*|沈阳"], "key": 1}, ())
    problems = engine.verify(words=words()).problems
    assert "0000.txt：检索用的险种、地区与标记不符。" in problems
    assert "0000.txt：有向量不属于它所在的段落。" in problems


def test_status_says_what_there_is(engine: QdrantEngine, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"里没有知识库：请运行 .* --engine qdrant"):
        engine.status()
    fill(engine, tmp_path / "a", range(4))
    told = engine.status().to_text()
    assert "文章 4 篇，段落 4 个，法条 2 条" in told
    assert "占用" not in told
    with pytest.raises(StoreError, match="由模型 pairs 建立，现在的模型是 other"):
        engine.open(model="other")


def test_trips_of_a_question_are_few(engine: QdrantEngine, tmp_path: Path) -> None:
    fill(engine, tmp_path / "a")
    index = engine.open()
    asked(index)
    trips: Any = engine.watched.trips  # type: ignore[attr-defined]
    trips.clear()
    asked(index)
    # match: passages, statutes; search: passages, questions, statutes, then two; the passages
    assert trips == {"query": 7, "read": 1}


def test_what_cannot_be_done_is_refused(engine: QdrantEngine, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="没有说明要移除什么"):
        engine.refresh(encoder=TokenDouble(), remove=True)
    with pytest.raises(InputError, match="只用于试运行"):
        engine.refresh(encoder=TokenDouble(), stands_for={tmp_path: tmp_path})
