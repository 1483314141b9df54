"""Word documents: paragraphs with their headings and numbers, tables as sentences.

The two XML parts that matter are read straight out of the archive, within bounds; pictures,
macros and links are never touched.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from corpus.errors import InputError
from corpus.reading.archives import objection, read_member
from corpus.reading.numbering import Numbering, W
from corpus.reading.plain import mark_questions, starts_with_number
from corpus.reading.rows import head_rows, rows_as_sentences
from corpus.reading.types import Line, Page

_LARGEST_PART = 60_000_000  # bytes of XML
_SMALL_PART = 300_000  # bytes that may be packed tightly: Word repeats itself, empty rows above all
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BROKEN = "Word 文件已损坏或不完整；请重新下载或另存后重试"
_LOCKED = "Word 文件有密码保护；请解除密码后重试"
_OLD = "这是旧版 Word 文件（.doc）；请另存为 .docx 后重试"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_DEEPEST = 200
_LONGEST_BOLD = 40
_REFERENCE = re.compile(rb"&#(?:x([0-9A-Fa-f]{1,12})|([0-9]{1,12}));")
_NO_BLANK = re.compile(r"^(（.{1,3}）|[一二三四五六七八九十]+、|第.{1,4}[条章节步]) (?=\S)")


def read_docx(data: bytes) -> Page:
    """The page of a document. Raises InputError where it is locked, old, cut off or too large."""
    if data.startswith(_OLE):
        raise InputError(_LOCKED if "EncryptedPackage".encode("utf-16-le") in data else _OLD)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise InputError(_BROKEN) from error
    with archive:
        body = _part(archive, "word/document.xml")
        if body is None:
            raise InputError(_BROKEN)
        styles = _styles(_part(archive, "word/styles.xml"))
        numbering = Numbering(_part(archive, "word/numbering.xml"))
    return Page(tuple(mark_questions(list(_lines(body, styles, numbering)))))


@dataclass(frozen=True, slots=True)
class _Style:
    heading: int = 0
    number_id: str = ""
    place: int = 0


def _part(archive: zipfile.ZipFile, name: str) -> etree._Element | None:
    try:
        info = archive.getinfo(name)
    except KeyError:
        return None
    if reason := objection(info, _LARGEST_PART, small=_SMALL_PART):
        raise InputError(reason)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False
    )
    try:
        data = read_member(archive, info, _LARGEST_PART)
        root = etree.fromstring(_REFERENCE.sub(_of_a_character, data), parser)
    except etree.LxmlError as error:
        raise InputError(_BROKEN) from error
    if root is None:
        raise InputError(_BROKEN)
    return root


def _of_a_character(found: re.Match[bytes]) -> bytes:
    """A reference, if it is one to a character: lxml fails on half a pair only when it is read."""
    code = int(found[1], 16) if found[1] else int(found[2])
    sound = code in (9, 10, 13) or 0x20 <= code < 0xD800 or 0xE000 <= code < 0x110000
    return found[0] if sound else "\ufffd".encode() if code else b""


def _styles(root: etree._Element | None) -> dict[str, _Style]:
    """Which styles are headings of which level, and which bring a number."""
    found: dict[str, _Style] = {}
    for style in root.findall(f"{W}style") if root is not None else []:
        name = style.find(f"{W}name")
        label = (name.get(f"{W}val") or "").lower() if name is not None else ""
        level = re.fullmatch(r"(?:heading|标题)\s*([1-6])", label)
        number_id, place = _numbered(style.find(f"{W}pPr"))
        heading = 1 if label in ("title", "标题") else int(level.group(1)) if level else 0
        found[style.get(f"{W}styleId") or ""] = _Style(heading, number_id, place)
    return found


def _numbered(properties: etree._Element | None) -> tuple[str, int]:
    """The list that a paragraph's properties put it in, and the level within it."""
    numbers = properties.find(f"{W}numPr") if properties is not None else None
    if numbers is None:
        return "", 0
    number_id, level = numbers.find(f"{W}numId"), numbers.find(f"{W}ilvl")
    place = (level.get(f"{W}val") or "0") if level is not None else "0"
    return (
        (number_id.get(f"{W}val") or "") if number_id is not None else "",
        int(place) if place.isdecimal() and len(place) < 3 else 0,
    )


def _lines(root: etree._Element, styles: dict[str, _Style], numbering: Numbering) -> Iterator[Line]:
    """Paragraphs and tables in their order, walked without recursion."""
    depth = 0
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        depth += 1 if event == "start" else -1
        if depth > _DEEPEST:
            raise InputError("Word 文件结构嵌套过深，已跳过；请另存为文本后重试")
        if event == "end":
            continue
        if element.tag == f"{W}tbl":
            yield from (Line(text) for text in _table(element))
            walker.skip_subtree()
        elif element.tag == _FALLBACK:  # the same words once more, for old versions of Word
            walker.skip_subtree()
        elif element.tag == f"{W}p":
            yield from _paragraph(element, styles, numbering)
            walker.skip_subtree()


def _paragraph(
    paragraph: etree._Element, styles: dict[str, _Style], numbering: Numbering
) -> Iterator[Line]:
    properties = paragraph.find(f"{W}pPr")
    styled = properties.find(f"{W}pStyle") if properties is not None else None
    style = styles.get((styled.get(f"{W}val") or "") if styled is not None else "", _Style())
    number_id, place = _numbered(properties)
    mark = ""
    texts = [part.strip(" \t\u3000") for part in _words(paragraph).split("\n")]
    if any(texts) and (number_id or style.number_id):
        mark = numbering.mark(number_id or style.number_id, place if number_id else style.place)
    for text in filter(None, texts):
        line, mark = f"{mark} {text}" if mark else text, ""
        line = _NO_BLANK.sub(r"\1", line)
        if style.heading:
            yield Line(f"{'#' * style.heading} {line}", heading=style.heading)
        elif _is_bold_title(paragraph, line):
            numbered = starts_with_number(line)
            yield Line(line) if numbered else Line(f"### {line}", heading=3)
        else:
            indent = "  " * place if line.startswith("- ") else ""
            yield Line(indent + line)


def _words(paragraph: etree._Element) -> str:
    """The paragraph's words; deleted ones and field codes are not in ``w:t``."""
    parts = []
    for again in paragraph.findall(f".//{_FALLBACK}"):
        again.clear()
    for node in paragraph.iter(f"{W}t", f"{W}tab", f"{W}br", f"{W}cr"):
        if node.tag == f"{W}t":
            parts.append(node.text or "")
        else:
            parts.append("\n" if node.tag != f"{W}tab" else " ")
    return "".join(parts)


def _is_bold_title(paragraph: etree._Element, line: str) -> bool:
    if len(line) > _LONGEST_BOLD or re.search("[。；，]", line):
        return False
    runs = [r for r in paragraph.iter(f"{W}r") if any((t.text or "").strip() for t in r)]
    marks = [run.find(f"{W}rPr/{W}b") for run in runs]
    return bool(runs) and all(
        mark is not None and mark.get(f"{W}val") not in ("0", "false") for mark in marks
    )


def _table(table: etree._Element) -> list[str]:
    rows: list[list[str]] = []
    for row in list(table.iter(f"{W}tr"))[:5_000]:
        cells: list[str] = []
        for place, cell in enumerate(row.findall(f"{W}tc")[:60]):
            text = " ".join(filter(None, (_words(p).strip() for p in cell.iter(f"{W}p"))))
            merged = cell.find(f"{W}tcPr/{W}vMerge")
            if merged is not None and merged.get(f"{W}val") != "restart" and rows:
                text = rows[-1][place] if place < len(rows[-1]) else text
            span = cell.find(f"{W}tcPr/{W}gridSpan")
            width = (span.get(f"{W}val") or "1") if span is not None else "1"
            cells.extend([text] * (min(int(width), 60) if width.isdecimal() else 1))
        rows.append(cells)
    rows = [row for row in rows if any(row)]
    return rows_as_sentences(rows, head_rows(rows))
