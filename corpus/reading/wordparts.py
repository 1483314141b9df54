"""The parts of a Word document that hold words: its text, styles, numbers and notes.

The package says which part is the document, whatever it is called; elements and attributes are known
by their names without a namespace, because transitional and strict files differ only there.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from lxml import etree

from corpus.reading.package import Package, local

Element = etree._Element
_OFF = frozenset(["0", "false", "off"])
_MAIN = re.compile(r"(?:wordprocessingml|ms-word)\..{1,40}\.main\+xml$")
_WRAPPERS = frozenset(["sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo"])


class WordParts:
    """Finds the parts by what refers to them, by their usual names where nothing does."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self.main = self._main()
        self._links = package.related(self.main)

    def _main(self) -> str:
        for kind, name in self._package.related("").values():
            if kind == "officeDocument":
                return name
        types = self._package.xml("[Content_Types].xml")
        for part in types.iter("{*}Override") if types is not None else ():
            if _MAIN.search(part.get("ContentType") or ""):
                return (part.get("PartName") or "").lstrip("/")
        return "word/document.xml"

    def document(self) -> Element | None:
        """The document itself, None where there is none."""
        return self._package.xml(self.main)

    def part(self, kind: str) -> Element | None:
        """``styles``, ``numbering``, ``footnotes`` or ``endnotes``."""
        named = (name for of, name in self._links.values() if of == kind)
        usual = posixpath.join(posixpath.dirname(self.main), f"{kind}.xml")
        return self._package.xml(next(named, usual))

    def linked(self, number: str) -> Element | None:
        """The part that the document refers to by this id."""
        found = self._links.get(number)
        return self._package.xml(found[1]) if found else None


def child(parent: Element | None, *names: str) -> Element | None:
    """The first child of that name, or the child of a child: ``child(row, "trPr", "tblHeader")``."""
    for name in names:
        if parent is None:
            return None
        end = f"}}{name}"
        for inner in parent:
            tag = inner.tag
            if isinstance(tag, str) and (tag.endswith(end) or tag == name):
                parent = inner
                break
        else:
            return None
    return parent


def attribute(element: Element | None, name: str = "val") -> str:
    """An attribute by its name without a namespace, "" where it is missing."""
    if element is None:
        return ""
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return ""


def switched(element: Element | None) -> bool | None:
    """Whether a property such as ``w:b`` is on; None where it is not given."""
    return None if element is None else attribute(element).lower() not in _OFF


def number(text: str, otherwise: int = 0) -> int:
    """A small whole number, ``otherwise`` for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else otherwise


def own(parent: Element, name: str) -> Iterator[Element]:
    """The rows of a table or the cells of a row, also those in content controls and insertions."""
    for inner in parent:
        if local(inner) == name:
            yield inner
        elif local(inner) in _WRAPPERS:
            yield from own(inner, name)
