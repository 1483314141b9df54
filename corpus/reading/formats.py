"""The bytes of a file as pages, whatever its format is.

``sniff`` says what the bytes are; the readers of the larger formats are imported when they are
needed. A list of questions, a workbook or a book gives several pages, everything else one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from corpus.errors import InputError
from corpus.reading.encoding import decode
from corpus.reading.plain import read_markdown, read_plain
from corpus.reading.sheets import Sheet
from corpus.reading.sniff import ENCRYPTED, OLE, PACKED_KINDS, PAGE_KINDS, PICTURE_KINDS, endless
from corpus.reading.types import Page, PicturesError
from corpus.reading.visible import PLAIN_KINDS, visible_words

KINDS = (
    "md", "txt", "html", "mhtml", "docx", "doc", "wps", "rtf", "odt", "pdf", "ofd", "pptx",
    "ppt", "xlsx", "xls", "csv", "jsonl", "json", "epub", "png", "jpg", "zip",
)  # fmt: skip
"""What is read, as messages name it."""
_LEAST_HAN = 10  # Chinese characters in a file without an ending for it to be text that is meant


@dataclass(frozen=True, slots=True)
class Content:
    """What a file holds. ``parts``: each page is one of several (a row, a sheet, a chapter), else
    one page that may hold further questions. ``bad``: why rows of a list were not taken. ``words``:
    what a reader of the file sees, "" where ``visible`` finds that by itself."""

    pages: tuple[Page, ...]
    parts: bool = False
    bad: tuple[str, ...] = ()
    words: str = ""


def content(kind: str, data: bytes, name: str) -> Content:
    """The pages in the bytes of a file of this kind (``sniff.told_kind``), called ``name``.

    Raises InputError with the reason where there is nothing to read.
    """
    stem = Path(name).stem if not endless(Path(name).suffix.lower()) else name
    if data.startswith(OLE) and ENCRYPTED in data:
        raise InputError(f"{kind} 文件有密码保护；请解除密码后重试")
    if kind in PICTURE_KINDS:
        page = _pictures(data, kind)
        return Content((page,), words=_lines(page))
    if kind in (".csv", ".tsv", ".jsonl", ".json"):
        return _text_list(kind, decode(data), stem)
    if kind in (".xlsx", ".xlsm", ".xls", ".et"):
        return _workbook(kind, data, stem)
    if kind == ".epub":
        from corpus.reading.epub import read_epub

        chapters = read_epub(data)
        return _several([replace(page, words=_lines(page)) for page in chapters])
    if kind in _CONVERTED:
        from corpus.reading.convert import converted

        target, made = converted(data, kind)
        held = content(target, made, f"{stem}{target}")
        return replace(held, words=held.words or visible_words(target, made))
    page = _page(kind, data, name)
    return Content((page,), words=page.words or ("" if kind in PLAIN_KINDS else _lines(page)))


def _lines(page: Page) -> str:
    return "\n".join(line.text for line in page.lines)


_CONVERTED = (".doc", ".wps", ".rtf", ".odt", ".ppt", ".dps", ".odp", ".ods", ".xlsb")


def _several(pages: list[Page], bad: Sequence[str] = ()) -> Content:
    if not pages and bad:
        raise InputError(bad[0])
    return Content(tuple(pages), True, tuple(bad), "\n".join(page.words for page in pages))


def _page(kind: str, data: bytes, name: str) -> Page:
    if kind in (".md", ".markdown"):
        return read_markdown(decode(data))
    if kind == ".txt":
        return read_plain(_meant(decode(data), name))
    if kind in PAGE_KINDS:
        from corpus.reading.html import read_html

        return read_html(decode(data, html=True))
    reader = _READERS.get(kind)
    if reader is not None:
        return reader(data)
    if kind in PACKED_KINDS:
        raise InputError(f"「{kind}」压缩包不能直接读取；请解压后给出其中的文件，或改用 .zip")
    raise InputError(unknown(kind))


def unknown(kind: str) -> str:
    """What is said of a file of a kind that is not read."""
    shown = "无扩展名" if endless(kind) else kind
    return f"不认识的文件类型「{shown}」；能读取 {'、'.join(KINDS)}"


def _meant(text: str, name: str) -> str:
    """The text, if its name says that it is one or enough of it is Chinese."""
    if endless(Path(name).suffix.lower()):
        han = sum("\u4e00" <= c <= "\u9fff" for c in text[:20_000])
        if han < _LEAST_HAN:
            raise InputError(unknown(""))
    return text


def _mhtml(data: bytes) -> Page:
    from corpus.reading.mhtml import read_mhtml

    return read_mhtml(data)


def _docx(data: bytes) -> Page:
    from corpus.reading.docx import read_docx

    return read_docx(data)


def _pptx(data: bytes) -> Page:
    from corpus.reading.pptx import read_pptx

    return read_pptx(data)


def _ofd(data: bytes) -> Page:
    from corpus.reading.ofd import read_ofd

    return read_ofd(data)


def _pdf(data: bytes) -> Page:
    from corpus.reading.pdf import read_pdf
    from corpus.reading.scans import picture_pages

    try:
        page = read_pdf(data)
    except PicturesError:
        return _pictures(data, ".pdf")
    scans = picture_pages(data)
    if not scans:
        return page
    told = "、".join(map(str, scans[:20])) + (" 等" if len(scans) > 20 else "")
    left = f"第 {told} 页只有图片没有文字，未读；需要其中内容时请先做文字识别（OCR）"
    return replace(page, left=(*page.left, left), unread=len(scans))


def _pictures(data: bytes, kind: str) -> Page:
    from corpus.reading.ocr import read_pictures

    return read_pictures(data, kind)


_READERS: dict[str, Callable[[bytes], Page]] = {
    ".mhtml": _mhtml, ".mht": _mhtml, ".docx": _docx, ".docm": _docx, ".pptx": _pptx, ".pptm": _pptx,
    ".ppsx": _pptx, ".ofd": _ofd, ".pdf": _pdf,
}  # fmt: skip


def _text_list(kind: str, text: str, stem: str) -> Content:
    from corpus.reading.lists import read_csv, read_json, read_jsonl

    if kind == ".jsonl":
        return _several(*read_jsonl(text))
    if kind == ".json":
        return _several(*read_json(text, stem))
    return _several(*read_csv(text, stem))


def _workbook(kind: str, data: bytes, stem: str) -> Content:
    from corpus.reading.lists import read_sheets

    if kind in (".xls", ".et"):
        from corpus.reading.xls import read_xls

        sheets: list[Sheet] = read_xls(data)
    else:
        from corpus.reading.xlsx import read_xlsx

        sheets = read_xlsx(data)
    return _several(*read_sheets(sheets, stem))
