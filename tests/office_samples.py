"""Workbooks, slides, books and fixed pages, made by the tests themselves."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from html import escape

from reading_samples import archive

Cell = str | float | tuple[float, int]
"""Words, a number, or a number with the number of its format (``FORMATS``)."""
FORMATS = ("General", "0%", 'yyyy"年"m"月"d"日"', '#,##0.00"元"', "000000")
_SHEETS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SLIDES = "http://schemas.openxmlformats.org/presentationml/2006/main"
_DRAWN = "http://schemas.openxmlformats.org/drawingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"


def xlsx(
    sheets: Mapping[str, Sequence[Sequence[Cell]]],
    *,
    merged: Sequence[str] = (),
    hidden: Sequence[str] = (),
    hidden_rows: Sequence[int] = (),
    namespace: str = _SHEETS,
    extra: str = "",
) -> bytes:
    """A workbook; ``merged`` and ``hidden_rows`` hold for its first sheet, ``hidden`` names sheets.
    Words that begin with ~ are struck out."""
    entries, links, members = "", "", {}
    for number, (name, rows) in enumerate(sheets.items(), 1):
        state = ' state="hidden"' if name in hidden else ""
        entries += f'<sheet name="{escape(name)}" sheetId="{number}"{state} r:id="r{number}"/>'
        links += (
            f'<Relationship Id="r{number}" Type="x/worksheet" Target="worksheets/s{number}.xml"/>'
        )
        first = number == 1
        body = _rows(rows, hidden_rows if first else ())
        areas = "".join(f'<mergeCell ref="{area}"/>' for area in merged if first)
        members[f"xl/worksheets/s{number}.xml"] = (
            f'<worksheet xmlns="{namespace}"><sheetData>{body}</sheetData>'
            f"<mergeCells>{areas}</mergeCells></worksheet>"
        )
    formats = "".join(
        f'<numFmt numFmtId="{200 + n}" formatCode="{escape(code)}"/>'
        for n, code in enumerate(FORMATS)
    )
    cells = "".join(f'<xf numFmtId="{200 + n}" fontId="0"/>' for n in range(len(FORMATS)))
    members |= {
        "xl/workbook.xml": f'<workbook xmlns="{namespace}" xmlns:r="{_LINKS}"><sheets>{entries}'
        "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}">{links}</Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{namespace}"><numFmts>{formats}</numFmts>'
        f"<fonts><font/><font><strike/></font></fonts><cellXfs>{cells}"
        '<xf numFmtId="0" fontId="1"/></cellXfs></styleSheet>',
    }
    return archive({name: (extra + xml).encode() for name, xml in members.items()})


def _rows(rows: Sequence[Sequence[Cell]], hidden: Sequence[int]) -> str:
    made = ""
    for number, row in enumerate(rows, 1):
        cells = "".join(_cell(cell, f"{_letters(c)}{number}") for c, cell in enumerate(row))
        shut = ' hidden="1"' if number in hidden else ""
        made += f'<row r="{number}"{shut}>{cells}</row>'
    return made


def _letters(column: int) -> str:
    return chr(65 + column) if column < 26 else chr(64 + column // 26) + chr(65 + column % 26)


def _cell(cell: Cell, place: str) -> str:
    if isinstance(cell, str):
        style = f' s="{len(FORMATS)}"' if cell.startswith("~") else ""
        words = escape(cell.lstrip("~"))
        return f'<c r="{place}" t="inlineStr"{style}><is><t>{words}</t></is></c>' if cell else ""
    value, style_number = cell if isinstance(cell, tuple) else (cell, 0)
    return f'<c r="{place}" s="{style_number}"><v>{value}</v></c>'


def xls(name: str, rows: Sequence[Sequence[str | float]]) -> bytes:
    """A workbook of Excel 5 with one sheet; its numbers are shown as per cent."""

    def record(number: int, data: bytes) -> bytes:
        return struct.pack("<HH", number, len(data)) + data

    def begin(kind: int) -> bytes:
        return record(0x0809, struct.pack("<HHHH", 0x0500, kind, 0, 0))

    font = struct.pack("<HHHHHBBBx", 200, 0, 0x7FFF, 400, 0, 0, 0, 0) + b"\x05Arial"
    looks = [struct.pack("<HHHHHHHH", 0, number, *[0] * 6) for number in (0, 9)]
    head = begin(5) + record(0x42, struct.pack("<H", 936)) + 4 * record(0x31, font)
    head += b"".join(record(0xE0, look) for look in looks)
    title = bytes([len(name.encode("gbk"))]) + name.encode("gbk")
    end = record(0x0A, b"")
    start = len(head) + len(record(0x85, bytes(6) + title)) + len(end)
    out = head + record(0x85, struct.pack("<IBB", start, 0, 0) + title) + end + begin(0x10)
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            if isinstance(cell, str):
                words = cell.encode("gbk")
                out += record(0x0204, struct.pack("<HHHH", r, c, 0, len(words)) + words)
            else:
                out += record(0x0203, struct.pack("<HHHd", r, c, 1, cell))
    return out + end


def pptx(slides: Sequence[tuple[str, Sequence[str]]], *, hidden: Sequence[int] = (), table: Sequence[Sequence[str]] = ()) -> bytes:  # fmt: skip
    """Slides of a title and paragraphs; those of ``hidden`` are not shown; the table is on the last
    one."""
    entries, links, members = "", "", {}
    for number, (title, lines) in enumerate(slides):
        entries += f'<p:sldId id="{256 + number}" r:id="r{number}"/>'
        links += f'<Relationship Id="r{number}" Type="x/slide" Target="slides/s{number}.xml"/>'
        paragraphs = "".join(f"<a:p><a:r><a:t>{escape(t)}</a:t></a:r></a:p>" for t in lines)
        shapes = _shape("title", f"<a:p><a:r><a:t>{escape(title)}</a:t></a:r></a:p>")
        shapes = _shape("sldNum", "<a:p><a:r><a:t>7</a:t></a:r></a:p>") + shapes
        shapes += _shape("body", paragraphs)
        if table and number == len(slides) - 1:
            cell = "<a:tc><a:txBody><a:p><a:r><a:t>{}</a:t></a:r></a:p></a:txBody></a:tc>"
            rows = "".join(f"<a:tr>{''.join(map(cell.format, row))}</a:tr>" for row in table)
            shapes += (
                f"<p:graphicFrame><a:graphic><a:tbl>{rows}</a:tbl></a:graphic></p:graphicFrame>"
            )
        shown = ' show="0"' if number in hidden else ""
        members[f"ppt/slides/s{number}.xml"] = (
            f'<p:sld xmlns:p="{_SLIDES}" xmlns:a="{_DRAWN}"{shown}><p:cSld><p:spTree>{shapes}'
            "</p:spTree></p:cSld></p:sld>"
        )
    members |= {
        "ppt/presentation.xml": f'<p:presentation xmlns:p="{_SLIDES}" xmlns:r="{_LINKS}">'
        f"<p:sldIdLst>{entries}</p:sldIdLst></p:presentation>",
        "ppt/_rels/presentation.xml.rels": f'<Relationships xmlns="{_PACKAGE}">{links}</Relationships>',
    }
    return archive({name: xml.encode() for name, xml in members.items()})


def _shape(kind: str, paragraphs: str) -> str:
    return (
        f'<p:sp><p:nvSpPr><p:nvPr><p:ph type="{kind}"/></p:nvPr></p:nvSpPr><p:spPr/>'
        f"<p:txBody>{paragraphs}</p:txBody></p:sp>"
    )


def epub(title: str, chapters: Sequence[tuple[str, str]]) -> bytes:
    """A book of chapters (heading, paragraph)."""
    items = "".join(
        f'<item id="c{n}" href="t/{n}.xhtml" media-type="x"/>' for n in range(len(chapters))
    )
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
    members = {
        f"OEBPS/t/{n}.xhtml": f"<html><body><h1>{head}</h1><p>{text}</p></body></html>"
        for n, (head, text) in enumerate(chapters)
    }
    members |= {
        "META-INF/container.xml": "<container><rootfiles><rootfile full-path='OEBPS/b.opf'/>"
        "</rootfiles></container>",
        "OEBPS/b.opf": "<package xmlns:dc='http://purl.org/dc/elements/1.1/'><metadata>"
        f"<dc:title>{title}</dc:title><dc:publisher>甲市医疗保障局</dc:publisher>"
        f"<dc:date>2024-05-01</dc:date></metadata><manifest>{items}</manifest>"
        f"<spine>{spine}</spine></package>",
    }
    return archive(
        {"mimetype": b"application/epub+zip"} | {n: t.encode() for n, t in members.items()}
    )


def ofd(lines: Sequence[str]) -> bytes:
    """A page of lines, the last one written first: their places give the order."""
    texts = "".join(
        f'<ofd:TextObject Boundary="20 {20 + 8 * n} {4 * len(t)} 5"><ofd:TextCode>{t}</ofd:TextCode>'
        "</ofd:TextObject>"
        for n, t in reversed(list(enumerate(lines)))
    )
    space = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    return archive(
        {
            "OFD.xml": f"<ofd:OFD {space}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>"
            "</ofd:DocBody></ofd:OFD>".encode(),
            "Doc_0/Document.xml": f'<ofd:Document {space}><ofd:Pages><ofd:Page BaseLoc="P/C.xml"/>'
            "</ofd:Pages></ofd:Document>".encode(),
            "Doc_0/P/C.xml": f"<ofd:Page {space}><ofd:Content>{texts}</ofd:Content></ofd:Page>".encode(),
        }
    )
