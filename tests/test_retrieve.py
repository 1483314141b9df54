"""index.retrieve: what can be searched is always answered; filters, subject lines, names of schemes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from store_kit import PairEncoder, build, write_pages

from corpus.words import words
from index.question import read_question
from index.retrieve import Retriever
from index.store import Store
from index.terms import SCHEME_WEIGHT, pair_terms, word_terms


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    folder = tmp_path_factory.mktemp("retrieve")
    build(folder / "store", write_pages(folder / "in", range(8)))
    return Store.open(folder / "store")


@pytest.fixture
def retriever(store: Store) -> Retriever:
    return Retriever(store, PairEncoder(), words())


@pytest.mark.parametrize("question", ["停保", "你好", "公积金怎么提取", "asdf", "𠮷", "7"])
def test_what_can_be_searched_always_finds(question: str, retriever: Retriever) -> None:
    assert len(retriever.find(question, k=3).hits) == 3


@pytest.mark.parametrize("question", ["???", "。。。", "🙂🙂", "__"])
def test_without_a_word_there_is_nothing_to_search(question: str, retriever: Retriever) -> None:
    assert retriever.find(question).hits == ()


def test_an_empty_store_has_no_hits(tmp_path: Path) -> None:
    path = tmp_path / "store"
    build(path, write_pages(tmp_path / "in", range(1)))
    build(path, tmp_path / "in", remove=True)
    assert Retriever(Store.open(path), PairEncoder(), words()).find("停保").hits == ()


def test_a_subject_line_is_half_of_the_vector(retriever: Retriever) -> None:
    subject, letter = "东区停保", "您好，我想问一下第3号窗口在哪里，几天可以办完，谢谢您的回复。"
    both = retriever.find(f"{subject}\n{letter}").vector
    folded = read_question(f"{subject}\n{letter}", words()).folded
    first, whole = PairEncoder().encode_queries([folded.split("\n")[0], folded])
    expected = (first + whole) / np.linalg.norm(first + whole)
    assert both == pytest.approx(expected, abs=1e-6)


def test_the_name_of_a_scheme_weighs_less_than_what_is_asked() -> None:
    asked = read_question("新农合断了两年怎么补", words())
    weights = {term.text: term.weight for term in word_terms(asked, words())}
    assert weights["新农合"] == SCHEME_WEIGHT
    assert weights["2年"] == 1.0
    pairs = {term.text: term.weight for term in pair_terms(asked, words())}
    assert (pairs["新农"], pairs["农合"], pairs["合断"]) == (SCHEME_WEIGHT, SCHEME_WEIGHT, 1.0)
