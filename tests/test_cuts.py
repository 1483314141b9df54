"""Where lists are cut: by their names alone, so that a change moves few cuts."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from index.cuts import LEAST, PIECES, cuts, mean_size

NAMES = [f"停保/{n:05}.md" for n in range(5_000)]


def runs(names: list[str], size: int = 64) -> set[tuple[str, ...]]:
    return {tuple(names[a:b]) for a, b in pairwise(cuts(names, size))}


@pytest.mark.parametrize("size", [8, 64, 1000])
def test_pieces_are_of_the_size_that_is_wanted(size: int) -> None:
    found = cuts(NAMES, size)
    lengths = np.diff(found)
    assert (found[0], found[-1]) == (0, len(NAMES))
    assert (lengths[:-1] >= size // 2).all()
    assert ((lengths > 0) & (lengths <= 2 * size)).all()
    assert 0.6 * size < lengths.mean() < 1.4 * size


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_short_lists(count: int) -> None:
    assert cuts(NAMES[:count], 1000) == ([0, count] if count else [0])


@pytest.mark.parametrize("place", [0, 1, 2_345, 4_999])
def test_one_name_more_or_less_changes_few_pieces(place: int) -> None:
    whole = runs(NAMES)
    for other in ([*NAMES[:place], *NAMES[place + 1 :]], [*NAMES[:place], "新", *NAMES[place:]]):
        assert 1 <= len(runs(other) - whole) <= 8
    assert len(whole) > 60


def test_the_number_of_pieces_is_bounded() -> None:
    assert mean_size(0) == mean_size(LEAST * PIECES) == LEAST
    assert mean_size(LEAST * PIECES + 1) == 2 * LEAST
    for count in (20_000, 133_333, 1_000_000):
        assert PIECES / 2 <= count / mean_size(count) <= PIECES
