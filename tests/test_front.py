"""Front matter is parsed within bounds, whatever it says."""

from itertools import pairwise

import pytest
import yaml

from corpus.front import LONGEST, FrontError, parse
from corpus.reading.fields import front_facts
from corpus.schema import problems

LAUGHS = "a: &a [lol, lol]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n" for before, name in pairwise("abcdefghi")
)


def test_fields_and_their_lines() -> None:
    front = parse("title: 断缴\nquestions:\n- 怎么补\n")
    assert front is not None
    assert front.fields == {"title": "断缴", "questions": ["怎么补"]}
    assert front.lines == {"title": 0, "questions": 1}


def test_something_else_than_fields() -> None:
    assert parse("- 断缴\n") is None
    assert parse("") is None


OUT_OF_BOUNDS = {
    "laughs": (LAUGHS, "alias", 1),
    "alias": ("a: &x 断缴\nb: *x\n", "alias", 1),
    "itself": ("a: &x [*x]\n", "alias", 0),
    "brackets": ("a: " + "[" * 500, "deeper", 0),
    "dashes": ("- " * 5_000 + "a", "deeper", 0),
    "questions": ("? " * 5_000 + "a", "deeper", 0),
    "long": ("a: b\n" * (LONGEST // 5 + 1), "longer", 0),
}


@pytest.mark.parametrize("name", OUT_OF_BOUNDS)
def test_out_of_bounds(name: str) -> None:
    block, what, line = OUT_OF_BOUNDS[name]
    with pytest.raises(FrontError, match=what) as caught:
        parse(block)
    assert caught.value.line == line
    assert front_facts(block).title == ""
    (problem,) = problems("a.md", f"---\n{block}\n---\n")
    assert (problem.line, what in problem.what) == (line + 2, True)


def test_no_yaml() -> None:
    with pytest.raises(yaml.YAMLError):
        parse("a: [")
