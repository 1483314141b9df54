"""Floors of the answers to questions of twelve askers whose questions no model has learned from; ``python -m
benchmarks.people`` prints the figures of all twenty."""

from __future__ import annotations

from datetime import date

import pytest

from assistant import Assistant
from benchmarks.labels import read_rows
from benchmarks.people import PEOPLE, figures, score

FIRST, LAST = "ijklmn", "opqrst"


def figures_of(shipped: Assistant, askers: str) -> dict[str, float]:
    scores = [
        score(row, shipped.ask(row["question"], today=date(2026, 11, 28)))
        for asker in askers
        for row in read_rows(PEOPLE / f"{asker}.jsonl")
    ]
    return {name: mean for name, mean, _ in figures(scores)}


@pytest.mark.quality
def test_people_are_answered_directly_and_not_misled(shipped: Assistant) -> None:
    """The weights of the decision were fitted on these, too."""
    found = figures_of(shipped, FIRST)
    assert found["status_right"] >= 0.89
    assert found["refused_wrongly"] <= 0.055
    assert found["answered_wrongly"] <= 0.2
    assert found["direct"] >= 0.69
    assert found["misled"] <= 0.055
    assert found["noise_steps"] <= 0.03
    assert found["good"] >= 0.71


@pytest.mark.quality
def test_six_askers_more(shipped: Assistant) -> None:
    """Met once, then these floors: near misses are answered far too often here."""
    found = figures_of(shipped, LAST)
    assert found["status_right"] >= 0.855
    assert found["refused_wrongly"] <= 0.035
    assert found["answered_wrongly"] <= 0.35
    assert found["direct"] >= 0.7
    assert found["misled"] <= 0.09
    assert found["noise_steps"] <= 0.035
    assert found["good"] >= 0.65
