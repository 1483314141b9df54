"""Sheets of a workbook as grids of words, and what a grid is: a list of questions, or a table.

A list of questions becomes an article a row (``lists``). Any other table becomes one article, row by
row with the heads of its columns; a row over its whole width is a title, or a remark under it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.reading.rows import rows_as_sentences
from corpus.reading.types import Facts, Line, Page

MOST_ROWS = 20_000
MOST_COLUMNS = 200
"""Of a sheet; wider or longer ones are no tables that somebody reads."""
MOST_CELLS = 400_000
_LONGEST_TITLE, _LONGEST_HEAD, _MOST_HEADS = 60, 30, 3
_TELLING = 6  # characters of a sheet's name that says by itself what it holds
_NUMBER = re.compile(r"[-+]?[\d.,%‰￥¥元万\s]+|\d{4}[-年./].*")
_NO_NAME = re.compile(r"(?:sheet|工作表|表)\s*\d{0,3}", re.I)
_HAN = re.compile("[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet: its name and its rows, merged cells filled with what they show.

    ``wide``: rows (by number) in which cells were merged side by side: they may head others.
    ``left``: what of the sheet was not taken, a sentence each.
    """

    name: str
    rows: tuple[tuple[str, ...], ...]
    wide: frozenset[int] = frozenset()
    left: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """The words of its cells, a line each; a merged cell's once where it stands side by side."""
        return "\n".join(
            cell for row in self.rows for n, cell in enumerate(row) if n == 0 or cell != row[n - 1]
        )

    @property
    def named(self) -> str:
        """Its name, "" where nobody gave it one (Sheet1)."""
        return "" if _NO_NAME.fullmatch(self.name.strip()) else self.name.strip()


def table_page(grid: Grid, stem: str, *, alone: bool) -> Page | None:
    """The grid as a page with a title of its own, None where there is nothing to read in it.

    ``stem``: the name of the file; ``alone``: no other sheet of it is read.
    """
    rows = [row for row in grid.rows if any(row)]
    wide = {len([r for r in grid.rows[:n] if any(r)]) for n in grid.wide if n < len(grid.rows)}
    titles = 0
    while titles < len(rows) and len(set(filter(None, rows[titles]))) == 1:
        titles += 1
    over = [next(filter(None, row)) for row in rows[:titles]]
    body = rows[titles:]
    if not any(_HAN.search(cell) for row in (body[1:] or body or rows) for cell in row):
        return None
    heads = head_count(body, {n - titles for n in wide})
    if len(body) == 1 and not over and _heads(body[0]):
        return None  # heads over nothing
    title = over.pop(0) if over and len(over[0]) <= _LONGEST_TITLE else ""
    telling = alone or len(grid.named) >= _TELLING
    name = title or (grid.named if telling else "") or stem
    if not alone and grid.named and grid.named not in name:
        name = f"{name}（{grid.named}）"
    lines = [*over, *rows_as_sentences([list(map(_flat, row)) for row in body], heads)]
    return Page(
        tuple(Line(_flat(line)) for line in lines),
        Facts(title=_flat(name)),
        left=grid.left,
        words=grid.words,
    )


def head_count(rows: Sequence[Sequence[str]], wide: set[int]) -> int:
    """How many rows at the top head the columns: short words, no amounts, none of them a sentence.

    A second row heads too where cells of the first lie over several of its own.
    """
    if len(rows) < 2 or not _heads(rows[0]):
        return 0
    count = 1
    while (
        count < _MOST_HEADS and count < len(rows) - 1 and count - 1 in wide and _heads(rows[count])
    ):
        count += 1
    return count


def _heads(row: Sequence[str]) -> bool:
    labels = next((n for n, cell in enumerate(row) if cell), len(row))
    filled = [cell for cell in row if cell]
    # the corner of a matrix is empty, over its one or two columns of labels; other holes are values
    return (
        len(set(filled)) >= 2
        and len(filled) == len(row) - labels
        and labels < _MOST_HEADS
        and all(len(c) <= _LONGEST_HEAD and not re.search("[。；;]", c) for c in filled)
        and not any(_NUMBER.fullmatch(c) for c in filled)
    )


def _flat(text: str) -> str:
    return re.sub(r"\s*\n\s*", " ", text).strip()
