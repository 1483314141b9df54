"""The lines of one cell as its text: lists stay lists where nothing stands behind them in the row."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.reading.broken import ended, starts_with_number

_FEWEST_ITEMS = 2


def cell_text(lines: Sequence[str], *, last: bool, alone: bool) -> str:
    """The text of a cell. ``last``: no filled cell stands behind it in its row; ``alone``: none
    stands beside it.

    >>> cell_text(["1. 登记。", "2. 缴费。"], last=True, alone=False)
    '\\n1. 登记。\\n2. 缴费。'
    >>> cell_text(["在职", "职工"], last=True, alone=False)
    '在职 职工'
    """
    if alone:
        return "\n".join(lines)
    if last and sum(map(starts_with_number, lines)) >= _FEWEST_ITEMS:
        return "\n" + "\n".join(lines)
    text = ""
    for line in lines:
        text += line if not text or ended(text) else f" {line}"
    return text


def split_lines(rows: Sequence[str]) -> list[str]:
    """The lines of a table, those of lists in its cells each on their own."""
    return [line for row in rows for line in row.split("\n") if line.strip()]
