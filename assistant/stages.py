"""A procedure that an article announces and then tells section by section, put together into one passage.

Sections whose headings merely count on (（一）微信 （二）银行柜台) are ways beside each other: of seven such
runs on 329 labelled pages and 67 of others none was one procedure. What one passage tells is ``steps``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from assistant.steps import lines_of
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


def staged(pieces: Sequence[Passage]) -> Passage | None:
    """The stages of an article that announces steps and tells them section by section (一、停保
    二、转移), as one passage; None where its sections are no stages. ``pieces``: all, in order."""
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


def _part(piece: Passage) -> Part:
    return Part(piece.start, piece.end, piece.kind, piece.heading, piece.items)


def _common(headings: Sequence[tuple[str, ...]]) -> int:
    """How many headings all the paths begin with."""
    alike = takewhile(lambda names: len(set(names)) == 1, zip(*headings, strict=False))
    return sum(1 for _ in alike)
