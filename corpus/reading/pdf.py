"""PDF files: their text layer, its lines joined to paragraphs again.

PDFium reads the file; a PDF that holds only pictures has no text and says so.
"""

from __future__ import annotations

import re
import threading
from collections import Counter

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from corpus.errors import InputError
from corpus.reading.plain import mark_questions, starts_with_number
from corpus.reading.types import Line, Page, PicturesError
from corpus.text import normalise

_MOST_PAGES = 2_000
_MOST_CHARACTERS = 5_000_000
_LEAST_A_PAGE = 5  # characters; a scanned page carries at most a stamp
_BROKEN = "PDF 文件已损坏或不完整；请重新下载后重试"
_LOCKED = "PDF 有密码保护；请解除密码后重试"
_PICTURES = "PDF 只有图片没有文字；请先做文字识别（OCR）后重试"
# PDFium is not made for several threads at once
ONE_AT_A_TIME = threading.Lock()
_PAGE_NUMBER = re.compile(
    r"[-—–\s]*\d{1,4}[-—–\s]*|第\s*\d+\s*页(?:\s*[/，,]?\s*共\s*\d+\s*页)?|\d+\s*/\s*\d+"
)
_ENDS = re.compile(r"[。！？!?；;：:][”’」』）)】》]*$")


def read_pdf(data: bytes) -> Page:
    """The page of a PDF. Raises InputError where it is locked, broken or made of pictures."""
    with ONE_AT_A_TIME:
        pages = _texts(data)
    if sum(len(text.strip()) for text in pages) < _LEAST_A_PAGE * len(pages):
        raise PicturesError(_PICTURES)
    lines = [Line(text) for text in _paragraphs(_without_margins(pages))]
    return Page(tuple(mark_questions(lines)))


def _texts(data: bytes) -> list[str]:
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        code = getattr(error, "err_code", None)
        locked = code == raw.FPDF_ERR_PASSWORD or "assword" in str(error)
        raise InputError(_LOCKED if locked else _BROKEN) from error
    texts: list[str] = []
    size = 0
    try:
        for number in range(min(len(document), _MOST_PAGES)):
            texts.append(_page_text(document, number))
            size += len(texts[-1])
            if size > _MOST_CHARACTERS:
                raise InputError("PDF 文字过多，已跳过；请拆分后重试")
    finally:
        document.close()
    if not texts:
        raise InputError(_BROKEN)
    return texts


def _page_text(document: pdfium.PdfDocument, number: int) -> str:
    try:
        page = document[number]
    except pdfium.PdfiumError:
        return ""  # one broken page of many
    try:
        text_page = page.get_textpage()
        try:
            return normalise(text_page.get_text_bounded())
        finally:
            text_page.close()
    except pdfium.PdfiumError:
        return ""
    finally:
        page.close()


def _without_margins(pages: list[str]) -> list[str]:
    """All lines, without page numbers and without what stands at every page's top or bottom."""
    split = [[line.strip() for line in page.split("\n") if line.strip()] for page in pages]
    edges = Counter(line for page in split for line in {*page[:2], *page[-2:]})
    often = {line for line, count in edges.items() if count >= 3 and count > len(pages) / 2}
    lines: list[str] = []
    for page in split:
        for place, line in enumerate(page):
            edge = place < 2 or place >= len(page) - 2
            if not (edge and (line in often or _PAGE_NUMBER.fullmatch(line))):
                lines.append(line)
    return lines


def _paragraphs(lines: list[str]) -> list[str]:
    """Lines joined where the page's edge broke them: full lines that no mark ends."""
    if not lines:
        return []
    widths = sorted(map(_width, lines))
    full = widths[int(len(widths) * 0.9)] * 0.85
    paragraphs = [lines[0]]
    last = lines[0]
    for line in lines[1:]:
        if _width(last) >= full and not _ENDS.search(last) and not _starts(line):
            joint = " " if re.search(r"[A-Za-z0-9]$", last) and re.match(r"[A-Za-z]", line) else ""
            paragraphs[-1] += joint + line
        else:
            paragraphs.append(line)
        last = line
    return paragraphs


def _starts(line: str) -> bool:
    return starts_with_number(line) or bool(re.match(r"[•·●■◆○\-–—]\s|第.{1,4}[条章节]", line))


def _width(line: str) -> int:
    """In half characters, as a Chinese page sets them."""
    return sum(2 if character > "\u2e7f" else 1 for character in line)
