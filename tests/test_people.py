"""Floors of the answers to questions of six askers whom no model has learned from (``ae`` and ``af`` are among the eighteen
by whom ``assistant.summary.REPEATED`` was chosen); ``python -m benchmarks.people`` prints the figures of all."""

from __future__ import annotations

from datetime import date

import pytest

from assistant import Assistant
from benchmarks.labels import read_rows
from benchmarks.people import PEOPLE, figures, score

ASKERS = ("ae", "af", "ag", "ah", "ai", "aj")


@pytest.mark.quality
def test_people_are_answered_directly_and_not_misled(shipped: Assistant) -> None:
    """Of those that have no answer .18 are answered, and .11 of the others, most of them answered in part, are refused: too
    much."""
    scores = [
        score(row, shipped.ask(row["question"], today=date(2026, 11, 28)))
        for asker in ASKERS
        for row in read_rows(PEOPLE / f"{asker}.jsonl")
    ]
    found = {name: mean for name, mean, _ in figures(scores)}
    assert found["status_right"] >= 0.85
    assert found["refused_wrongly"] <= 0.13
    assert found["answered_wrongly"] <= 0.20
    assert found["direct"] >= 0.67
    assert found["misled"] <= 0.07
    assert found["noise_steps"] <= 0.03
    assert found["good"] >= 0.685
