"""An HTML tree as lines: headings, numbered steps, tables, questions, each in its zone.

Lists get their numbers and indents, a line that is all bold becomes a heading, what a page folds
away below a question is its answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from lxml import etree

from corpus.reading.broken import starts_with_number
from corpus.reading.folds import Folds
from corpus.reading.items import asks
from corpus.reading.layout import BLOCKS, Element, away, zone_of
from corpus.reading.noise import heads_related
from corpus.reading.style import Styles
from corpus.reading.tables import is_data, read_table
from corpus.reading.tabs import Tabs
from corpus.reading.types import Line, Zone

_CJK = "\u2e80-\u9fff\uff00-\uffef\u3000-\u303f"
_BREAK_IN_CHINESE = re.compile(rf"(?<=[{_CJK}])[ \t]*\n\s*(?=[{_CJK}])")
_BLANKS = re.compile(r"[ \t\r\n\f\xa0]+")
_LONGEST_BOLD = 40


def _may_head(text: str) -> bool:
    """Whether a line in bold is a title rather than a sentence that somebody stressed."""
    return len(text) <= _LONGEST_BOLD and not re.search(r"[。；，]", text)


@dataclass(slots=True)
class _List:
    ordered: bool
    number: int
    fresh: bool = False  # an item has begun and its mark is not written yet


class Walk:
    """One walk over a tree, collecting lines."""

    def __init__(self, lengths: dict[Element, int], main: Element, whole: int) -> None:
        self.lengths, self.main, self.whole = lengths, main, max(whole, 1)
        self.lines: list[Line] = []
        self.pieces: list[str] = []
        self.linked = self.bold = self.anchors = 0  # characters in links and in bold; links
        self.in_link = self.in_bold = self.in_pre = 0
        self.lists: list[_List] = []
        self.zones: list[tuple[Element, Zone]] = []
        self.starts: list[tuple[Element, int]] = []
        self.heading = 0
        self.term = ""  # a <dt> waiting for its <dd>
        self.question = False
        self.sizes: list[tuple[Element, bool]] = []  # who says whether words are too small to see

    def lines_of(self, body: Element) -> list[Line]:
        root = body.getroottree().getroot()
        self.styles = Styles.of(root)
        self.folds, self.tabs = Folds(root, self.styles), Tabs(root, self.styles)
        skipped: Element | None = None
        walker = etree.iterwalk(body, events=("start", "end"))
        for event, element in walker:
            if event == "start":
                if self._enter(element):
                    walker.skip_subtree()
                    skipped = element
                else:
                    self._take(element.text)
            else:
                if element is not skipped:  # what was not entered is not left either
                    self._leave(element)
                skipped = None
                if element is not body:
                    self._take(element.tail)
        self._flush()
        return self.lines

    def _enter(self, element: Element) -> bool:
        """Begin an element; True when nothing in it is to be read."""
        tag = element.tag
        share = self.lengths.get(element, 0) / self.whole
        if element in self.tabs.bars or away(element, share) or not self._seen(element, share):
            if tag in BLOCKS:
                self._flush()
            return True
        if (tiny := self.styles.tiny(element)) is not None:
            self.sizes.append((element, tiny))
        if tag == "br":
            self._flush() if not self.in_pre else self.pieces.append("\n")
        self.in_link += tag == "a"
        self.anchors += tag == "a"
        self.in_bold += tag in ("b", "strong")
        if tag not in BLOCKS:
            return False
        self._flush()
        self.starts.append((element, len(self.lines)))
        if element is self.main:
            self.zones.append((element, "main"))
        elif zone := zone_of(element, share):
            self.zones.append((element, zone))
        if tag == "table" and is_data(element):
            for row in read_table(element, self.styles):
                self._add(Line(row))
            self._drop_size(element)
            return True
        if label := self.tabs.label.get(element):
            self._add(Line(f"### {label}", heading=3))
        self._open(element, str(tag))
        return False

    def _seen(self, element: Element, share: float) -> bool:
        """Whether a reader sees the element, at once or after a click."""
        look = self.styles.look(element)
        if look == "folded":
            return self.folds.opens(element, share) or self._after_question()
        return look == "shown"

    def _drop_size(self, element: Element) -> None:
        if self.sizes and self.sizes[-1][0] is element:
            self.sizes.pop()

    def _after_question(self) -> bool:
        """Whether a question was the last thing said: what is folded away is its answer."""
        self._flush()
        return bool(self.lines) and (self.lines[-1].question or asks(self.lines[-1].text))

    def _open(self, element: Element, tag: str) -> None:
        if tag in ("ol", "ul"):
            start = element.get("start") or "1"
            first = int(start) if re.fullmatch(r"\d{1,4}", start) else 1
            self.lists.append(_List(tag == "ol", first))
        elif tag == "li" and self.lists:
            self.lists[-1].fresh = True
        elif re.fullmatch(r"h[1-6]", tag):
            self.heading = int(tag[1])
        elif tag in ("dt", "summary"):
            self.question = True
        elif tag in ("pre", "textarea"):
            self.in_pre += 1

    def _leave(self, element: Element) -> None:
        tag = element.tag
        self._drop_size(element)
        if tag == "a":
            self.in_link -= 1
        elif tag in ("b", "strong"):
            self.in_bold -= 1
        if tag not in BLOCKS:
            return
        if self.in_pre and tag in ("pre", "textarea"):
            self._preformatted()
        self._flush()
        if tag in ("ol", "ul") and self.lists:
            self.lists.pop()
        elif re.fullmatch(r"h[1-6]", str(tag)):
            self.heading = 0
        elif tag in ("dt", "summary"):
            self.question = False
        elif tag in ("dl", "details"):
            self._drop_term()
            self._add(Line("", ends=True))
        if self.zones and self.zones[-1][0] is element:
            self.zones.pop()
        if self.starts and self.starts[-1][0] is element:
            _, first = self.starts.pop()
            if len(self.lines) - first > 1 and heads_related(self.lines[first].text):
                self._add(Line("", ends=True))

    def _take(self, text: str | None) -> None:
        if not text or (self.sizes and self.sizes[-1][1]):
            return
        self.pieces.append(text)
        size = len(text.strip())
        self.linked += size if self.in_link else 0
        self.bold += size if self.in_bold else 0

    def _preformatted(self) -> None:
        self.in_pre -= 1
        raw, self.pieces = "".join(self.pieces), []
        for line in raw.split("\n"):
            self.pieces = [line]
            self._flush()

    def _flush(self) -> None:
        """The pieces so far as one line."""
        if not self.pieces:  # where blocks stand within blocks
            self.linked = self.bold = self.anchors = 0
            return
        raw = "".join(self.pieces)
        text = _BLANKS.sub(" ", _BREAK_IN_CHINESE.sub("", raw)).strip(" \u3000")
        size = len(raw.strip())
        linked, bold = self.linked >= size > 0, self.bold >= size > 0
        # a line of nothing but links, or of a label and links, leads elsewhere
        leads = self.anchors >= 3 and 3 * self.linked >= 2 * size > 0
        self.pieces, self.linked, self.bold, self.anchors = [], 0, 0, 0
        if text and not leads:
            self._add(self._line(text, linked=linked, bold=bold))

    def _line(self, text: str, *, linked: bool, bold: bool) -> Line:
        if self.heading:
            return Line(f"{'#' * self.heading} {text}", heading=self.heading, link=linked)
        if self.question:
            if asks(text):
                self._drop_term()
                return Line(f"### {text}", heading=3, question=True)
            self._drop_term()
            self.term = text
            return Line("")
        if self.term:
            term, self.term = self.term, ""
            return Line(f"{term.rstrip('：:')}：{text}")
        if self.lists and self.lists[-1].fresh:
            return Line(self._marked(text), link=linked)
        if bold and not self.lists and not linked and _may_head(text):
            return Line(text) if starts_with_number(text) else Line(f"### {text}", heading=3)
        # a second paragraph of an item belongs to it, and its indent says so
        return Line("  " * len(self.lists) + text, link=linked)

    def _marked(self, text: str) -> str:
        """The first line of a list's item, with its number unless the words bring one."""
        inner = self.lists[-1]
        inner.fresh = False
        indent = "  " * (len(self.lists) - 1)
        mark = f"{inner.number}. " if inner.ordered else "- "
        inner.number += 1
        if starts_with_number(text) or text[:1] in "•·●■◆○-":
            mark = ""
        return f"{indent}{mark}{text}"

    def _drop_term(self) -> None:
        if self.term:
            self.lines.append(self._placed(Line(self.term)))
            self.term = ""

    def _add(self, line: Line) -> None:
        if line.text or line.ends:
            self.lines.append(self._placed(line))

    def _placed(self, line: Line) -> Line:
        zone: Zone = self.zones[-1][1] if self.zones else "outside"
        return replace(line, zone=zone)
