"""Work beside the model: begun when it runs, done on the spot where it is not, never lost."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from store_kit import PairEncoder, build, write_pages

from corpus.words import words
from index.beside import Beside, model_runs
from index.found import Search
from index.question import Question
from index.retrieve import Retriever
from index.store import Store


def test_done_by_another_thread_once_the_model_runs() -> None:
    begun = threading.Event()

    def work() -> threading.Thread:
        begun.set()
        return threading.current_thread()

    with Beside(work) as beside:
        model_runs()
        model_runs()  # a second text changes nothing
        assert begun.wait(30)
    assert beside.result() is not threading.current_thread()


def test_done_on_the_spot_where_no_model_says_that_it_runs() -> None:
    with Beside(threading.current_thread) as beside:
        pass
    model_runs()  # too late: nothing waits here any more
    assert beside.result() is threading.current_thread()


def test_a_block_that_fails_leaves_nothing_behind() -> None:
    done: list[str] = []
    with pytest.raises(KeyError), Beside(lambda: done.append("done")):
        raise KeyError
    model_runs()
    with Beside(lambda: "next") as beside:
        model_runs()
    assert (beside.result(), done) == ("next", [])


@pytest.mark.parametrize("begun", [True, False])
def test_what_the_work_raises_is_raised(begun: bool) -> None:
    def work() -> None:
        raise ValueError("no")

    with Beside(work) as beside:
        if begun:
            model_runs()
    with pytest.raises(ValueError, match="no"):
        beside.result()


def test_nobody_waits_for_the_work_of_others() -> None:
    free, busy = threading.Event(), threading.Semaphore(0)

    def hold() -> None:
        busy.release()
        assert free.wait(30)

    others = [Beside(hold) for _ in range(2)]
    for other in others:
        other.begin()
        assert busy.acquire(timeout=30)
    with Beside(threading.current_thread) as beside:
        model_runs()
    assert beside.result() is threading.current_thread()
    free.set()
    for other in others:
        other.result()


class Running(PairEncoder):
    """Says that it runs, as the bundled model does, and runs until the other work is begun."""

    begun = threading.Event()

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        model_runs()
        assert self.begun.wait(30)
        return super().encode_queries(texts)


def test_a_search_finds_the_same_either_way(tmp_path: Path) -> None:
    build(tmp_path / "store", write_pages(tmp_path / "in", range(12)))
    store = Store.open(tmp_path / "store")
    asked = ("停保以后怎么恢复", "第2件事在哪里办", "北区8号窗口")
    alone, beside = (Retriever(store, e, words()) for e in (PairEncoder(), Running()))
    here = threading.current_thread()

    told: list[tuple[str, bool]] = []

    def prepare(question: Question) -> None:
        Running.begun.set()
        told.append((question.text, threading.current_thread() is here))

    for question in asked:
        (one,) = alone.find_all([Search(question)], prepare=prepare)
        Running.begun.clear()
        (two,) = beside.find_all([Search(question)], prepare=prepare)
        assert one.hits == two.hits
        assert told == [(question, True), (question, False)]
        told.clear()
