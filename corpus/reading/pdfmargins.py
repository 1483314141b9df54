"""What stands on page after page of a PDF besides its text: running heads and feet, watermarks.

A line is one of them where it stands at the same height at the edge of most pages and says the same,
but for a number that counts the pages.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from corpus.reading.pdfglyphs import Glyph
from corpus.reading.pdfrows import Row
from corpus.reading.pdfruled import Table

_EDGE_ROWS = 3  # rows at either end of a page that may be heads and feet
_SAME_HEIGHT = 6.0  # points
_FEWEST, _SHARE = 3, 0.4  # pages, and part of all; odd and even pages may differ
_MARGIN = 0.09  # of the page: of two pages alike only what stands so near to the edge is a head
_LONGEST = 80  # characters of a head
_SENTENCE = re.compile("[。！？；]")
_NUMBER = re.compile(r"\d{1,9}")
_PAGE_NUMBER = re.compile(
    r"[-—–·.~\s]{0,8}\d{1,4}[-—–·.~\s]{0,8}|第\s?\d{1,4}\s?页(?:[\s/，,]{0,4}共\s?\d{1,4}\s?页)?"
    r"|(?:Page|page|PAGE)\s?\d{1,4}(?:\s?of\s?\d{1,4})?|\d{1,4}\s?/\s?\d{1,4}"
)
_ADDRESS = re.compile(r"(?:https?|file)://\S{1,300}")
_PRINTED_ON = re.compile(
    r"\d{1,4}/\d{1,2}/\d{1,4}[,，]?\s{0,2}(?:[上下]午\s?)?\d{1,2}:\d\d(?:\s?[AP]M)?"
)
_BIG = 1.6  # times the usual size: a pale word so big is a watermark


@dataclass(slots=True)
class PageRows:
    """What is read of a page. ``pale``: rows of a light color, kept apart; ``right``: where
    the paper ends; ``unknown``: characters that the fonts do not tell; ``words``: all that is seen on
    it, by its characters alone."""

    rows: list[Row]
    tables: list[Table] = field(default_factory=list)
    pale: list[Row] = field(default_factory=list)
    sideways: list[Row] = field(default_factory=list)
    height: float = 0.0
    right: float = 0.0
    unknown: int = 0
    words: str = ""


def without_margins(pages: Sequence[PageRows]) -> list[str]:
    """Takes heads, feet and watermarks out of the pages, and tells their words."""
    running = _running(pages)
    taken: list[str] = []
    for number, page in enumerate(pages):
        margin = {
            id(row)
            for row in _edge(page)
            if (number, id(row)) in running
            or _PAGE_NUMBER.fullmatch(words(row))
            or _is_printed(row)
        }
        taken.extend(words(row) for row in page.rows if id(row) in margin)
        page.rows = [row for row in page.rows if id(row) not in margin]
    again = _repeated([page.pale for page in pages])
    beside = _repeated([page.sideways for page in pages])
    for page in pages:
        page.pale = [row for row in page.pale if words(row) not in again]
        page.sideways = [row for row in page.sideways if words(row) not in beside]
    return list(dict.fromkeys([*taken, *sorted(again | beside)]))


def _is_printed(row: Row) -> bool:
    """Whether a browser set the row round the page that it printed: when, from where, which page."""
    said = [piece.text.strip() for piece in row]
    counted = any(_PAGE_NUMBER.fullmatch(text) and "/" in text for text in said)
    known = (_PAGE_NUMBER, _ADDRESS, _PRINTED_ON)
    return (counted or any(map(_PRINTED_ON.fullmatch, said))) and all(
        any(pattern.fullmatch(text) for pattern in known) for text in said
    )


def words(row: Row) -> str:
    return " ".join(piece.text for piece in row).strip()


def _edge(page: PageRows) -> list[Row]:
    """The first and last rows of a page, without those between or below tables."""
    rows = sorted(page.rows, key=lambda row: row[0].middle)
    return [*rows[:_EDGE_ROWS], *rows[max(_EDGE_ROWS, len(rows) - _EDGE_ROWS) :]]


@dataclass(slots=True)
class _Seen:
    """A row at the edge of a page: on which page it stands, and at what height."""

    page: int
    row: Row
    height: float
    numbers: tuple[int, ...]


def _running(pages: Sequence[PageRows]) -> set[tuple[int, int]]:
    """Pages and ids of rows that are running heads or feet."""
    groups: dict[str, list[_Seen]] = {}
    for number, page in enumerate(pages):
        top = min((row[0].top for row in page.rows), default=0.0)
        for row in _edge(page):
            text = words(row)
            if len(text) > _LONGEST or _SENTENCE.search(text[-2:]):
                continue
            numbers = tuple(int(n) for n in _NUMBER.findall(text))
            groups.setdefault(_NUMBER.sub("#", text), []).append(
                _Seen(number, row, row[0].middle - (0.0 if page.height else top), numbers)
            )
    found: set[tuple[int, int]] = set()
    for seen in groups.values():
        for part in _at_one_height(seen):
            if _runs(part, pages):
                found.update((one.page, id(one.row)) for one in part)
    return found


def _at_one_height(seen: Sequence[_Seen]) -> list[list[_Seen]]:
    parts: list[list[_Seen]] = []
    for one in sorted(seen, key=lambda s: s.height):
        if parts and one.height - parts[-1][0].height <= _SAME_HEIGHT:
            parts[-1].append(one)
        else:
            parts.append([one])
    return parts


def _runs(seen: list[_Seen], pages: Sequence[PageRows]) -> bool:
    """Whether so many pages have it, and its numbers count them or stay the same."""
    on = sorted({one.page for one in seen})
    few = len(on) < max(_FEWEST, _SHARE * len(pages))
    if few and not (len(pages) == len(on) == 2 and all(_in_margin(one, pages) for one in seen)):
        return False
    seen.sort(key=lambda one: one.page)
    first = seen[0]
    for column in range(len(first.numbers)):
        steps = {one.numbers[column] - first.numbers[column] for one in seen}
        counts = all(
            one.numbers[column] - first.numbers[column] == one.page - first.page for one in seen
        )
        if steps != {0} and not counts:
            return False
    return True


def _in_margin(one: _Seen, pages: Sequence[PageRows]) -> bool:
    page = pages[one.page]
    place = (one.height + page.height) / page.height if page.height else 0.5
    return not _MARGIN < place < 1 - _MARGIN


def _repeated(parts: Sequence[Sequence[Row]]) -> set[str]:
    """Words of rows that stand on several pages, or several times on one."""
    counts: dict[str, int] = {}
    for rows in parts:
        for row in rows:
            counts[words(row)] = counts.get(words(row), 0) + 1
    return {text for text, count in counts.items() if count > 1}


def pale_apart(glyphs: Sequence[Glyph]) -> tuple[list[Glyph], list[Glyph]]:
    """Characters that are read, and pale ones that may be a watermark: much larger than the others
    or few among them."""
    pale = [glyph for glyph in glyphs if glyph.pale]
    if not pale or len(pale) * 2 >= len(glyphs):
        return list(glyphs), []
    sizes = sorted(glyph.size for glyph in glyphs if not glyph.pale)
    usual = sizes[len(sizes) // 2]
    over = {id(glyph) for glyph in pale if glyph.size > _BIG * usual}
    return [g for g in glyphs if not g.pale], [g for g in pale if id(g) not in over]
