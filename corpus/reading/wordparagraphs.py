"""Paragraphs of a Word document as lines: heading, number in front, notes with their sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from corpus.reading.broken import starts_with_number
from corpus.reading.numbering import Numbering
from corpus.reading.types import Line
from corpus.reading.wordnotes import Notes
from corpus.reading.wordparts import Element, WordParts, attribute, child
from corpus.reading.wordruns import Words
from corpus.reading.wordstyles import Style, Styles, heading_of, numbered

_LONGEST_BOLD = 40
_LONGEST_HEADING = 80  # characters; longer ones that hold a sentence are text in a style of titles
_LONGEST_OUTLINED = 40  # of a paragraph that is a heading by its level alone
_NO_BLANK = re.compile(r"^(（.{1,3}）|[一二三四五六七八九十]+、|第.{1,4}[条章节步]) (?=\S)")
_CHINESE = re.compile("[\u3400-\u9fff\u3001-\u3011\uff00-\uffef]")
_PAGE_NUMBER = re.compile(r"[\s.…·—-]{0,100}\d{1,4}\s{0,3}\Z")
_TAIL = 110  # characters in which the page number of a line of contents stands
_NO_WORD = re.compile(r"[\W_]+")
_NONE = "0"  # the list that takes a paragraph out of the list of its style


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What a paragraph gives. ``contents``: it is a line of a table of contents."""

    lines: Sequence[Line] = ()
    boxes: Sequence[Element] = ()
    diagrams: Sequence[str] = ()
    drawn: Sequence[str] = ()
    bold: bool = False
    contents: bool = False


@dataclass(slots=True)
class _Mark:
    """The number in front of a paragraph, and the level of its list."""

    text: str = ""
    place: int = 0


@dataclass(slots=True)
class Paragraphs:
    """Reads the paragraphs of one document in their order: lists are counted, notes given once."""

    parts: WordParts
    styles: Styles = field(init=False)
    _numbering: Numbering = field(init=False)
    _notes: Notes = field(init=False)
    _carried: str = ""  # words of a paragraph whose end was deleted

    def __post_init__(self) -> None:
        self.styles = Styles(self.parts.part("styles"))
        self._numbering = Numbering(self.parts.part("numbering"), self.styles.numbered)
        kinds = ("footnote", "endnote")
        self._notes = Notes((kind, self.parts.part(f"{kind}s")) for kind in kinds)

    def read(self, paragraph: Element, *, paper: bool, cell: bool) -> Paragraph:
        """One paragraph. ``paper``: white paper lies behind; ``cell``: it cannot be a heading."""
        properties = child(paragraph, "pPr")
        name = attribute(child(properties, "pStyle")) or self.styles.usual
        style = self.styles.get(name)
        words = Words(paragraph, self.styles, self._note, base=style.look, paper=paper)
        text = self._carried + words.text
        self._carried = ""
        ended = child(properties, "rPr")
        if child(ended, "del") is not None or child(ended, "moveFrom") is not None:
            self._carried = text
            return Paragraph((), words.boxes, words.diagrams, words.drawn)
        shown = bool(text.strip()) or not words.unseen
        mark = self._mark(properties, name, style) if shown else _Mark()
        level = 0 if cell else _level(properties, style, text)
        lines = self._lines(text, mark, level, bold=words.bold, cell=cell)
        return Paragraph(
            lines, words.boxes, words.diagrams, words.drawn, words.bold, style.contents
        )

    def rest(self) -> str:
        """The words of a last paragraph whose end was deleted."""
        return self._notes.placed(self._carried).strip()

    def _note(self, kind: str, name: str) -> str:
        return self._notes.mark(kind, name, self._words)

    def _words(self, note: Element) -> str:
        """The words of a note; one that it refers to in turn is left out."""
        texts = [
            Words(inner, self.styles, lambda *_: "").text.strip() for inner in note.iter("{*}p")
        ]
        return " ".join(filter(None, texts)).replace("\n", " ")

    def _mark(self, properties: Element | None, name: str, style: Style) -> _Mark:
        number_id, place = numbered(properties)
        number_id = number_id or style.number_id
        if not number_id or number_id == _NONE:
            return _Mark()
        if place < 0:
            place = style.place
        if place < 0:
            place = self._numbering.place_of(number_id, name)
        return _Mark(self._numbering.mark(number_id, place), place)

    def _lines(self, text: str, mark: _Mark, level: int, *, bold: bool, cell: bool) -> list[Line]:
        notes = ""
        if level:
            text, notes = self._notes.apart(_joined(text.split("\n")))
        texts = [part.strip() for part in self._notes.placed(text).split("\n")]
        texts = [part for part in texts if part] or ([""] if cell and mark.text else [])
        lines: list[Line] = []
        for number, part in enumerate(texts):
            line = part
            if number == 0 and mark.text:
                line = _NO_BLANK.sub(r"\1", f"{mark.text} {part}".strip())
            if level:
                lines.append(Line(f"{'#' * level} {line}", heading=level))
            elif bold and not cell and _may_head(line):
                numbered_line = starts_with_number(line)
                lines.append(Line(line) if numbered_line else Line(f"### {line}", heading=3))
            else:
                indent = "  " * mark.place if line.startswith("- ") and not cell else ""
                lines.append(Line(indent + line))
        return [*lines, Line(notes)] if notes else lines


def bare(text: str, *, page: bool = False) -> str:
    """A line's letters alone; ``page``: without the page number at its end."""
    if page:
        text = text[:-_TAIL] + _PAGE_NUMBER.sub("", text[-_TAIL:])
    return _NO_WORD.sub("", text)


def _level(properties: Element | None, style: Style, text: str) -> int:
    """The level of the heading that a paragraph is, 0 for text."""
    outline = child(properties, "outlineLvl")
    level = style.heading
    if outline is not None:
        level = heading_of(outline)
        if not style.heading and (len(text) > _LONGEST_OUTLINED or "。" in text):
            return 0
    return 0 if len(text) > _LONGEST_HEADING and "。" in text else level


def _joined(parts: Sequence[str]) -> str:
    """The lines of a heading in one: where it is broken says nothing."""
    text = ""
    for part in filter(None, (part.strip() for part in parts)):
        close = not text or _CHINESE.match(text[-1]) or _CHINESE.match(part[0])
        text += part if close else f" {part}"
    return text


def _may_head(line: str) -> bool:
    return len(line) <= _LONGEST_BOLD and not re.search("[。；，]|[:：]$", line)
