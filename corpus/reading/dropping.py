"""Runs of lines that are no text as a whole: live feeds, lists of links, headings left empty."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.reading.noise import feed_entry, heads_feed, heads_related, tells_age
from corpus.reading.types import Line

_RUN = 3  # links in a row that are no text


def without_links(lines: Sequence[Line]) -> list[Line]:
    """The lines without runs of links, which lead elsewhere; a lone link may belong to the text.

    Empty lines do not part a run, nor do headings under which nothing but links stands.
    """
    dropped: set[int] = set()
    related = False
    run: list[int] = []
    heads: list[int] = []
    for place, line in enumerate([*lines, Line("", ends=True)]):
        related = (related or heads_related(line.text)) and not line.ends
        if place < len(lines) and not line.text.strip() and not line.ends:
            continue
        if line.link and not related and place < len(lines):
            run.append(place)
            continue
        if line.heading and not related and place < len(lines) and (run or not heads):
            heads.append(place)
            run.append(place)
            continue
        linked = [i for i in run if lines[i].link and not lines[i].heading]
        while run and (run[-1] in heads or lines[run[-1]].heading):  # heads what comes now
            run.pop()
        if len(linked) >= _RUN:
            dropped.update(run)
        run, heads = [], []
    return [line for i, line in enumerate(lines) if i not in dropped]


def without_empty_headings(lines: Sequence[Line]) -> list[Line]:
    """The lines without headings under which nothing stands: all of it became items."""
    kept: list[Line] = []
    below = 1  # level of what follows: a heading's, 0 for text, 1 at the end
    for line in reversed(lines):
        if 0 < below <= line.heading:
            continue
        if line.text.strip():
            below = line.heading
        kept.append(line)
    return kept[::-1]


def without_feeds(lines: Sequence[Line]) -> list[Line]:
    """The lines without live feeds: name, name, 3分钟前, the beginning of an answer."""
    dropped: set[int] = set()
    filled = [i for i, line in enumerate(lines) if line.text.strip()]
    for order, place in enumerate(filled):
        if heads_feed(lines[place].text):
            dropped.add(place)
        entry = feed_entry(lines[place].text)
        if entry is None and not tells_age(lines[place].text):
            continue
        dropped.add(place)
        if entry:
            continue
        for before in reversed(filled[max(0, order - 3) : order]) if entry is None else ():
            words = lines[before].text.strip()
            if before in dropped or len(words) > 14 or re.search(r"[。；，：:？?]", words):
                break
            dropped.add(before)
        if order + 1 < len(filled):
            after = lines[filled[order + 1]]
            if not after.heading and not heads_related(after.text):
                dropped.add(filled[order + 1])
    return [line for i, line in enumerate(lines) if i not in dropped]
