"""Sheets of a workbook, and what one is: a list of questions, or a table.

A list of questions becomes an article a row (``lists``). Any other sheet becomes one article, its
table read like those of pages (``grid``); a row over its whole width is its title, or a remark.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus.reading.cells import Cell
from corpus.reading.grid import table_lines
from corpus.reading.types import Facts, Line, Page

MOST_ROWS = 20_000
MOST_COLUMNS = 200
"""Of a sheet; wider or longer ones are no tables that somebody reads."""
MOST_CELLS = 400_000
_LONGEST_TITLE = 60
_TELLING = 6  # characters of a sheet's name that says by itself what it holds
_LONGEST_HEAD, _MOST_LABELS = 24, 3
_NO_NAME = re.compile(r"(?:sheet|工作表|表)\s*\d{0,3}", re.I)
_HAN = re.compile("[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its name and its cells, row by row. ``left``: what of it was not taken, a sentence
    each."""

    name: str
    cells: tuple[tuple[Cell, ...], ...] = ()
    left: tuple[str, ...] = ()

    @classmethod
    def of(cls, name: str, rows: Iterable[Sequence[str]], left: tuple[str, ...] = ()) -> Sheet:
        """Of rows of words without merged cells; short rows are filled up, what stands beyond the
        most columns is left out and told."""
        texts = [_filled(row) for row in rows]
        width = max(map(len, texts), default=0)
        if width > MOST_COLUMNS:
            lost = sum(bool(cell) for row in texts for cell in row[MOST_COLUMNS:])
            left = (*left, f"表格中超出上限（{MOST_COLUMNS} 列）的 {lost} 格")
            width = MOST_COLUMNS
        cells = tuple(
            tuple(Cell(row[n] if n < len(row) else "", number * width + n) for n in range(width))
            for number, row in enumerate(texts)
        )
        return cls(name, cells, left)

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The words of its cells; those of a merged one stand in each place that it covers."""
        return tuple(tuple(cell.text for cell in row) for row in self.cells)

    @property
    def words(self) -> str:
        """The words of its cells, a line each; a merged cell's once."""
        texts = {cell.origin: cell.text for row in self.cells for cell in row}
        return "\n".join(filter(None, texts.values()))

    @property
    def named(self) -> str:
        """Its name, "" where nobody gave it one (Sheet1)."""
        return "" if _NO_NAME.fullmatch(self.name.strip()) else self.name.strip()


def _filled(row: Sequence[str]) -> Sequence[str]:
    """The row up to its last filled cell."""
    end = next((n for n in range(len(row), 0, -1) if row[n - 1]), 0)
    return row[:end]


def table_page(sheet: Sheet, stem: str, *, alone: bool) -> Page | None:
    """The sheet as a page with a title of its own, None where there is nothing to read in it.

    ``stem``: the name of the file; ``alone``: no other sheet of it is read.
    """
    rows = [row for row in sheet.cells if any(cell.text for cell in row)]
    titles = 0
    while titles < len(rows) and len({c.text for c in rows[titles] if c.text}) == 1:
        titles += 1
    over = [next(c.text for c in row if c.text) for row in rows[:titles]]
    body = rows[titles:]
    words = [cell.text for row in body[1:] or body or rows for cell in row]
    if not any(map(_HAN.search, words)) or (len(body) == 1 and not over and _only_heads(body[0])):
        return None
    title = over.pop(0) if over and len(over[0]) <= _LONGEST_TITLE else ""
    telling = alone or len(sheet.named) >= _TELLING
    name = title or (sheet.named if telling else "") or stem
    if not alone and sheet.named and sheet.named not in name:
        name = f"{name}（{sheet.named}）"
    flat = [[Cell(_flat(c.text), c.origin, c.head, c.strong) for c in row] for row in body]
    lines = [*map(_flat, over), *table_lines(flat, _corner(flat))]
    return Page(
        tuple(map(Line, lines)), Facts(title=_flat(name)), left=sheet.left, words=sheet.words
    )


def _corner(rows: Sequence[Sequence[Cell]]) -> int:
    """1 where the first row heads a matrix: nothing above its one to three columns of labels, and a
    short word above each other column."""
    if len(rows) < 2:
        return 0
    texts = [cell.text for cell in rows[0]]
    blank = next((n for n, text in enumerate(texts) if text), len(texts))
    heads = texts[blank:]
    return int(
        1 <= blank <= _MOST_LABELS
        and len(heads) > 1
        and len(set(heads)) == len(heads)
        and all(text and len(text) <= _LONGEST_HEAD for text in heads)
        and all(any(cell.text for cell in row[:blank]) for row in rows[1:])
    )


def _only_heads(row: Sequence[Cell]) -> bool:
    """Whether a row that stands alone is no more than the heads of a table."""
    texts = [cell.text for cell in row if cell.text]
    return len(texts) > 1 and all(
        len(t) <= _LONGEST_HEAD and not re.search("[。；]", t) for t in texts
    )


def _flat(text: str) -> str:
    return " ".join(filter(None, map(str.strip, text.split("\n"))))
