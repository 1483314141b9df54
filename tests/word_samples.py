"""Word files written by the tests: a body of raw XML, and whatever other parts it needs."""

from __future__ import annotations

from collections.abc import Sequence

from reading_samples import archive

SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"'
    ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
STRICT = SPACES.replace(
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
_RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://x/relationships/officeDocument" Target="{}"/>'
    "</Relationships>"
)


def document(
    body: str, *, spaces: str = SPACES, main: str = "word/document.xml", **parts: str
) -> bytes:
    """A document. ``parts``: the inside of styles, numbering, footnotes, endnotes."""
    members = {
        "[Content_Types].xml": b"<Types/>",
        "_rels/.rels": _RELS.format(main).encode(),
        main: _part("document", f"<w:body>{body}</w:body>", spaces),
    }
    members |= {f"word/{n}.xml": _part(n, inside, spaces) for n, inside in parts.items()}
    return archive(members)


def _part(name: str, inside: str, spaces: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?><w:{name} {spaces}>{inside}</w:{name}>'.encode()


def p(inside: str, properties: str = "") -> str:
    """A paragraph of runs; plain words become one run."""
    runs = inside if inside.startswith("<") or not inside else r(inside)
    return f"<w:p><w:pPr>{properties}</w:pPr>{runs}</w:p>"


def r(words: str, look: str = "") -> str:
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'


def tc(words: str, properties: str = "") -> str:
    inside = words if words.startswith("<w:p>") or words.startswith("<w:tbl>") else p(words)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inside}</w:tc>"


def tr(*cells: str, properties: str = "") -> str:
    made = (cell if cell.startswith("<w:") else tc(cell) for cell in cells)
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(made)}</w:tr>"


def tbl(*rows: str | Sequence[str]) -> str:
    made = (row if isinstance(row, str) else tr(*row) for row in rows)
    return f"<w:tbl>{''.join(made)}</w:tbl>"
