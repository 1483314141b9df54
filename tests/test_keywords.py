"""BM25 over fields, compared with the formula written out; postings that grow and shrink."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest

from corpus.types import Article, Passage, Source
from index.keywords import BOOSTS, K1, B, Keywords
from index.postings import Document, Postings, build, same
from index.types import Term


class Blanks:
    """Words between blanks, and pairs of characters; ``cut`` counts the texts it was given."""

    def __init__(self) -> None:
        self.cut = 0

    def keywords(self, text: str) -> list[str]:
        self.cut += 1
        return text.split()

    def bigrams(self, text: str) -> list[str]:
        return [a + b for a, b in pairwise(text) if " " not in a + b]


def document(body: str, title: str = "", questions: str = "", heading: str = "") -> Document:
    return Document(title, questions, heading, body)


def index_of(*documents: Document, **options: dict[str, float]) -> Keywords:
    return Keywords.of(build(dict(enumerate(documents)), Blanks()), **options)


def found(keywords: Keywords, terms: Sequence[Term], k: int = 10) -> list[tuple[int, float]]:
    return [(hit.number, hit.score) for hit in keywords.matching(terms, k)]


def test_the_score_is_bm25() -> None:
    keywords = index_of(document("a a b"), document("b c"), document("c c c c d"))
    mean = (3 + 2 + 5) / 3
    idf = math.log(1 + (3 - 1 + 0.5) / (1 + 0.5))
    expected = idf * 2 * (K1 + 1) / (2 + K1 * (1 - B + B * 3 / mean)) * BOOSTS["body"]
    [(number, score)] = found(keywords, [Term("a")])
    assert number == 0
    assert score == pytest.approx(expected, rel=1e-6)


def test_fields_are_weighed_and_added() -> None:
    documents = (document("x", title="a"), document("a"), document("x"))
    plain = index_of(*documents, boosts={"title": 1, "questions": 1, "heading": 1, "body": 1})
    heavy = index_of(*documents, boosts={"title": 3, "questions": 1, "heading": 1, "body": 1})
    before, after = dict(found(plain, [Term("a")])), dict(found(heavy, [Term("a")]))
    assert after[0] == pytest.approx(3 * before[0])
    assert after[1] == before[1]


def test_weights_of_terms_scale_and_add() -> None:
    keywords = index_of(document("a"), document("b"), document("a b"))
    one, two = dict(found(keywords, [Term("a")])), dict(found(keywords, [Term("b", 0.5)]))
    both = dict(found(keywords, [Term("a"), Term("b", 0.5)]))
    assert both == {n: one.get(n, 0) + two.get(n, 0) for n in (0, 1, 2)}


def test_pairs_of_characters_are_not_words() -> None:
    keywords = index_of(document("停保 了"), document("停了"))
    assert [n for n, _ in found(keywords, [Term("停了", kind="bigram")])] == [1]
    assert [n for n, _ in found(keywords, [Term("停保")])] == [0]
    assert found(keywords, [Term("保了", kind="bigram")]) == []


def test_equal_scores_come_by_number_also_at_the_cut() -> None:
    keywords = index_of(*[document("a b")] * 9, document("c"))
    assert [n for n, _ in found(keywords, [Term("a")], k=3)] == [0, 1, 2]


@pytest.mark.parametrize("k", [0, -3])
def test_nothing_asked_nothing_found(k: int) -> None:
    assert found(index_of(document("a")), [Term("a")], k) == []


def test_no_word_no_hit() -> None:
    keywords = index_of(document("a"))
    assert found(keywords, [Term("zz")]) == []
    assert found(keywords, []) == []


def test_an_empty_index_answers() -> None:
    keywords = index_of()
    assert found(keywords, [Term("a")]) == []
    assert len(keywords) == 0


def test_rarity_counts_passages_not_fields() -> None:
    keywords = index_of(document("a b", title="a"), document("b"), document("b"), document("c"))
    idf = [math.log(1 + (4 - df + 0.5) / (df + 0.5)) for df in (1, 3, 0)]
    assert keywords.rarity(["a", "b", "nowhere"]) == pytest.approx(idf)


def test_the_questions_of_an_article_do_not_run_into_each_other() -> None:
    source = Source("某网", "a.txt")
    article = Article("a", "停保", "正文。", source, questions=("怎么停", "保不保"))
    lanes = Document.of(Passage(article, 0, 3, heading=("一", "二"))).lanes(Blanks())
    assert "停保" not in lanes[3]
    assert lanes[0] == ["停保"]


@pytest.mark.parametrize("few", [0, 20])
def test_a_refreshed_index_equals_a_fresh_one(few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Random additions and removals: what is kept, moved, cut anew and dropped ends the same,
    whether the new is put in place (0) or sorted together with the old."""
    monkeypatch.setattr("index.postings.FEW", few)
    random = np.random.default_rng(7)
    pool = [document(" ".join(random.choice(list("abcdefgh"), 6)), title=t) for t in "pqr" * 40]
    now: list[Document] = []
    postings: Postings | None = None
    for _ in range(12):
        now = [pool[i] for i in sorted(random.choice(len(pool), random.integers(0, 60), False))]
        if random.random() < 0.3:
            now.reverse()
        postings = build(dict(enumerate(now)), Blanks(), old=postings)
        fresh = build(dict(enumerate(now)), Blanks())
        assert same(postings, fresh)
        assert postings.to_bytes() == fresh.to_bytes(), "arrays of one type, too"


def test_only_new_texts_are_cut() -> None:
    documents = [document(f"a{n}") for n in range(5)]
    old = build(dict(enumerate(documents)), Blanks())
    words = Blanks()
    build(dict(enumerate([*documents[2:], document("new")])), words, old=old)
    assert words.cut == 1


def test_kept_passages_need_no_text() -> None:
    old = build({0: document("a"), 1: document("b"), 2: document("c")}, Blanks())
    words = Blanks()
    kept = np.array([0, -1, 2])
    grown = build({1: document("x")}, words, old=old, kept=kept)
    fresh = build({0: document("a"), 1: document("x"), 2: document("c")}, Blanks())
    assert same(grown, fresh)
    assert words.cut == 1


def test_bytes_come_back_equal() -> None:
    postings = build({0: document("a b", title="c"), 1: document("a")}, Blanks())
    assert same(Postings.from_bytes(postings.to_bytes()), postings)


def test_a_word_repeated_beyond_measure_is_counted_up_to_255() -> None:
    keywords = index_of(document("a " * 1000), document("b"))
    assert keywords.pieces[0].counts.max() == 255
    assert [n for n, _ in found(keywords, [Term("a")])] == [0]


@pytest.mark.parametrize("cuts", [[0, 60], [0, 20, 21, 60], [0, 30, 30, 60]])
def test_pieces_search_like_one(cuts: list[int]) -> None:
    """To the last digit; and joined they are the one."""
    random = np.random.default_rng(3)
    pool = [document(" ".join(random.choice(list("abcdefgh"), 6)), title=t) for t in "pqr" * 20]
    whole = build(dict(enumerate(pool)), Blanks())
    pieces = [build(dict(enumerate(pool[a:b])), Blanks()) for a, b in pairwise(cuts)]
    several = Keywords([lambda p=p: p for p in pieces], [len(p) for p in pieces])
    asked = [Term("a"), Term("p", 0.5), Term("ab", 0.7, "bigram"), Term("nowhere"), Term("h", 2)]
    assert found(several, asked, 60) == found(Keywords.of(whole), asked, 60)
    assert several.rarity(["a", "p", "nowhere"]) == Keywords.of(whole).rarity(["a", "p", "nowhere"])
    joined = Postings.joined(pieces)
    assert same(joined, whole)
    assert joined.to_bytes() == whole.to_bytes(), "arrays of one type, too"


def test_no_pieces_at_all() -> None:
    none = Keywords([], [])
    assert (len(none), found(none, [Term("a")]), none.rarity(["a"])) == (0, [], none.rarity(["b"]))
    assert len(Postings.joined([])) == 0


def test_a_piece_of_another_size_is_refused() -> None:
    postings = build({0: document("a")}, Blanks())
    with pytest.raises(ValueError, match="not of as many"):
        Keywords([lambda: postings], [2]).matching([Term("a")], 3)
