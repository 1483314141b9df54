"""For whom and of what place: the arrays say what the marks of each passage say."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from corpus.types import Scheme
from index.filters import Filters
from index.graph import Graph
from index.marks import Marks
from index.rows import Rows
from index.types import EVERYTHING, Filter
from index.vectors import TIES, Vectors

SCHEMES: tuple[tuple[Scheme, ...], ...] = ((), ("居民",), ("职工", "灵活就业"), ("居民", "职工"))
MARKS = [Marks(schemes, region) for schemes, region in product(SCHEMES, ("全国", "沈阳", "大连"))]


@pytest.mark.parametrize("region", [None, "沈阳", "北京"])
@pytest.mark.parametrize("schemes", SCHEMES)
def test_what_passes_is_what_the_filter_lets_through(
    schemes: tuple[Scheme, ...], region: str | None
) -> None:
    only = Filter(schemes, region)
    assert Filters.of(MARKS).passing(only).tolist() == [only.lets(marks) for marks in MARKS]


def test_who_names_nothing_is_let_through_and_nobody_else() -> None:
    only = Filter(("居民",), "沈阳")
    assert only.lets(Marks(("居民", "职工"), "沈阳"))
    assert only.lets(Marks((), "全国"))
    assert not only.lets(Marks(("职工",), "沈阳"))
    assert not only.lets(Marks(("居民",), "大连"))
    assert (bool(only), bool(EVERYTHING)) == (True, False)


def test_the_places() -> None:
    assert Filters.of(MARKS).places == ["全国", "大连", "沈阳"]
    assert Filters.of(()).places == []
    assert Filters.of(()).passing(Filter(region="沈阳")).tolist() == []


def test_what_is_kept_of_before_is_as_if_all_were_new() -> None:
    """Also where a place is not met any more, and a new one is."""
    before = Filters.of(MARKS)
    kept = np.array([4, -1, 1, 0, -1], np.int64)
    new = {1: Marks(("居民",), "北京"), 4: MARKS[5]}
    joined = Filters.joined(new, kept, before)
    fresh = Filters.of([MARKS[4], new[1], MARKS[1], MARKS[0], new[4]])
    assert joined.places == fresh.places == ["全国", "北京", "大连", "沈阳"]
    assert joined.schemes.tolist() == fresh.schemes.tolist()
    assert joined.regions.tolist() == fresh.regions.tolist() == [3, 1, 3, 0, 2]
    assert Filters.joined({}, np.array([0, 3], np.int64), before).places == ["全国"]


@pytest.mark.parametrize("graph", [True, False])
def test_the_nearest_of_those_that_pass_are_found_among_many_that_do_not(graph: bool) -> None:
    """In the graph too, where they are few and lie far off, and where they are most."""
    random = np.random.default_rng(3)
    rows = random.standard_normal((2_000, 16)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    vectors = Vectors(Rows.of(rows), graph=(lambda: Graph.build(Rows.of(rows))) if graph else None)
    cosines = rows @ rows[0]
    for passing in (cosines < np.quantile(cosines, 0.01), cosines < np.quantile(cosines, 0.999)):
        expected = np.flatnonzero(passing)[np.argsort(-cosines[passing])][:5]
        assert vectors.nearest(rows[0], 5, passing).numbers.tolist() == expected.tolist()
    assert len(vectors.nearest(rows[0], 5, np.zeros(len(rows), np.bool_))) == 0


def test_of_equal_rows_the_lower_numbers_stand_first_also_at_the_cut() -> None:
    row = np.eye(4, dtype=np.float32)[:1]
    vectors = Vectors.from_matrix(np.repeat(row, TIES + 2, axis=0))
    assert vectors.nearest(row[0], 2).numbers.tolist() == [0, 1]
