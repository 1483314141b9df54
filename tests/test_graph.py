"""A graph after changes, compared with a plain matrix product over the rows that there are."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from index import graph
from index.graph import GONE, Graph, Nodes
from index.rows import Rows
from index.vectors import Vectors

Matrix = NDArray[np.float32]


def clustered(n: int, seed: int = 0) -> Matrix:
    """Rows that lie as texts do, many near one another."""
    random = np.random.default_rng(seed)
    centres = np.random.default_rng(99).standard_normal((40, 24))
    rows = centres[random.integers(0, 40, n)] + 0.7 * random.standard_normal((n, 24))
    found: Matrix = rows.astype(np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def searched(found: Graph, rows: Matrix) -> Vectors:
    return Vectors(Rows.of(rows), graph=lambda: found)


def recall(found: Graph, rows: Matrix, asked: Matrix) -> float:
    true = np.argsort(-(asked @ rows.T), axis=1)[:, :10].tolist()
    vectors = searched(found, rows)
    numbers = [[n for n, _ in vectors.nearest(query, 10)] for query in asked]
    return sum(len(set(a) & set(b)) for a, b in zip(numbers, true, strict=True)) / (10 * len(asked))


def again(found: Graph, rows: Matrix, origin: NDArray[np.int64]) -> Graph:
    """The same links over rows that changed, as they are read from their files."""
    nodes = Nodes.from_bytes(found.nodes.moved(origin).to_bytes())
    return Graph.from_bytes(found.to_bytes(), nodes, Rows.of(rows))


def test_many_small_changes_lose_no_recall() -> None:
    """Forty changes, each of some rows gone and some new at other places; the links are written anew
    when it is time, else kept."""
    random, kept = np.random.default_rng(1), 0
    rows = clustered(1500)
    found = Graph.build(Rows.of(rows))
    for n in range(40):
        stay = np.sort(random.permutation(len(rows))[:-15])
        origin = np.insert(stay, random.integers(0, len(stay), 15), -1)
        changed = rows[origin]
        changed[origin < 0] = clustered(15, seed=100 + n)
        nodes, rows = found.nodes.moved(origin), changed
        if nodes.worn:
            found = Graph.build(Rows.of(rows))
        elif nodes.outgrown:
            found = again(found, rows, origin).grown()
        else:
            links = bytes(found.to_bytes())
            found, kept = again(found, rows, origin), kept + 1
            assert found.to_bytes() == links
    assert kept > 20
    assert recall(found, rows, clustered(100, seed=7)) > 0.99
    vectors = searched(found, rows)
    first = [vectors.nearest(row, 1).scores[0] for row in rows]
    assert (np.array(first) > 0.9999).mean() > 0.995


def test_rows_that_came_are_found_exactly() -> None:
    rows = clustered(300)
    origin = np.insert(np.arange(300), [0, 100, 300], -1)
    changed = rows[origin]
    changed[origin < 0] = clustered(3, seed=5)
    found = again(Graph.build(Rows.of(rows)), changed, origin)
    assert found.nodes.beside().tolist() == [0, 101, 302]
    for n in (0, 101, 302, 1, 100, 301):
        assert searched(found, changed).nearest(changed[n], 1).numbers[0] == n


def test_what_went_is_never_found_and_leaves_no_vector() -> None:
    """Neither in the files, which hold none at all, nor in memory."""
    rows = clustered(300)
    made = Graph.build(Rows.of(rows))
    origin = np.arange(40, 300)
    found = again(made, rows[40:], origin)
    twins = graph._faiss.vector_to_array(found._vectors.codes).view(np.float16).reshape(300, -1)
    left = {row.tobytes() for row in twins}
    files = bytes(made.to_bytes()) + made.nodes.to_bytes()
    for row in rows[:40]:
        assert row.astype(np.float16).tobytes() not in left
        assert row[:4].tobytes() not in files
        assert row[:4].astype(np.float16).tobytes() not in files
    numbers = {n for row in rows[:40] for n, _ in searched(found, rows[40:]).nearest(row, 250)}
    assert max(numbers) < 260


def test_a_whole_neighbourhood_that_went_hides_nothing() -> None:
    """Not even where stones have only stones about them."""
    rows = clustered(1500)
    far = rows @ rows[0] < 0.2
    origin = np.flatnonzero(far)
    assert 100 < 1500 - len(origin) < 750
    found = again(Graph.build(Rows.of(rows)), rows[far], origin)
    assert recall(found, rows[far], clustered(100, seed=7)) > 0.99


def test_links_serve_until_too_many_went_or_came() -> None:
    nodes = Nodes.of(1000)
    gone, came = int(1000 * graph.MOST_GONE), int(1000 * graph.MOST_BESIDE)
    assert not nodes.moved(np.arange(gone, 1000)).worn
    assert nodes.moved(np.arange(gone + 1, 1000)).worn
    assert not nodes.moved(np.append(np.arange(1000), [-1] * came)).outgrown
    assert nodes.moved(np.append(np.arange(1000), [-1] * (came + 1))).outgrown


def test_a_graph_that_grew_has_a_node_for_each_row() -> None:
    rows = clustered(340)
    origin = np.append(np.arange(2, 300), np.full(42, -1))
    now = np.concatenate([rows[2:300], rows[298:]])
    found = again(Graph.build(Rows.of(rows[:300])), now, origin).grown()
    assert (len(found.nodes.rows), len(found.nodes.beside())) == (342, 0)
    assert found.nodes.rows[:3].tolist() == [GONE, GONE, 0]
    assert recall(found, now, clustered(100, seed=7)) > 0.99
    back = Graph.from_bytes(found.to_bytes(), found.nodes, Rows.of(now))
    assert recall(back, now, clustered(100, seed=7)) > 0.99


def test_a_text_that_comes_twice_is_found_twice() -> None:
    rows = clustered(50)
    origin = np.append(np.arange(50), 3)
    found = again(Graph.build(Rows.of(rows)), rows[origin], origin)
    assert [n for n, _ in searched(found, rows[origin]).nearest(rows[3], 2)] == [3, 50]


@pytest.mark.parametrize("bad", [[0, 1, 1], [0, 1, 5], [0, 1, -2]])
def test_nodes_that_stand_for_no_row_or_two_are_refused(bad: list[int]) -> None:
    data = Nodes(np.array(bad, np.int32), 4).to_bytes()
    with pytest.raises(ValueError, match="one row each"):
        Nodes.from_bytes(data)


def test_files_of_two_graphs_are_refused() -> None:
    rows = Rows.of(clustered(5))
    links = Graph.build(rows).to_bytes()
    with pytest.raises(ValueError, match="not over the nodes"):
        Graph.from_bytes(links, Nodes(np.arange(4, dtype=np.int32), 5), rows)
    with pytest.raises(ValueError, match="not over the rows"):
        Graph.from_bytes(links, Nodes.of(5), Rows.of(clustered(6)))
