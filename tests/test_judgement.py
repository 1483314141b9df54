"""The learned judgement: where tokens stand, what is judged alone and together, and without tokens."""

from __future__ import annotations

import numpy as np
import pytest
from ground import TODAY

from assistant import Assistant
from assistant.dossier import Dossier
from assistant.evidence import Evidence
from assistant.sought import sought
from index.encoder import BundledEncoder
from index.judgement import HEADING, NEARNESS, TEXT, TITLE, kinds
from index.scope import Judgement
from index.texts import late_text

QUESTION = "职工医保断缴两个月怎么补缴"


def test_the_spans_are_those_of_the_codes(shipped: Assistant) -> None:
    index, encoder = shipped.retriever.index, shipped.retriever.encoder
    assert isinstance(encoder, BundledEncoder)
    for seen in index.passages(range(0, index.size, 97)):
        passage, own = seen.passage, seen.codes
        assert own is not None
        text = late_text(passage)
        spans = encoder.token_spans(text)
        assert len(spans) == len(own)
        assert (spans[:, 0] < spans[:, 1]).all()
        assert (np.diff(spans[:, 0]) >= 0).all()
        kind = kinds(passage, text, spans)
        assert set(kind.tolist()) <= {TITLE, HEADING, TEXT}
        first = spans[kind == TEXT][0]
        assert text[first[0] : first[1]].strip() in passage.text


def test_a_passage_is_judged_alike_alone_and_among_others(shipped: Assistant) -> None:
    retriever = shipped.retriever
    found = retriever.find(QUESTION, k=6)
    seen = [found.seen[hit.number] for hit in found.hits]
    together = retriever.judged(found, seen)
    for passage, one in zip(seen, together, strict=True):
        (alone,) = retriever.judged(found, [passage])
        assert alone.answers == one.answers
        assert alone.odds.tolist() == one.odds.tolist()


def test_what_answers_is_judged_likelier_than_what_does_not(shipped: Assistant) -> None:
    retriever = shipped.retriever
    found = retriever.find(QUESTION, k=1)
    other = retriever.find("外国人在中国上班要不要参加医保", k=1)
    both = [of.seen[of.hits[0].number] for of in (found, other)]
    right, wrong = retriever.judged(found, both)
    assert right.answers > wrong.answers + 1


def test_a_sentence_has_what_its_tokens_have(shipped: Assistant) -> None:
    retriever = shipped.retriever
    found = retriever.find(QUESTION, k=1)
    (judged,) = retriever.judged(found, [found.seen[found.hits[0].number]])
    passage = judged.passage
    late = float(judged.near.max(axis=0).mean())
    whole = float(judged.odds.mean()) + NEARNESS * late
    assert judged.of(passage.start, passage.end) == pytest.approx(whole, abs=1e-3)
    assert late <= 1.001
    assert judged.of(passage.end, passage.end) == -np.inf
    # nothing judged before: it is when it is asked for
    evidence = Evidence(sought(found, Judgement("in", 1.0)), Dossier(()), retriever)
    assert evidence.odds(passage, passage.start, passage.end) == pytest.approx(
        judged.of(passage.start, passage.end), abs=1e-3
    )


def test_without_tokens_there_is_no_judgement_and_still_an_answer(
    shipped: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    retriever = shipped.retriever
    monkeypatch.setattr(retriever.index, "_compared", False)
    found = retriever.find(QUESTION, k=3)
    assert retriever.judged(found, [found.seen[found.hits[0].number]]) == ()
    dossier = Dossier.bring(retriever.index, [found.hits[0].passage.article.id])
    assert (
        Evidence(sought(found, Judgement("in", 1.0)), dossier, retriever).odds(
            found.hits[0].passage, 0, 10
        )
        == 0.0
    )
    assert shipped.ask(QUESTION, today=TODAY).status != "refused"
