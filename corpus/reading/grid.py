"""A table's cells as lines in which each value stands with all its heads.

    病种：癫痫；每月最高支付限额/职工医保：410元。

What heads what is told by the form of the table: cells marked as heads, merged cells, rows that hold
no amount above rows that do, labels with a colon. Where that is unsure the row is given as written:
a false pairing is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.reading.rows import closed, sentence

_LONGEST_HEAD = 24
_LONGEST_LABEL = 14
_MOST_HEADS = 4  # rows
_AMOUNT = re.compile(
    r"\d|[一二三四五六七八九十百千万两半]{1,6}(?:元|％|%|个月|个?工作日|天|日内|年|周岁|倍|成)|[√×✓]|不设|无$|全额"
)
_SENTENCE = re.compile(r"[。；！？]|.，.{6}")
_KINDS = re.compile(
    r"(?:序号|项目|险种|病种|类别|类型|种类|级别|等级|档次|人群|对象|地区|年度|月份|机构|名称|情形|情况"
    r"|渠道|方式|标准|比例|金额|时间|期限|费用|人员|待遇|医院|编号|[^\s]/[^\s]{1,12})$"
)
"""How heads of columns end that name a kind of thing rather than one thing of it."""
_COLUMNS = re.compile(
    r"(?:时限|形式|步骤|流程|材料|条件|地点|地址|电话|内容|说明|备注|依据|要求|结果|范围|做法|规定)$"
)
"""How heads of a second column end besides, where the first one names a kind."""
_YEAR = re.compile(r"(?:19|20)\d\d年?度?")
_MEASURE = re.compile(r"[\d.,%％元万年月日天/／~～—-]{1,24}(?:以上|以下)?")
_UNIT = re.compile(r"[（(]?(?:计量|金额)?单位\s?[:：]\s?[^，。；：:]{1,10}[)）]?")
_COLON = re.compile(r"[:：]\s*$")


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


def table_lines(rows: Sequence[Row], headed: int = 0) -> list[str]:
    """The lines of a table. ``headed``: how many first rows the markup marks as heads."""
    marked = {id(row) for row in rows[:headed]}
    kept = [row for row in rows if any(cell.text for cell in row)]
    headed = sum(id(row) in marked for row in kept)
    lines: list[str] = []
    while len(kept) > 1 and _spans_all(kept[0]):
        lines.append(_first(kept[0]))
        kept = kept[1:]
        headed = max(headed - 1, 0)
    if not kept:
        return lines
    if kept[0][0].text and _UNIT.fullmatch(kept[0][0].text) and len(kept) > 1:
        unit = kept[0][0]  # 单位：元 in the corner measures the table and heads nothing
        lines.append(unit.text)
        kept[0] = [replace(c, text="") if c.origin == unit.origin else c for c in kept[0]]
    kept = _stacked(kept)
    if pairs := _pairs(kept, headed):
        return lines + pairs
    depth = headed or _depth(kept)
    return lines + _with_heads(kept, depth)


def _stacked(rows: list[Row]) -> list[Row]:
    """A long table that is set in several columns side by side, the same heads above each, as one."""
    width = len(rows[0])
    for wide in range(2, width // 2 + 1):
        heads = [cell.text for cell in rows[0][:wide]]
        again = [[c.text for c in rows[0][n : n + wide]] for n in range(0, width, wide)]
        if width % wide or len(set(heads)) < wide or any(part != heads for part in again):
            continue
        if not all(map(_head_like, rows[0])) or any(len(row) != width for row in rows):
            return rows
        below = [row[n : n + wide] for n in range(0, width, wide) for row in rows[1:]]
        return [rows[0][:wide], *(row for row in below if any(cell.text for cell in row))]
    return rows


def _spans_all(row: Row) -> bool:
    """Whether one cell covers the whole width, or stands alone in it: a title above or between."""
    filled = {cell.origin for cell in row if cell.text}
    return (
        len(row) > 1 and len(filled) == 1 and (len({c.origin for c in row}) == 1 or not row[1].text)
    )


def _first(row: Row) -> str:
    return next(cell.text for cell in row if cell.text)


def _pairs(rows: Sequence[Row], headed: int) -> list[str]:
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
    colons = sum(bool(_COLON.search(cell.text)) for cell in flat)
    sure = colons * 2 > len(flat) or (
        all(cell.head for cell in flat) and not any(c.head for c in values)
    )
    if not sure and not (_look_like_labels(rows, width) and not _has_heads(rows)):
        return []
    if any(len(cell.text) > _LONGEST_HEAD for cell in flat) and not sure:
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
    return _short_and_different(rows, width)


def _labels_below(rows: Sequence[Row]) -> bool:
    """Whether the cells under the first row's labels are labels too (办结时限), and its values none:
    under a head stand things of its kind."""
    if any(_KINDS.search(rows[0][column].text) for column in (1, 3)):
        return False
    below = [row[column].text for row in rows[1:] for column in (0, 2)]
    labels = sum(bool(_KINDS.search(t) or _COLUMNS.search(t)) for t in below)
    return labels * 2 > len(below) > 0


def _short_and_different(rows: Sequence[Row], width: int) -> bool:
    texts: list[str] = []
    for row in rows:
        last = ""
        for place in range(0, width, 2):
            cell = row[place]
            if cell.origin == row[place - 1].origin and place:  # covered by the value before
                continue
            if not cell.text or len(cell.text) > _LONGEST_LABEL or _AMOUNT.search(cell.text):
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
        if _AMOUNT.search(values[0]) or len(values[0]) > _LONGEST_HEAD:
            return True
        below = [bool(_AMOUNT.search(text)) for text in values[1:] if text]
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
    if not _head_like(first) or not _head_like(second) or first.origin == second.origin:
        return False
    if second.text in ("无", "否", "是"):
        return False
    measured = all(_AMOUNT.search(row[1].text) for row in below if row[1].text)
    kind = bool(_KINDS.search(first.text)) and not re.search(".事项|事项名称|标题", first.text)
    columns = bool(_KINDS.search(second.text) or _COLUMNS.search(second.text))
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
            parts.append(f"{_COLON.sub('', label.text)}：{value.text}")
        else:
            parts.append(label.text or value.text)
        place += 2
        while place < len(row) and value is not None and row[place].origin == value.origin:
            place += 1
    return closed(parts)


def _depth(rows: Sequence[Row]) -> int:
    """How many first rows are heads, by the form of the table; 0 where that is unsure."""
    if len(rows) < 2 or len(rows[0]) < 2:
        return 0
    first = rows[0]
    if not all(_head_like(cell) or not cell.text for cell in first):
        return 0
    depth = 1
    if len({cell.origin for cell in first}) < len(first):  # cells merged: heads above heads
        depth = 1 + _reaches_down(rows)
    elif sum(not cell.text for cell in first) > 1:
        return 0
    rest = rows[depth:]
    plain = not any(cell.head or cell.strong for cell in first)
    if plain and len(first) in (4, 6) and depth == 1 and _may_be_pairs(rows):
        return 0
    if not rest or depth > _MOST_HEADS:
        return 0
    if not all(_head_like(c) or not c.text for row in rows[:depth] for c in row):
        return 0
    corner = _corner(rows, depth)
    texts = [_joined(rows[:depth], n) for n in range(max(corner - 1, 0), len(first))]
    filled = [text for text in texts if text]
    if len(set(filled)) != len(filled) or sum(not text for text in texts) > 1:
        return 0
    return depth if _differs(rows, depth) else 0


def _corner(rows: Sequence[Row], depth: int) -> int:
    """How many columns the first cell of a lone row of heads covers, above names of rows; 0 where it
    is no such corner."""
    first, below = rows[0], rows[depth:]
    wide = sum(cell.origin == first[0].origin for cell in first)
    if depth != 1 or not 1 < wide < len(first):
        return 0
    stubs = [cell for row in below for cell in row[:wide]]
    return wide if all(not cell.text or _head_like(cell) for cell in stubs) else 0


def _may_be_pairs(rows: Sequence[Row]) -> bool:
    """Whether label, value, label, value is as likely as four columns under heads."""
    kinds = sum(bool(_KINDS.search(cell.text)) for cell in rows[0])
    return kinds < 2 and _short_and_different(rows, len(rows[0]))


def _reaches_down(rows: Sequence[Row]) -> int:
    """How many more rows the merged cells of the first one head."""
    first = rows[0]
    down = 0
    for row in rows[1:_MOST_HEADS]:
        if len(row) == len(first) and any(
            a.text and a.origin == b.origin for a, b in zip(first, row, strict=True)
        ):
            down += 1
        else:
            break
    if down:
        return down
    blank = [n for n, cell in enumerate(first) if not cell.text]
    below = rows[1]
    named = all(below[n].text for n in blank if n < len(below))
    wide = len({c.origin for c in first if c.text}) < sum(bool(c.text) for c in first)
    return int(wide and named and all(_head_like(cell) for cell in below))


def _differs(rows: Sequence[Row], depth: int) -> bool:
    """Whether the first rows read unlike those below: no amounts in them, or other type."""
    heads = [cell for row in rows[:depth] for cell in row if cell.text]
    below = [cell for row in rows[depth:] for cell in row if cell.text]
    if all(cell.strong or cell.head for cell in heads):
        return True
    merged = any(a.origin == b.origin for a in rows[0] for b in rows[0] if a is not b)
    kinds = sum(bool(_KINDS.search(cell.text)) for cell in heads)
    measured = any(_AMOUNT.search(c.text) or len(c.text) > _LONGEST_HEAD for c in below)
    return merged or kinds > 0 or measured or not rows[0][0].text


def _head_like(cell: Cell) -> bool:
    """Short, and neither an amount nor a sentence: 三级医院 and 2025年 are heads as well."""
    text = cell.text
    if not text or len(text) > _LONGEST_HEAD or re.search(r"[。；！？]", text):
        return False
    return cell.head or bool(_YEAR.fullmatch(text)) or not _MEASURE.fullmatch(text)


def _joined(rows: Sequence[Row], column: int) -> str:
    """All heads of a column from above, each merged cell once: 每月限额/职工医保."""
    seen: dict[str, None] = {}
    for row in rows:
        if column < len(row) and row[column].text:
            seen.setdefault(_COLON.sub("", row[column].text))
    return "/".join(seen)


def _with_heads(rows: Sequence[Row], depth: int) -> list[str]:
    """The rows below the heads; a row that repeats the heads is left out, a title stands alone."""
    width = max(map(len, rows))
    names = [_joined(rows[:depth], column) for column in range(width)]
    for column in range(_corner(rows, depth)):
        names[column] = ""  # it names the heads beside it as likely as the names below
    if depth and _heads_rows(rows[depth:]) and not all(cell.head for cell in rows[0]):
        names[0] = ""  # heads on the left: what stands in the corner is the name of a row as well
    repeated = {tuple(cell.text for cell in row) for row in rows[:depth]}
    lines: list[str] = []
    for row in rows[depth:]:
        if depth and tuple(cell.text for cell in row) in repeated:
            continue
        if _spans_all(row):
            lines.append(_first(row))
        elif text := _row(names if depth else [], row):
            lines.append(text)
    return lines


def _heads_rows(rows: Sequence[Row]) -> bool:
    """Whether the markup makes the first cell of each row its head, and no other cell."""
    return all(row[0].head and not any(cell.head for cell in row[1:]) for row in rows)


def _row(names: Sequence[str], row: Row) -> str:
    """One row; a cell that is merged over several columns is said once, under what they share."""
    heads: list[str] = []
    cells: list[str] = []
    for place, cell in enumerate(row):
        name = names[place] if place < len(names) else ""
        if place and cell.origin == row[place - 1].origin:
            heads[-1] = _both(heads[-1], name)
        else:
            heads.append(name)
            cells.append(cell.text)
    return sentence(heads, cells)


def _both(one: str, other: str) -> str:
    """The heads of two columns that share a cell: 中断时间/三个月以内、三个月以上."""
    if not one or not other or one == other:
        return one or other
    above = one.rpartition("/")[0]
    other_above, _, other_last = other.rpartition("/")
    return f"{one}、{other_last}" if above == other_above else f"{one}、{other}"
