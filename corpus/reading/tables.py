"""HTML tables: their grid with spans filled in, as sentences; tables that only place text."""

from __future__ import annotations

import re

from lxml import etree

from corpus.reading.rows import head_rows, rows_as_sentences, sentence

Element = etree._Element
_MOST_ROWS = 5_000
_MOST_COLUMNS = 60
_BLANKS = re.compile(r"\s+")


def is_data(table: Element) -> bool:
    """Whether the table holds data; old pages use tables to place whole articles."""
    if table.find(".//table") is not None or table.find(".//h1") is not None:
        return False
    if table.find(".//th") is not None:
        return True
    rows = table.findall(".//tr")[:50]
    cells = [cell for row in rows for cell in row if cell.tag == "td"]
    if len(rows) < 2 or len(cells) < 4 or len(cells) < 1.5 * len(rows):
        return False
    return all(len(_text(cell)) <= 400 for cell in cells)


def read_table(table: Element) -> list[str]:
    """The lines of a table: its caption, then one sentence a row."""
    caption = table.find("caption")
    lines = [_text(caption)] if caption is not None and _text(caption) else []
    rows, headed = _grid(table)
    rows = [row for row in rows if any(row)]
    if not rows:
        return lines
    if headed == 0 and table.find(".//th") is not None and all(len(row) == 2 for row in rows):
        return lines + [sentence(row[:1], row[1:]) for row in rows]
    return lines + rows_as_sentences(rows, headed or head_rows(rows))


def _grid(table: Element) -> tuple[list[list[str]], int]:
    """Cells by row and column, spans filled in, and how many rows of heads come first."""
    rows: list[list[str]] = []
    hanging: dict[int, tuple[int, str]] = {}  # column: rows still covered from above, text
    headed, still = 0, True
    for tr in list(table.iter("tr"))[:_MOST_ROWS]:
        row: list[str] = []
        cells = [cell for cell in tr if cell.tag in ("td", "th")]
        for cell in cells:
            _fill(row, hanging)
            text, down = _text(cell), _span(cell, "rowspan")
            for _ in range(_span(cell, "colspan")):
                if down > 1:
                    hanging[len(row)] = (down - 1, text)
                row.append(text)
        _fill(row, hanging)
        parent = tr.getparent()
        heads = bool(cells) and all(cell.tag == "th" for cell in cells)
        still = still and (heads or (parent is not None and parent.tag == "thead"))
        headed += still
        rows.append(row[:_MOST_COLUMNS])
    return rows, headed if headed < len(rows) else 0


def _fill(row: list[str], hanging: dict[int, tuple[int, str]]) -> None:
    while len(row) in hanging and len(row) < _MOST_COLUMNS:
        left, text = hanging.pop(len(row))
        if left > 1:
            hanging[len(row)] = (left - 1, text)
        row.append(text)


def _span(cell: Element, name: str) -> int:
    value = cell.get(name) or "1"
    return min(max(int(value), 1), _MOST_COLUMNS) if re.fullmatch(r"\d{1,4}", value) else 1


def _text(element: Element) -> str:
    """All words of a cell in one line; a blank stands where a paragraph or a line ended."""
    parts: list[str] = []
    for event, inner in etree.iterwalk(element, events=("start", "end")):
        if not isinstance(inner.tag, str) or inner.tag in ("script", "style"):
            continue
        if inner.tag in ("p", "div", "br", "li", "tr", "td"):
            parts.append(" ")
        parts.append((inner.text if event == "start" else inner.tail) or "")
        if event == "end" and inner is element:
            parts.pop()
    return _BLANKS.sub(" ", "".join(parts)).strip()
