"""The office of a place, where an article of that place names it, in the article's own words.

Nothing is known here of offices: a line is shown because an article of the place has it under its
places, or tells to go there in a step at the counter. Who has neither calls 12393.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.page.stock import entries
from assistant.steps import steps_of
from corpus.types import Article, Passage
from index.types import Index

MOST = 3
_COUNTER = "窗口"
_OFFICE = re.compile(r"经办机构|窗口|大厅|医保局|中心|服务点|街道|村委|社区")
"""What an office is called: a step at the counter may be one of looking something up."""


@dataclass(frozen=True, slots=True)
class Office:
    """``text`` stands so in ``article``."""

    text: str
    article: Article


def offices(index: Index, place: str, today: date) -> tuple[Office, ...]:
    """At most ``MOST``: lines under the places of the place's articles, then steps that lead to its
    counter, as far as they hold on the day; none where no article of the place names one. Reads an
    entry of each article: may block for a moment."""
    there = (entry for entry in entries(index) if entry.article.region == place)
    pieces = [piece for e in there for seen in e.passages for piece in seen.passage.pieces]
    told = (*_places(pieces, today), *_steps(pieces, place, today))
    return tuple({office.text: office for office in told}.values())[:MOST]


def _places(pieces: Sequence[Passage], today: date) -> Iterator[Office]:
    for piece in pieces:
        if piece.kind == "place" and piece.article.holds(piece.start, piece.end, today):
            lines = (line.strip().removeprefix("- ") for line in piece.text.split("\n"))
            yield from (Office(line, piece.article) for line in lines if line)


def _steps(pieces: Sequence[Passage], place: str, today: date) -> Iterator[Office]:
    for piece in pieces:
        spans = [
            span for told in steps_of(piece) if told.channel == _COUNTER for span in told.spans
        ]
        for start, end in spans:
            text = piece.article.text[start:end]
            if place in text and _OFFICE.search(text) and piece.article.holds(start, end, today):
                yield Office(text, piece.article)
