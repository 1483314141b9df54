"""Question and line read together: as in training, each line by itself, each once."""

from __future__ import annotations

from typing import Any

import model_kit
import numpy as np
import pytest
from ground import TODAY

from assistant import Assistant
from corpus.errors import ModelError
from index import line_odds
from index.cross_encoder import FILE, PAIRS, CrossEncoder, Line, as_asked, begin
from index.encoder import cross_encoder
from index.judgement import Judged
from index.line_odds import READ, LineOdds, likeliest
from training.crossing import Asked, Crossing, Reader, scores
from training.states import Below, as_shipped

QUESTION = "辞职以后医保断了两个月，自己能补吗"
ANSWERS = Line("职工医保断缴以后", "补缴", "中断不超过3个月的，本人可以申请补缴中断的月份。")
BESIDE = Line("职工医保断缴以后", "缴费", "灵活就业人员每月25日前在手机上缴费。")


@pytest.fixture(scope="module")
def trained() -> tuple[Crossing, Below]:
    """The layers of training with what is shipped in them."""
    below = Below(model_kit.folder())
    model = Crossing(below).eval()
    as_shipped(model, FILE)
    return model, below


def test_what_runs_is_what_was_trained(trained: tuple[Crossing, Below]) -> None:
    model, below = trained
    pairs = [(asked, Line(*line)) for asked, *line in PAIRS]
    pairs += [(QUESTION, ANSWERS), (QUESTION, BESIDE), ("退休" * 80, ANSWERS)]
    reader = Reader(below)
    for question, line in pairs:
        reader.read([Asked(question, [line], [0.0])])
    theirs = scores(model, reader, pairs)
    ours = [cross_encoder().odds(question, [line])[0] for question, line in pairs]
    assert np.abs(ours - theirs).max() < 0.5  # they spread over some 8
    assert np.abs(ours - theirs).mean() < 0.2


def test_a_line_is_read_alike_alone_and_among_others() -> None:
    encoder = cross_encoder()
    together = encoder.odds(QUESTION, [BESIDE, ANSWERS, BESIDE])
    assert together.tolist() == [
        *encoder.odds(QUESTION, [BESIDE]),
        *encoder.odds(QUESTION, [ANSWERS]),
        *encoder.odds(QUESTION, [BESIDE]),
    ]
    assert encoder.odds(QUESTION, []).shape == (0,)


def test_the_line_that_answers_is_the_likelier() -> None:
    answers, beside = cross_encoder().odds(QUESTION, [ANSWERS, BESIDE]).tolist()
    assert answers > beside + 1


def test_what_is_read_is_bounded_and_odd_text_is_read_too() -> None:
    long = Line("题" * 500, "节" * 500, "句" * 5000)
    assert len(long.whole) == 30 + 1 + 20 + 1 + 110
    assert as_asked("问" * 50 + "答" * 50) == "问" * 45 + "答" * 45
    odd = [Line("", "", ""), Line("\0", "\ud800", "🙂"), long]
    assert np.isfinite(cross_encoder().odds("\0\ud800" * 200, odd)).all()


def test_a_line_begins_behind_what_stands_over_it() -> None:
    spans = np.array([[-9, -9], [0, 2], [2, 5], [5, 9], [-9, -9]])
    assert begin(spans, 5) == 3
    assert begin(spans, 20) == 1  # it was cut off: all is read as the line


def test_each_line_is_read_once(shipped: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    found = shipped.retriever.find(QUESTION, k=6)
    judged = shipped.retriever.judged(found, [found.seen[hit.number] for hit in found.hits])
    places = likeliest(judged)
    assert 0 < len(places) <= READ
    read: list[Line] = []
    real = CrossEncoder.odds

    def spied(self: Any, question: str, lines: Any) -> Any:
        read.extend(lines)
        return real(self, question, lines)

    monkeypatch.setattr(CrossEncoder, "odds", spied)
    odds = LineOdds(QUESTION)
    first = odds.read(places)
    assert odds.read(places[::-1]) == first[::-1]
    assert len(read) == len({(p.article.id, start) for p, start, _ in places})


def test_where_nothing_was_judged_the_first_lines_are_read(shipped: Assistant) -> None:
    found = shipped.retriever.find(QUESTION, k=6)
    none: tuple[Judged, ...] = ()
    places = likeliest(none, [hit.passage for hit in found.hits])
    assert len(places) == READ
    assert places[0][0].article is found.hits[0].passage.article


def test_without_the_bundled_model_there_is_still_an_answer(
    shipped: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> CrossEncoder:
        raise ModelError("没有")

    monkeypatch.setattr(line_odds, "cross_encoder", missing)
    found = shipped.retriever.find(QUESTION, k=1)
    places = likeliest((), [found.hits[0].passage])
    assert LineOdds(QUESTION).read(places) == [0.0] * len(places)
    assert shipped.ask(QUESTION, today=TODAY).status != "refused"
