"""Floors of the answers to questions of the six newest askers, from whom nothing was learned and by whom no constant was chosen;
``python -m benchmarks.people`` prints the figures of all."""

from __future__ import annotations

from datetime import date

import pytest

from assistant import Assistant
from benchmarks.labels import read_rows
from benchmarks.people import PEOPLE, figures, score

ASKERS = ("ah", "ai", "aj", "ak", "al", "am")


@pytest.mark.quality
def test_people_are_answered_directly_and_not_misled(shipped: Assistant) -> None:
    """Of those that have no answer .16 are answered, and .10 of the others, most of them answered in part, are refused: too
    much."""
    scores = [
        score(row, shipped.ask(row["question"], today=date(2026, 11, 28)))
        for asker in ASKERS
        for row in read_rows(PEOPLE / f"{asker}.jsonl")
    ]
    found = {name: mean for name, mean, _ in figures(scores)}
    assert found["status_right"] >= 0.86
    assert found["refused_wrongly"] <= 0.12
    assert found["answered_wrongly"] <= 0.18
    assert found["direct"] >= 0.65
    assert found["misled"] <= 0.06
    assert found["noise_steps"] <= 0.02
    assert found["good"] >= 0.675
