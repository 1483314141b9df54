"""A small Word file (.docx): a title, headings and paragraphs, on A4.

Four parts of a zip are all that Word, WPS and LibreOffice ask for, so no library is needed. The same
lines give the same bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from xml.sax.saxutils import escape

_FORMAT = "application/vnd.openxmlformats-officedocument.wordprocessingml"
KIND = f"{_FORMAT}.document"
"""The file's media type."""
Style = Literal["Title", "Heading1", "Normal"]

_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_NO_XML = re.compile(r"[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 does not allow: Word would call the file damaged."""
_FACE = "宋体"
_DEFAULT = ' w:default="1"'
_SIZES: dict[Style, int] = {"Title": 36, "Heading1": 28, "Normal": 24}
"""Half points: 18, 14 and 12, for eyes at a counter."""
_NAMES: dict[Style, str] = {"Title": "Title", "Heading1": "heading 1", "Normal": "Normal"}


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of the file and how it is set."""

    text: str
    style: Style = "Normal"


def document(paragraphs: Iterable[Paragraph]) -> bytes:
    """The file. Characters that XML cannot hold are left out."""
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations("officeDocument", "word/document.xml"),
        "word/_rels/document.xml.rels": _relations("styles", "styles.xml"),
        "word/styles.xml": _styles(),
        "word/document.xml": _body(paragraphs),
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            entry = zipfile.ZipInfo(name)  # of 1980, whatever the day
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, (_HEAD + text).encode("utf-8"))
    return file.getvalue()


def _body(paragraphs: Iterable[Paragraph]) -> str:
    return (
        f'<w:document xmlns:w="{_MAIN}"><w:body>'
        + "".join(map(_paragraph, paragraphs))
        + '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" '
        'w:header="567" w:footer="567" w:gutter="0"/></w:sectPr></w:body></w:document>'
    )


def _paragraph(paragraph: Paragraph) -> str:
    lines = escape(_NO_XML.sub("", paragraph.text)).split("\n")
    runs = "<w:br/>".join(f'<w:t xml:space="preserve">{line}</w:t>' for line in lines)
    return f'<w:p><w:pPr><w:pStyle w:val="{paragraph.style}"/></w:pPr><w:r>{runs}</w:r></w:p>'


def _styles() -> str:
    return f'<w:styles xmlns:w="{_MAIN}">' + "".join(map(_style, _SIZES)) + "</w:styles>"


def _style(style: Style) -> str:
    plain = style == "Normal"
    size = _SIZES[style]
    return (
        f'<w:style w:type="paragraph" w:styleId="{style}"{_DEFAULT if plain else ""}>'
        f'<w:name w:val="{_NAMES[style]}"/>'
        + ("" if plain else '<w:basedOn w:val="Normal"/>')
        + ("<w:pPr>" if plain else "<w:pPr><w:keepNext/>")
        + f'<w:spacing w:before="{0 if plain else 160}" w:after="80"/></w:pPr>'
        f'<w:rPr><w:rFonts w:ascii="{_FACE}" w:hAnsi="{_FACE}" w:eastAsia="{_FACE}"/>'
        + ("" if plain else "<w:b/>")
        + f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr></w:style>'
    )


def _relations(kind: str, target: str) -> str:
    return (
        f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="r1" '
        f'Type="{_OFFICE}/{kind}" Target="{target}"/></Relationships>'
    )


def _content_types() -> str:
    parts = "".join(
        f'<Override PartName="/word/{part}.xml" ContentType="{_FORMAT}.{kind}+xml"/>'
        for part, kind in (("document", "document.main"), ("styles", "styles"))
    )
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f"{parts}</Types>"
    )
