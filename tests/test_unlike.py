"""Two lines read beside a question: as in training, each pair by itself; and what of an answer they decide."""

from __future__ import annotations

from pathlib import Path

import model_kit
import numpy as np
import pytest
from ground import TODAY

from assistant import Assistant, unlike
from assistant.conflicts import ASKED
from corpus.errors import ModelError
from index.cross_encoder import Line
from index.encoder import Encoder, pair_encoder
from index.pair_encoder import FILE, kinds
from index.refresh import refresh
from training.differing import Pairing, Question, Reader, scores
from training.states import Below, as_shipped

QUESTION = "大病保险的起付线是多少"
ONE = Line("居民大病保险政策", "起付标准", "居民大病保险的起付标准为12000元。")
OTHER = Line("大病二次报销怎么报", "", "今年大病的门槛是一万八，过了这条线才给报。")
BESIDE = Line("大病二次报销怎么报", "", "大病报销的材料交到镇便民中心，30天内办完。")

DIFFER = "生育津贴要连续交满几个月才能领"
PAGES = {
    "甲.md": "# 生育津贴申领指南\n\n某市医疗保障局　2025-03-01\n\n## 申领条件\n\n生产前连续缴费满12个月的，可以申领生育津贴。\n\n"
    "## 怎么申请\n\n产后在网上申请，不收任何费用。\n",
    "乙.md": "# 生娃能领多少钱\n\n某某网　2024-06-01\n\n单位给你连续交够6个月生育保险，津贴就能领。\n\n"
    "生完孩子在网上申请生育津贴就行，不用交钱。\n",
}


def test_what_runs_is_what_was_trained() -> None:
    below = Below(model_kit.folder())
    model = Pairing(below).eval()
    as_shipped(model, FILE)
    reader = Reader(below)
    lines = (ONE, OTHER, BESIDE)
    nobody: frozenset[str] = frozenset()
    asked = Question("", QUESTION, lines, ("a", "b", "c"), (nobody,) * 3, False, True)
    reader.read([asked])
    theirs = np.array([odds for odds, _ in scores(model, reader, [asked])[0]])
    pairs = [(lines[a], lines[b]) for a, b, _ in asked.pairs()]
    ours = pair_encoder().odds(QUESTION, pairs)
    assert np.abs(ours - theirs).max() < 1.0  # they spread over some 12


def test_each_pair_is_read_alike_alone_and_among_others() -> None:
    encoder = pair_encoder()
    together = encoder.odds(QUESTION, [(ONE, OTHER), (ONE, BESIDE)])
    assert together.tolist() == [
        *encoder.odds(QUESTION, [(ONE, OTHER)]),
        *encoder.odds(QUESTION, [(ONE, BESIDE)]),
    ]
    assert encoder.odds(QUESTION, []).shape == (0,)


def test_who_answers_differently_is_the_likelier() -> None:
    apart, beside = pair_encoder().odds(QUESTION, [(ONE, OTHER), (ONE, BESIDE)]).tolist()
    assert apart > beside + 1


def test_kinds_of_tokens() -> None:
    assert kinds([2, 3, 4], [1, 2]).tolist() == [0, 0, 1, 2, 2, 3, 3, 4, 4]


@pytest.fixture
def differing(tmp_path: Path, encoder: Encoder) -> Assistant:
    for name, text in PAGES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    refresh(tmp_path / "store", [tmp_path / name for name in PAGES], encoder=encoder)
    return Assistant.open(tmp_path / "store")


def test_pages_that_differ_stand_side_by_side(differing: Assistant) -> None:
    (conflict,) = differing.ask(DIFFER, today=TODAY).conflicts
    assert conflict.about == ASKED
    said = [claim.value for claim in conflict.claims]
    assert len(said) == 2
    assert [any(sum_ in value for value in said) for sum_ in ("12个月", "6个月")] == [
        True,
        True,
    ]
    assert all(claim.value in claim.citation.quote.text for claim in conflict.claims)


def test_pages_that_agree_are_left_alone(differing: Assistant) -> None:
    assert not differing.ask("生育津贴在哪里申请", today=TODAY).conflicts


def test_without_the_bundled_model_none_is_shown(
    differing: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> None:
        raise ModelError("没有安装")

    monkeypatch.setattr(unlike, "pair_encoder", missing)
    unlike.reader.cache_clear()
    try:
        assert not differing.ask(DIFFER, today=TODAY).conflicts
    finally:
        unlike.reader.cache_clear()


def test_our_own_articles_alone_are_not_read_in_pairs(
    shipped: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never() -> None:
        raise AssertionError

    monkeypatch.setattr(unlike, "reader", never)
    assert shipped.ask("职工医保断缴后怎么补", today=TODAY).status == "answered"
