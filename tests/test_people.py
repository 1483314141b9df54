"""Floors of the answers to questions of fourteen askers, of whom the judge met eight, and of two whose near
misses are harder; ``python -m benchmarks.people`` prints the figures."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assistant import Assistant
from benchmarks.labels import read_rows
from benchmarks.people import PEOPLE, figures, score

LAST = ("o", "p")


def figures_of(shipped: Assistant, files: list[Path]) -> dict[str, float]:
    rows = [row for file in files for row in read_rows(file)]
    got = [score(row, shipped.ask(row["question"], today=date(2026, 11, 28))) for row in rows]
    return {name: mean for name, mean, _ in figures(got)}


@pytest.mark.quality
def test_people_are_answered_directly_and_not_misled(shipped: Assistant) -> None:
    files = [file for file in sorted(PEOPLE.glob("*.jsonl")) if file.stem not in LAST]
    assert len(files) >= 14
    found = figures_of(shipped, files)
    assert found["status_right"] >= 0.86
    assert found["refused_wrongly"] <= 0.11
    assert found["answered_wrongly"] <= 0.17
    assert found["direct"] >= 0.6
    assert found["misled"] <= 0.055
    assert found["noise_steps"] <= 0.03
    assert found["good"] >= 0.67


@pytest.mark.quality
def test_the_last_two_askers(shipped: Assistant) -> None:
    """Met once, then these floors: near misses are answered far too often here."""
    found = figures_of(shipped, [PEOPLE / f"{name}.jsonl" for name in LAST])
    assert found["status_right"] >= 0.75
    assert found["refused_wrongly"] <= 0.08
    assert found["direct"] >= 0.62
    assert found["good"] >= 0.54
