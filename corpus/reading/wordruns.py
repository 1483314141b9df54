"""The words of a Word paragraph that a reader sees, and the text boxes that hang on it.

Deleted, moved-away, hidden and struck-out words, field codes and comments are not among them.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from corpus.reading.package import local
from corpus.reading.wordlooks import PLAIN, Look, look_of, shading
from corpus.reading.wordmath import formula
from corpus.reading.wordparts import Element, attribute, child, switched
from corpus.reading.wordstyles import Styles
from corpus.reading.wordsymbols import symbol

_GONE = frozenset(
    [
        "del",
        "moveFrom",
        "pPr",
        "rPr",
        "sdtPr",
        "sdtEndPr",
        "instrText",
        "delText",
        "delInstrText",
        "rt",
        "rPh",
        "fldData",
        "ffData",
        "tbl",
        "p",
    ]
)
_BLANKS = frozenset(["tab", "ptab"])
_BREAKS = frozenset(["br", "cr"])
_DRAWN = frozenset(["drawing", "pict", "object"])
_UNSEEN_SHAPE = re.compile(r"visibility\s{0,3}:\s{0,3}hidden")


class Words:
    """The words of one paragraph. ``note`` gives the mark of a note that is referred to.

    ``boxes``: the contents of text boxes. ``bold``: all words are. ``unseen``: some are not shown.
    """

    def __init__(
        self,
        paragraph: Element,
        styles: Styles,
        note: Callable[[str, str], str],
        *,
        base: Look = PLAIN,
        paper: bool = True,
    ) -> None:
        self._styles, self._note = styles, note
        properties = child(paragraph, "pPr")
        self._paper = paper and not shading(properties)
        self._parts: list[str] = []
        self.boxes: list[Element] = []
        self.diagrams: list[str] = []
        self.drawn: list[str] = []
        self.unseen = False
        self._bold: list[bool] = []
        self._take(paragraph, base)

    @property
    def text(self) -> str:
        return "".join(self._parts)

    @property
    def bold(self) -> bool:
        return bool(self._bold) and all(self._bold)

    def _take(self, parent: Element, look: Look) -> None:
        for element in parent:
            self._element(element, local(element), look)

    def _element(self, element: Element, name: str, look: Look) -> None:
        if name in _GONE:
            return
        if name == "r":
            self._run(element, look)
        elif name in ("oMath", "oMathPara"):
            self._parts.append(formula(element))
        elif name == "AlternateContent":
            self._choice(element, look)
        elif name in _DRAWN:
            self._draw(element)
        elif name == "txbxContent":
            self.boxes.append(element)
        elif name == "sdt":
            placeholder = switched(child(element, "sdtPr", "showingPlcHdr"))
            if not placeholder:
                self._take(element, look)
        elif name:
            self._take(element, look)

    def _run(self, run: Element, look: Look) -> None:
        properties = child(run, "rPr")
        style = self._styles.get(attribute(child(properties, "rStyle"))).look
        look = look_of(properties).over(style.over(look))
        if look.unseen(paper=self._paper):
            self.unseen = self.unseen or child(run, "t") is not None
            return
        for inner in run:
            name = local(inner)
            if name == "t":
                text = (inner.text or "") + "".join(entity.tail or "" for entity in inner)
                self._parts.append(text.replace("\n", " "))
                if text.strip():
                    self._bold.append(bool(look.bold))
            elif name in _BLANKS:
                self._parts.append(" ")
            elif name in _BREAKS:
                self._parts.append("\n")
            elif name == "noBreakHyphen":
                self._parts.append("-")
            elif name == "sym":
                self._parts.append(symbol(attribute(inner, "font"), attribute(inner, "char")))
            elif name in ("footnoteReference", "endnoteReference"):
                self._parts.append(
                    self._note(name.removesuffix("Reference"), attribute(inner, "id"))
                )
            else:
                self._element(inner, name, look)

    def _choice(self, element: Element, look: Look) -> None:
        """The first way to show a thing; the others are the same once more for older programs."""
        for way in element:
            before = len(self._parts), len(self.boxes), len(self.diagrams), len(self.drawn)
            self._take(way, look)
            if before != (len(self._parts), len(self.boxes), len(self.diagrams), len(self.drawn)):
                return

    def _draw(self, parent: Element) -> None:
        """Text boxes, diagrams and letters drawn as pictures, unless they are hidden."""
        if attribute(child(parent, "docPr"), "hidden") in ("1", "true"):
            return
        for element in parent:
            name = local(element)
            if _UNSEEN_SHAPE.search(attribute(element, "style")):
                continue
            if name == "txbxContent":
                self.boxes.append(element)
            elif name == "AlternateContent":
                self._choice(element, PLAIN)
            elif name == "textpath" and (text := attribute(element, "string").strip()):
                self.drawn.append(text)
            elif name == "relIds" and (link := attribute(element, "dm")):
                self.diagrams.append(link)
            else:
                self._draw(element)
