"""The public functions and the invariants that every answer keeps, over the shipped store."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from ground import TODAY

import assistant
from assistant import Answer, Assistant, phrases
from assistant.checking import problems, statements
from assistant.dossier import Dossier
from benchmarks.labels import QUALITY, in_order, read_labels, read_rows
from corpus.errors import InputError, StoreError
from corpus.settings import ROOT

QUESTIONS = [
    "断缴两个月怎么补",
    "居民医保停了怎么恢复",
    "职工医保断缴五个月要等多久才能报销",
    "重复参保违反哪条规定",
    "沈阳居民医保几号截止",
    "家庭共济能绑定哪些人",
    "2027年度居民医保要交多少钱",
    "你好",
]


@pytest.fixture(scope="module")
def answers(shipped: Assistant) -> list[Answer]:
    return [shipped.ask(question, today=TODAY) for question in QUESTIONS]


def test_all_is_the_public_surface() -> None:
    assert sorted(assistant.__all__) == assistant.__all__
    assert all(hasattr(assistant, name) for name in assistant.__all__)


def quoted(yibao: Assistant, answer: Answer) -> Dossier:
    """The articles that an answer quotes, as they are stored."""
    ids = [citation.quote.passage.article.id for citation in answer.citations]
    return Dossier.bring(yibao.retriever.index, ids)


def test_every_quote_is_a_slice_of_its_article(shipped: Assistant, answers: list[Answer]) -> None:
    for answer in answers:
        dossier = quoted(shipped, answer)
        assert problems(answer, dossier) == []
        for citation in answer.citations:
            article = dossier.article(citation.quote.passage.article.id)
            assert article is not None
            quote = citation.quote
            assert article.text[quote.start : quote.end] == quote.text != ""


def test_all_else_comes_from_the_fixed_phrases(answers: list[Answer]) -> None:
    """A statement is a quote, or one of our phrases with its holes filled."""
    patterns = phrases.patterns()
    for answer in answers:
        for statement in statements(answer):
            quoted = any(statement.text == c.quote.text for c in statement.citations)
            assert quoted or any(p.fullmatch(statement.text) for p in patterns), statement.text


def test_each_number_has_one_citation_and_each_is_used(answers: list[Answer]) -> None:
    for answer in answers:
        assert [c.number for c in answer.citations] == list(range(1, len(answer.citations) + 1))
        text = answer.to_markdown().split("### 参考来源")[0]
        assert all(f"[{c.number}]" in text for c in answer.citations)


@pytest.mark.parametrize(
    "question", ["2027年度居民医保要交多少钱", "养老金什么时候涨", "高铁票怎么改签"]
)
def test_a_refusal_has_no_sources(shipped: Assistant, question: str) -> None:
    answer = shipped.ask(question, today=TODAY)
    assert answer.status == "refused"
    assert (answer.citations, answer.hits, answer.legal_basis) == ((), (), ())
    assert phrases.ASK_LOCALLY in answer.to_markdown()


def test_a_wrong_quote_never_leaves(shipped: Assistant, answers: list[Answer]) -> None:
    """The check sees a quote that was shifted by one character, and a number nobody uses."""
    answer = answers[0]
    first = answer.citations[0]
    shifted = replace(first, quote=replace(first.quote, start=first.quote.start + 1))
    dossier = quoted(shipped, answer)
    assert problems(replace(answer, citations=(shifted, *answer.citations[1:])), dossier)
    assert problems(replace(answer, materials=(), summary=(), procedures=()), dossier)
    assert problems(answer, Dossier(())), "quotes of articles that the store does not hold"


def test_an_answer_that_fails_its_check_is_a_refusal(
    shipped: Assistant, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("assistant.asking.problems", lambda *_: ["[1] differs"])
    answer = shipped.ask(QUESTIONS[0], today=TODAY)
    assert answer.status == "refused"
    assert answer.summary[0].text == phrases.UNCHECKED
    assert "[1] differs" in caplog.text


def test_a_statute_is_shown_with_its_state_on_the_day(shipped: Assistant) -> None:
    before = shipped.legal("重复参保违反哪条规定", today=date(2026, 12, 31))
    after = shipped.legal("重复参保违反哪条规定", today=date(2027, 1, 1))
    states = {(b.law, b.article_no): b.state for b in before}
    assert states["医疗保障法", "第十三条"] == "not yet in force"
    assert (after[0].law, after[0].article_no, after[0].state) == (
        "医疗保障法",
        "第十三条",
        "in force",
    )


def test_the_same_question_gives_the_same_bytes_in_any_process(
    shipped: Assistant, answers: list[Answer]
) -> None:
    code = (
        "import sys, json, datetime; from assistant import Assistant;"
        "y = Assistant.open(sys.argv[1]);"
        "a = y.ask(sys.argv[2], today=datetime.date(2026, 11, 21));"
        "sys.stdout.buffer.write(json.dumps(a.to_dict(), ensure_ascii=False).encode())"
    )
    import json

    run = subprocess.run(
        [sys.executable, "-c", code, str(shipped.settings.store), QUESTIONS[0]],
        capture_output=True, check=True, cwd=ROOT,
    )  # fmt: skip
    assert run.stdout == json.dumps(answers[0].to_dict(), ensure_ascii=False).encode()


def test_many_threads_get_the_answers_of_one(shipped: Assistant, answers: list[Answer]) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda q: shipped.ask(q, today=TODAY), QUESTIONS * 3))
    assert found == answers * 3


@pytest.mark.parametrize("question", ["", "  \n", "医" * 100_000])
def test_a_question_that_cannot_be_asked(shipped: Assistant, question: str) -> None:
    for ask in (shipped.ask, shipped.retrieve, shipped.legal):
        with pytest.raises(InputError, match="问题"):
            ask(question)


def test_k_beyond_the_store_gives_what_there_is(shipped: Assistant) -> None:
    size = shipped.retriever.index.size
    hits = shipped.retrieve("居民医保断缴怎么补", k=size + 1000)
    assert 30 <= len(hits) <= size
    assert len({hit.passage.id for hit in hits}) == len(hits)
    with pytest.raises(InputError, match="k 是 0"):
        shipped.retrieve("断缴", k=0)


def test_filters_narrow_and_national_articles_stay(shipped: Assistant) -> None:
    hits = shipped.retrieve("断缴了怎么补", k=10, scheme="职工")
    assert all("职工" in h.passage.article.schemes or not h.passage.article.schemes for h in hits)
    local = shipped.retrieve("居民医保什么时候缴费", k=10, region="沈阳")
    assert {h.passage.article.region for h in local} <= {"全国", "沈阳"}
    assert local[0].passage.article.region == "沈阳"
    with pytest.raises(InputError, match="scheme"):
        shipped.retrieve("断缴", scheme="农民")  # type: ignore[arg-type]


def test_retrieve_shows_what_is_nearest_and_says_where_it_may_not_answer(
    shipped: Assistant,
) -> None:
    for question in ("你好", "公积金怎么提取", "2031年居民医保一年交多少钱"):
        hits = shipped.retrieve(question, k=3)
        assert (len(hits), hits.note) == (3, phrases.NEAREST)
        assert shipped.ask(question).status == "refused"
    assert shipped.retrieve("居民医保断缴怎么补", k=3).note == ""
    nothing = shipped.retrieve("？？？")
    assert (len(nothing), nothing.note) == (0, phrases.NOTHING_TO_SEARCH)


def test_a_place_without_sources_is_told(shipped: Assistant) -> None:
    assert "乌鲁木齐" in shipped.retrieve("乌鲁木齐居民医保怎么停保", k=5).note


def test_hits_show_themselves_as_a_table(shipped: Assistant) -> None:
    hits = shipped.retrieve("<b>断缴</b>两个月怎么补", k=3)
    assert "&lt;b&gt;" in hits._repr_html_()
    assert list(hits.to_frame()["rank"]) == [1, 2, 3]
    assert phrases.NEAREST in shipped.retrieve("你好", k=1)._repr_html_()


def test_opening_what_is_no_store(tmp_path: Path, shipped: Assistant) -> None:
    with pytest.raises(StoreError, match="python -m index refresh"):
        Assistant.open(tmp_path / "none", encoder=shipped._models.encoder)


@pytest.mark.quality
@pytest.mark.parametrize(
    ("store", "name"), [("shipped", "dialogue.jsonl"), ("seeds", "dialogue_pages.jsonl")]
)
def test_conversations(store: str, name: str, request: pytest.FixtureRequest) -> None:
    """Over our articles and over the pages that they were made from."""
    yibao = request.getfixturevalue(store)
    rows = read_rows(QUALITY / name)
    missed = [row["id"] for row in rows if not _ends_right(yibao, row)]
    assert len(missed) <= 0.15 * len(rows), missed


@pytest.mark.quality
@pytest.mark.parametrize(
    ("store", "name"), [("shipped", "steps.jsonl"), ("seeds", "steps_pages.jsonl")]
)
def test_procedures_are_whole_and_in_order(
    store: str, name: str, request: pytest.FixtureRequest
) -> None:
    yibao = request.getfixturevalue(store)

    def held(row: dict[str, object]) -> bool:
        order = row["in_order"]
        assert isinstance(order, list)
        told = yibao.ask(str(row["question"]), today=TODAY).procedures
        return any(in_order(order, "".join(s.text for s in p.steps)) for p in told)

    rows = read_rows(QUALITY / name)
    missed = [row["id"] for row in rows if not held(row)]
    assert len(missed) <= 0.1 * len(rows), missed


@pytest.mark.quality
def test_the_answerable_are_answered_and_the_others_refused(shipped: Assistant) -> None:
    def refused(name: str) -> list[bool]:
        labels = read_labels(QUALITY / name)[::2]
        return [shipped.ask(label.question, today=TODAY).status == "refused" for label in labels]

    inside = refused("retrieval.jsonl") + refused("slips.jsonl")
    outside = refused("outside.jsonl")
    assert sum(inside) <= 0.05 * len(inside)
    assert sum(outside) >= 0.78 * len(outside)


def _ends_right(yibao: Assistant, row: dict[str, object]) -> bool:
    from benchmarks.labels import rank_of

    turns, wanted = row["turns"], row["last_any"]
    assert isinstance(turns, list)
    assert isinstance(wanted, list)
    history: list[Answer] = []
    for turn in turns:
        history.append(yibao.ask(turn, history, today=TODAY))
    last = history[-1]
    if row["status"]:
        return last.status == row["status"]
    texts = [c.quote.text for c in last.citations] + [h.passage.text for h in last.hits[:5]]
    return rank_of(wanted, ["\n".join(texts)]) is not None


def test_the_first_question_finds_all_looked_up(
    shipped: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = Assistant.open(
        shipped.settings.store, settings=shipped.settings, encoder=shipped._models.encoder
    )

    def late(*_: object, **__: object) -> None:
        raise AssertionError("looked up when asked")

    monkeypatch.setattr("index.retrieve.facets", late)
    monkeypatch.setattr("index.quotable.sentences", late)
    monkeypatch.setattr("assistant.topics.Said", late)
    monkeypatch.setattr("assistant.cautions.wrong_citations", late)
    for question in QUESTIONS:
        assert opened.ask(question, today=date.today()) is not None
    with pytest.raises(AssertionError, match="looked up"):
        shipped._models.over(opened.retriever.index).find("断缴")  # what is not warm does look up


@pytest.mark.parametrize("other", ["学费怎么缴", "花呗怎么还", "今天星期几", "怎么打毛衣"])
def test_another_subject_in_mid_talk_is_refused_and_the_talk_goes_on(
    shipped: Assistant, other: str
) -> None:
    history = [shipped.ask("职工医保断缴两个月怎么补", today=TODAY)]
    for turn in (other, "那要带什么材料"):
        history.append(shipped.ask(turn, history, today=TODAY))
    assert [answer.status == "refused" for answer in history] == [False, True, False]
    assert "职工医保" in history[-1].understood


@pytest.mark.parametrize(
    ("question", "against"),
    [
        ("居民医保怎么转职工医保", "职工医保停了，怎么转成居民医保"),
        ("职工医保怎么转居民医保", "居民医保怎么转成职工医保"),
    ],
)
def test_the_way_back_is_not_told(shipped: Assistant, question: str, against: str) -> None:
    answer = shipped.ask(question, today=TODAY)
    assert answer.status == "answered"
    assert answer.procedures
    assert not any(against in citation.title for citation in answer.citations)


@pytest.mark.parametrize(
    "question", ["职工医保断缴12个月怎么补", "职工医保1月断的，6月又交上了，怎么补"]
)
def test_the_length_in_a_title_holds_for_its_sentences(shipped: Assistant, question: str) -> None:
    """Nothing of an article on breaks of up to three months answers of a longer one."""
    answer = shipped.ask(question, today=TODAY)
    assert (answer.context.months or 0) > 3
    drawn = (*answer.summary, *answer.materials, *answer.places, *answer.times)
    cited = [citation.title for one in drawn for citation in one.citations]
    cited += [c.title for p in answer.procedures for s in p.steps for c in s.citations]
    assert cited
    assert not any("不超过三个月" in title for title in cited)
