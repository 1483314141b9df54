"""Nobody is quoted with words that are not theirs: over the titles of all our articles, and over
the source pages, whose words are quoted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest

from assistant import Answer, Assistant
from assistant.citing import references
from corpus.bearing import names_later, statute_words
from corpus.types import EDITORS

TODAY = date(2026, 11, 28)
ASKED_OF_PAGES = (
    "职工医保停保要什么材料", "居民医保断了怎么补", "断缴三年后能补缴吗", "医保断缴后多久能报销",
    "停保后余额能买药吗", "沈阳医保每年什么时候缴费", "新农合怎么转职工医保",
)  # fmt: skip


@pytest.fixture(scope="module")
def answers(shipped: Assistant) -> list[Answer]:
    titles = sorted({e.article.title for block in shipped.retriever.index.blocks() for e in block})
    assert len(titles) > 100
    return [shipped.ask(title, today=TODAY) for title in titles]


def misplaced(answer: Answer) -> Iterator[str]:
    """Words in 「」 that stand in the text of nobody who is quoted."""
    texts = [c.quote.passage.article.text for c in answer.citations if c.kind == "quotation"]
    texts += [
        words
        for citation in answer.citations
        for support in citation.supports
        if support.relation == "quotes"
        for words in statute_words(support)
    ]
    texts += [basis.text for basis in answer.legal_basis]
    for quoted in re.findall("「([^」]*)」", answer.to_markdown().replace("\\", "")):
        if not any(quoted in text for text in texts):
            yield quoted


def test_every_quotation_stands_in_its_publishers_text(answers: list[Answer]) -> None:
    assert [words for answer in answers for words in misplaced(answer)] == []


def test_every_quotation_of_a_page_stands_in_it(seeds: Assistant) -> None:
    found = [seeds.ask(question, today=TODAY) for question in ASKED_OF_PAGES]
    cited = [citation for answer in found for citation in answer.citations]
    assert {citation.kind for citation in cited} == {"quotation"}
    assert [words for answer in found for words in misplaced(answer)] == []
    for citation in cited:
        article = citation.quote.passage.article
        assert citation.publisher == article.source.publisher
        assert article.text[citation.quote.start : citation.quote.end] == citation.quote.text


def test_our_words_name_no_outside_publisher(answers: list[Answer]) -> None:
    cited = [citation for answer in answers for citation in answer.citations]
    assert len(cited) > 500
    for citation in cited:
        assert (citation.kind, citation.publisher) == ("editorial", EDITORS)
        assert citation.date == citation.quote.passage.article.checked
    for answer in answers:
        for line in answer.to_markdown().splitlines():
            quoted = re.search(r"\[\d+\]$", line)  # a sentence of ours may begin with a law's name
            over_a_list = line.endswith("》：")
            assert quoted or over_a_list or not line.startswith("《") or "医保问答整理 · " in line


def test_nothing_is_named_that_is_later_than_what_it_rests_on(answers: list[Answer]) -> None:
    late = [
        (citation.quote.text, later)
        for answer in answers
        for citation in answer.citations
        if (later := names_later(citation.quote.text, citation.supports))
    ]
    assert late == []


def test_there_is_one_reference_an_article_and_one_mark_a_list(answers: list[Answer]) -> None:
    for answer in answers:
        ids = [entry.article.id for entry in references(answer)]
        assert len(ids) == len(set(ids))
        for procedure in answer.procedures:
            assert len({step.citations for step in procedure.steps}) == 1


def test_a_rule_in_force_raises_no_caution_of_age(answers: list[Answer]) -> None:
    for answer in answers:
        for caution in answer.cautions:
            if "距今已超过两年" in caution.text:
                (citation,) = caution.citations
                tiers = {s.source.tier for s in citation.supports if s.relation != "disputes"}
                assert tiers <= {"web", "agency"}
                assert tiers


def test_the_national_rule_rests_on_laws_and_documents(answers: list[Answer]) -> None:
    for answer in answers:
        for conflict in answer.conflicts:
            if conflict.national is not None:
                (citation,) = conflict.national.citations
                assert citation.kind == "editorial"
                assert {s.source.tier for s in citation.supports} <= {"law", "policy"}
