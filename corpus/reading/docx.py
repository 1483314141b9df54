"""Word documents: paragraphs with their headings, numbers and notes, tables as sentences.

The XML parts that matter are read straight out of the archive, within bounds; pictures, macros and
links are never touched.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from corpus.errors import InputError
from corpus.reading.broken import rejoined
from corpus.reading.package import local, package
from corpus.reading.plain import mark_questions
from corpus.reading.types import Line, Page
from corpus.reading.wordheads import Content
from corpus.reading.wordparagraphs import Paragraph, Paragraphs, bare
from corpus.reading.wordparts import Element, WordParts, attribute, child, switched
from corpus.reading.wordtables import places_text, read_table

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WHAT = "Word 文件"
_LOCKED = "Word 文件有密码保护；请解除密码后重试"
_OLD = "这是旧版 Word 文件（.doc）；请另存为 .docx 后重试"
_SKIPPED = frozenset(["del", "moveFrom", "sdtPr", "sdtEndPr", "sectPr", "tblPr", "tcPr", "pPr"])


def read_docx(data: bytes) -> Page:
    """The page of a document. Raises InputError where it is locked, old, cut off or too large."""
    if data.startswith(_OLE):
        raise InputError(_LOCKED if "EncryptedPackage".encode("utf-16-le") in data else _OLD)
    with package(data, _WHAT) as opened:
        parts = WordParts(opened)
        root = parts.document()
        if root is None or local(root) != "document":
            raise InputError(opened.broken)
        lines = _Walk(parts, root).lines()
    return Page(tuple(mark_questions(lines)))


class _Walk:
    """One walk over a document, in its order."""

    def __init__(self, parts: WordParts, root: Element) -> None:
        self._parts, self._root = parts, root
        self._paragraphs = Paragraphs(parts)
        self._paper = child(root, "background") is None
        self._contents: set[int] = set()  # ids of lines of a table of contents
        self._bold: list[bool] = []  # of the paragraphs of the cell that is being read

    def lines(self) -> list[Line]:
        found = list(self._blocks(self._root, paper=self._paper, cell=False))
        if rest := self._paragraphs.rest():
            found.append(Line(rest))
        return rejoined(_without_contents(found, self._contents))

    def _blocks(self, parent: Element, *, paper: bool, cell: bool) -> Iterator[Line]:
        """Paragraphs and tables. ``paper``: nothing but white paper lies behind them; ``cell``: in a
        cell, where nothing is a heading."""
        for element in parent:
            name = local(element)
            if name == "p":
                read = self._paragraphs.read(element, paper=paper, cell=cell)
                yield from self._of_paragraph(read, cell=cell)
            elif name == "tbl":
                yield from self._table(element, paper=paper, cell=cell)
            elif name == "AlternateContent":
                ways = (list(self._blocks(way, paper=paper, cell=cell)) for way in element)
                yield from next(filter(None, ways), ())
            elif name == "sdt" and switched(child(element, "sdtPr", "showingPlcHdr")):
                continue
            elif name and name not in _SKIPPED:
                yield from self._blocks(element, paper=paper, cell=cell)

    def _of_paragraph(self, read: Paragraph, *, cell: bool) -> Iterator[Line]:
        """The paragraph's lines, then what hangs on it: boxes, diagrams, drawn letters."""
        if read.contents:
            self._contents.update(map(id, read.lines))
        if read.lines:
            self._bold.append(read.bold)
        yield from read.lines
        for text in read.drawn:
            yield Line(text)
        for box in read.boxes:
            yield from self._blocks(box, paper=False, cell=cell)
        for link in read.diagrams:
            yield from _diagram(self._parts.linked(link))

    def _table(self, table: Element, *, paper: bool, cell: bool) -> Iterator[Line]:
        if places_text(table):
            yield from self._blocks(table, paper=paper, cell=cell)
            return
        style = self._paragraphs.styles.get(attribute(child(table, "tblPr", "tblStyle")))
        for text in read_table(table, style, self._cell):
            yield Line(text)

    def _cell(self, cell: Element, shaded: bool) -> Content:
        before, self._bold = self._bold, []
        lines = tuple(
            text
            for line in self._blocks(cell, paper=not shaded, cell=True)
            if (text := line.text.strip())
        )
        bold = bool(self._bold) and all(self._bold)
        self._bold = before
        return Content(lines, bold)


def _diagram(root: Element | None) -> Iterator[Line]:
    """The words of a diagram (SmartArt), a line a shape."""
    for point in root.iter("{*}pt") if root is not None else ():
        text = "".join(part.text or "" for part in point.iter("{*}t")).strip()
        if text and attribute(point, "type") not in ("pres", "parTrans", "sibTrans"):
            yield Line(text)


def _without_contents(lines: Sequence[Line], contents: set[int]) -> list[Line]:
    """Without the lines of a table of contents whose words come again as headings."""
    if not contents:
        return list(lines)
    headings = {bare(line.text) for line in lines if id(line) not in contents}
    return [n for n in lines if id(n) not in contents or bare(n.text, page=True) not in headings]
