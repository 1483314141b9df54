"""Floors of the answers to questions of fourteen askers, of whom the judge met eight;
``python -m benchmarks.people`` prints the figures."""

from __future__ import annotations

from datetime import date

import pytest

from assistant import Assistant
from benchmarks.labels import read_rows
from benchmarks.people import PEOPLE, figures, score


@pytest.mark.quality
def test_people_are_answered_directly_and_not_misled(shipped: Assistant) -> None:
    rows = [row for file in sorted(PEOPLE.glob("*.jsonl")) for row in read_rows(file)]
    assert len(rows) >= 300
    got = [score(row, shipped.ask(row["question"], today=date(2026, 11, 28))) for row in rows]
    found = {name: mean for name, mean, _ in figures(got)}
    assert found["status_right"] >= 0.86
    assert found["refused_wrongly"] <= 0.11
    assert found["answered_wrongly"] <= 0.17
    assert found["direct"] >= 0.6
    assert found["misled"] <= 0.055
    assert found["noise_steps"] <= 0.03
    assert found["good"] >= 0.67
