"""Two people changed one text at the same time: their changes together, or side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

THEIRS, MINE, END = "<<<<<<< 现在的", "=======", ">>>>>>> 我的"
"""Lines round what both changed differently."""

_Hunk = tuple[int, int, list[str]]
"""Lines ``start`` to ``end`` of the base, and what stands in their place."""


@dataclass(frozen=True, slots=True)
class Merged:
    """``text``: with every change of both; ``clean``: no line was changed by both differently."""

    text: str
    clean: bool


def merged(base: str, theirs: str, mine: str) -> Merged:
    """What two texts made of a third, in one.

    >>> merged("a\\nb\\nc\\n", "a1\\nb\\nc\\n", "a\\nb\\nc1\\n")
    Merged(text='a1\\nb\\nc1\\n', clean=True)
    """
    lines = base.splitlines(keepends=True)
    out: list[str] = []
    at, clean = 0, True
    for start, end, their_hunks, my_hunks in _regions(lines, theirs, mine):
        out += lines[at:start]
        a, b = (_applied(lines, start, end, hunks) for hunks in (their_hunks, my_hunks))
        if not my_hunks or a == b:
            out += a
        elif not their_hunks:
            out += b
        else:
            clean = False
            for head, side in ((THEIRS, a), (MINE, b)):
                out += [f"{head}\n", *(_ended(line) for line in side)]
            out.append(f"{END}\n")
        at = end
    return Merged("".join([*out, *lines[at:]]), clean)


def _regions(
    lines: list[str], theirs: str, mine: str
) -> Iterator[tuple[int, int, list[_Hunk], list[_Hunk]]]:
    """The stretches of the base that one or both changed; changes that touch are one stretch."""
    todo = sorted(
        [
            *((hunk, 0) for hunk in _hunks(lines, theirs)),
            *((hunk, 1) for hunk in _hunks(lines, mine)),
        ],
        key=lambda one: one[0][:2],
    )
    while todo:
        start, end = todo[0][0][:2]
        sides: tuple[list[_Hunk], list[_Hunk]] = ([], [])
        while todo and todo[0][0][0] <= end:
            hunk, side = todo.pop(0)
            sides[side].append(hunk)
            end = max(end, hunk[1])
        yield start, end, *sides


def _hunks(lines: list[str], text: str) -> Iterator[_Hunk]:
    other = text.splitlines(keepends=True)
    for tag, a, b, c, d in SequenceMatcher(None, lines, other, autojunk=False).get_opcodes():
        if tag != "equal":
            yield a, b, other[c:d]


def _applied(lines: list[str], start: int, end: int, hunks: list[_Hunk]) -> list[str]:
    out, at = [], start
    for a, b, new in hunks:
        out += [*lines[at:a], *new]
        at = b
    return out + lines[at:end]


def _ended(line: str) -> str:
    return line if line.endswith("\n") else line + "\n"
