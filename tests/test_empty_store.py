"""Stores with nothing or next to nothing in them: they open, refuse, are checked and filled again."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from store_kit import PairEncoder, TokenDouble, build, write_pages

from assistant import Assistant
from assistant.page.journal import Journal
from assistant.page.server import create_app
from assistant.page.words import UNKNOWN_PLACE
from assistant.phrases import ASK_LOCALLY, OFF_TOPIC, REFUSED, TALK
from corpus.settings import Settings
from corpus.types import Article
from corpus.words import words
from index.__main__ import main
from index.encoder import Encoder
from index.store import Store
from index.types import EVERYTHING, Filter, Probe, Query, Term
from index.verify import verify

QUESTION = "职工医保断缴两个月怎么补"
MOST = 2.0
"""Seconds: an answer takes some milliseconds; what is guarded against never ended."""


def nothing() -> tuple[Article, ...]:
    return ()


@pytest.fixture(scope="module", params=["with statutes", "without"])
def _laws(request: pytest.FixtureRequest) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "without":
            patch.setattr("index.refresh.statutes", nothing)
        yield


@pytest.fixture(scope="module", params=["never filled", "all removed", "removed one by one"])
def whole(
    request: pytest.FixtureRequest,
    _laws: None,
    tmp_path_factory: pytest.TempPathFactory,
    encoder: Encoder,
) -> Path:
    """A store without a passage, in each way in which one comes to be."""
    folder = tmp_path_factory.mktemp("emptied")
    pages = write_pages(folder / "in", range(2))
    filled = request.param != "never filled"
    made = Assistant.create(
        folder / "store", *([pages] if filled else []), settings=Settings(), encoder=encoder
    )
    if request.param == "all removed":
        assert made.refresh(pages, remove=True).removed == 2
    if request.param == "removed one by one":
        for page in sorted(pages.iterdir()):
            assert made.refresh(page, remove=True).removed == 1
    return folder / "store"


@pytest.fixture
def emptied(whole: Path, tmp_path: Path, encoder: Encoder) -> Assistant:
    """A copy for one test."""
    settings = Settings(store=tmp_path / "store", feedback=tmp_path / "feedback.db")
    shutil.copytree(whole, settings.store)
    return Assistant.open(settings.store, settings=settings, encoder=encoder)


def test_every_door_of_an_empty_store_answers_at_once(emptied: Assistant) -> None:
    begun = time.monotonic()
    assert list(emptied.retrieve(QUESTION)) == []
    assert list(emptied.retrieve(QUESTION, scheme="职工", region="沈阳")) == []
    for question, *said in (
        (QUESTION, REFUSED, ASK_LOCALLY),
        ("你好", TALK["招呼"]),
        ("红烧肉怎么做", OFF_TOPIC, ASK_LOCALLY),
    ):
        answer = emptied.ask(question)
        assert answer.status == "refused"
        assert [s.text for s in answer.summary] == said
        assert (answer.citations, answer.hits) == ((), ())
        assert said[0] in answer.to_markdown()
        again = emptied.ask("那要多久", [answer], region="沈阳")
        assert again.status == "refused"
    assert isinstance(emptied.legal(QUESTION), tuple)
    assert time.monotonic() - begun < MOST * 10


def test_an_empty_store_opens_is_described_verified_and_refreshed(
    emptied: Assistant, encoder: Encoder, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = emptied.settings.store
    opened = Assistant.open(folder, settings=emptied.settings, encoder=encoder)
    assert opened.ask(QUESTION).status == "refused"
    assert verify(folder, words=words(), every=True).sound
    assert main(["status", "--store", str(folder)]) == 0
    assert "文章 0 篇，段落 0 个" in capsys.readouterr().out
    assert main(["search", QUESTION, "--store", str(folder)]) == 0
    assert capsys.readouterr().out == "没有找到相关段落。\n"
    assert main(["gaps", "--feedback", str(folder.parent / "none.db")]) == 0
    assert capsys.readouterr().out == "没有未答或差评的问题。\n"
    assert main(["refresh", "--store", str(folder)]) == 0
    assert "新增 0，更改 0，移除 0，未变 0" in capsys.readouterr().out


def test_what_was_emptied_is_filled_again(emptied: Assistant, tmp_path: Path) -> None:
    pages = write_pages(tmp_path / "again", range(3))
    assert emptied.refresh(pages, dry_run=True).added == 3
    assert list(emptied.retrieve(QUESTION)) == []
    assert emptied.refresh(pages).added == 3
    assert len(emptied.retrieve("第2号窗口如何办理中区停保2")) == 3


def test_the_page_of_an_empty_store_serves(emptied: Assistant, tmp_path: Path) -> None:
    app = create_app(emptied, journal=Journal.beside(emptied.settings))

    async def visit() -> list[httpx.Response]:
        door = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=door, base_url="http://127.0.0.1") as client:
            nowhere = {"region": "<b>某地</b>"}
            calls = ("ask", {}), ("retrieve", {"k": 3}), ("legal", {}), ("ask", nowhere)
            return [
                await client.post(f"/api/{name}", json={"question": QUESTION, **more})
                for name, more in calls
            ]

    # in a thread of its own: browser tests before it leave a loop running in this one
    with ThreadPoolExecutor(1) as pool:
        asked, retrieved, legal, refused = pool.submit(lambda: asyncio.run(visit())).result()
    assert [r.status_code for r in (asked, retrieved, legal)] == [200, 200, 200]
    assert asked.json()["status"] == "refused"
    assert 400 <= refused.status_code < 500
    assert refused.json() == {"detail": UNKNOWN_PLACE}


@pytest.mark.parametrize("k", [0, 1, 10, 10_000])
@pytest.mark.parametrize("pages", [0, 1, 2])
def test_no_search_of_a_small_store_fails(
    k: int, pages: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.refresh.statutes", nothing)
    folder = write_pages(tmp_path / "in", range(pages))
    build(tmp_path / "store", folder, encoder=TokenDouble())
    store = Store.open(tmp_path / "store")
    (vector,) = PairEncoder().encode_queries([QUESTION])
    (matches,) = store.match([Query([Term(QUESTION)], k=k, statutes_k=k)])
    assert [len(r) for r in (matches.words, matches.pairs, matches.statutes)] == [0, 0, 0]
    for only in (EVERYTHING, Filter(region="沈阳"), Filter(("居民",))):
        (pool,) = store.search([Probe(vector, matches.words.numbers, k, k, k, only)])
        assert len(pool.near) == len(pool.questions) == min(k, pages)
        assert len(pool.statutes) == 0
        assert pool.asked.shape == (len(pool.numbers), 2)
    assert store.passages([]) == store.read([]) == store.statutes() == []
    assert [len(entry.passages) for block in store.blocks() for entry in block] == [1] * pages
