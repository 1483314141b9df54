"""What every engine must do, whatever it keeps its generations in: each test runs over each of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from engine_kit import BACKENDS, Backend, write
from store_kit import TokenDouble, answers, every_passage, two_statutes

from benchmarks.trips import Counting
from corpus.errors import StoreError
from corpus.words import words
from index.engine import Engine
from index.folder import Folder
from index.found import Search
from index.marks import mark
from index.retrieve import Retriever
from index.types import DIGITS, EVERYTHING, Filter, Index, Pool, Probe, Query, Ranking, Term

QUESTION = "职工医保如何办理停保3"
NOTHING = np.zeros(0, np.int64)
LIKE = 2e-5
"""Scores of two engines differ by less: Qdrant's cosines have ``DIGITS`` decimals and weigh 30 in all."""
FILTERS = (
    Filter(("居民",)),
    Filter(region="大连"),
    Filter(("居民",), "大连"),
    Filter(("灵活就业",), "北京"),
)


@pytest.fixture(autouse=True)
def _few_statutes(monkeypatch: pytest.MonkeyPatch) -> None:
    for room in ("index.refresh", "index.qdrant.refresh"):
        monkeypatch.setattr(f"{room}.statutes", two_statutes)


@pytest.fixture(params=BACKENDS, ids=lambda backend: backend.name)
def backend(request: pytest.FixtureRequest) -> Backend:
    found: Backend = request.param
    return found


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """Many on one scheme, two on another, two of one place."""
    write(tmp_path / "in", range(20))
    write(tmp_path / "in", (30, 31), "居民")
    return write(tmp_path / "in", (40, 41), place="大连")


@pytest.fixture
def engine(backend: Backend, tmp_path: Path, pages: Path) -> Engine:
    made = backend.make(tmp_path)
    refresh(made, pages)
    return made


def refresh(engine: Engine, *paths: Path, remove: bool = False) -> None:
    engine.refresh(paths, encoder=TokenDouble(), remove=remove)


def searched(index: Index, text: str = QUESTION, *, k: int = 5, only: Filter = EVERYTHING) -> Pool:
    (vector,) = TokenDouble().encode_queries([text])
    (pool,) = index.search([Probe(vector, NOTHING, k, k, k, only)])
    return pool


def matched(index: Index, text: str, *, k: int = 5, only: Filter = EVERYTHING) -> Ranking:
    terms = [Term(word) for word in words().keywords(text)]
    (matches,) = index.match([Query(terms, k=k, only=only)])
    return matches.words


def test_nothing_is_there_before_the_first_refresh(backend: Backend, tmp_path: Path) -> None:
    made = backend.make(tmp_path)
    assert not made.exists()
    with pytest.raises(StoreError, match=r"index refresh"):
        made.open()


def test_a_generation_is_known_by_what_it_holds(engine: Engine, tmp_path: Path) -> None:
    index = engine.open(model="pairs")
    assert engine.exists()
    assert (index.model, index.size, index.stale()) == ("pairs", 24, False)
    folder = Folder(tmp_path / "reference")
    refresh(folder, tmp_path / "in")
    assert index.generation == folder.open().generation
    with pytest.raises(StoreError, match=r"pairs.*bge"):
        engine.open(model="bge")


def test_articles_and_passages_are_read_by_number_and_name(engine: Engine) -> None:
    index = engine.open()
    entries = [entry for block in index.blocks() for entry in block]
    numbers = [entry.number for entry in entries]
    assert numbers == sorted(set(numbers))
    assert min(numbers) >= 0
    seen = every_passage(index)
    assert len({one.number for one in seen}) == len(seen) == index.size
    for entry, again in zip(entries, index.read([e.article.id for e in entries]), strict=True):
        assert again is not None
        assert (again.number, again.article) == (entry.number, entry.article)
        assert [one.passage for one in again.passages] == [p.passage for p in entry.passages]
        assert list(again.claims) == list(entry.claims)
    asked = index.passages([one.number for one in reversed(seen)])
    for one, expected in zip(asked, reversed(seen), strict=True):
        assert (one.number, one.article, one.passage) == (
            expected.number,
            expected.article,
            expected.passage,
        )
        assert one.marks == mark(one.passage)
        assert one.passage.text == one.passage.article.text[one.passage.start : one.passage.end]


def test_what_there_is_not(engine: Engine) -> None:
    index = engine.open()
    beyond = 1 + max(one.number for one in every_passage(index))
    assert index.read(["nowhere", "statute/1", 1 + 2**62]) == [None, None, None]
    for number in (-1, beyond):
        with pytest.raises(KeyError):
            index.passages([number])
    assert list(index.passages([])) == list(index.read([])) == []


def test_tokens_come_only_where_they_are_wanted(engine: Engine) -> None:
    index = engine.open()
    one, other = [entry for block in index.blocks() for entry in block][:2]
    first = one.passages[0]
    (codes,) = TokenDouble().encode_tokens(
        [first.passage.article.title + "\n" + first.passage.text]
    )
    (seen,) = index.passages([first.number])
    assert seen.codes is not None
    assert seen.codes[-len(first.passage.text) + 1 :].tolist() == (
        codes[-len(first.passage.text) + 1 :].tolist()
    )
    assert index.passages([first.number], codes=False)[0].codes is None
    with_codes, without = index.read([one.number, other.number], codes_of=[one.number])
    assert with_codes is not None
    assert without is not None
    assert all(p.codes is not None for p in with_codes.passages)
    assert all(p.codes is None for p in without.passages)


def in_order(ranking: Ranking) -> bool:
    keys = [(-round(score, DIGITS), number) for number, score in ranking]
    return keys == sorted(keys)


def test_the_nearest_are_those_of_the_greatest_cosine(engine: Engine) -> None:
    index = engine.open()
    pool = searched(index, k=index.size)
    (vector,) = TokenDouble().encode_queries([QUESTION])
    assert pool.numbers.tolist() == sorted(one.number for one in every_passage(index))
    assert sorted(pool.near.numbers.tolist()) == pool.numbers.tolist()
    by_number = dict(zip(pool.numbers.tolist(), pool.cosines.tolist(), strict=True))
    assert [by_number[n] for n, _ in pool.near] == pytest.approx(
        [score for _, score in pool.near], abs=1e-3
    )
    assert all(map(in_order, (pool.near, pool.questions, pool.statutes)))
    assert searched(index, k=5).near.numbers.tolist() == pool.near.numbers[:5].tolist()
    owners = {one.number: one.article for one in every_passage(index)}
    assert pool.articles.tolist() == [owners[n] for n in pool.numbers.tolist()]
    assert np.linalg.norm(vector) == pytest.approx(1.0)


def test_an_article_counts_once_by_its_nearest_question(engine: Engine) -> None:
    index = engine.open()
    pool = searched(index, k=index.size)
    first, score = pool.questions[0]
    (entry,) = index.read([first])
    assert entry is not None
    assert entry.article.title == QUESTION
    assert score == pytest.approx(1.0, abs=1e-3)
    assert len(set(pool.questions.numbers.tolist())) == len(pool.questions) == 24
    (place,) = np.flatnonzero(pool.articles == first).tolist()
    assert pool.asked[place, 0] == pytest.approx(1.0, abs=1e-3)
    assert np.isnan(pool.asked[:, 1]).all(), "each knows one way to ask"


def test_statutes_are_found_by_their_questions_and_words(engine: Engine) -> None:
    index = engine.open()
    known = {one.number: one.passage.article.id for one in index.statutes()}
    assert sorted(known.values()) == ["statute/1", "statute/2"]
    best, score = searched(index, "第2件事").statutes[0]
    assert (known[best], score) == ("statute/2", pytest.approx(1.0, abs=1e-3))
    (matches,) = index.match([Query(statutes=[Term("停保")], statutes_k=5)])
    assert set(matches.statutes.numbers.tolist()) == set(known)
    assert len(matches.words) == len(matches.pairs) == 0


def test_words_match_by_their_rarity(engine: Engine) -> None:
    index = engine.open()
    seen = every_passage(index)

    def rarity(passages: int) -> float:
        return math.log(1 + (len(seen) - passages + 0.5) / (passages + 0.5))

    (found,) = index.match([Query(rare=("居民", "停保", "nowhere"))])
    assert list(found.rarity) == pytest.approx([rarity(2), rarity(24), rarity(0)], abs=1e-6)
    residents = {one.number for one in seen if "居民" in one.passage.text}
    assert set(matched(index, "居民").numbers.tolist()) == residents
    assert in_order(matched(index, "停保", k=50))
    assert len(matched(index, "停保", k=7)) == 7


@pytest.mark.parametrize("only", FILTERS, ids=str)
def test_a_filter_works_inside_the_search(engine: Engine, only: Filter) -> None:
    """What it lets through is ranked as it is among all, however much lies nearer."""
    index = engine.open()
    seen = {one.number: one for one in every_passage(index)}
    allowed = [n for n, one in seen.items() if one.marks is not None and only.lets(one.marks)]
    everything = searched(index, k=index.size)
    found = searched(index, k=3, only=only)
    near = [n for n, _ in everything.near if n in allowed]
    assert found.near.numbers.tolist() == near[:3]
    owners = {seen[n].article for n in allowed}
    asked = [n for n, _ in everything.questions if n in owners]
    assert found.questions.numbers.tolist() == asked[:3]
    assert set(found.numbers.tolist()) <= set(allowed)
    by_words = [n for n, _ in matched(index, QUESTION, k=index.size) if n in allowed]
    assert matched(index, QUESTION, k=3, only=only).numbers.tolist() == by_words[:3]


def test_what_matched_by_words_is_filtered_too(engine: Engine) -> None:
    index = engine.open()
    (vector,) = TokenDouble().encode_queries([QUESTION])
    every = np.array(sorted(one.number for one in every_passage(index)))
    only = Filter(("居民",))
    (pool,) = index.search([Probe(vector, every, 1, 1, 0, only)])
    seen = index.passages(pool.numbers.tolist())
    assert len(seen) == 2
    assert {one.marks.schemes for one in seen if one.marks} == {("居民",)}


def test_a_rare_scheme_does_not_starve(engine: Engine) -> None:
    hits = Retriever(engine.open(), TokenDouble(), words()).find(QUESTION, k=2, scheme="居民").hits
    assert [hit.passage.article.title for hit in hits] == [
        "居民医保如何办理停保30",
        "居民医保如何办理停保31",
    ]


def test_the_places_of_a_generation(engine: Engine) -> None:
    assert engine.open().regions() == {"全国", "大连"}
    assert engine.open().fixed() == {}


def ranked(index: Index, questions: Sequence[str]) -> list[list[tuple[str, float]]]:
    retriever = Retriever(index, TokenDouble(), words())
    return [
        [(hit.passage.id, hit.score) for hit in found.hits]
        for found in retriever.find_all([Search(question, k=6) for question in questions])
    ]


def test_it_finds_what_a_folder_finds(engine: Engine, tmp_path: Path) -> None:
    folder = Folder(tmp_path / "reference")
    refresh(folder, tmp_path / "in")
    questions = (QUESTION, "大连停保要几天", "居民医保到哪个窗口", "7号窗口", "北区")
    pairs = zip(ranked(engine.open(), questions), ranked(folder.open(), questions), strict=True)
    for ours, theirs in pairs:
        assert [passage for passage, _ in ours] == [passage for passage, _ in theirs]
        assert [score for _, score in ours] == pytest.approx([s for _, s in theirs], abs=LIKE)


def test_several_questions_cost_three_calls(engine: Engine) -> None:
    index = Counting(engine.open())
    retriever = Retriever(index, TokenDouble(), words())  # type: ignore[arg-type]
    together = retriever.find_all([Search(q) for q in (QUESTION, "居民", "大连停保")])
    assert index.calls == {"match": 1, "search": 1, "passages": 1}
    assert [f.hits for f in together] == [
        retriever.find(q).hits for q in (QUESTION, "居民", "大连停保")
    ]


def test_a_reader_ends_on_the_generation_that_it_began_with(
    engine: Engine, pages: Path, tmp_path: Path
) -> None:
    old = engine.open()
    before = answers(old)
    (pages / "0003.txt").unlink()
    refresh(engine, write(pages, [60]))
    assert old.stale()
    assert answers(old) == before
    new = engine.open()
    assert not new.stale()
    assert (old.size, new.size) == (24, 24)
    assert len(matched(old, "60")) == len(matched(new, "3")) == 0
    assert [one.passage.article.title for one in new.passages(matched(new, "60").numbers.tolist())]
    assert old.generation != new.generation


def test_killed_before_the_pointer_moves_all_is_as_it_was(
    engine: Engine, backend: Backend, pages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = engine.open()
    before = answers(old)
    write(pages, [60])
    (pages / "0003.txt").unlink()

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(backend.pointer, killed)
        with pytest.raises(KeyboardInterrupt):
            refresh(engine, pages)
    assert not old.stale()
    assert answers(old) == answers(engine.open()) == before
    assert engine.open().generation == old.generation
    refresh(engine, pages)
    fresh = Folder(tmp_path / "fresh")
    refresh(fresh, pages)
    assert engine.open().generation == fresh.open().generation
    assert answers(engine.open()) != before


def test_what_was_removed_leaves_no_trace(engine: Engine, pages: Path) -> None:
    (entry,) = (
        entry
        for block in engine.open().blocks()
        for entry in block
        if entry.article.title == QUESTION
    )
    refresh(engine, pages / "0003.txt", remove=True)
    index = engine.open()
    assert index.size == 23
    assert index.read([entry.article.id]) == [None]
    titles = {one.passage.article.title for one in every_passage(index)}
    assert QUESTION not in titles
    found = searched(index, k=50)
    assert QUESTION not in {
        one.passage.article.title for one in index.passages(found.numbers.tolist())
    }
    assert float(found.questions.scores.max()) < 0.999
    (matches,) = index.match([Query(rare=("3", "nowhere"))])
    assert matches.rarity[0] == matches.rarity[1]
    assert not any(place.endswith("0003.txt") for place in engine.sources())


def test_status_and_verification(engine: Engine) -> None:
    status = engine.status()
    assert (status.generation, status.model) == (engine.open().generation, "pairs")
    assert (status.counts["articles"], status.counts["passages"], status.counts["statutes"]) == (
        24,
        24,
        2,
    )
    found = engine.verify(encoder=TokenDouble(), words=words(), every=True)
    assert found.sound, found.problems
    assert found.checked["passages"] == 26
