"""OFD, the national format of fixed pages (GB/T 33190): its words by their places on each page."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from lxml import etree

from corpus.errors import InputError
from corpus.reading.boxes import Box, paragraphs, rows
from corpus.reading.dates import read_date
from corpus.reading.package import package
from corpus.reading.plain import mark_questions
from corpus.reading.types import Facts, Line, Page

_WHAT = "OFD 文件"
_MOST_PAGES = 2_000


def read_ofd(data: bytes) -> Page:
    """The page of a document. Raises InputError where it is broken or made of pictures."""
    with package(data, _WHAT) as parts:
        root = parts.xml("OFD.xml")
        where = (root.findtext(".//{*}DocRoot") or "").strip() if root is not None else ""
        document = parts.xml(where) if where else None
        if root is None or document is None:
            raise InputError(parts.broken)
        lines: list[Line] = []
        pages = list(document.iterfind("{*}Pages/{*}Page"))[:_MOST_PAGES]
        for page in pages:
            tree = parts.xml(_beside(where, page.get("BaseLoc") or ""))
            boxes = list(_boxes(tree)) if tree is not None else []
            lines += [Line(text) for text in paragraphs(rows(boxes))]
    if not lines:
        raise InputError("OFD 只有图片没有文字；请另存为 PDF 后做文字识别（OCR）")
    return Page(tuple(mark_questions(lines)), _facts(root))


def _facts(root: etree._Element) -> Facts:
    title = (root.findtext(".//{*}DocInfo/{*}Title") or "").strip()
    day = read_date(root.findtext(".//{*}DocInfo/{*}CreationDate") or "")
    named = bool(re.search("[\u4e00-\u9fff]{4}", title)) and not re.search(r"\.\w{2,5}$", title)
    return Facts(title=title if named else "", retrieved=day)


def _beside(name: str, place: str) -> str:
    """A location, which counts from the part that names it unless it begins with a slash."""
    return place if place.startswith("/") else posixpath.join(posixpath.dirname(name), place)


def _boxes(root: etree._Element) -> Iterator[Box]:
    for thing in root.iter("{*}TextObject"):
        if thing.get("Visible", "true") == "false" or thing.get("Alpha") == "0":
            continue
        numbers = [
            float(n) for n in re.findall(r"-?\d{1,9}(?:\.\d{1,9})?", thing.get("Boundary") or "")
        ]
        if len(numbers) != 4 or min(numbers[2:]) <= 0:
            continue
        left, top, width, height = numbers
        text = "".join(code.text or "" for code in thing.iterfind("{*}TextCode")).strip()
        if text:
            yield Box(left, top, left + width, top + height, text)
