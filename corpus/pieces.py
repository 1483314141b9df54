"""From the outline to pieces: the smallest spans that may not be cut, each under its headings.

A piece is a paragraph, or a whole list with the sentence that introduces it. ``passages`` joins
small pieces and cuts long ones.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from corpus.line_roles import Lines
from corpus.outline import Node, outline
from corpus.roles import are_sections, are_steps, is_part
from corpus.text import Span, fold, sentences, strip_span
from corpus.titles import title_of

_SHORT_LEAD = 24  # a longer 「…如下：」 is a sentence of its own and stays in a passage
_SHORT_TEXT = 60  # shorter words before an introduction belong to it
_SHORT_INTRO = 150  # a paragraph up to this long goes whole with the list after it
_INTRODUCES = re.compile(
    r"[:：]\s*$|以下|如下|下列|步骤|方法|方式|流程|手续|需要|包括|分为|办理|怎么|办法"
)
_FLAT_END = re.compile(r"[。；;](?=\s+\S)")
_SAYS_NOTHING = re.compile(
    ".{0,200}几[种个点方]|以下|下面|(?:具体|详细)(?:说明|步骤|内容|情况|方法)?$"
)
# a quotation of a law begins a passage of its own
LAW_START = re.compile(r"(?:【?法律依据】?[:：]?\s*)?(?:根据|依据)?《[^《》\n]{2,40}》\s*第")


@dataclass(frozen=True, slots=True)
class Piece:
    """``text[start:end]`` under ``path``. ``whole`` is a list, or a named part, that is joined to
    nothing; ``intro`` is where the list's introduction ends (= ``start`` without one);
    ``inline`` says that it was found inside a line; ``orphan`` that it is a title under which
    nothing stands; ``listed`` that the items carry marks or labels, and are not just sentences."""

    start: int
    end: int
    path: tuple[str, ...]
    items: tuple[Span, ...] = ()
    whole: bool = False
    intro: int = -1
    inline: bool = False
    orphan: bool = False
    listed: bool = False


def pieces(text: str, title: str = "", lines: Lines | None = None) -> list[Piece]:
    """The pieces of an article in order. What lies in none of them is a heading or blank. ``lines``: the
    text made ready to be read, where it is already."""
    walker = _Walker(text, title, Lines(fold(text), title) if lines is None else lines)
    walker.walk(outline(text), ())
    return walker.finish()


class _Walker:
    def __init__(self, text: str, title: str, lines: Lines) -> None:
        self.text = text
        self.lines = lines
        self.title = title
        self.found: list[Piece] = []
        self.carry: int | None = None  # start of something that goes into the next piece

    def finish(self) -> list[Piece]:
        if self.carry is not None:
            start, end = strip_span(self.text, self.carry, len(self.text))
            self.found.append(Piece(start, end, (), orphan=True, inline=True))
        return self.found

    def add(self, piece: Piece) -> None:
        if self.carry is not None:
            piece = replace(piece, start=self.carry)
            self.carry = None
        self.found.append(piece)

    def walk(self, nodes: Sequence[Node], path: tuple[str, ...]) -> None:
        place = 0
        speakers = self.speakers(nodes)
        while place < len(nodes):
            stop = place + 1
            family = nodes[place].family
            if family != "text":
                while stop < len(nodes) and _alike(nodes[stop], nodes[place]):
                    stop += 1
            run = nodes[place:stop]
            if family == "label" and all(self.label(node) in speakers for node in run):
                for node in run:
                    self.text_piece(node, path)
            elif len(run) > 1 and family in ("label", "lead") and _labels(run):
                self.members(run, path)
            elif family == "text":
                self.text_piece(run[0], path)
            elif family == "lead":
                self.leads(run, path)
            elif family == "plain":
                self.plains(run, path)
            elif family in ("reply", "article"):
                for node in run:
                    self.marked_text(node, path)
            elif len(run) == 1 and family == "label":
                self.section(run[0], path)
            else:
                self.members(run, path)
            place = stop

    def label(self, node: Node) -> str:
        block = node.block
        return self.text[block.content : block.label] if node.family == "label" else ""

    def speakers(self, nodes: Sequence[Node]) -> set[str]:
        """The labels of a conversation (坐席：… 市民：… 坐席：…), which recur in turn: no items of a list."""
        labels = [self.label(node) for node in nodes if node.family == "label"]
        often = {label for label, times in Counter(labels).items() if times > 1}
        turns = sum(one != other for one, other in pairwise(labels))
        named = any(is_part(self.text, node) for node in nodes if self.label(node) in often)
        return often if len(often) > 1 and turns > 2 and not named else set()

    def is_title_again(self, node: Node) -> bool:
        """Whether it is the article's title once more, as a line of its own."""
        block = node.block
        return self.text[block.start : block.end] == self.title and not block.flat

    def text_piece(self, node: Node, path: tuple[str, ...], *, orphan: bool = False) -> None:
        block = node.block
        if self.is_title_again(node):
            return
        items = _flattened(self.text, block.label, block.end)
        self.add(Piece(block.start, block.end, path, items, inline=block.inline, orphan=orphan))
        if node.children:
            self.walk(node.children, path)

    def marked_text(self, node: Node, path: tuple[str, ...]) -> None:
        """第三条 … or 答：…, with the list that it may hold, in one piece."""
        runs = [child for child in node.children if child.number is not None]
        items = tuple(self.span_of(child) for child in runs)
        whole = node.family == "article"
        self.add(Piece(node.start, node.end, path, items, whole, listed=True))

    def leads(self, run: Sequence[Node], path: tuple[str, ...]) -> None:
        for node in run:
            children = node.children
            if all(map(self.is_title_again, children)):
                self.text_piece(node, path, orphan=True)
                continue
            first = children[0]
            listed = first.marked or first.family in ("label", "lead")
            same = [c for c in children if _alike(c, first)]
            title = title_of(self.text, node.block)
            heading = "" if _SAYS_NOTHING.match(title) else title
            if listed and not are_sections(self.text, self.lines, same, title):
                self.intro_piece(node, path)
                self.walk(children, path)
            elif heading and len(title) <= _SHORT_LEAD:
                self.open(node)
                self.walk(children, self.under(path, heading))
            else:
                if len(title) > _SHORT_LEAD:
                    self.absorb(path)
                if self.carry is None:
                    self.carry = node.start
                self.walk(children, path)

    def intro_piece(self, node: Node, path: tuple[str, ...]) -> None:
        block = node.block
        start = block.start
        if self.found and self.carry is None and block.flat:
            # 「主要分为三类。以下是具体说明：」: the short words before it introduce the list too
            last = self.found[-1]
            short = last.end - last.start < _SHORT_TEXT or self.text[last.end - 1] in "：:"
            if short and not last.whole and last.path == path:
                start = self.found.pop().start
        self.add(Piece(start, block.end, path, inline=block.inline))

    def open(self, node: Node) -> None:
        """A heading begins. Inside a line it stays in the passage that follows."""
        if node.block.flat and self.carry is None:
            self.carry = node.start

    def absorb(self, path: tuple[str, ...]) -> None:
        """A short line before a long introduction (「线上或线下」) goes with it."""
        if self.found and self.carry is None:
            last = self.found[-1]
            if last.path == path and not last.whole and last.end - last.start < _SHORT_TEXT:
                self.carry = self.found.pop().start

    def plains(self, run: Sequence[Node], path: tuple[str, ...]) -> None:
        filled = [node for node in run if node.children]
        inline = all(node.block.inline for node in run)
        if inline and len(filled) == len(run) and are_steps(self.text, self.lines, run):
            self.list_piece(run, path)
            return
        for node in run:
            self.section(node, path)

    def members(self, run: Sequence[Node], path: tuple[str, ...]) -> None:
        over = path[-1] if path else self.title
        intro = self.intro(path)
        if intro is not None:
            over = self.text[intro.start : intro.end]
        if are_sections(self.text, self.lines, run, over):
            for node in run:
                self.section(node, path, named=True)
        else:
            self.list_piece(run, path)

    def section(self, node: Node, path: tuple[str, ...], *, named: bool = False) -> None:
        block = node.block
        title = title_of(self.text, block)
        if node.children and not block.labelled and node.titled:
            self.open(node)
            self.walk(node.children, self.under(path, title))
        elif node.family in ("#", "chapter") and node.titled and not node.children:
            self.text_piece(node, path, orphan=True)
        else:
            named = named or bool(node.children) or node.marked or is_part(self.text, node)
            named = named and block.labelled
            below = self.under(path, title) if named else path
            items = _flattened(self.text, block.label, block.end)
            orphan = not block.labelled and node.titled and node.family != "•"
            whole = named and not node.children
            self.add(
                Piece(block.start, block.end, below, items, whole, inline=block.inline,
                      orphan=orphan)
            )  # fmt: skip
            self.walk(node.children, below)

    def under(self, path: tuple[str, ...], title: str) -> tuple[str, ...]:
        if not title or title in path or title == self.title:
            return path
        return (*path, title)

    def intro(self, path: tuple[str, ...]) -> Piece | None:
        """The piece just before, where it introduces the list that comes now."""
        if not self.found or self.carry is not None:
            return None
        last = self.found[-1]
        if last.whole or last.items or last.path != path or LAW_START.match(self.text, last.start):
            return None
        words = self.text[last.start : last.end]
        if len(words) <= 60 or _INTRODUCES.search(self.text, *self.last_sentence(last)):
            return last
        return None

    def last_sentence(self, piece: Piece) -> Span:
        return sentences(self.text, piece.start, piece.end)[-1]

    def list_piece(self, run: Sequence[Node], path: tuple[str, ...]) -> None:
        start, end = run[0].start, run[-1].end
        first = start
        intro = self.intro(path)
        if intro is not None:
            self.found.pop()
            start = intro.start
            if intro.end - intro.start > _SHORT_INTRO:
                start = self.last_sentence(intro)[0]
                if start > intro.start:
                    self.found.append(
                        replace(intro, end=strip_span(self.text, intro.start, start)[1])
                    )
        items = tuple(self.span_of(node) for node in run)
        if len(run) > 1 and run[-1].family == "lead" and not run[-1].children:
            items = items[:-1]  # a label behind which the source breaks off
        single = len(run) == 1 and run[0].number is None and run[0].block.flat
        if single:
            items = _flattened(self.text, run[0].block.label, run[0].end)
        if self.carry is not None:
            start = self.carry
        self.add(
            Piece(
                start, end, path, items, not single, first, run[0].block.inline, listed=not single
            )
        )

    def span_of(self, node: Node) -> Span:
        """A member without its mark, and without a remark that stands behind it."""
        end = node.end
        for child in node.children:
            if child.remark:
                end = min(end, child.start)
        return strip_span(self.text, min(node.block.content, end), end)


def _alike(one: Node, other: Node) -> bool:
    """Members of one run. In a flattened line labels with something behind the colon and without
    go together."""
    if one.block.flat and other.block.flat and {one.family, other.family} <= {"label", "lead"}:
        return True
    return one.family == other.family


def _labels(run: Sequence[Node]) -> bool:
    """Labels of one flattened line, some of them with labels under them and no text behind."""
    if not all(node.block.flat for node in run):
        return all(node.family == "label" for node in run)
    return all(
        node.family == "label" or not node.children or node.children[0].family == "label"
        for node in run
    )


def _flattened(text: str, start: int, end: int) -> tuple[Span, ...]:
    """The items of a list that lost its line ends: 「打开微信。 选择城市； 完成缴费。」 Blanks
    stand behind Chinese sentence ends in flattened lists only."""
    spans: list[Span] = []
    for match in _FLAT_END.finditer(text, start, end):
        begin = spans[-1][1] if spans else start
        spans.append((begin, match.end()))
    if not spans:
        return ()
    spans.append((spans[-1][1], end))
    return tuple(strip_span(text, a, b) for a, b in spans)
