"""A graph after a change, compared with a plain matrix product over the rows that there are."""

from __future__ import annotations

import faiss
import numpy as np
import pytest
from numpy.typing import NDArray

from index import graph
from index.graph import Graph


def clustered(n: int, seed: int = 0) -> NDArray[np.float32]:
    """Rows that lie as texts do, many near one another."""
    random = np.random.default_rng(seed)
    centres = np.random.default_rng(99).standard_normal((40, 24))
    rows = centres[random.integers(0, 40, n)] + 0.7 * random.standard_normal((n, 24))
    found: NDArray[np.float32] = rows.astype(np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def recall(found: Graph, rows: NDArray[np.float32], asked: NDArray[np.float32]) -> float:
    true = np.argsort(-(asked @ rows.T), axis=1)[:, :10].tolist()
    _, numbers = found.search(asked, 10)
    return sum(len(set(a) & set(b)) for a, b in zip(numbers.tolist(), true, strict=True)) / (
        10 * len(asked)
    )


def test_many_small_changes_lose_no_recall() -> None:
    """Forty changes, each of some rows gone and some new at other places."""
    random = np.random.default_rng(1)
    rows = clustered(1500)
    found = Graph.build(rows)
    for n in range(40):
        stay = np.sort(random.permutation(len(rows))[:-15])
        origin = np.insert(stay, random.integers(0, len(stay), 15), -1)
        changed = rows[origin]
        changed[origin < 0] = clustered(15, seed=100 + n)
        found, rows = found.refreshed(changed, origin), changed
    assert recall(found, rows, clustered(100, seed=7)) > 0.99
    _, numbers = found.search(rows, 1)
    itself = np.einsum("ij,ij->i", rows[numbers[:, 0]], rows)
    assert (itself > 0.9999).mean() > 0.995


def test_a_small_change_builds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = clustered(300)
    found = Graph.build(rows)
    monkeypatch.setattr(Graph, "build", None)
    origin = np.append(np.arange(1, 300), -1)
    assert len(found.refreshed(np.roll(rows, -1, axis=0), origin).vectors) == 301


def test_a_graph_with_too_many_dead_nodes_is_built_anew() -> None:
    rows = clustered(300)
    most = int(300 * graph.MOST_GONE)
    found = Graph.build(rows)
    kept = found.refreshed(rows[most:], np.arange(most, 300))
    assert (len(kept.vectors), len(kept.node_of)) == (300, 300 - most)
    anew = kept.refreshed(rows[most + 1 :], np.arange(1, 300 - most))
    assert len(anew.vectors) == len(anew.node_of) == 300 - most - 1


def test_what_went_is_never_found_and_leaves_no_vector() -> None:
    rows = clustered(300)
    found = Graph.build(rows).refreshed(rows[40:], np.arange(40, 300))
    left = {row.tobytes() for row in found.vectors}
    assert not any(row.tobytes() in left for row in rows[:40])
    _, numbers = found.search(rows[:40], 260)
    assert sorted(set(numbers.ravel().tolist()) - {-1}) == list(range(260))


def test_a_text_that_comes_twice_has_two_nodes() -> None:
    rows = clustered(50)
    origin = np.append(np.arange(50), 3)
    found = Graph.build(rows).refreshed(rows[origin], origin)
    _, numbers = found.search(rows[3:4], 2)
    assert sorted(numbers[0].tolist()) == [3, 50]


def test_nodes_that_stand_for_no_row_or_two_are_refused() -> None:
    made = Graph.build(clustered(5)).index
    faiss.copy_array_to_vector(np.array([0, 1, 1, 2, 3]), made.id_map)
    with pytest.raises(ValueError, match="one row each"):
        Graph(made)
