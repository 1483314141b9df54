"""Floors of the answers to questions of fourteen askers, of whom the judge met eight, and of two whose near
misses are harder; ``python -m benchmarks.people`` prints the figures of all eighteen."""

from __future__ import annotations

from datetime import date

import pytest

from assistant import Assistant
from benchmarks.labels import read_rows
from benchmarks.people import PEOPLE, Score, figures, score

FOURTEEN = "abcdefghijklmn"
UNMET = "ijklmn"
LAST = "op"


def scores_of(shipped: Assistant, askers: str) -> dict[str, list[Score]]:
    return {
        asker: [
            score(row, shipped.ask(row["question"], today=date(2026, 11, 28)))
            for row in read_rows(PEOPLE / f"{asker}.jsonl")
        ]
        for asker in askers
    }


def figures_of(scores: dict[str, list[Score]], askers: str) -> dict[str, float]:
    return {name: mean for name, mean, _ in figures([s for a in askers for s in scores[a]])}


@pytest.mark.quality
def test_people_are_answered_directly_and_not_misled(shipped: Assistant) -> None:
    scores = scores_of(shipped, FOURTEEN)
    found = figures_of(scores, FOURTEEN)
    assert found["status_right"] >= 0.86
    assert found["refused_wrongly"] <= 0.11
    assert found["answered_wrongly"] <= 0.17
    assert found["direct"] >= 0.6
    assert found["misled"] <= 0.055
    assert found["noise_steps"] <= 0.03
    assert found["good"] >= 0.67
    unmet = figures_of(scores, UNMET)
    assert unmet["status_right"] >= 0.88
    assert unmet["refused_wrongly"] <= 0.06
    assert unmet["direct"] >= 0.66
    assert unmet["good"] >= 0.7


@pytest.mark.quality
def test_the_last_two_askers(shipped: Assistant) -> None:
    """Met once, then these floors: near misses are answered far too often here."""
    found = figures_of(scores_of(shipped, LAST), LAST)
    assert found["status_right"] >= 0.8
    assert found["refused_wrongly"] <= 0.06
    assert found["answered_wrongly"] <= 0.38
    assert found["direct"] >= 0.6
    assert found["good"] >= 0.58
