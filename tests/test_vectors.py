"""Nearest vectors, compared with a plain matrix product."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from index.vectors import Vectors


def unit(n: int, dimension: int = 24, seed: int = 0) -> NDArray[np.float32]:
    rows = np.random.default_rng(seed).standard_normal((n, dimension)).astype(np.float32)
    found: NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return found


def test_flat_search_is_exact() -> None:
    rows, query = unit(200), unit(1, seed=1)[0]
    expected = np.argsort(-(rows @ query), kind="stable")[:7].tolist()
    found = Vectors.from_matrix(rows).nearest(query, 7)
    assert [n for n, _ in found] == expected
    assert [s for _, s in found] == pytest.approx((rows @ query)[expected].tolist(), abs=1e-6)


def test_more_than_there_are_gives_all_of_them() -> None:
    """FAISS pads with -1, which as an index would name the last row."""
    found = Vectors.from_matrix(unit(3)).nearest(unit(1)[0], 10)
    assert sorted(n for n, _ in found) == [0, 1, 2]


@pytest.mark.parametrize("k", [0, -1])
def test_nothing_asked_nothing_found(k: int) -> None:
    assert list(Vectors.from_matrix(unit(3)).nearest(unit(1)[0], k)) == []


def test_an_empty_index_finds_nothing() -> None:
    vectors = Vectors.from_matrix(np.zeros((0, 24), np.float32))
    back = Vectors.from_bytes(vectors.to_bytes())
    assert (len(back), len(back.nearest(unit(1)[0], 3)), back.matrix.shape) == (0, 0, (0, 24))


def test_equal_rows_come_in_their_order() -> None:
    row = unit(1)
    found = Vectors.from_matrix(np.concatenate([row, row, row])).nearest(row[0], 3)
    assert [n for n, _ in found] == [0, 1, 2]


def test_cosines_of_chosen_rows() -> None:
    rows, query = unit(20), unit(1, seed=1)[0]
    found = Vectors.from_matrix(rows).cosines(query, [3, 17, 3])
    assert found.dtype == np.float32
    assert found.tolist() == pytest.approx([float(rows[n] @ query) for n in (3, 17, 3)], abs=1e-6)
    assert Vectors.from_matrix(rows).cosines(query, []).shape == (0,)


@pytest.mark.parametrize(("limit", "kind"), [(300, "flat"), (299, "hnsw")])
def test_the_number_of_rows_chooses_the_kind(limit: int, kind: str) -> None:
    rows = unit(300)
    made = Vectors.from_matrix(rows, flat_limit=limit)
    back = Vectors.from_bytes(made.to_bytes())
    assert (made.kind, back.kind) == (kind, kind)
    assert np.array_equal(back.matrix, rows)
    assert list(back.nearest(rows[5], 4)) == list(made.nearest(rows[5], 4))


def test_a_graph_of_the_same_rows_is_the_same_bytes() -> None:
    rows = unit(400)
    first, second = (Vectors.from_matrix(rows, flat_limit=100).to_bytes() for _ in range(2))
    assert first == second


def test_recall_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = unit(600)
    assert Vectors.from_matrix(rows).recall() == 1.0
    graph = Vectors.from_matrix(rows, flat_limit=100)
    assert 0.9 < graph.recall() <= 1.0
    monkeypatch.setattr("index.graph.SEARCHED", 1)
    assert graph.recall() < 0.99


@pytest.mark.parametrize("limit", [1000, 100])
def test_a_refreshed_index_numbers_its_rows_anew(limit: int) -> None:
    """Rows gone, new and moved: each is found where it stands now, as in an index made afresh."""
    before = unit(600)
    origin = np.concatenate([[-1], np.arange(0, 300), [-1, -1], np.arange(320, 600), [5]])
    new = np.where(origin[:, None] >= 0, before[origin], unit(len(origin), seed=1))
    old = Vectors.from_matrix(before, flat_limit=limit)
    found = old.refreshed(new, origin, flat_limit=limit)
    fresh = Vectors.from_matrix(new, flat_limit=limit)
    back = Vectors.from_bytes(found.to_bytes())
    assert np.array_equal(back.matrix, new)
    assert (len(back), back.kind) == (len(new), fresh.kind)
    for n in (0, 6, 301, 302, 450, len(new) - 1):
        assert back.nearest(new[n], 1)[0][1] == pytest.approx(1.0)
        assert n in [row for row, _ in back.nearest(new[n], 2)]
        assert back.cosines(new[n], [n, 3]).tolist() == fresh.cosines(new[n], [n, 3]).tolist()
    assert np.array_equal(old.matrix, before), "whoever reads the old one is not disturbed"


def test_a_graph_that_shrinks_below_the_limit_is_given_up() -> None:
    graph = Vectors.from_matrix(unit(120), flat_limit=100)
    assert graph.refreshed(unit(120)[:90], np.arange(90), flat_limit=100).kind == "flat"


def test_a_flat_index_that_outgrows_the_limit_becomes_a_graph() -> None:
    flat, rows = Vectors.from_matrix(unit(90), flat_limit=100), unit(120)
    assert flat.refreshed(rows, np.full(120, -1), flat_limit=100).kind == "hnsw"


def test_bytes_of_something_else_are_refused() -> None:
    with pytest.raises(ValueError, match="FAISS"):
        Vectors.from_bytes(b"not an index at all")
