"""Floors of the answers to questions of six askers whom the judge never met, and of two whose near
misses are harder; ``python -m benchmarks.people`` prints the figures of all eighteen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from assistant import Assistant
from benchmarks.labels import read_rows
from benchmarks.people import PEOPLE, figures, score

SIX = ("i", "j", "k", "l", "m", "n")
LAST = ("o", "p")


def figures_of(shipped: Assistant, askers: Sequence[str]) -> dict[str, float]:
    rows = [row for asker in askers for row in read_rows(PEOPLE / f"{asker}.jsonl")]
    got = [score(row, shipped.ask(row["question"], today=date(2026, 11, 28))) for row in rows]
    return {name: mean for name, mean, _ in figures(got)}


@pytest.mark.quality
def test_people_are_answered_directly_and_not_misled(shipped: Assistant) -> None:
    found = figures_of(shipped, SIX)
    assert found["status_right"] >= 0.88
    assert found["refused_wrongly"] <= 0.06
    assert found["answered_wrongly"] <= 0.21
    assert found["direct"] >= 0.66
    assert found["misled"] <= 0.06
    assert found["noise_steps"] <= 0.03
    assert found["good"] >= 0.7


@pytest.mark.quality
def test_the_last_two_askers(shipped: Assistant) -> None:
    """Met once, then these floors: near misses are answered far too often here."""
    found = figures_of(shipped, LAST)
    assert found["status_right"] >= 0.8
    assert found["refused_wrongly"] <= 0.06
    assert found["answered_wrongly"] <= 0.38
    assert found["direct"] >= 0.6
    assert found["good"] >= 0.58
