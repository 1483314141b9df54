"""Documents whose lines were broken by hand: a line end at the edge of every line of the page.

Only where many lines of one width stop within a sentence; a line as wide as the others runs on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from corpus.reading.types import Line

_ENDS = re.compile(r"[。！？!?；;：:…][”’」』）)】》〕]{0,3}\Z")
_NUMBERED = re.compile(
    r"[一二三四五六七八九十]{1,3}、|[(（][一二三四五六七八九十]|\d{1,2}[.、]|[①-⑳]|第.{1,2}步"
    r"|首先|其次|最后"
)
_BEGINS = re.compile(r"[•·●■◆○▪#\-–—]|第.{1,5}[条章节编]|附件|注[:：]|\[|【")
_WIDEST = 60  # characters: no line of a page is wider, paragraphs are
_NARROWEST = 15
_NEAR = 0.85  # of the width
_FEWEST, _SHARE = 8, 0.3  # lines that stop within a sentence, and their part of all


def rejoined(lines: Sequence[Line]) -> list[Line]:
    """The lines, those in one that were one sentence, if the text was broken by hand at all."""
    width = _width(lines)
    if not width:
        return list(lines)
    found: list[tuple[Line, list[str]]] = []
    before = ""
    for line in lines:
        if found and not line.heading and _stops_within(before, width) and not begins(line.text):
            latin = before[-1:].isascii() and before[-1:].isalpha() and line.text[:1].isascii()
            found[-1][1].extend([" " if latin else "", line.text])
        else:
            found.append((line, [line.text]))
        before = "" if line.heading else line.text
    return [replace(line, text="".join(parts)) for line, parts in found]


def starts_with_number(text: str) -> bool:
    """Whether a line brings its own number: 一、 （一） 1. ① 第一步 首先."""
    return bool(_NUMBERED.match(text))


def begins(text: str) -> bool:
    """Whether a line begins something: an article of law, an item, a heading."""
    return starts_with_number(text) or bool(_BEGINS.match(text))


def ended(text: str) -> bool:
    """Whether a line ends with a mark that a sentence or a lead-in ends with."""
    return bool(_ENDS.search(text[-4:]))


def _width(lines: Sequence[Line]) -> int:
    """The width that the lines were broken to, 0 where they were not."""
    sizes = sorted(len(line.text) for line in lines if not line.heading and line.text)
    if not sizes:
        return 0
    width = sizes[int(len(sizes) * 0.95)]
    if not _NARROWEST <= width <= _WIDEST:
        return 0
    open_ended = sum(_stops_within(line.text, width) for line in lines if not line.heading)
    return width if open_ended >= max(_FEWEST, _SHARE * len(sizes)) else 0


def _stops_within(text: str, width: int) -> bool:
    return len(text) >= _NEAR * width and not ended(text)
