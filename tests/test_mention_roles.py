"""What a place or a way of doing things that a question names is to the asker."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from corpus.mention_roles import roles_of, unwanted, where_covered
from corpus.reading.places import covering, mentions_at
from corpus.text import fold
from corpus.words import words
from index.question import read_question
from training.mention_roles import rows

HELD = Path(__file__).resolve().parents[1] / "training" / "mentions" / "held"


def test_names_close_upon_each_other_are_one_place() -> None:
    folded = fold("户口在湖南，在广东省广州市番禺区上班")
    assert [folded[a:b] for a, b in mentions_at(folded)] == ["湖南", "广东省广州市番禺区"]


def test_a_single_place_is_believed_whatever_it_is() -> None:
    assert where_covered("在沈阳住院") == "在沈阳住院"
    assert where_covered("沈阳的医保在沈阳怎么报") == "沈阳的医保在沈阳怎么报"


def test_of_several_places_one_is_told_where_it_is_plain() -> None:
    """Floors of what was measured once (`corpus/data/MENTIONS_CARD.md`)."""
    told = []
    for row in rows(HELD / "places_c.jsonl"):
        names = [row.folded[a:b] for a, b in row.spans]
        left = where_covered(row.folded)
        if len(set(names)) > 1 and "cover" in row.roles and left != row.folded:
            covers = {n for n, role in zip(names, row.roles, strict=True) if role == "cover"}
            told.append(any(name in left for name in covers))
    assert len(told) >= 36
    assert np.mean(told) >= 0.9


def test_ways_that_are_not_wanted_are_told() -> None:
    pairs = [
        pair
        for row in rows(HELD / "channels_b.jsonl")
        for pair in zip(row.roles, roles_of(row.folded, row.spans, "channel"), strict=True)
    ]
    assert np.mean([a == b for a, b in pairs]) >= 0.86
    assert np.mean([b == "excluded" for a, b in pairs if a == "excluded"]) >= 0.9
    plainly = [
        pair
        for row in rows(HELD / "channels_b.jsonl")
        for pair in zip(row.roles, unwanted(row.folded, row.spans), strict=True)
    ]
    assert np.mean([no for role, no in plainly if role == "excluded"]) >= 0.8
    assert np.mean([no for role, no in plainly if role != "excluded"]) <= 0.02


@pytest.mark.parametrize(
    ("text", "channels", "excluded", "online"),
    [
        ("除了支付宝还能在哪交居民医保", (), ("支付宝",), None),
        ("居民医保怎么在支付宝上交，除了支付宝还能在哪交", (), ("支付宝",), None),
        ("不想跑窗口，手机上能办吗", (), ("窗口",), True),
        ("居民医保怎么在支付宝上交", ("支付宝",), (), True),
    ],
)
def test_a_question_leaves_out_what_is_not_wanted(
    text: str, channels: tuple[str, ...], excluded: tuple[str, ...], online: bool | None
) -> None:
    asked = read_question(text, words())
    assert (asked.channels, asked.excluded, asked.online) == (channels, excluded, online)
    assert not any(name in asked.folded for name in excluded)


def test_cover_is_the_citys_where_nothing_is_said_of_the_district() -> None:
    assert covering("番禺", {"广州", "广东"}) == "广州"
    assert covering("番禺", {"番禺", "广州"}) == "番禺"
    assert covering("浦东新区", {"上海"}) == "上海"
    assert covering("火星", {"广州"}) == "火星"
