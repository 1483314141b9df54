"""Books (.epub): each chapter a page of its own, in the order in which the book is read."""

from __future__ import annotations

import posixpath
from dataclasses import replace
from urllib.parse import unquote

from lxml import etree

from corpus.errors import InputError
from corpus.reading.dates import read_date
from corpus.reading.encoding import decode
from corpus.reading.html import read_html
from corpus.reading.package import Package, package
from corpus.reading.types import Facts, Page

_WHAT = "EPUB 电子书"
_MOST_CHAPTERS = 1_000


def read_epub(data: bytes) -> list[Page]:
    """The chapters with words. Raises InputError where the book is broken or protected."""
    with package(data, _WHAT) as parts:
        if parts.bytes_of("META-INF/encryption.xml") and parts.bytes_of("META-INF/rights.xml"):
            raise InputError("电子书有版权保护（DRM），无法读取；请换没有保护的版本")
        container = parts.xml("META-INF/container.xml")
        file = container.find(".//{*}rootfile") if container is not None else None
        name = (file.get("full-path") or "") if file is not None else ""
        book = parts.xml(name) if name else None
        if book is None:
            raise InputError(parts.broken)
        about = _about(book)
        pages = [page for part in _chapters(book, name) if (page := _chapter(parts, part))]
    if not pages:
        raise InputError("电子书里没有文字；请检查文件内容")
    return [_named(page, about, number) for number, page in enumerate(pages, 1)]


def _about(book: etree._Element) -> Facts:
    def said(name: str) -> str:
        return (book.findtext(f"{{*}}metadata/{{*}}{name}") or "").strip()[:200]

    return Facts(
        title=said("title"),
        publisher=said("publisher") or said("creator"),
        published=read_date(said("date")),
    )


def _chapters(book: etree._Element, name: str) -> list[str]:
    items = {i.get("id"): i for i in book.iterfind("{*}manifest/{*}item")}
    folder = posixpath.dirname(name)
    found = []
    for entry in list(book.iterfind("{*}spine/{*}itemref"))[:_MOST_CHAPTERS]:
        item = items.get(entry.get("idref"))
        if item is None or entry.get("linear") == "no" or "nav" in (item.get("properties") or ""):
            continue
        found.append(posixpath.normpath(posixpath.join(folder, unquote(item.get("href") or ""))))
    return found


def _chapter(parts: Package, name: str) -> Page | None:
    data = parts.bytes_of(name)
    if data is None or not data.strip():
        return None
    page = read_html(decode(data, html=True))
    return page if any(line.text.strip() for line in page.lines) else None


def _named(page: Page, about: Facts, number: int) -> Page:
    """A chapter under its own heading, in its book."""
    lines = list(page.lines)
    place = next((n for n, line in enumerate(lines) if line.text.strip()), 0)
    title = f"{about.title or '电子书'}（第 {number} 部分）"
    if lines[place].heading:
        title = lines.pop(place).text.lstrip("# ")
    return replace(page, lines=tuple(lines), facts=replace(about, title=title))
