"""Small files of every kind, made by the tests themselves."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from html import escape


def pdf(pages: Sequence[Sequence[str]], *, encrypt: str = "") -> bytes:
    """A PDF with the given lines on each page, in a font that every reader knows by name."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", _FONT, _CID_FONT]
    kids = []
    for lines in pages:
        shows = b"".join(
            b"1 0 0 1 60 %d Tm <%s> Tj\n" % (780 - 20 * n, t.encode("utf-16-be").hex().encode())
            for n, t in enumerate(lines)
        )
        stream = b"BT /F1 11 Tf\n" + shows + b"ET"
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    trailer = b" /Encrypt << /Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P -4 >> /ID [<00> <00>]"
    return assembled(objects, trailer % (b"41" * 32, b"42" * 32) if encrypt else b"")


_FONT = (
    b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H"
    b" /DescendantFonts [4 0 R] >>"
)
_CID_FONT = (
    b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /CIDSystemInfo"
    b" << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> >>"
)


def assembled(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """The objects as a file, numbered from 1; the first is its catalogue."""
    out = io.BytesIO(b"%PDF-1.4\n")
    out.seek(0, io.SEEK_END)
    places = []
    for number, content in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    out.write(
        b"trailer << /Size %d /Root 1 0 R%s >>\nstartxref\n%d\n%%%%EOF\n"
        % (len(objects) + 1, trailer, start)
    )
    return out.getvalue()


_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_STYLES = """<w:style w:styleId="T"><w:name w:val="Title"/></w:style>
<w:style w:styleId="H1"><w:name w:val="heading 1"/></w:style>
<w:style w:styleId="H2"><w:name w:val="heading 2"/></w:style>"""
_LEVEL = (
    '<w:lvl w:ilvl="{}"><w:start w:val="1"/><w:numFmt w:val="{}"/><w:lvlText w:val="{}"/></w:lvl>'
)
_FORMS = {
    "1": [("decimal", "%1."), ("decimal", "%1.%2")],
    "2": [("chineseCountingThousand", "%1、"), ("chineseCounting", "（%2）")],
    "3": [("bullet", "\uf0b7")],
    "4": [("decimal", "第%1步")],
}


def word(
    title: str, paragraphs: Sequence[tuple[str, str]], table: Sequence[Sequence[str]] = ()
) -> bytes:
    """A Word document: ``paragraphs`` are (style, text).

    A style is "", "H1", "H2", "bold", or the list and level that count it: "2.0" for 一、二、.
    """
    body = "".join(_paragraph(style, text) for style, text in [("T", title), *paragraphs])
    if table:
        rows = ("".join(f"<w:tc>{_paragraph('', cell)}</w:tc>" for cell in row) for row in table)
        body += "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"
    abstract = "".join(
        f'<w:abstractNum w:abstractNumId="{key}">'
        + "".join(_LEVEL.format(place, *form) for place, form in enumerate(forms))
        + "</w:abstractNum>"
        for key, forms in _FORMS.items()
    )
    nums = "".join(
        f'<w:num w:numId="{key}"><w:abstractNumId w:val="{key}"/></w:num>' for key in _FORMS
    )
    return archive(
        {
            "[Content_Types].xml": b"<Types/>",
            "word/document.xml": _xml("document", f"<w:body>{body}</w:body>"),
            "word/styles.xml": _xml("styles", _STYLES),
            "word/numbering.xml": _xml("numbering", abstract + nums),
        }
    )


def _xml(name: str, inside: str) -> bytes:
    return f'<?xml version="1.0"?><w:{name} {_W}>{inside}</w:{name}>'.encode()


def _paragraph(style: str, text: str) -> str:
    marks = bold = ""
    if style == "bold":
        bold = "<w:rPr><w:b/></w:rPr>"
    elif style[:1].isdigit():
        number, _, place = style.partition(".")
        marks = f'<w:numPr><w:ilvl w:val="{place}"/><w:numId w:val="{number}"/></w:numPr>'
    elif style:
        marks = f'<w:pStyle w:val="{style}"/>'
    inside = escape(text).replace("\n", "</w:t><w:br/><w:t>")
    return f"<w:p><w:pPr>{marks}</w:pPr><w:r>{bold}<w:t>{inside}</w:t></w:r></w:p>"


def archive(members: dict[str, bytes]) -> bytes:
    """A zip archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in members.items():
            target.writestr(name, data)
    return out.getvalue()
