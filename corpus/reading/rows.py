"""Rows of a table as sentences that keep their column heads: 险种：职工；等待期：6个月。"""

from __future__ import annotations

import re
from collections.abc import Sequence

_LONGEST_HEAD = 24


def sentence(heads: Sequence[str], cells: Sequence[str]) -> str:
    """One row. An empty cell says nothing; a cell without a head stands alone.

    >>> sentence(["险种", "等待期"], ["职工", "6个月"])
    '险种：职工；等待期：6个月。'
    """
    pairs = []
    for place, cell in enumerate(cells):
        head = heads[place].rstrip("：:") if place < len(heads) else ""
        if cell:
            pairs.append(f"{head}：{cell}" if head and head != cell else cell)
    return closed(pairs)


def closed(parts: Sequence[str]) -> str:
    """The parts as one sentence; one that asks or exclaims ends as it did."""
    text = "；".join(part.rstrip("。；;") for part in parts if part)
    return text if not text or text.endswith(("？", "！", "?", "!")) else f"{text}。"


def rows_as_sentences(rows: Sequence[Sequence[str]], heads: int) -> list[str]:
    """The rows below the first ``heads``; several rows of heads are joined by ``/``."""
    names: list[str] = []
    for column in range(max(map(len, rows), default=0)):
        parts = [row[column] for row in rows[:heads] if column < len(row) and row[column]]
        names.append("/".join(dict.fromkeys(parts)))
    sentences = []
    for row in rows[heads:]:
        if len(set(filter(None, row))) == 1:  # one cell over the whole width: a title in between
            sentences.append(next(filter(None, row)))
        elif text := sentence(names, row):
            sentences.append(text)
    return sentences


def head_rows(rows: Sequence[Sequence[str]]) -> int:
    """1 where the first row reads like column heads: short, all filled, all different."""
    if len(rows) < 2 or len(rows[0]) < 2:
        return 0
    first = rows[0]
    different = len(set(first)) == len(first)
    short = all(cell and len(cell) <= _LONGEST_HEAD for cell in first)
    amounts = any(re.fullmatch(r"[\d.,%元万\s-]+", cell) for cell in first)
    pairs = all(len(row) == 2 for row in rows) and all(row[0].endswith(("：", ":")) for row in rows)
    return int(different and short and not amounts and not pairs)
