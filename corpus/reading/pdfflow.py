"""The lines of a PDF joined to paragraphs, its tables joined over the pages, both as lines.

A line runs on that reaches the edge of its column and is not ended; where paragraphs are indented, a
line without an indent goes on even after a full stop.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.reading.broken import begins, ended
from corpus.reading.celltext import split_lines
from corpus.reading.grid import Cell, table_lines
from corpus.reading.pdflayout import Block, Text
from corpus.reading.pdfrows import joint
from corpus.reading.pdfruled import Table
from corpus.reading.types import Line
from corpus.text import normalise

_FULL = 1.7  # heights from the edge of the column: a mark may be left hanging
_WIDE = 0.6  # of the room: lines that all stop earlier were not broken at an edge
_INDENT = 1.2  # heights: the first line of a paragraph
_TITLE, _NEAR_TITLE, _LONGEST_TITLE = 1.25, 2.0, 70  # times the usual size; heights; characters
_EARLY = 6  # lines and tables before the title of a document
_LONGEST_BOLD, _FEW_BOLD = 40, 0.3  # characters; part of all words that are bold
_WORDS = re.compile("[\u3400-\u9fff]{2}")
_SMALL = 0.87  # times the usual size: notes at the foot, between a sentence and its end overleaf
_HALF = 0.5  # of the column: a line of running text is longer
_LONGEST_MARK = 6  # characters of a number in front of a line
_ALIKE = 0.2  # of the size: lines of one paragraph are of one size
_NEAR_LINES = 2.6  # heights from one line to the next of a paragraph
_SAME_EDGE = 15.0  # points: a table goes on where its columns do
_LEAST_INDENTED = 0.1  # of the lines


@dataclass(slots=True)
class _Document:
    """What is known of the whole document: its usual size, whether paragraphs are indented and
    headings bold, where the lines of each column end."""

    size: float
    indented: bool
    edges: dict[tuple[int, int], float]
    bold_heads: bool


@dataclass(slots=True)
class _Paragraph:
    """Lines that belong together. ``early``: no sentence stands before them in the document."""

    first: Text
    last: Text
    parts: list[str]
    early: bool


def flow(blocks: Sequence[Block]) -> list[Line]:
    """The paragraphs, headings and rows of tables, in order."""
    known = _known([block for block in blocks if isinstance(block, Text)])
    found: list[_Paragraph | Table] = []
    chains: dict[bool, _Paragraph] = {}  # the last paragraph of the text, and that of its notes
    early = True
    for block in blocks:
        last = found[-1] if found else None
        if isinstance(block, Table):
            chains = {}
            if isinstance(last, Table) and _goes_on(last, block):
                found[-1] = _joined(last, block)
            else:
                found.append(block)
            continue
        small = block.row[0].size <= _SMALL * known.size
        before = chains.get(small)
        if before is not None and _runs_on(before.last, block, known):
            before.parts.extend([joint(before.parts[-1], block.words), block.words])
            before.last = block
        else:
            early = early and len(found) < _EARLY and not _says(last)
            chains[small] = _Paragraph(block, block, [block.words], early)
            found.append(chains[small])
    return [line for part in found for line in _lines(part, known)]


def _says(part: _Paragraph | Table | None) -> bool:
    return isinstance(part, Table) or (part is not None and ended(part.parts[-1]))


def _lines(part: _Paragraph | Table, known: _Document) -> list[Line]:
    if isinstance(part, Table):
        return [Line(text) for text in split_lines(table_lines(part.rows))]
    text = normalise("".join(part.parts)).strip()
    level = _level(part, text, known)
    return [Line(f"{'#' * level} {text}" if level else text, heading=level)] if text else []


def _level(part: _Paragraph, text: str, known: _Document) -> int:
    """The level of a heading: a short line in larger letters, or in bold among others that are not.

    A name of an office over its letter (文件) heads nothing.
    """
    if len(text) > _LONGEST_TITLE or ended(text) or not _WORDS.search(text):
        return 0
    if part.first.row[0].size >= _TITLE * known.size and not text.endswith("文件"):
        return 1 if part.early else 2
    bold = known.bold_heads and all(piece.bold for piece in part.first.row)
    title = bold and len(text) <= _LONGEST_BOLD and not re.search("[，；]", text)
    return 3 if title and not begins(text) else 0


def _known(texts: Sequence[Text]) -> _Document:
    sizes: Counter[int] = Counter()
    bold = 0
    for text in texts:
        sizes[round(text.row[0].size)] += len(text.words)
        bold += len(text.words) if text.row[0].bold else 0
    size = float(sizes.most_common(1)[0][0]) if sizes else 10.0
    few = 0 < bold < _FEW_BOLD * sum(sizes.values())
    edges: dict[tuple[int, int], float] = {}
    for text in texts:
        edges[_column(text)] = max(edges.get(_column(text), text.right), text.right)
    starts = sum(_is_indented(text) for text in texts)
    flush = sum(abs(text.row[0].left - text.left) <= text.row[0].size / 2 for text in texts)
    indented = starts >= max(2, _LEAST_INDENTED * len(texts)) and flush >= starts / 2
    return _Document(size, indented, edges, few)


def _column(text: Text) -> tuple[int, int]:
    """The column of a line, the same on all pages."""
    return round(text.left / _SAME_EDGE), round(text.limit / _SAME_EDGE)


def _is_indented(text: Text) -> bool:
    first = text.row[0]
    return _INDENT * first.size <= first.left - text.left <= 2.8 * first.size


def _runs_on(before: Text, text: Text, known: _Document) -> bool:
    """Whether the sentence of one line goes on in the next."""
    one, other = before.row[-1], text.row[0]
    size = other.size
    if abs(one.size - size) > _ALIKE * max(one.size, size) or begins(text.words):
        return False
    if not (_in_one(before) and _in_one(text)):
        return False
    step = other.middle - before.row[0].middle
    if step > _NEAR_LINES * size:
        return False
    if size >= _TITLE * known.size and 0 < step <= _NEAR_TITLE * size:
        return not ended(before.words) and len(before.words) + len(text.words) <= _LONGEST_TITLE
    if not _full(before, known):
        return False
    deeper = other.left - max(before.row[0].left, text.left)
    if deeper > _INDENT * size:
        return False
    starts = known.indented and _is_indented(text)
    if starts and not (_is_indented(before) and step > 0 and not ended(before.words)):
        return False
    return not ended(before.words) or (known.indented and not starts)


def _in_one(text: Text) -> bool:
    """Whether the line is one piece, or one behind its number."""
    return len(text.row) == 1 or (len(text.row) == 2 and len(text.row[0].text) <= _LONGEST_MARK)


def _full(text: Text, known: _Document) -> bool:
    """Whether the line reaches the edge of its column."""
    last = text.row[-1]
    edge = known.edges.get(_column(text), text.right)
    wide = last.right - text.row[0].left
    return (
        edge - last.right <= _FULL * last.size
        and edge - text.left >= _WIDE * text.room
        and wide >= _HALF * (edge - text.left)
    )


def _goes_on(table: Table, below: Table) -> bool:
    """Whether a table is the rest of the one before it: it stands higher and has its columns."""
    return (
        below.top < table.bottom
        and len(table.edges) == len(below.edges)
        and all(abs(a - b) <= _SAME_EDGE for a, b in zip(table.edges, below.edges, strict=True))
    )


def _joined(table: Table, below: Table) -> Table:
    """One table: a cell that is empty at the top of a page belongs to the one above it."""
    highest = max((cell.origin for row in table.rows for cell in row), default=0) + 1
    rows = [[Cell(c.text, c.origin + highest, c.head, c.strong) for c in row] for row in below.rows]
    last = table.rows[-1]
    first = rows[0]
    if len(first) == len(last) and not first[0].text and any(cell.text for cell in first):
        empty = first[0].origin
        for row in rows:
            if row[0].origin != empty:
                break
            row[0] = last[0]
    return Table(
        [*table.rows, *rows], table.left, below.top, table.right, below.bottom, table.edges
    )
