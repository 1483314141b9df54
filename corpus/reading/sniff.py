"""What a file is by its content, where its name does not say it or says it wrongly.

A 「.doc」 may be a web page, an 「.xls」 a table of HTML, a file without an ending anything; the first
bytes tell. Only what is certain is told: text in a file that is named as text stays what it is named.
"""

from __future__ import annotations

import io
import re
import zipfile

TEXT_KINDS = frozenset((".md", ".markdown", ".txt", ".csv", ".tsv", ".jsonl", ".json"))
PAGE_KINDS = frozenset((".html", ".htm", ".xhtml"))
PICTURE_KINDS = frozenset((".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp"))
PACKED_KINDS = frozenset((".rar", ".7z", ".gz", ".tgz", ".bz2", ".xz", ".tar", ".zst"))
"""Archives that are not opened: their libraries are programs of others, or write to the disk."""
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
"""Begins old office files, and new ones under a password; names the part that is locked."""

_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", ".pdf"),
    (b"{\\rtf", ".rtf"),
    (b"\x89PNG\r\n\x1a\n", ".png"),
    (b"\xff\xd8\xff", ".jpg"),
    (b"II*\0", ".tif"),
    (b"MM\0*", ".tif"),
    (b"Rar!\x1a\x07", ".rar"),
    (b"7z\xbc\xaf\x27\x1c", ".7z"),
    (b"\x1f\x8b\x08", ".gz"),
)
# streams of an OLE file, as its directory names them
_STREAMS = (("WordDocument", ".doc"), ("Workbook", ".xls"), ("Book", ".xls"),
            ("PowerPoint Document", ".ppt"))  # fmt: skip
_FOLDERS = (("word/", ".docx"), ("xl/", ".xlsx"), ("ppt/", ".pptx"))
_MIMES = (("application/epub+zip", ".epub"), ("opendocument.text", ".odt"),
          ("opendocument.spreadsheet", ".ods"), ("opendocument.presentation", ".odp"))  # fmt: skip
_PAGE = re.compile(rb"\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|html|head|body)\b"
                   rb"|\s*<(?:table|meta|div)\b[^>]{0,500}>", re.I | re.S)  # fmt: skip
_MAIL = re.compile(rb"(?:[\w-]{2,40}:[^\n]{0,500}\n){0,8}MIME-Version:\s*1\.0", re.I)
_ENDING = re.compile(r"\.[a-z][a-z0-9]{0,5}")


def endless(kind: str) -> bool:
    """Whether a name has no ending, or one that is none: 「第2.0版」, 「意见2016.3.1」."""
    return not _ENDING.fullmatch(kind)


def told_kind(kind: str, data: bytes) -> str:
    """The kind that a file is to be read as; ``kind`` is what its name says.

    >>> told_kind(".doc", b"<html><body>..."), told_kind(".txt", b"1. ...")
    ('.html', '.txt')
    """
    found = _binary(data)
    if found:
        return kind if kind in _ALIKE.get(found, ()) else found
    if (kind in TEXT_KINDS and kind != ".txt") or data.startswith((OLE, b"PK\x03\x04")):
        return kind
    start = data[:4_000].removeprefix(b"\xef\xbb\xbf")
    if _PAGE.match(start):
        return kind if kind in PAGE_KINDS else ".html"
    if _MAIL.match(start):
        return ".mhtml"
    return ".txt" if endless(kind) or kind in (".doc", ".wps") else kind


_ALIKE: dict[str, tuple[str, ...]] = {
    ".jpg": (".jpeg",), ".tif": (".tiff",), ".xls": (".et",), ".ppt": (".dps",),
    ".doc": (".wps",), ".docx": (".docm",), ".gz": (".tgz",), ".xlsx": (".xlsm",), ".pptx": (".pptm", ".ppsx"),
}  # fmt: skip
"""Other endings of the same content."""


def _binary(data: bytes) -> str:
    """The kind of content that is no text, or ""."""
    for start, kind in _STARTS:
        if data.startswith(start):
            return kind
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return ".webp"
    if data.startswith(b"BM") and data[6:10] == b"\0\0\0\0":
        return ".bmp"
    if data.startswith(OLE):
        return next((kind for name, kind in _STREAMS if name.encode("utf-16-le") in data), "")
    return _packed(data) if data.startswith(b"PK\x03\x04") else ""


def _packed(data: bytes) -> str:
    """What lies in a zip: by its first folder that an office knows, or by the type it names."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()[:5_000]
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                mime = archive.read("mimetype").decode("ascii", "replace")
                return next((kind for part, kind in _MIMES if part in mime), "")
    except Exception:  # a broken archive: its reader says so
        return ""
    if "OFD.xml" in names:
        return ".ofd"
    return next((k for folder, k in _FOLDERS if any(n.startswith(folder) for n in names)), "")
