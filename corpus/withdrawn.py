"""What is left of one of our own articles when sources that it rests on are gone.

    rest, lost = without(article, {"003.txt"})

A sentence goes when all that bears it is gone; a claim goes with what we remark on it; a numbered
list that would lose a step goes whole; a heading with nothing under it goes too. An article whose
简要回答 is empty then answers nothing: it goes altogether.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from corpus.text import Span
from corpus.types import Article, Fixed

_HEADING = re.compile(r"(#{2,3}) ")
_STEP = re.compile(r"\d{1,3}\. ")
_MARKER = re.compile(r"(?:- |\d{1,3}\. )?")
_ANSWER = "## 简要回答"


def without(article: Article, gone: Collection[str]) -> tuple[Article | None, tuple[str, ...]]:
    """The article without what rests on sources of these keys alone (None where nothing answers
    any more), and the sentences that were taken out. The same article where nothing was."""
    lost = _lost(article, gone)
    if not lost:
        return article, ()
    said = tuple(article.text[start:end] for start, end in lost)
    rows = _without_empty_headings(_without_cut_lists(_rows(article.text, lost)))
    if not any(row.text == _ANSWER for row in rows):
        return None, said
    text, moves = _joined(rows)
    supports = [
        replace(support, start=span[0], end=span[1])
        for support in article.supports
        if (span := _moved(support.start, support.end, moves)) is not None
    ]
    reports = [
        replace(report, start=span[0], end=span[1], lead=span[0] - (report.start - report.lead))
        for report in article.reports
        if (span := _moved(report.start, report.end, moves)) is not None
    ]
    fixed = tuple(filter(None, (_fixed(one, moves) for one in article.fixed)))
    rest = replace(
        article, text=text, supports=tuple(supports), reports=tuple(reports), fixed=fixed
    )
    return rest, said


def _fixed(one: Fixed, moves: Sequence[tuple[int, int, int]]) -> Fixed | None:
    """A fixed answer where its sentences stand now; None where one of them went."""
    spans = [span for span in (_moved(*s, moves) for s in one.spans) if span is not None]
    return replace(one, spans=tuple(spans)) if len(spans) == len(one.spans) else None


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of the text that begins at ``start``; ``left``: the spans of it that stay."""

    start: int
    text: str
    left: tuple[Span, ...]


def _lost(article: Article, gone: Collection[str]) -> list[Span]:
    """The spans of the sentences that nothing bears any more, in order."""
    borne: dict[Span, bool] = {}
    for support in article.supports:
        if support.relation != "disputes":
            span = support.start, support.end
            borne[span] = borne.get(span, False) or support.source.key not in gone
    claims = {report.end for report in article.reports}
    lost = [span for span, held in sorted(borne.items()) if not held]
    return [(start, _line_end(article.text, end) if end in claims else end) for start, end in lost]


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return end if end >= 0 else len(text)


def _rows(text: str, lost: Sequence[Span]) -> list[_Row]:
    """The lines, each with what stays of it: nothing where only the mark of a list would."""
    rows, start = [], 0
    for line in text.split("\n"):
        end = start + len(line)
        cuts = [(max(a, start), min(b, end)) for a, b in lost if a < end and start < b]
        edges = [start, *(edge for cut in cuts for edge in cut), end]
        left = [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if a < b]
        if cuts and _MARKER.fullmatch("".join(text[a:b] for a, b in left)):
            left = []
        rows.append(_Row(start, line, tuple(left)))
        start = end + 1
    return rows


def _without_cut_lists(rows: Sequence[_Row]) -> list[_Row]:
    """Without the steps of each numbered list that has lost one."""
    cut: set[int] = set()
    part = 0
    parts = []
    for row in rows:
        part += bool(_HEADING.match(row.text))
        parts.append(part)
        if _STEP.match(row.text) and "".join(row.text.split()) != _said(row):
            cut.add(part)
    return [
        replace(row, left=()) if part in cut and _STEP.match(row.text) else row
        for row, part in zip(rows, parts, strict=True)
    ]


def _said(row: _Row) -> str:
    pieces = (row.text[a - row.start : b - row.start] for a, b in row.left)
    return "".join("".join(pieces).split())


def _without_empty_headings(rows: Sequence[_Row]) -> list[_Row]:
    """The lines that stay; a heading only where something stands under it."""
    kept: list[_Row] = []
    channel = section = False  # whether text stands under the next ### and ## before
    for row in reversed(rows):
        heading = _HEADING.match(row.text)
        if heading is None:
            filled = bool(row.left)
            channel, section = channel or filled, section or filled
        elif len(heading[1]) == 3:
            filled, channel = channel, False
        else:
            filled, channel, section = section, False, False
        if filled or not row.text:
            kept.append(row)
    return kept[::-1]


def _joined(rows: Sequence[_Row]) -> tuple[str, list[tuple[int, int, int]]]:
    """The text of the lines, at most one blank one between two, and for each piece of it where it
    began and ended and where it begins now."""
    out: list[str] = []
    moves: list[tuple[int, int, int]] = []
    at, gap = 0, ""
    for row in rows:
        if not row.text:
            gap = "\n\n" if out else ""
            continue
        out.append(gap)
        at += len(gap)
        for start, end in row.left:
            out.append(row.text[start - row.start : end - row.start])
            moves.append((start, end, at))
            at += end - start
        gap = "\n"
    return "".join(out), moves


def _moved(start: int, end: int, moves: Sequence[tuple[int, int, int]]) -> Span | None:
    """Where a span stands now, None where it went."""
    for a, b, now in moves:
        if a <= start and end <= b:
            return now + start - a, now + end - a
    return None
