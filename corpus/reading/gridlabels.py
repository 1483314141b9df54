"""Tables of labels with their values beside them, once or several times in a row."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.reading.cells import AMOUNT, COLON, KINDS, LONGEST_HEAD, Row, head_like
from corpus.reading.rows import closed

_LONGEST_LABEL = 14
_SENTENCE = re.compile(r"[。；！？]|.，.{6}")
_COLUMNS = re.compile(
    r"(?:时限|形式|步骤|流程|材料|条件|地点|地址|电话|内容|说明|备注|依据|要求|结果|范围|做法|规定)$"
)
"""How heads of a second column end besides, where the first one names a kind."""


def labelled_pairs(rows: Sequence[Row], headed: int) -> list[str]:
    """Label and value side by side, once or several times in a row; [] for other tables."""
    width = max(map(len, rows))
    if headed or width < 2 or width % 2 or any(len(row) != width for row in rows):
        return []
    flat = [
        row[n]
        for n in range(0, width, 2)
        for row in rows
        if row[n].text and not (n and row[n].origin == row[n - 1].origin)  # a value reaches there
    ]
    if not flat:
        return []
    values = [row[n] for row in rows for n in range(1, width, 2)]
    colons = sum(bool(COLON.search(cell.text)) for cell in flat)
    sure = colons * 2 > len(flat) or (
        all(cell.head for cell in flat) and not any(c.head for c in values)
    )
    if not sure and not (_look_like_labels(rows, width) and not _has_heads(rows)):
        return []
    if any(len(cell.text) > LONGEST_HEAD for cell in flat) and not sure:
        return []
    return [text for row in rows if (text := _pair_row(row))]


def _look_like_labels(rows: Sequence[Row], width: int) -> bool:
    """Whether the even columns hold labels: short, all different, no amounts, no sentences.

    Four columns need a further sign: a value merged over several of them, or values of several
    sorts in one column, where a column under one head holds one sort.
    """
    merged = any(row[1].origin == row[-1].origin for row in rows)
    if width > 2 and not (width == 4 and (merged or _mixed(rows) or _labels_below(rows))):
        return False
    return short_and_different(rows, width)


def _labels_below(rows: Sequence[Row]) -> bool:
    """Whether the cells under the first row's labels are labels too (办结时限), and its values none:
    under a head stand things of its kind."""
    if any(KINDS.search(rows[0][column].text) for column in (1, 3)):
        return False
    below = [row[column].text for row in rows[1:] for column in (0, 2)]
    labels = sum(bool(KINDS.search(t) or _COLUMNS.search(t)) for t in below)
    return labels * 2 > len(below) > 0


def short_and_different(rows: Sequence[Row], width: int) -> bool:
    texts: list[str] = []
    for row in rows:
        last = ""
        for place in range(0, width, 2):
            cell = row[place]
            if cell.origin == row[place - 1].origin and place:  # covered by the value before
                continue
            if not cell.text or len(cell.text) > _LONGEST_LABEL or AMOUNT.search(cell.text):
                return False
            if _SENTENCE.search(cell.text) or cell.text == last:
                return False
            texts.append(cell.text)
            last = cell.text
    return len(texts) > 1 and len(set(texts)) == len(texts)


def _mixed(rows: Sequence[Row]) -> bool:
    """Whether a column of values holds amounts and words, or its first row one that heads none."""
    for column in (1, 3):
        values = [row[column].text for row in rows]
        if AMOUNT.search(values[0]) or len(values[0]) > LONGEST_HEAD:
            return True
        below = [bool(AMOUNT.search(text)) for text in values[1:] if text]
        if len(set(below)) > 1:
            return True
    return False


def _has_heads(rows: Sequence[Row]) -> bool:
    """Whether a table of two columns has a row of heads: kinds above things of that kind."""
    if len(rows) < 2 or len(rows[0]) != 2:
        return False
    first, second = rows[0]
    below = rows[1:]
    if first.strong and second.strong and not any(row[1].strong for row in below):
        return True
    if not head_like(first) or not head_like(second) or first.origin == second.origin:
        return False
    if second.text in ("无", "否", "是"):
        return False
    measured = all(AMOUNT.search(row[1].text) for row in below if row[1].text)
    kind = bool(KINDS.search(first.text)) and not re.search(".事项|事项名称|标题", first.text)
    columns = bool(KINDS.search(second.text) or _COLUMNS.search(second.text))
    return kind and (measured or columns)


def _pair_row(row: Row) -> str:
    """「受理条件：本市单位职工。」 A value without a label, or a label without one, as it stands."""
    parts: list[str] = []
    place = 0
    while place < len(row):
        label = row[place]
        value = row[place + 1] if place + 1 < len(row) else None
        if value is None or value.origin == label.origin:
            parts.append(label.text)
        elif label.text and value.text:
            parts.append(f"{COLON.sub('', label.text)}：{value.text}")
        else:
            parts.append(label.text or value.text)
        place += 2
        while place < len(row) and value is not None and row[place].origin == value.origin:
            place += 1
    return closed(parts)
