"""The other questions on a page: a block of 相关推荐 taken apart into its items.

    title / teaser / 健康新闻 2025-04-19,  title / teaser……查看全文,  or a list of links

A teaser that the page cut off is marked and never completed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from corpus.reading.about import read_about
from corpus.reading.noise import TEASER, bare, is_noise
from corpus.reading.types import Line

_COMPLETE = re.compile(r"[。！？!?](?:[”’」』）)】》\"']|\[\d+\])*\s*$|[^.\s…]\.\s*$")
_DOTS = re.compile(r"(?:\.\.|…|。。|··)\s{0,20}$")
_LISTED = re.compile(
    r"\s{0,20}(?:[-*•·●]\s|\d{1,2}\s?[.、．)）]|[一二三四五六七八九十]{1,3}、|[(（]|[①-⑳]|第[一二三四五六七八九十]步)"
)
_ASKS = re.compile(
    r"怎么|怎样|如何|什么|吗|哪|多少|多久|几|是否|能不能|可不可以|可以|为何|呢|[?？]|怎麼|嗎|什麼|還能|还能"
)
_PREFIX = re.compile(
    r"^\s*(?:#{1,6}\s+|[-*•·●◆■▶]\s*)*(?:\d{1,2}[.、．]\s*(?=\D))?"
    r"(?:(?:问题?|提问|[QqＱ])\s*\d{0,2}\s*[:：.、]\s*|[【\[(（](?:问题?|提问|[QqＱ])[】\])）][:：]?\s*)?"
)
_ASKED_AS = re.compile(r"^[一二三四五六七八九十]{1,3}、\s{0,3}(?=[^、]{2,90}[？?]$)")
# who says it in a talk, and when: 【2025-03-01 10:22】市民：
_STAMP = re.compile(
    r"^[【\[（(]?(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?\s{0,2}\d{1,2}:\d\d(?::\d\d)?[】\]）)]?"
    r"\s{0,3}(?:[^\s：:，。]{1,8}[:：]\s{0,2})?"
)
_ANSWER = re.compile(
    r"^(?:(?:答(?!复)|回答|解答|[AaＡ])\s*\d{0,2}\s*[:：]|[【\[(（](?:答|回答|解答|[AaＡ])[】\])）][:：]?)\s*"
)
_LONGEST_TITLE = 60
_AHEAD = 12  # lines among which the next line of words is looked for


@dataclass(slots=True)
class Item:
    """One question with what the page shows of its answer."""

    title: str
    body: list[Line] = field(default_factory=list)
    publisher: str = ""
    published: date | None = None
    cut: bool = False
    done: bool = False
    own: bool = False  # of the page's own list of questions, so that its facts hold for it

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.body).strip()

    def add(self, line: Line) -> None:
        """Take a line of the body; a 查看全文 behind it says that the page cut it off."""
        text = TEASER.sub("", line.text)
        if text != line.text:
            self.cut = self.done = True
        if not self.body:
            text = _ANSWER.sub("", text)
        if text.strip() or self.body:
            self.body.append(replace(line, text=text))


def as_title(text: str) -> str:
    """A line as a question: without its bullet, its number, its 问："""
    words = _ASKED_AS.sub("", _PREFIX.sub("", _STAMP.sub("", text), count=1)).strip()
    framed = re.fullmatch(r"【([^【】]+)】", words)
    return framed.group(1).strip() if framed else words


def take_apart(lines: Sequence[Line], *, teasers: bool) -> list[Item]:
    """The items of one block, those without any answer left out.

    ``teasers``: the block shows the beginnings of other pages, so that an answer which stops
    within a sentence is cut; the answers of a page's own list of questions stand there in full.
    """
    found: list[Item] = []
    item: Item | None = None
    marked = not teasers and sum(line.question for line in lines) > 1
    for place, line in enumerate(lines):
        if not line.text.strip():
            continue
        if item is not None and (about := read_about(line.text, place="item")):
            item.publisher = about.publisher or item.publisher
            item.published = about.published or about.updated or item.published
            item.done = True
        elif is_noise(line.text) and not line.question:
            if item is not None and TEASER.search(bare(line.text)):
                item.cut = item.done = True
        elif item is None or (line.question if marked else _opens(item, line, lines, place)):
            item = Item(title=as_title(line.text))
            found.append(item)
        else:
            item.add(line)
    found = [item for item in found if item.title and item.text]
    for item in found:
        item.own = not teasers
        item.cut = item.cut or _stops(item, teasers=teasers)
    return _alike(found) if teasers else found


def asks(text: str) -> bool:
    """Whether the words ask something: 怎么, 多少, 吗, ？"""
    return bool(_ASKS.search(text))


def is_cut(text: str) -> bool:
    """Whether a teaser stops before its sentence does."""
    return bool(_DOTS.search(text)) or not _COMPLETE.search(text)


def ends_in_dots(text: str) -> bool:
    """Whether the text trails off: …… or ..."""
    return bool(_DOTS.search(text))


def _opens(item: Item, line: Line, lines: Sequence[Line], place: int) -> bool:
    """Whether the line is the title of the next item rather than more of this one."""
    if line.question or (line.heading and item.body):
        return True
    text = line.text.strip()
    if not _looks_like_title(text, linked=line.link):
        return False
    if not item.body:  # titles in a row are a list of links without answers
        return len(text) <= 40 and (line.link or (len(text) > 5 and asks(text) and is_cut(text)))
    if item.done or line.link:
        return True
    rest = (lines[n].text for n in range(place + 1, min(place + _AHEAD, len(lines))))
    following = next((text.strip() for text in rest if not is_noise(text)), "")
    finished = not is_cut(item.body[-1].text) or ends_in_dots(item.body[-1].text)
    if not following:
        return finished  # a question without an answer is the last on the page
    if read_about(following, place="item") or _LISTED.match(following):
        return False
    return (finished or len(item.text) > 100) and (
        bool(_ASKS.search(text)) or len(following) > max(40, len(text))
    )


def _looks_like_title(text: str, *, linked: bool) -> bool:
    words = as_title(text)
    return (
        2 <= len(words) <= _LONGEST_TITLE
        and not re.search(r"[。；;，,：:…]$|\.\.$", words)
        and (linked or not _LISTED.match(text))
    )


def _stops(item: Item, *, teasers: bool) -> bool:
    """Whether the item's text stops early; a last entry of a list needs no full stop."""
    last = item.body[-1].text
    if ends_in_dots(last):
        return True
    listed = len(item.body) > 1 and bool(_LISTED.match(last))
    return teasers and not listed and is_cut(item.text)


def _alike(items: list[Item]) -> list[Item]:
    """A block of teasers is cut by length, so one that happens to end with a sentence is cut too.

    On the four seeds with such a block 12 to 20 of 20 items stop within a sentence.
    """
    cut = [item for item in items if item.cut]
    if len(items) >= 4 and len(cut) * 2 >= len(items):
        longest = max(len(item.text) for item in cut)
        for item in items:
            item.cut = item.cut or len(item.text) * 2 >= longest
    return items
