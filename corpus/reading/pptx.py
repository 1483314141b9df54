"""Slides (.pptx): each slide under its title, its boxes from top to bottom, its tables as sentences.

Hidden slides, notes and what a master repeats on every slide are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from corpus.errors import InputError
from corpus.reading.broken import starts_with_number
from corpus.reading.cells import Cell
from corpus.reading.grid import table_lines
from corpus.reading.package import Package, local, package
from corpus.reading.plain import mark_questions
from corpus.reading.types import Line, Page

_WHAT = "演示文稿"
_MOST_SLIDES = 2_000
_TITLES = ("title", "ctrTitle")
_LISTED = ("body", "obj")
_LONGEST_POINT = 60  # characters: longer paragraphs are running text
_REPEATED = ("dt", "ftr", "sldNum", "hdr")  # date, footer, number of the slide, header
_LONGEST_TITLE = 60


def read_pptx(data: bytes) -> Page:
    """The page of a presentation. Raises InputError where it is broken or holds no text."""
    with package(data, _WHAT) as parts:
        main = parts.main("ppt/presentation.xml")
        root = parts.xml(main)
        if root is None:
            raise InputError(parts.broken)
        links = parts.related(main)
        lines: list[Line] = []
        hidden = noted = pictures = 0
        for number, slide in enumerate(root.iterfind("{*}sldIdLst/{*}sldId")):
            name = next((str(v) for k, v in slide.attrib.items() if str(k).endswith("}id")), "")
            part = links.get(name, ("", ""))[1]
            tree = parts.xml(part) if part and number < _MOST_SLIDES else None
            if tree is None:
                continue
            if tree.get("show", "1") in ("0", "false"):
                hidden += 1
                continue
            noted += _has_notes(parts, part)
            found = _slide(tree)
            pictures += not found and next(tree.iter("{*}pic"), None) is not None
            lines += found
    if not any(line.text.strip() for line in lines):
        raise InputError("演示文稿里没有文字（可能全是图片）；请另存为 PDF 后做文字识别（OCR）")
    left = (
        *((f"隐藏的幻灯片 {hidden} 张",) if hidden else ()),
        *((f"{noted} 张幻灯片的备注",) if noted else ()),
        *((f"{pictures} 张幻灯片只有图片没有文字，未读",) if pictures else ()),
    )
    return Page(tuple(mark_questions(lines)), left=left)


@dataclass(slots=True)
class _Box:
    """A shape with words: where it stands, and its lines."""

    top: int
    left: int
    lines: list[Line]
    title: bool = False


def _slide(root: etree._Element) -> list[Line]:
    """The title first, then the boxes by their place: those of one height from left to right."""
    boxes = list(_boxes(root.find("{*}cSld/{*}spTree")))
    title = next((box for box in boxes if box.title), None)
    # rows of an inch: boxes beside each other are seldom set to the same height exactly
    rest = sorted((b for b in boxes if b is not title), key=lambda b: (b.top // 457_200, b.left))
    lines: list[Line] = []
    if title is not None:
        text = " ".join(line.text.strip() for line in title.lines)
        short = len(text) <= _LONGEST_TITLE
        lines += [Line(f"## {text}", heading=2)] if short else title.lines
    for box in rest:
        lines += box.lines
    return lines


def _boxes(tree: etree._Element | None) -> Iterator[_Box]:
    """Every shape and table, those of groups too; without recursion."""
    waiting: list[tuple[etree._Element, tuple[int, int] | None]] = []
    waiting += [(child, None) for child in tree] if tree is not None else []
    while waiting:
        shape, at = waiting.pop(0)
        tag = local(shape)
        if _is_hidden(shape):
            continue
        if tag == "AlternateContent":  # the same shape once more, for old programs
            first = shape.find("{*}Choice")
            waiting = [(child, at) for child in (first if first is not None else ())] + waiting
        elif tag == "grpSp":
            place = at or _place(shape.find("{*}grpSpPr"))
            waiting = [(child, place) for child in shape] + waiting
        elif tag == "sp":
            kind = _kind(shape)
            lines = list(_paragraphs(shape.find("{*}txBody"), listed=kind in _LISTED))
            if lines and kind not in _REPEATED:
                top, left = at or _place(shape.find("{*}spPr")) or (0, 0)
                yield _Box(top, left, lines, kind in _TITLES)
        elif tag == "graphicFrame":
            top, left = at or _place(shape) or (0, 0)
            for table in shape.iter("{*}tbl"):
                yield _Box(top, left, [Line(text) for text in _table(table)])
            diagram = [line for body in shape.iterfind(".//{*}txBody") if _outside(body)
                       for line in _paragraphs(body)]  # fmt: skip
            if diagram:
                yield _Box(top, left, diagram)


def _outside(body: etree._Element) -> bool:
    """Whether the text stands in no cell of a table."""
    parent = body.getparent()
    return parent is None or local(parent) != "tc"


def _is_hidden(shape: etree._Element) -> bool:
    named = next(iter(shape.iterfind("*/{*}cNvPr")), None)
    return named is not None and named.get("hidden", "0") in ("1", "true")


def _kind(shape: etree._Element) -> str:
    holder = shape.find("{*}nvSpPr/{*}nvPr/{*}ph")
    return (holder.get("type") or "body") if holder is not None else ""


def _place(shape: etree._Element | None) -> tuple[int, int] | None:
    off = next(iter(shape.iter("{*}off")), None) if shape is not None else None
    if off is None:
        return None
    top, left = (off.get(name) or "" for name in ("y", "x"))
    return (int(top) if re.fullmatch(r"\d{1,12}", top) else 0,
            int(left) if re.fullmatch(r"\d{1,12}", left) else 0)  # fmt: skip


def _paragraphs(body: etree._Element | None, *, listed: bool = False) -> Iterator[Line]:
    """A line each. ``listed``: the slide's own place for text, where each of several paragraphs has a
    bullet unless it says that it has none or brings a number."""
    found = [p for p in body.iterfind("{*}p") if _words(p).strip()] if body is not None else []
    listed = listed and len(found) > 1 and all(len(_words(p)) <= _LONGEST_POINT for p in found)
    for paragraph in found:
        for n, text in enumerate(t.strip() for t in _words(paragraph).split("\n") if t.strip()):
            mark = _indent(paragraph)
            if listed and not mark and not n and not _unmarked(paragraph, text):
                mark = "- "
            yield Line(mark + text)


def _unmarked(paragraph: etree._Element, text: str) -> bool:
    look = paragraph.find("{*}pPr")
    bare = look is not None and (look.find("{*}buNone") is not None)
    return bare or starts_with_number(text) or text[-1] in "：:"


def _indent(paragraph: etree._Element) -> str:
    """「- 」 where the slide sets a bullet, deeper where the level is."""
    look = paragraph.find("{*}pPr")
    if look is None or look.find("{*}buChar") is None:
        return ""
    level = look.get("lvl") or "0"
    return "  " * (int(level) if level in "12345678" else 0) + "- "


def _words(paragraph: etree._Element) -> str:
    """The words of a paragraph but for struck-out ones."""
    parts = []
    for piece in paragraph:
        tag = local(piece)
        look = piece.find("{*}rPr")
        if look is not None and look.get("strike", "noStrike") != "noStrike":
            continue
        if tag == "br":
            parts.append("\n")
        elif tag in ("r", "fld"):
            parts += [text.text or "" for text in piece.iterfind("{*}t")]
    return "".join(parts).replace("\v", "\n")


def _table(table: etree._Element) -> list[str]:
    rows: list[list[Cell]] = []
    for number, row in enumerate(table.iterfind("{*}tr")):
        cells: list[Cell] = []
        for place, cell in enumerate(row.iterfind("{*}tc")):
            text = " ".join(line.text.strip(" -") for line in _paragraphs(cell.find("{*}txBody")))
            made = Cell(text, number * 1_000 + place)
            if cell.get("hMerge", "0") in ("1", "true") and cells:
                made = cells[-1]
            elif cell.get("vMerge", "0") in ("1", "true") and rows and place < len(rows[-1]):
                made = rows[-1][place]
            cells.append(made)
        rows.append(cells)
    return table_lines(rows)


def _has_notes(parts: Package, part: str) -> bool:
    """Whether somebody wrote notes under the slide; the number of the slide alone is none."""
    notes = next((n for kind, n in parts.related(part).values() if kind == "notesSlide"), "")
    root = parts.xml(notes) if notes else None
    if root is None:
        return False
    return any(
        _kind(shape) == "body" and any(_paragraphs(shape.find("{*}txBody")))
        for shape in root.iter("{*}sp")
    )
