"""Nearest vectors, compared with a plain matrix product."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from index.graph import Graph, Nodes
from index.halves import packed
from index.rows import Held, Rows
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
    found = vectors.nearest(unit(1)[0], 3)
    assert (len(vectors), len(found), vectors.matrix.shape) == (0, 0, (0, 24))


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


@pytest.mark.parametrize("held", [0, 300])
@pytest.mark.parametrize("cuts", [[0, 300], [0, 100, 100, 299, 300], [0, 0, 300, 300]])
def test_rows_in_pieces_are_the_rows(
    cuts: list[int], held: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether all are kept or those are read that are asked for."""
    monkeypatch.setattr("index.rows.HELD", held)
    rows = unit(300)
    vectors = Vectors(in_pieces(rows, cuts))
    assert np.array_equal(vectors.matrix, rows)
    wanted = [299, 3, 100, 3, 4, 5, 98, 99, 101]
    assert np.array_equal(vectors.rows.take(wanted), rows[wanted])
    assert vectors.rows.take([]).shape == (0, 24)
    assert list(vectors.nearest(rows[5], 40)) == list(
        Vectors.from_matrix(rows).nearest(rows[5], 40)
    )
    assert vectors.cosines(rows[5]).tolist() == Vectors.from_matrix(rows).cosines(rows[5]).tolist()


def test_equal_rows_come_in_their_order_over_pieces_and_at_the_cut() -> None:
    rows = np.repeat(unit(1), 9, axis=0)
    assert [n for n, _ in Vectors(in_pieces(rows, [0, 4, 9])).nearest(rows[0], 5)] == [
        0,
        1,
        2,
        3,
        4,
    ]


def test_pieces_of_another_size_are_refused() -> None:
    with pytest.raises(ValueError, match="expected 4"):
        Rows([0, 4], [Held(unit(3))], 24).whole()
    with pytest.raises(ValueError, match="cuts"):
        Rows([0, 4], [], 24)


def in_pieces(rows: NDArray[np.float32], cuts: list[int]) -> Rows:
    pieces = [rows[a:b] for a, b in pairwise(cuts)]
    return Rows(cuts, [Held(p) for p in pieces], rows.shape[1])


def with_graph(rows: NDArray[np.float32], graph: Graph) -> Vectors:
    return Vectors(Rows.of(rows), graph=lambda: graph)


def test_a_graph_comes_back_as_it_was() -> None:
    rows = unit(300)
    graph = Graph.build(Rows.of(rows))
    again = Graph.from_bytes(graph.to_bytes(), graph.nodes, Rows.of(rows))
    made, back = with_graph(rows, graph), with_graph(rows, again)
    assert (made.kind, Vectors.from_matrix(rows).kind) == ("hnsw", "flat")
    assert list(back.nearest(rows[5], 4)) == list(made.nearest(rows[5], 4))


def test_a_graph_of_the_same_rows_is_the_same_bytes() -> None:
    first, second = (Graph.build(Rows.of(unit(400))).to_bytes() for _ in range(2))
    assert first == second


def test_recall_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = unit(600)
    assert Vectors.from_matrix(rows).recall() == 1.0
    vectors = with_graph(rows, Graph.build(Rows.of(rows)))
    assert 0.9 < vectors.recall() <= 1.0
    monkeypatch.setattr("index.graph.SEARCHED", 1)
    assert vectors.recall() < 0.99


def test_a_graph_over_pieces_numbers_its_rows_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows gone, new and moved: each is found where it stands now."""
    monkeypatch.setattr("index.rows.HELD", 0)
    before = unit(600)
    origin = np.concatenate([[-1], np.arange(0, 300), [-1, -1], np.arange(320, 600), [5]])
    new = np.where(origin[:, None] >= 0, before[origin], unit(len(origin), seed=1))
    old, rows = Graph.build(Rows.of(before)), in_pieces(new, [0, 100, 100, 500, len(new)])
    graph = Graph.from_bytes(old.to_bytes(), old.nodes.moved(origin), rows)
    for found in (Vectors(rows, graph=lambda: graph), Vectors(rows, graph=graph.grown)):
        for n in (0, 6, 301, 302, 450, len(new) - 1):
            assert found.nearest(new[n], 1)[0][1] == pytest.approx(1.0)
            assert n in [row for row, _ in found.nearest(new[n], 2)]


@pytest.mark.parametrize("data", [b"not an index at all", bytes(packed(unit(5)))])
def test_bytes_of_something_else_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"FAISS|not a graph"):
        Graph.from_bytes(data, Nodes.of(5), Rows.of(unit(5)))
