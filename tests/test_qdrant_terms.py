"""BM25 as sparse vectors comes to what ``index.keywords`` says."""

from __future__ import annotations

import numpy as np
import pytest

from corpus.words import words
from index.keywords import Keywords
from index.postings import Document, build
from index.qdrant.backend import Sparse
from index.qdrant.statistics import Counts, Statistics
from index.qdrant.terms import asked, cut, impacts, rarity, together
from index.types import Term

DOCUMENTS = [
    Document("断缴怎么补", "断缴两个月怎么办\n停了怎么续", "补缴", "断缴三个月以内可以补缴。"),
    Document("停保怎么办理", "", "材料", "带身份证到窗口停保，停保当月生效。"),
    Document("异地就医", "去外地看病", "", "先备案，再持卡就医。"),
]
ASKED = "断缴停保补缴窗口"


def dot(one: Sparse, other: Sparse) -> float:
    values = dict(zip(other.indices.tolist(), other.values.tolist(), strict=True))
    return sum(
        v * values.get(i, 0.0)
        for i, v in zip(one.indices.tolist(), one.values.tolist(), strict=True)
    )


def terms() -> dict[str, list[Term]]:
    return {
        "words": [Term(w, 0.7) for w in words().keywords(ASKED)],
        "pairs": [Term(b, 0.5, "bigram") for b in words().bigrams(ASKED)],
    }


def cuts() -> tuple[list[dict[str, Sparse]], Statistics]:
    each = [cut(document, words()) for document in DOCUMENTS]
    means = sum(one.lengths for one in each) / len(each)
    counts = Counts.of(one.keys for one in each)
    return [impacts(one, means) for one in each], Statistics(counts, len(each))


@pytest.mark.parametrize("name", ["words", "pairs"])
def test_scores_are_those_of_the_keyword_index(name: str) -> None:
    keywords = Keywords.of(build(dict(enumerate(DOCUMENTS)), words()))
    wanted = {hit.number: hit.score for hit in keywords.matching(terms()[name], 10)}
    vectors, statistics = cuts()
    query = asked(terms()[name], statistics)
    found = {n: dot(query, vector[name]) for n, vector in enumerate(vectors)}
    assert wanted.keys() == {0, 1}
    assert found == pytest.approx({**{2: 0.0}, **wanted}, abs=1e-5)


def test_words_and_pairs_together_are_their_sum() -> None:
    vectors, statistics = cuts()
    both = asked([*terms()["words"], *terms()["pairs"]], statistics)
    for vector in vectors:
        apart = sum(dot(asked(terms()[n], statistics), vector[n]) for n in ("words", "pairs"))
        assert dot(both, together(vector)) == pytest.approx(apart, abs=1e-5)


def test_rarity_counts_a_passage_once_however_many_fields_hold_a_word() -> None:
    keywords = Keywords.of(build(dict(enumerate(DOCUMENTS)), words()))
    _, statistics = cuts()
    asked_for = ["断缴", "停保", "无此词"]
    assert rarity(asked_for, statistics) == keywords.rarity(asked_for)
    assert rarity([], statistics) == []


def test_nothing_known_makes_an_empty_question() -> None:
    _, statistics = cuts()
    assert len(asked([Term("无此词")], statistics).indices) == 0
    assert len(asked([], statistics).indices) == 0


def test_counts_add_up_and_what_comes_to_nothing_is_left_out() -> None:
    one = Counts.of([np.array([1, 2], np.uint64), np.array([2], np.uint64)])
    other = Counts.of([np.array([2, 3], np.uint64)])
    both = Counts.total([(1, one), (1, other)])
    assert dict(zip(both.keys.tolist(), both.passages.tolist(), strict=True)) == {1: 1, 2: 3, 3: 1}
    back = Counts.total([(1, both), (-1, other)])
    assert (back.keys.tolist(), back.passages.tolist()) == ([1, 2], [1, 2])
    again = Counts.from_bytes(back.to_bytes())
    assert again.keys.tolist() == [1, 2]
