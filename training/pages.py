"""The labelled pages: what their authors say of each line, and which lines answer which question.

``training/pages/AUTHOR/NN.txt``, written by hands that did not know the code after
``training/pages/README.md``: a head, the page's lines with their roles, what is to be read off them,
and questions with the lines that answer them fully, in part, or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

FOLDER = Path(__file__).resolve().parent / "pages"
Verdict = Literal["full", "partly", "no"]
VERDICTS: tuple[Verdict, ...] = ("full", "partly", "no")
READ_ONLY = ("a9", "a10")
"""Authors whose pages show how a page is to be read: with three questions each and no claims."""
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page and what it is for (``role``, see the README there)."""

    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Steps:
    """A procedure: through which ``channel``, for which ``scheme`` (不限: any), in which lines."""

    channel: str
    scheme: str
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Value:
    """What a line says of something: ``given`` holds of, value, when, who, scheme and year, ""
    where the page does not say."""

    line: int
    given: dict[str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and how far the page answers it. ``lines``: those that do, or for ``no`` those that
    come nearest. ``parts``: what is asked for."""

    text: str
    style: str
    verdict: Verdict
    lines: tuple[int, ...]
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """``lines`` count from 1: ``line(3)``. ``author`` and ``name`` say who wrote it."""

    author: str
    name: str
    head: dict[str, str]
    lines: tuple[Line, ...]
    steps: tuple[Steps, ...]
    values: tuple[Value, ...]
    asked: tuple[Asked, ...]

    @property
    def text(self) -> str:
        """The page as it would stand in a file, without its title."""
        marks = {"heading": "\n## "}
        return "\n".join(marks.get(line.role, "") + line.text for line in self.lines)

    def line(self, number: int) -> Line:
        return self.lines[number - 1]


def pages(folder: Path = FOLDER) -> list[Page]:
    """Those of a folder that show what answers, in the order of their paths."""
    return [page for page in all_pages(folder) if page.author not in READ_ONLY]


def all_pages(folder: Path = FOLDER) -> list[Page]:
    """Those too that show only how a page is to be read."""
    return [read_page(path) for path in sorted(folder.glob("*/*.txt"))]


def read_page(path: Path) -> Page:
    """Raises ValueError, naming the line, where the file is not of the form."""
    blocks = re.split(r"^---\s*$", path.read_text(encoding="utf-8"), flags=re.M)
    if len(blocks) != 4:
        raise ValueError(f"{path}: {len(blocks)} blocks, expected 4 between lines of ---")
    head, body, read, asked = ([x for x in b.splitlines() if x.strip()] for b in blocks)
    lines = tuple(_line(path, row) for row in body)
    return Page(
        author=path.parent.name,
        name=path.stem,
        head={k.strip(): v.strip() for k, _, v in (row.partition(":") for row in head)},
        lines=lines,
        steps=tuple(_steps(path, row) for row in read if row.startswith("steps:")),
        values=tuple(v for row in read if row.startswith("claim:") for v in _values(path, row)),
        asked=tuple(_asked(path, row, len(lines)) for row in asked),
    )


def by_author(found: Iterable[Page], held: Sequence[str]) -> tuple[list[Page], list[Page]]:
    """The pages of the other authors, and those of ``held``."""
    learned: list[Page] = []
    kept: list[Page] = []
    for page in found:
        (kept if page.author in held else learned).append(page)
    return learned, kept


def _cells(path: Path, row: str, count: int) -> list[str]:
    cells = [cell.strip() for cell in row.split("|", count - 1)]
    if len(cells) != count:
        raise ValueError(f"{path}: {row[:60]!r} has {len(cells)} cells, expected {count}")
    return cells


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(n) for n in _NUMBER.findall(text))


def _line(path: Path, row: str) -> Line:
    _, role, text = _cells(path, row, 3)
    return Line(role, text)


def _steps(path: Path, row: str) -> Steps:
    channel, scheme, lines = _cells(path, row.removeprefix("steps:"), 3)
    return Steps(channel, scheme, _numbers(lines))


def _values(path: Path, row: str) -> list[Value]:
    where, *given = _cells(path, row.removeprefix("claim:"), 7)
    pairs = {k.strip(): v.strip() for k, _, v in (cell.partition("=") for cell in given)}
    return [Value(line, pairs) for line in _numbers(where)]


def _asked(path: Path, row: str, lines: int) -> Asked:
    style, verdict, parts, text = _cells(path, row, 4)
    name, numbers = verdict.split()[0], _numbers(verdict)
    if name not in VERDICTS or any(not 1 <= n <= lines for n in numbers):
        raise ValueError(f"{path}: {row[:60]!r} has no verdict or names a line that is not there")
    return Asked(text, style, cast("Verdict", name), numbers, tuple(parts.split("+")))
