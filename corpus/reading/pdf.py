"""PDF files: what a reader sees of their text layer, as paragraphs and as rows of tables.

PDFium reads the file; a PDF that holds only pictures has no text and says so. Each page gives its
rows and its tables, what repeats at the edges of the pages goes, and the rest is joined again.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from corpus.errors import InputError
from corpus.reading.pdfflow import flow
from corpus.reading.pdfglyphs import page_marks
from corpus.reading.pdflayout import Block, Text, in_order
from corpus.reading.pdfmargins import PageRows, pale_apart, without_margins
from corpus.reading.pdfrows import Piece, rows_of, words_of
from corpus.reading.pdfruled import ruled_tables
from corpus.reading.pdfstruck import without_struck
from corpus.reading.plain import mark_questions
from corpus.reading.types import Page, PicturesError
from corpus.text import normalise

_MOST_PAGES = 2_000
_MOST_CHARACTERS = 5_000_000
_MOST_PLACED = 200_000  # characters that are read with their places, in some 5 s; then words alone
_LEAST_A_PAGE = 5  # characters; a scanned page carries at most a stamp
_MOST_FIELDS = 2_000  # of a page
_BROKEN = "PDF 文件已损坏或不完整；请重新下载后重试"
_LOCKED = "PDF 有密码保护；请解除密码后重试"
_PICTURES = "PDF 只有图片没有文字；请先做文字识别（OCR）后重试"
_UNKNOWN = "PDF 的字体没有说明各是什么字，读出来是乱码；请先做文字识别（OCR）后重试"
# PDFium is not made for several threads at once
ONE_AT_A_TIME = threading.Lock()


def read_pdf(data: bytes) -> Page:
    """The page of a PDF. Raises InputError where it is locked, broken or made of pictures."""
    with ONE_AT_A_TIME:
        pages, size = _pages(data)
    if sum(page.unknown for page in pages) > size:
        raise PicturesError(_UNKNOWN)
    if size < _LEAST_A_PAGE * len(pages):
        raise PicturesError(_PICTURES)
    margins = without_margins(pages)
    lines = flow([block for page in pages for block in _blocks(page)])
    shown = "\n".join(page.words for page in pages)
    return Page(tuple(mark_questions(lines)), words=shown, aside=tuple(margins))


def _pages(data: bytes) -> tuple[list[PageRows], int]:
    """The pages, and how many characters are seen on them."""
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        code = getattr(error, "err_code", None)
        locked = code == raw.FPDF_ERR_PASSWORD or "assword" in str(error)
        raise InputError(_LOCKED if locked else _BROKEN) from error
    pages: list[PageRows] = []
    size = 0
    try:
        for number in range(min(len(document), _MOST_PAGES)):
            page, count = _page(document, number, placed=size <= _MOST_PLACED)
            pages.append(page)
            size += count
            if size > _MOST_CHARACTERS:
                raise InputError("PDF 文字过多，已跳过；请拆分后重试")
    finally:
        document.close()
    if not pages:
        raise InputError(_BROKEN)
    return pages, size


def _page(document: pdfium.PdfDocument, number: int, *, placed: bool) -> tuple[PageRows, int]:
    """One page and its characters; a broken one of many is empty."""
    try:
        page = _filled_in(document, number)
    except pdfium.PdfiumError:
        return PageRows([]), 0
    try:
        text_page = page.get_textpage()
        try:
            return _placed(page, text_page) if placed else _worded(text_page)
        finally:
            text_page.close()
    except pdfium.PdfiumError:
        return PageRows([]), 0
    finally:
        page.close()


def _filled_in(document: pdfium.PdfDocument, number: int) -> pdfium.PdfPage:
    """The page with what was typed into its fields and boxes, as it is shown."""
    page = document[number]
    if not 0 < raw.FPDFPage_GetAnnotCount(page) <= _MOST_FIELDS:
        return page
    if raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY) != raw.FLATTEN_SUCCESS:
        return page
    page.close()
    return document[number]


def _placed(page: pdfium.PdfPage, text_page: pdfium.PdfTextPage) -> tuple[PageRows, int]:
    """The page by the places of its characters."""
    marks = page_marks(page, text_page)
    count = len(marks.glyphs) + len(marks.sideways)
    marks.glyphs = without_struck(marks.glyphs, marks.rules)
    seen = [*marks.glyphs, *marks.sideways]
    marks.glyphs, pale = pale_apart(marks.glyphs)
    tables, rest = ruled_tables(marks)
    side = rows_of(marks.sideways)
    page_rows = PageRows(rows_of(rest), tables, rows_of(pale), side, marks.height, marks.right)
    page_rows.unknown = marks.unknown
    page_rows.words = words_of(seen, sorted(x for table in tables for x in table.edges))
    return page_rows, count


def _worded(text_page: pdfium.PdfTextPage) -> tuple[PageRows, int]:
    """The page by its words alone: of a document that is too long for more."""
    text = normalise(text_page.get_text_bounded())
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    rows = [
        [Piece(line, 0.0, 12.0 * n, 10.0 * len(line), 12.0 * n + 10)]
        for n, line in enumerate(lines)
    ]
    return PageRows(rows, words=text), len(text)


def _blocks(page: PageRows) -> Iterator[Block]:
    """The page's lines and tables as they are read; what stands sideways comes last."""
    rows = sorted([*page.rows, *page.pale], key=lambda row: row[0].middle)
    yield from in_order(rows, page.tables, page.right)
    for row in page.sideways:
        yield Text(row, row[0].left, row[-1].right, page.right)
