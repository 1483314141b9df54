"""Cells of a table, and what a cell or a row is by its form: a head, an amount, a title."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

LONGEST_HEAD = 24
AMOUNT = re.compile(
    r"\d|[一二三四五六七八九十百千万两半]{1,6}(?:元|％|%|个月|个?工作日|天|日内|年|周岁|倍|成)|[√×✓]|不设|无$|全额"
)
KINDS = re.compile(
    r"(?:序号|项目|险种|病种|类别|类型|种类|级别|等级|档次|人群|对象|地区|年度|月份|机构|名称|情形|情况"
    r"|渠道|方式|标准|比例|金额|时间|期限|费用|人员|待遇|医院|编号|[^\s]/[^\s]{1,12})$"
)
"""How heads of columns end that name a kind of thing rather than one thing of it."""
_YEAR = re.compile(r"(?:19|20)\d\d年?度?")
_MEASURE = re.compile(r"[\d.,%％元万年月日天/／~～—-]{1,24}(?:以上|以下)?")
COLON = re.compile(r"[:：]\s*$")


@dataclass(frozen=True, slots=True)
class Cell:
    """One place of the grid. ``origin`` is the same for all places that a merged cell covers.

    ``head``: the markup says that it is a head. ``strong``: all its words are bold.
    """

    text: str
    origin: int
    head: bool = False
    strong: bool = False


Row = Sequence[Cell]


def head_like(cell: Cell) -> bool:
    """Short, and neither an amount nor a sentence: 三级医院 and 2025年 are heads as well."""
    text = cell.text
    if not text or len(text) > LONGEST_HEAD or re.search(r"[。；！？]", text):
        return False
    return cell.head or bool(_YEAR.fullmatch(text)) or not _MEASURE.fullmatch(text)


def spans_all(row: Row) -> bool:
    """Whether one cell covers the whole width, or stands alone in it: a title above or between."""
    filled = {cell.origin for cell in row if cell.text}
    return (
        len(row) > 1 and len(filled) == 1 and (len({c.origin for c in row}) == 1 or not row[1].text)
    )


def first_text(row: Row) -> str:
    """What the first cell says that says anything."""
    return next(cell.text for cell in row if cell.text)
