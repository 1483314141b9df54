"""Answers over pages that no word list was made from: other cities, other ways to write.

``tests/quality/pages`` holds two sets of pages by authors who had not seen the code, with their
labels. What the pages say is invented, some of it wrong on purpose: never take them into a store
that people ask. They were used while steps, claims and refusals were widened, so the floors hold
what was reached; they are no measure of unseen pages.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from assistant import Assistant
from benchmarks.labels import QUALITY, bare, in_order, read_rows
from corpus.settings import Settings
from index.encoder import Encoder

TODAY = date(2026, 11, 21)
SETS = ("cities", "traps")


@pytest.fixture(scope="session")
def pages(
    settings: Settings, encoder: Encoder, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Assistant]:
    """An assistant over each set of pages alone."""
    here = tmp_path_factory.mktemp("pages")
    return {
        name: Assistant.create(
            here / name, _folder(name) / "docs", settings=settings, encoder=encoder
        )
        for name in SETS
    }


@pytest.mark.quality
@pytest.mark.parametrize("name", SETS)
def test_steps_are_whole_and_in_order(pages: dict[str, Assistant], name: str) -> None:
    def held(question: str, order: list[str]) -> bool:
        told = pages[name].ask(question, today=TODAY).procedures
        return any(in_order(order, "".join(s.text for s in p.steps)) for p in told)

    rows = read_rows(_folder(name) / "steps.jsonl")
    missed = [row["id"] for row in rows if not held(row["question"], row["in_order"])]
    assert len(missed) <= 0.1 * len(rows), missed


@pytest.mark.quality
@pytest.mark.parametrize(("name", "most"), [("cities", 0.2), ("traps", 0.6)])
def test_who_disagrees(pages: dict[str, Assistant], name: str, most: float) -> None:
    """The pair reader has learned from these too; of ``traps`` patterns that were written for them found more."""

    def shown(question: str, values: list[str]) -> bool:
        for conflict in pages[name].ask(question, today=TODAY).conflicts:
            claims = [bare(claim.value) for claim in conflict.claims]
            if sum(any(bare(value) in claim for claim in claims) for value in values) > 1:
                return True
        return False

    rows = read_rows(_folder(name) / "conflicts.jsonl")
    missed = [row["id"] for row in rows if not shown(row["question"], row["values"])]
    assert len(missed) <= most * len(rows), missed


@pytest.mark.quality
def test_the_answerable_are_answered_and_the_others_refused(pages: dict[str, Assistant]) -> None:
    def refused(name: str) -> list[bool]:
        rows = read_rows(_folder("cities") / name)
        return [
            pages["cities"].ask(row["question"], today=TODAY).status == "refused" for row in rows
        ]

    outside, inside = refused("refuse.jsonl"), refused("retrieval.jsonl")
    assert sum(outside) >= 0.6 * len(outside)
    assert sum(inside) <= 0.07 * len(inside)


def _folder(name: str) -> Path:
    return QUALITY / "pages" / name
