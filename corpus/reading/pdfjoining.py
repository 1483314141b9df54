"""Which lines of a PDF are one paragraph.

A line runs on that reaches the edge of its column and is not ended; where paragraphs are indented, a
line without an indent goes on even after a full stop.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.reading.broken import begins, ended
from corpus.reading.pdflayout import Text

_FULL = 1.7  # heights from the edge of the column: a mark may be left hanging
_WIDE = 0.6  # of the room: lines that all stop earlier were not broken at an edge
_INDENT = 1.2  # heights: the first line of a paragraph
TITLE, _NEAR_TITLE, LONGEST_TITLE = 1.25, 2.0, 70  # times the usual size; heights; characters
_FEW_BOLD = 0.3  # of all words
_HALF = 0.5  # of the column: a line of running text is longer
_LONGEST_MARK = 6  # characters of a number in front of a line
_ALIKE = 0.2  # of the size: lines of one paragraph are of one size
_NEAR_LINES = 2.6  # heights from one line to the next of a paragraph
_SAME_EDGE = 15.0  # points: a table goes on where its columns do
_LEAST_INDENTED = 0.1  # of the lines


@dataclass(slots=True)
class Document:
    """What is known of the whole document: its usual size, whether paragraphs are indented and
    headings bold, where the lines of each column end."""

    size: float
    indented: bool
    edges: dict[tuple[int, int], float]
    bold_heads: bool


def known_of(texts: Sequence[Text]) -> Document:
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
    return Document(size, indented, edges, few)


def _column(text: Text) -> tuple[int, int]:
    """The column of a line, the same on all pages."""
    return round(text.left / _SAME_EDGE), round(text.limit / _SAME_EDGE)


def _is_indented(text: Text) -> bool:
    first = text.row[0]
    return _INDENT * first.size <= first.left - text.left <= 2.8 * first.size


def runs_on(before: Text, text: Text, known: Document) -> bool:
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
    if size >= TITLE * known.size and 0 < step <= _NEAR_TITLE * size:
        return not ended(before.words) and len(before.words) + len(text.words) <= LONGEST_TITLE
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


def _full(text: Text, known: Document) -> bool:
    """Whether the line reaches the edge of its column."""
    last = text.row[-1]
    edge = known.edges.get(_column(text), text.right)
    wide = last.right - text.row[0].left
    return (
        edge - last.right <= _FULL * last.size
        and edge - text.left >= _WIDE * text.room
        and wide >= _HALF * (edge - text.left)
    )
