"""Procedures that an article tells section by section, each put together into one passage.

Either the article announces steps and its sections are the stages, or the headings themselves count
on (1. 查询 … 2. 填申请 … 3. 核对 …). What one passage tells is ``steps``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import takewhile

from assistant.steps import lines_of
from corpus.line_roles import Lines
from corpus.markers import marker_at
from corpus.titles import PART
from corpus.types import Part, Passage

_NUMBERED = re.compile(
    r"^\s*(?:[一二三四五六七八九十]+、|\d+[.、]|[(（][一二三四五六七八九十\d]+[)）])\s*"
)
_STAGED = re.compile(r"(?:以下|如下)步骤|步骤(?:如下|办理)|分.{1,3}步|流程[^。:：\n]{0,10}如下")
_NO_STAGE = re.compile(
    r"注意|提醒|影响|条件|区别|差异|依据|说明|情况|方式|渠道|途径|方法|线上|线下|通过|使用|[步流]"
    r"|享受|原因|个人|企业|单位|人员"
)
"""Headings under which no stage of a procedure stands: remarks, ways and people beside each other."""


def staged(pieces: Sequence[Passage]) -> tuple[Passage, ...]:
    """The procedures of an article that are told section by section, each as one passage.
    ``pieces``: all, in order."""
    announced = _announced(pieces)
    return (announced,) if announced else tuple(_counted(pieces))


def _counted(pieces: Sequence[Passage]) -> Iterator[Passage]:
    """Sections whose headings are the steps: 1. 在新地方参保 … 2. 填转移申请 … 3. 核对年限 …"""
    run: list[tuple[int, Passage]] = []  # where the heading of a stage begins, its last piece
    before = 0
    for piece in pieces:
        heading = _heading_of(piece, before)
        before = piece.end
        if heading is None:
            if run and piece.heading == run[-1][1].heading:
                run[-1] = (run[-1][0], piece)  # more of the same stage
                continue
        elif heading[0] == len(run) + 1 and (not run or _beside(run[-1][1], piece)):
            run.append((heading[1], piece))
            continue
        yield from _joined(run)
        run = [(heading[1], piece)] if heading and heading[0] == 1 else []
    yield from _joined(run)


def _beside(one: Passage, other: Passage) -> bool:
    return one.heading[:-1] == other.heading[:-1]


def _heading_of(piece: Passage, after: int) -> tuple[int, int] | None:
    """The number of a piece's own heading and where its words begin, if it stands before the piece
    and carries a number. ``after``: the end of the piece before."""
    text = piece.article.text
    name = piece.heading[-1] if piece.heading else ""
    at = text.rfind(name, after, piece.start) if name else -1
    if at < 0:
        return None
    line = text.rfind("\n", 0, at) + 1
    while line < at and text[line] in "#* \u3000":
        line += 1
    mark = marker_at(text, line, piece.start)
    if mark is None or mark.number is None or mark.family == "#":
        return None
    return mark.number, mark.end


def _joined(run: Sequence[tuple[int, Passage]]) -> Iterator[Passage]:
    """The stages as one list, if they are three at least and most of their headings tell what to
    do."""
    if len(run) < 3:
        return
    text = run[0][1].article.text
    names = [text[start : piece.start].partition("\n")[0] for start, piece in run]
    told = [_tells(replace(piece, start=start)) for start, piece in run]
    if any(PART.fullmatch(name) for name in names) or 2 * sum(told) < len(names):
        return
    first, last = run[0][1], run[-1][1]
    items = tuple((start, piece.end) for start, piece in run)
    parts = tuple(_part(piece) for _, piece in run)
    yield Passage(first.article, run[0][0], last.end, "steps", first.heading[:-1], items, parts)


def _part(piece: Passage) -> Part:
    return Part(piece.start, piece.end, piece.kind, piece.heading, piece.items)


def _tells(stage: Passage) -> bool:
    """Whether a stage tells what to do; it begins with its heading."""
    return Lines.of(stage).tell([(stage.start, stage.end)])[0]


def _announced(pieces: Sequence[Passage]) -> Passage | None:
    """The stages of an article that announces steps and tells them section by section (一、停保
    二、转移), as one passage; None where its sections are no stages."""
    announced = _STAGED.search(pieces[0].article.text[: pieces[0].end]) if len(pieces) > 1 else None
    if announced is None:
        return None
    level = _common([p.heading for p in pieces if p.heading])
    named = [(p, p.heading[min(level, len(p.heading) - 1)]) for p in pieces if p.heading]
    stages = [p for p, name in named if not _NO_STAGE.search(name)]
    names = {name for _, name in named if not _NO_STAGE.search(name)}
    if len(names) < 2 or not any(p.kind == "steps" for p in stages):
        return None
    first, last = stages[0], stages[-1]
    if [p for p in pieces if first.start <= p.start <= last.start] != stages:
        return None
    text = first.article.text
    items = tuple(
        (a, b)
        for p in stages
        for a, b in lines_of(p)
        if a >= announced.end() and _NUMBERED.sub("", text[a:b]).strip() not in p.heading
    )
    parts = tuple(map(_part, stages))
    return Passage(first.article, first.start, last.end, "steps", first.heading[-1:], items, parts)


def _common(headings: Sequence[tuple[str, ...]]) -> int:
    """How many headings all the paths begin with."""
    alike = takewhile(lambda names: len(set(names)) == 1, zip(*headings, strict=False))
    return sum(1 for _ in alike)
