"""The legal basis of a question, its state on the day, and citations that sources got wrong."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assistant import Assistant, phrases
from assistant.book import CitationBook
from assistant.cautions import cautions
from assistant.laws import laws_of
from assistant.legal import (
    BEARS,
    CANDIDATES,
    is_pension,
    legal,
    shown,
    speaks,
    witnesses_of,
)
from assistant.types import LegalBasis
from assistant.wrong_citations import NO_SUCH_ARTICLE, PENSION, REPEALED, wrong_citations
from benchmarks.basis import NOT_IN_THREE, place
from benchmarks.labels import QUALITY, read_rows
from corpus import statutes
from corpus.types import EDITORS, Article, LawRef, Passage, Source
from corpus.words import words
from index.encoder import HashEncoder
from index.refresh import refresh
from index.retrieve import Retriever
from index.store import Store

TODAY = date(2026, 11, 21)
BEGUN = date(2027, 1, 1)
LABELLED = Path(__file__).parent / "quality" / "legal.jsonl"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The statutes and one page, with an encoder that knows no meaning: wordings decide."""
    here = tmp_path_factory.mktemp("legal")
    page = "怎么交费\n\n去窗口交费。\n\n依据《社会保险法》第十六条办理。\n"
    (here / "a.txt").write_text(page, encoding="utf-8")
    refresh(here / "store", [here / "a.txt"], encoder=HashEncoder())
    return Store.open(here / "store")


def asked(store: Store, question: str, today: date = TODAY, k: int = 5) -> tuple[LegalBasis, ...]:
    """Without hits: by what the words and the vector say alone."""
    retriever = Retriever(store, HashEncoder(), words())
    found = retriever.find(question, laws=CANDIDATES)
    ranking = witnesses_of(found.pool)
    entries = zip(store.read(ranking.numbers.tolist()), ranking, strict=True)
    witnesses = [(entry.article, scored.score) for entry, scored in entries if entry is not None]
    return legal(
        question, replace(found, hits=()), witnesses, laws_of(store), "hash", k=k, today=today
    )


def refs(basis: tuple[LegalBasis, ...]) -> list[str]:
    return [f"{b.law} {b.article_no}" for b in basis]


def test_a_basis_is_verbatim_with_its_dates(store: Store) -> None:
    first = asked(store, "失业期间医保谁交")[0]
    assert refs((first,)) == ["社会保险法 第四十八条"]
    law = statutes.law("社会保险法")
    assert law is not None
    assert first.text == statutes.article_text(law, "48")
    assert (first.state, first.effective, first.version) == (
        "in force",
        date(2011, 7, 1),
        date(2018, 12, 29),
    )
    assert first.passage is not None
    assert first.passage.text == first.text


def test_only_a_coming_law_can_answer(store: Store) -> None:
    question = "重复参保违反哪条"
    before, after = asked(store, question)[0], asked(store, question, BEGUN)[0]
    assert refs((before, after)) == ["医疗保障法 第十三条"] * 2
    assert (before.state, after.state) == ("not yet in force", "in force")


@pytest.mark.parametrize(
    ("question", "now", "then"),
    [
        ("灵活就业人员可以参加职工医保吗", "社会保险法 第二十三条", "医疗保障法 第十条"),
        ("居民医保一年交多少钱", "社会保险法 第二十五条", "医疗保障法 第十一条"),
        ("单位不交医保怎么投诉", "社会保险法 第八十二条", "医疗保障法 第四十二条"),
    ],
)
def test_on_one_matter_the_law_in_force_leads(
    shipped: Assistant, question: str, now: str, then: str
) -> None:
    assert refs(shipped.legal(question, today=TODAY))[0] == now
    assert refs(shipped.legal(question, today=BEGUN))[0] == then


def test_what_the_question_names_comes_first_whatever_its_state(store: Store) -> None:
    named = asked(store, "社会保险法第一百二十条和《社会保险法实施细则》第三条怎么说")
    assert [(b.law, b.article_no, b.state) for b in named[:2]] == [
        ("社会保险法", "第一百二十条", "no such article"),
        ("社会保险法实施细则", "第三条", "not in the database"),
    ]
    assert named[0].text == ""
    assert refs(asked(store, "社会保险法第63条写了什么"))[0] == "社会保险法 第六十三条"


@pytest.mark.parametrize("question", ["社会保险法第十六条", "退休要交满多少年", "怎么交费"])
def test_the_pension_chapter_is_never_a_basis(store: Store, question: str) -> None:
    for basis in asked(store, question, k=50):
        assert not is_pension(basis.ref)


def test_as_many_as_asked_and_best_first(store: Store) -> None:
    assert len(asked(store, "单位欠缴医保怎么罚", k=3)) == 3
    scores = [b.relevance for b in asked(store, "单位欠缴医保怎么罚", k=20)]
    assert scores == sorted(scores, reverse=True)


def basis(relevance: float, state: str = "in force") -> LegalBasis:
    return LegalBasis("社会保险法", "第一条", "…", state, relevance=relevance)  # type: ignore[arg-type]


def test_what_speaks() -> None:
    assert speaks((basis(0.9), basis(0.7), basis(0.3))) == (basis(0.9), basis(0.7))
    assert speaks((basis(0.2),)) == ()


def test_what_answers_rests_on_comes_first(store: Store) -> None:
    """Before what speaks on the question, whoever names it; what hardly bears on it is left out, as what no store holds."""
    found = asked(store, "失业期间医保谁交", k=3)
    relevances = (0.9, BEARS, BEARS - 0.01)
    ranked = [replace(b, relevance=r) for b, r in zip(found, relevances, strict=True)]
    spoken, bearing, beyond = (b.ref for b in ranked)
    missing = LawRef("社会保险法", "第九百条")
    article = replace(passage("由失业保险基金交。").article, basis=(beyond, missing, bearing))
    laws = laws_of(store)
    told = shown("失业期间医保谁交", ranked, [article], laws, TODAY)
    assert [b.ref for b in told] == [bearing, spoken]
    question = f"{spoken.law}{spoken.article_no}说失业期间医保谁交"
    assert [b.ref for b in shown(question, ranked, [article], laws, TODAY)] == [spoken, bearing]
    assert [b.ref for b in shown("失业期间医保谁交", ranked, [], laws, TODAY)] == [spoken]


@pytest.mark.parametrize(
    ("own", "basis", "told"),
    [
        (True, (), True),
        (True, (LawRef("社会保险法", "第四十八条"),), False),
        (False, (), False),  # a page of others says nothing of the law by naming none
    ],
)
def test_that_no_statute_speaks_is_said_where_our_article_rests_on_none(
    own: bool, basis: tuple[LawRef, ...], told: bool
) -> None:
    piece = passage("去窗口办。")
    piece = replace(
        piece, article=replace(piece.article, author=EDITORS if own else "", basis=basis)
    )
    book = CitationBook()
    book.cite(piece, 0, 5)
    warned = cautions(book.citations, (), region=None, note="", today=TODAY, basis=())
    assert (phrases.NO_STATUTE in [one.text for one in warned]) is told


ARTICLE_32 = "个人跨统筹地区就业的，其基本医疗保险关系随本人转移。"


def passage(text: str, title: str = "居民医保怎么恢复") -> Passage:
    return Passage(Article("a", title, text, Source("某站", "a.txt")), 0, len(text))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("依据《社会保险法》第十六条。", PENSION),
        ("依据社会保险法第一百二十条。", NO_SUCH_ARTICLE),
        ("依据《乡镇企业法》第一条。", REPEALED),
        ("依据《社会保险法》第二十五条。", ""),
        ("依据《医疗保障法》第十三条。", ""),
        ("依据《社会保险法实施细则》第十六条。", ""),
        (f"依据《社会保险法》第二十四条，{ARTICLE_32}", "所引文字出自该法第三十二条"),
        (f"依据《社会保险法》第三十二条，{ARTICLE_32}", ""),
    ],
)
def test_citations_that_a_source_got_wrong(text: str, reason: str) -> None:
    found = wrong_citations([passage(text)], today=TODAY)
    assert [w.reason for w in found] == ([reason] if reason else [])
    for wrong in found:
        assert wrong.ref.article_no in text
        assert text[wrong.start : wrong.end].endswith("条")


def test_a_pension_page_may_cite_the_pension_chapter() -> None:
    text = "依据《社会保险法》第十六条。"
    assert wrong_citations([passage(text, title="养老保险交几年")], today=TODAY) == ()


def test_is_pension() -> None:
    assert is_pension(LawRef("社会保险法", "第十六条"))
    assert not is_pension(LawRef("社会保险法", "第二十三条"))
    assert not is_pension(LawRef("医疗保障法", "第十六条"))


def labelled(split: str = "") -> list[dict[str, object]]:
    lines = LABELLED.read_text(encoding="utf-8").splitlines()
    return [row for row in map(json.loads, lines) if split in ("", row["split"])]


def test_every_label_is_an_article_of_the_database() -> None:
    assert len(labelled()) >= 40
    for row in labelled():
        for label in row["any_of"]:  # type: ignore[attr-defined]
            name, _, number = label.partition(":")
            law = statutes.law(name)
            assert law is not None, label
            assert statutes.article_text(law, number), label


@pytest.mark.quality
@pytest.mark.parametrize(
    ("split", "today", "first", "in_three"),
    [
        ("held", TODAY, 0.9, 0.95),
        ("fresh", TODAY, 0.9, 0.95),
        ("seen", TODAY, 0.9, 0.95),
        ("", BEGUN, 0.88, 0.95),
    ],
)
def test_a_right_article_leads(
    shipped: Assistant, split: str, today: date, first: float, in_three: float
) -> None:
    """Floors; ``dev`` was tuned on, ``held`` was not looked at, ``fresh`` came after the first
    tuning, ``seen`` was written by others and mended for."""
    ranks = []
    for row in labelled(split):
        found = shipped.legal(str(row["question"]), today=today)
        keys = [f"{b.law}:{statutes.parse_number(b.article_no)}" for b in found]
        hits = [i for i, key in enumerate(keys) if key in row["any_of"]]  # type: ignore[operator]
        ranks.append(min(hits, default=99))
    assert sum(r == 0 for r in ranks) / len(ranks) >= first
    assert sum(r < 3 for r in ranks) / len(ranks) >= in_three


@pytest.mark.quality
@pytest.mark.parametrize("name", ["basis_a", "basis_b"])
def test_a_right_article_leads_for_those_who_never_saw_the_examples(
    shipped: Assistant, name: str
) -> None:
    """Used once for the figures that were reported (.92 and .90 first); floors since. From which score on an article is
    shown was chosen by them."""
    rows = read_rows(QUALITY / f"{name}.jsonl")
    found = [shipped.legal(str(row["question"]), today=date(2026, 11, 30)) for row in rows]
    pairs = list(zip(rows, found, strict=True))
    places = [place(basis, row) for row, basis in pairs if row["any_of"]]
    assert sum(p == 0 for p in places) / len(places) >= 0.87
    assert sum(p < NOT_IN_THREE for p in places) / len(places) >= 0.94
    silent = [not speaks(basis) for row, basis in pairs if not row["any_of"]]
    assert sum(silent) / len(silent) >= 0.9
    shown = [place(speaks(basis), row) < NOT_IN_THREE for row, basis in pairs if row["any_of"]]
    assert sum(shown) / len(shown) >= 0.85
