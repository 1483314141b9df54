"""The styles of a Word document: which are headings, bring a number, or change how words look.

What a style does not say, the style says on which it is based.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.reading.wordlooks import PLAIN, Look, look_of, shading
from corpus.reading.wordparts import Element, attribute, child, number

_HEADING = re.compile(r"(?:heading|标题)\s{0,3}([1-9])(?:\s.{0,20})?")
_CONTENTS = re.compile(r"(?:toc|目录)\s{0,3}\d")
_LONGEST_CHAIN = 20
_BODY = 9  # the outline level of what is no heading


@dataclass(frozen=True, slots=True)
class Style:
    """What a paragraph's style brings. ``place`` -1: the level is not said.

    ``contents``: a line of a table of contents.
    """

    heading: int = 0
    number_id: str = ""
    place: int = -1
    look: Look = PLAIN
    contents: bool = False
    shaded: bool = False


class Styles:
    """Styles by their ids."""

    def __init__(self, root: Element | None) -> None:
        self._given: dict[str, Element] = {}
        self._known: dict[str, Style] = {}
        self.usual = ""
        for style in root.iter("{*}style") if root is not None else ():
            name = attribute(style, "styleId")
            self._given.setdefault(name, style)
            if attribute(style, "default") in ("1", "true") and attribute(style, "type") in (
                "", "paragraph",
            ):  # fmt: skip
                self.usual = name

    def get(self, name: str) -> Style:
        """The style of that id with all that it is based on; an unknown one says nothing."""
        if name not in self._known:
            self._known[name] = self._resolved(name)
        return self._known[name]

    def _resolved(self, name: str) -> Style:
        chain: list[Element] = []
        seen: set[str] = set()
        while name in self._given and name not in seen and len(chain) < _LONGEST_CHAIN:
            seen.add(name)
            chain.append(self._given[name])
            name = attribute(child(chain[-1], "basedOn"))
        style = Style()
        for element in reversed(chain):
            style = _extended(style, element)
        return style

    def numbered(self, name: str) -> str:
        """The list that a style of lists (``w:numStyleLink``) stands for."""
        return self.get(name).number_id


def _extended(base: Style, element: Element) -> Style:
    """A style on top of the one that it is based on."""
    label = attribute(child(element, "name")).lower().strip()
    properties = child(element, "pPr")
    number_id, place = numbered(properties)
    heading = base.heading
    outline = child(properties, "outlineLvl")
    if found := _HEADING.fullmatch(label):
        heading = min(int(found.group(1)), 6)
    elif label in ("title", "标题"):
        heading = 1
    elif outline is not None:
        heading = heading_of(outline)
    shaded = base.shaded or any(
        shading(inner.getparent()) for inner in element.iter("{*}shd") if _of_cells(inner)
    )
    return Style(
        heading=heading,
        number_id=number_id or base.number_id,
        place=place if place >= 0 else base.place,
        look=look_of(child(element, "rPr")).over(base.look),
        contents=base.contents or bool(_CONTENTS.fullmatch(label)),
        shaded=shaded,
    )


def _of_cells(shade: Element) -> bool:
    parent = shade.getparent()
    return parent is not None and str(parent.tag).endswith(("tcPr", "tblPr"))


def heading_of(outline: Element) -> int:
    """The level of a heading from an outline level, 0 for body text."""
    level = number(attribute(outline), _BODY)
    return 0 if level >= _BODY else min(level + 1, 6)


def numbered(properties: Element | None) -> tuple[str, int]:
    """The list that a paragraph's properties put it in, and the level within it (-1: not said)."""
    numbers = child(properties, "numPr")
    level = child(numbers, "ilvl")
    place = number(attribute(level)) if level is not None else -1
    return attribute(child(numbers, "numId")), place
