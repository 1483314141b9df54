"""Two steps of an exact search, compared with the whole search in one."""

from __future__ import annotations

import faiss
import numpy as np
import pytest
from numpy.typing import NDArray

from index.halves import LOOKED_AT, ROUNDING, Halves, packed
from index.rows import Rows
from index.vectors import Vectors

MANY = 2_000
RANDOM = np.random.default_rng(5)


def unit(n: int, dimension: int = 32) -> NDArray[np.float32]:
    rows = RANDOM.standard_normal((n, dimension)).astype(np.float32)
    found: NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return found


def halves_of(rows: NDArray[np.float32], pieces: int = 3) -> Halves:
    firsts = [len(rows) * n // pieces for n in range(pieces)]
    parts = np.split(rows, firsts[1:])
    return Halves(Rows.of(rows), firsts, [packed(part) for part in parts])


def whole(rows: NDArray[np.float32], query: NDArray[np.float32], k: int) -> list[list[float]]:
    scores, found = faiss.knn(query, rows, k, faiss.METRIC_INNER_PRODUCT)
    return [found[0].tolist(), scores[0].tolist()]


def test_what_is_found_is_what_the_whole_search_finds_to_the_last_digit() -> None:
    rows = unit(MANY)
    halves = halves_of(rows)
    for query in unit(20)[:, None]:
        found = halves.search(query, 10)
        assert found is not None
        assert [found[1][0].tolist(), found[0][0].tolist()] == whole(rows, query, 10)


def test_where_rounding_could_hide_a_row_it_says_so() -> None:
    """Many rows that differ by less than 16 bits can tell."""
    rows = np.repeat(unit(1), 200, axis=0) + RANDOM.normal(0, 1e-5, (200, 32)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    assert halves_of(rows).search(rows[:1], 10) is None


def test_then_the_search_reads_all_rows() -> None:
    rows = np.concatenate([unit(MANY), np.repeat(unit(1), 100, axis=0)])
    vectors = Vectors(Rows.of(rows), halves=lambda: halves_of(rows))
    assert vectors.halves is not None
    query = rows[-1:]
    assert vectors.halves.search(query, 10) is None
    found = vectors.nearest(query[0], 10)
    assert len(found) == 10
    assert min(number for number, _ in found) >= MANY
    assert vectors.recall() == 1.0


def test_rounding_is_within_its_bound() -> None:
    rows, queries = unit(500, 384), unit(50, 384)
    rounded = rows.astype(np.float16).astype(np.float32)
    assert np.abs(queries @ rows.T - queries @ rounded.T).max() < ROUNDING


def test_few_rows_and_many_wanted_are_searched_in_one_step() -> None:
    rows = unit(MANY)
    assert Vectors.from_matrix(rows).halves is None
    wanted = MANY // LOOKED_AT + 1
    vectors = Vectors(Rows.of(rows), halves=lambda: halves_of(rows))
    assert len(vectors.nearest(rows[0], wanted)) == wanted


def test_halves_of_other_rows_are_refused() -> None:
    rows = unit(40)
    with pytest.raises(ValueError, match="not of one make"):
        Halves(Rows.of(rows), [0], [packed(rows[:-1])])
    with pytest.raises(ValueError, match="FAISS"):
        Halves(Rows.of(rows), [0], [b"something else entirely"])
