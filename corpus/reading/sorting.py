"""The lines of a page sorted: its title, its article, blocks of other questions, and the rest.

Navigation, advertisements, feeds and disclaimers go; lines in which the page speaks about itself
become facts. Lines are kept or dropped whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from corpus.given import readable
from corpus.reading.about import About, publisher_in, read_about
from corpus.reading.dropping import without_feeds, without_links
from corpus.reading.items import Item, as_title, take_apart
from corpus.reading.menus import menus_apart
from corpus.reading.naming import belongs_above, site_apart
from corpus.reading.noise import (
    TEASER,
    bare,
    heads_related,
    is_noise,
)
from corpus.reading.titles import Chosen, choose_title
from corpus.reading.types import File, Line, Page, Zone

_LONE_NUMBER = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十]{1,3}[)）]|\d{1,2}[.、])"
)
_LONGEST_TITLE, _MENU_WORD = 60, 2
_LONGEST_NAME, _LONGEST_SEARCH = 12, 20
_SITE_BEHIND = re.compile(
    r"(?:\s{0,20}[_|｜]\s{0,20}|\s{0,20}-\s{0,20})([^-_|｜\d]{1,10}(?:网|网站|频道|平台|在线|百科|门户))$"
)
_SITE_NAME = re.compile(r".{2,11}(?:网|网站|频道|平台|在线|百科|门户)")
_HEAD_LINES, _FOOT_LINES = 6, 5  # lines at either end in which pages give their date


@dataclass(slots=True)
class Block:
    """Other questions in a row. ``level`` is that of the heading above them (0: a plain line).

    ``own``: the page's own list of questions and answers, not teasers of other pages.
    ``searches``: words that people search for (大家都在搜), which are no questions at all.
    """

    level: int
    zone: Zone = "main"
    own: bool = False
    searches: bool = False
    lines: list[Line] = field(default_factory=list)

    def ends_before(self, line: Line) -> bool:
        """Whether the line stands behind the block."""
        if self.searches and (len(line.text) > _LONGEST_SEARCH or read_about(line.text)):
            return True
        if line.ends or (line.zone == "footer" and self.zone != "footer"):
            return True
        if not line.heading or line.question:
            return False
        if self.own:
            return line.heading <= (self.level or 6)
        if line.heading == self.level:  # unless the items' titles are headings of that level too
            first = next((n for n in self.lines if n.text.strip()), line)
            return first.heading != self.level
        return line.heading < self.level

    def items(self) -> list[Item]:
        return [] if self.searches else take_apart(self.lines, teasers=not self.own)


@dataclass(slots=True)
class Parts:
    """A page's lines, sorted. ``menus``: those that frame it and are rightly left out."""

    main: list[Line] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    abouts: list[About] = field(default_factory=list)
    menus: list[Line] = field(default_factory=list)
    publisher: str = ""
    cut: bool = False


def find_title(page: Page, file: File) -> tuple[str, Sequence[Line]]:
    """The title, and the lines without it: what the page says, its first line, the file's name."""
    if page.facts.title:
        return page.facts.title, page.lines
    stem = readable((file.member or file.path.name).rsplit("/", 1)[-1].rsplit(".", 1)[0])
    hint = site_apart(page.facts.hint)[0]
    if chosen := choose_title(page.lines, hint, stem):
        return _taken(chosen, page.lines)
    listed = sum(line.question for line in page.lines) >= 2
    for place, line in enumerate(page.lines):
        text = line.text.strip()
        if listed and line.question:
            break
        if not text or is_noise(text) or read_about(text, place="edge"):
            continue
        if _names_site(text):
            continue
        words = as_title(re.sub(r"^(?:标题|题目|问题)\s*[:：]\s*", "", text))
        site = _SITE_BEHIND.search(words)
        words = words[: site.start()] if site else words
        short = len(words) <= _LONGEST_TITLE and not re.search(r"[。；;，,：:]$", words)
        if line.heading or short:
            said = [Line(site.group(1))] if site else []
            return words, [*page.lines[:place], *said, *page.lines[place + 1 :]]
        break
    if re.search(r"[\u4e00-\u9fff]", stem):
        return stem, page.lines
    first = next((line.text.strip() for line in page.lines if line.text.strip()), stem)
    return re.split(r"[。；;，,：:！!]", first)[0][:40] or stem, page.lines


def _taken(chosen: Chosen, lines: Sequence[Line]) -> tuple[str, Sequence[Line]]:
    """The title without the site's name, which stays as a line that names the publisher."""
    title, site = site_apart(chosen.text)
    if chosen.first < 0:
        return title, lines
    said = [Line(site)] if site else []
    return title, [*_above(lines[: chosen.first]), *said, *lines[chosen.last + 1 :]]


def _above(lines: Sequence[Line]) -> Sequence[Line]:
    """What stands above the title, where it belongs to the document: an order with its sentences,
    a letterhead, a line of the page about itself, a block of other questions."""
    if any(re.search(r"[。；]", n.text) or n.question or _heads_items(n) for n in lines):
        return lines
    return [n for n in lines if belongs_above(n.text) or read_about(n.text, place="edge") or n.ends]


def _heads_items(line: Line) -> bool:
    """推荐 alone may be an entry of a menu."""
    return heads_related(line.text) and len(bare(line.text)) > _MENU_WORD


def _names_site(text: str) -> bool:
    """Whether the line is nothing but a site's name, as the head of a saved page shows it."""
    return len(text) <= _LONGEST_NAME and bool(_SITE_NAME.fullmatch(text))


def sort(lines: Sequence[Line], title: str) -> Parts:
    """Each line to the article, to a block of other questions, or away."""
    parts = Parts()
    lines, parts.menus = menus_apart(without_links(without_feeds(lines)), title)
    edges = _edges(lines)
    several = sum(line.question for line in lines) >= 2
    block: Block | None = None
    for place, line in enumerate(lines):
        if block is not None and block.ends_before(line):
            block = None
        if line.ends:
            continue
        if heads_related(line.text):
            block = Block(line.heading, line.zone, searches="搜" in line.text)
            parts.blocks.append(block)
            continue
        if block is None and several and line.question:
            block = Block(line.heading, line.zone, own=True)
            parts.blocks.append(block)
        if block is not None:
            block.lines.append(line)
        else:
            _take(line, title, parts, edge=place in edges)
    return parts


def _take(line: Line, title: str, parts: Parts, *, edge: bool) -> None:
    """A line outside the blocks: what it says about the page, or a line of the article."""
    parts.publisher = parts.publisher or publisher_in(line.text)
    if not parts.main and _names_site(line.text.strip()):
        parts.publisher = line.text.strip()
        return
    about = read_about(line.text, place="edge" if edge else "inside")
    if about is not None:
        parts.abouts.append(about)
        signed = bool(parts.main) and about.updated is None and not about.publisher and edge
        if not signed:  # the date under a document belongs to its text as well
            return
    if line.zone == "main" and bare(line.text) != bare(title):
        _keep(line, parts)


def _edges(lines: Sequence[Line]) -> set[int]:
    """Where the page may speak about itself: the first and the last lines of its article."""
    block = next((i for i, line in enumerate(lines) if heads_related(line.text)), len(lines))
    filled = [i for i, n in enumerate(lines[:block]) if n.text.strip() and n.zone == "main"]
    return {*filled[:_HEAD_LINES], *filled[-_FOOT_LINES:]}


def _keep(line: Line, parts: Parts) -> None:
    """A line of the article, unless it is noise; a 查看全文 at the very end says that it is cut."""
    if not line.text.strip():
        parts.main.append(line)
        return
    if is_noise(line.text):
        parts.cut = parts.cut or bool(TEASER.fullmatch(bare(line.text)))
        return
    text = TEASER.sub("", line.text)
    parts.cut = text != line.text
    number = _taken_number(parts.main)
    parts.main.append(replace(line, text=number + (text.lstrip() if number else text)))


def _taken_number(main: list[Line]) -> str:
    """「二、」 on a line of its own is taken away: it belongs before the next line."""
    for place in range(len(main) - 1, -1, -1):
        last = main[place].text.strip()
        if last:
            if not _LONE_NUMBER.fullmatch(last):
                return ""
            del main[place:]
            return last
    return ""
