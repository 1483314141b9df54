"""HTML tables: which of them hold data, and their cells with spans filled in.

What heads what is judged by ``grid``; tables that only place text on a page are left to the walk.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from corpus.reading.cells import Cell
from corpus.reading.grid import table_lines
from corpus.reading.style import Styles, words_in

Element = etree._Element
_MOST_ROWS = 5_000
_MOST_COLUMNS = 60
_LONGEST_CELL = 400  # characters; longer ones place an article on the page
_LONGEST_LABEL = 20
_MOST_INNER = 20  # tables in the cells of one
_TO_THE_END = 65_534  # HTML's own limit of rows that a cell may cover
_BLANKS = re.compile(r"\s+")
_ENDS_LINE = frozenset(["p", "div", "br", "li", "tr", "td", "th", "section", "dd", "dt"])
_UNREAD = frozenset(["script", "style", "input", "button", "select", "textarea"])


def is_data(table: Element) -> bool:
    """Whether the table holds data; old pages use tables to place whole articles."""
    rows = list(_rows(table))[:50]
    cells = [cell for row in rows for cell in row if cell.tag in ("td", "th")]
    if table.find(".//h1") is not None or not cells:
        return False
    if table.find(".//table") is not None and not _frames(table, rows):
        return False
    if any(cell.tag == "th" for cell in cells):
        return True
    if len(rows) < 2 or len(cells) < 4 or len(cells) < 1.5 * len(rows):
        return False
    return all(len(_words(cell)) <= _LONGEST_CELL for cell in cells) or _labels(rows)


def _frames(table: Element, rows: list[Element]) -> bool:
    """Whether a table with tables in its cells is itself a table to be read: lines round its cells
    or heads, and two cells or more in most of its rows."""
    wide = sum(len([c for c in row if c.tag in ("td", "th")]) > 1 for row in rows)
    drawn = (table.get("border") or "0") not in ("0", "") or any(
        cell.tag == "th" for row in rows for cell in row
    )
    inner = sum(1 for _ in table.iter("table"))
    return drawn and len(rows) > 1 and wide * 2 > len(rows) and inner < _MOST_INNER


def _labels(rows: list[Element]) -> bool:
    """Two columns, the first of short labels: a guide whose values may be long."""
    cells = [[cell for cell in row if cell.tag in ("td", "th")] for row in rows]
    if any(len(row) != 2 for row in cells):
        return False
    labels = [_words(row[0]) for row in cells]
    return len(set(labels)) == len(labels) and all(0 < len(t) <= _LONGEST_LABEL for t in labels)


def read_table(table: Element, styles: Styles | None = None) -> list[str]:
    """The lines of a table: its caption, then one sentence a row, each value with its heads."""
    caption = table.find("caption")
    lines = [_words(caption)] if caption is not None and _words(caption) else []
    rows, headed = _grid(table, styles or Styles())
    return lines + table_lines(rows, headed)


def _rows(table: Element) -> Iterator[Element]:
    """The table's own rows, without those of tables in its cells."""
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in ("thead", "tbody", "tfoot"):
            yield from (row for row in child if row.tag == "tr")


def _grid(table: Element, styles: Styles) -> tuple[list[list[Cell]], int]:
    """Cells by row and column, spans filled in, and how many rows of heads come first."""
    rows: list[list[Cell]] = []
    hanging: dict[int, tuple[int, Cell]] = {}  # column: rows still covered from above, the cell
    headed, still, number = 0, True, 0
    part: Element | None = None
    for tr in list(_rows(table))[:_MOST_ROWS]:
        parent = tr.getparent()
        if parent is not part:  # no cell reaches beyond its part of the table
            part, hanging = parent, {}
        if styles.look(tr) != "shown":
            continue
        row: list[Cell] = []
        cells = [cell for cell in tr if cell.tag in ("td", "th")]
        for cell in cells:
            _fill(row, hanging)
            number += 1
            text = "" if styles.look(cell) != "shown" else _words(cell, styles)
            placed = Cell(text, number, cell.tag == "th", _strong(cell, text))
            down = _span(cell, "rowspan")
            for _ in range(min(_span(cell, "colspan"), _MOST_COLUMNS)):
                if down > 1:
                    hanging[len(row)] = (down - 1, placed)
                row.append(placed)
        _fill(row, hanging)
        heads = bool(cells) and all(cell.tag == "th" or not _words(cell) for cell in cells)
        still = still and (heads or (parent is not None and parent.tag == "thead"))
        headed += still
        rows.append(row[:_MOST_COLUMNS])
    return rows, headed if headed < len(rows) else 0


def _fill(row: list[Cell], hanging: dict[int, tuple[int, Cell]]) -> None:
    while len(row) in hanging and len(row) < _MOST_COLUMNS:
        left, cell = hanging.pop(len(row))
        if left > 1:
            hanging[len(row)] = (left - 1, cell)
        row.append(cell)


def _span(cell: Element, name: str) -> int:
    value = (cell.get(name) or "1").strip()
    if not re.fullmatch(r"\d{1,5}", value):
        return 1
    if int(value) == 0:  # down to the end of its part of the table; no such thing across
        return _TO_THE_END if name == "rowspan" else 1
    return int(value)


def _strong(cell: Element, text: str) -> bool:
    """Whether all words of the cell are bold."""
    bold = "".join(words_in(b) for b in cell.iter("b", "strong"))
    return bool(text) and len(_BLANKS.sub("", bold)) >= len(_BLANKS.sub("", text))


def _words(element: Element, styles: Styles | None = None) -> str:
    """All words of a cell in one line; a blank stands where a paragraph or a line ended. A table in
    the cell gives its own lines."""
    parts: list[str] = []
    walker = etree.iterwalk(element, events=("start", "end"))
    skipped: Element | None = None
    for event, inner in walker:
        if event == "start" and inner is not element and isinstance(inner.tag, str):
            if inner.tag in _UNREAD or (styles is not None and styles.look(inner) != "shown"):
                walker.skip_subtree()
                skipped = inner
                continue
            if inner.tag == "table":
                parts.append(" " + " ".join(read_table(inner, styles)) + " ")
                walker.skip_subtree()
                skipped = inner
                continue
        if event == "end" and inner is skipped:
            skipped = None
        elif inner.tag in _ENDS_LINE:
            parts.append(" ")
        if event == "start":
            parts.append(inner.text or "")
        elif inner is not element:
            parts.append(inner.tail or "")
    return _BLANKS.sub(" ", "".join(parts)).strip()
