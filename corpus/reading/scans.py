"""Pages of a PDF that hold pictures and no words, beside others that have words: they are named."""

from __future__ import annotations

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from corpus.reading.pdf import ONE_AT_A_TIME

_FEW = 5  # characters: a scanned page carries at most a stamp or its number
_MOST_PAGES = 2_000
_MOST_OBJECTS = 50  # of a page that are looked at; a scan is one picture


def picture_pages(data: bytes) -> list[int]:
    """The numbers of such pages, from 1. Nothing for a file that is broken."""
    with ONE_AT_A_TIME:
        try:
            document = pdfium.PdfDocument(data)
        except pdfium.PdfiumError:
            return []
        try:
            pages = range(min(len(document), _MOST_PAGES))
            return [number + 1 for number in pages if _is_picture(document, number)]
        finally:
            document.close()


def _is_picture(document: pdfium.PdfDocument, number: int) -> bool:
    try:
        page = document[number]
        words = page.get_textpage().get_text_bounded().strip()
        if len(words) > _FEW:
            return False
        found = page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3)
        return any(True for _, _ in zip(range(_MOST_OBJECTS), found, strict=False))
    except pdfium.PdfiumError:
        return False
