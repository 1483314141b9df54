"""What is read of a PDF as the lines of a page: paragraphs, headings, rows of tables.

Notes at the foot are passed over where a sentence goes on overleaf; larger and bold lines head.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.reading.broken import begins, ended
from corpus.reading.celltext import split_lines
from corpus.reading.grid import table_lines
from corpus.reading.pdfjoining import LONGEST_TITLE, TITLE, Document, known_of, runs_on
from corpus.reading.pdflayout import Block, Text
from corpus.reading.pdfoverleaf import goes_on, joined
from corpus.reading.pdfrows import joint
from corpus.reading.pdfruled import Table
from corpus.reading.types import Line
from corpus.text import normalise

_EARLY = 6  # lines and tables before the title of a document
_LONGEST_BOLD = 40  # characters
_WORDS = re.compile("[\u3400-\u9fff]{2}")
_SMALL = 0.87  # times the usual size: notes at the foot, between a sentence and its end overleaf


@dataclass(slots=True)
class _Paragraph:
    """Lines that belong together. ``early``: no sentence stands before them in the document."""

    first: Text
    last: Text
    parts: list[str]
    early: bool


def flow(blocks: Sequence[Block]) -> list[Line]:
    """The paragraphs, headings and rows of tables, in order."""
    known = known_of([block for block in blocks if isinstance(block, Text)])
    found: list[_Paragraph | Table] = []
    chains: dict[bool, _Paragraph] = {}  # the last paragraph of the text, and that of its notes
    early = True
    for block in blocks:
        last = found[-1] if found else None
        if isinstance(block, Table):
            chains = {}
            if isinstance(last, Table) and goes_on(last, block):
                found[-1] = joined(last, block)
            else:
                found.append(block)
            continue
        small = block.row[0].size <= _SMALL * known.size
        before = chains.get(small)
        if before is not None and runs_on(before.last, block, known):
            before.parts.extend([joint(before.parts[-1], block.words), block.words])
            before.last = block
        else:
            early = early and len(found) < _EARLY and not _says(last)
            chains[small] = _Paragraph(block, block, [block.words], early)
            found.append(chains[small])
    return [line for part in found for line in _lines(part, known)]


def _says(part: _Paragraph | Table | None) -> bool:
    return isinstance(part, Table) or (part is not None and ended(part.parts[-1]))


def _lines(part: _Paragraph | Table, known: Document) -> list[Line]:
    if isinstance(part, Table):
        return [Line(text) for text in split_lines(table_lines(part.rows))]
    text = normalise("".join(part.parts)).strip()
    level = _level(part, text, known)
    return [Line(f"{'#' * level} {text}" if level else text, heading=level)] if text else []


def _level(part: _Paragraph, text: str, known: Document) -> int:
    """The level of a heading: a short line in larger letters, or in bold among others that are not.

    A name of an office over its letter (文件) heads nothing.
    """
    if len(text) > LONGEST_TITLE or ended(text) or not _WORDS.search(text):
        return 0
    if part.first.row[0].size >= TITLE * known.size and not text.endswith("文件"):
        return 1 if part.early else 2
    bold = known.bold_heads and all(piece.bold for piece in part.first.row)
    title = bold and len(text) <= _LONGEST_BOLD and not re.search("[，；]", text)
    return 3 if title and not begins(text) else 0
