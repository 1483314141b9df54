"""An article's text cut into blocks: its lines, and inside a line the pieces that were lines once.

Saved pages often flatten a list into one line (「办理方法: 1、… 2、… 微信续交 : 打开微信…」). The
blocks of such a line are found by its numbers, its labels (「微信续交 :」) and its bare titles, so
that ``outline`` sees the same structure as in a well-kept page. Which block is a heading and which
a step is not decided here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from corpus.markers import FIRST, Marker, marker_at
from corpus.text import strip_span

# a label: a few characters without punctuation, then a colon that is not of an address or a time
_LABEL = re.compile(
    r"(?:【[^\s【】]{1,14}】|[*]{0,2}[^\s，。；：:！？,;!?…→|]{1,26}[*]{0,2})[*]{0,2}\s?[:：](?!//|\d)[*]{0,2}"
)
_END = r"[。；;！!？?]"
# Where a piece may begin inside a line. Before a number: punctuation or a blank, nothing closer.
_NUMBER_PLACE = re.compile(
    r"(?<=[\s。；;：:！!？?，,、…”’」》）)\]】*.])(?=[" + re.escape(FIRST) + "])"
)
_OTHER_PLACE = re.compile(rf"{_END}[”’」）)]?\s*(?=\S)|(?<=[:：…])\s+(?=\S)|\s(?=[•●■◆]\s)")
# what follows may not be a number (「需在每月 15号前 完成」 is one sentence, its date once bold)
# and may not be a bold phrase whose blanks remained (「停保后 仍可购药 ，但」).
_TITLE = re.compile(
    r"(?![《第])[^\s，。；：:！？,;!?、*]{2,22}(?=\s+[“【「一-鿿\d])"
    r"(?!\s+[^\s，。；：:！？,;!?]{1,40}\s+[，。；、,;])"
)
_REMARK = re.compile(r"(?:温馨|特别|友情)?(?:请?注意|提示|提醒|说明|备注|注)(?:事项)?[:：]")
_CLOSING = re.compile(r"总之|综上|总的来说|以上就是|以上是|综上所述")
_LONGEST_HEAD = 48  # characters of the heads of a column, one above the other
_SHORTEST = 8  # a line below this holds no two pieces
_HAN = re.compile("[一-鿿]")
_ORDINALS = frozenset({"cn", "cn()", "1.", "1)", "a)", "①", "step", "way", "order", "•"})


@dataclass(frozen=True, slots=True)
class Block:
    """One line of the text, or one piece of a line; ``start`` and ``end`` bear no blanks.

    ``content`` begins after the mark; ``label`` is where a leading 「材料：」 ends, and equals
    ``content`` where there is none. ``indent`` counts the blanks before the line, ``gap`` says
    that a blank line stands before it, ``inline`` that it does not begin its line, ``flat`` that
    its line was cut into several blocks.
    """

    start: int
    end: int
    indent: int
    marker: Marker | None
    content: int
    label: int
    inline: bool = False
    gap: bool = False
    flat: bool = False

    @property
    def family(self) -> str:
        return self.marker.family if self.marker else ""

    @property
    def number(self) -> int | None:
        return self.marker.number if self.marker else None

    @property
    def labelled(self) -> bool:
        """It begins with 「…：」 and says something after it."""
        return self.content < self.label < self.end


def blocks(text: str) -> list[Block]:
    """All blocks in order. Every character of the text that is not blank lies in exactly one."""
    found: list[Block] = []
    position, gap, bare = 0, False, None
    lines = text.split("\n")
    heads = [_heads(line) for line in lines]
    for number, line in enumerate(lines):
        start, end = strip_span(text, position, position + len(line))
        if start == end:
            gap = True
        else:
            indent = sum(2 if c in "\u3000\t" else 1 for c in text[position:start])
            # rows of one table: the cells of each belong together, whatever their heads are called
            row = heads[number] and heads[number] in (*heads[number - 1 : number], *heads[number + 1 : number + 2])  # fmt: skip
            pieces = list(_pieces(text, start, end, indent, gap, whole=bool(row)))
            if bare is not None and pieces[0].marker is None:
                # 「二、」 alone on its line numbers the line after it
                pieces[0] = _joined(bare, pieces[0])
            elif bare is not None:
                found.append(bare)
            bare = None
            if len(pieces) == 1 and _is_bare(pieces[0]):
                bare = pieces[0]
            else:
                found.extend(pieces)
            gap = False
        position += len(line) + 1
    if bare is not None:
        found.append(bare)
    return found


def _heads(line: str) -> tuple[str, ...]:
    """The heads of a line that is a row of a table (险种：职工；比例：2%。); () for other lines."""
    cells = line.strip().rstrip("。").split("；") if "；" in line else []
    heads = tuple(cell.partition("：")[0] for cell in cells if "：" in cell)
    rows = len(cells) > 1 and len(heads) == len(cells) and "。" not in line.strip()[:-1]
    return heads if rows and all(0 < len(head) <= _LONGEST_HEAD for head in heads) else ()


def _is_bare(block: Block) -> bool:
    return block.marker is not None and block.content >= block.end and block.family != "•"


def _joined(bare: Block, block: Block) -> Block:
    return Block(
        bare.start, block.end, bare.indent, bare.marker, block.start, block.label, gap=bare.gap
    )


def _pieces(
    text: str, start: int, end: int, indent: int, gap: bool, *, whole: bool
) -> Iterator[Block]:
    cuts = [start, *([] if whole else _cuts(text, start, end)), end]
    for number, (a, b) in enumerate(pairwise(cuts)):
        first, last = strip_span(text, a, b)
        if first < last:
            begins = number == 0
            yield _block(text, first, last, indent, not begins, gap and begins, len(cuts) > 2)


def _block(
    text: str, start: int, end: int, indent: int, inline: bool, gap: bool, flat: bool
) -> Block:
    marker = marker_at(text, start, end)
    content = marker.end if marker else start
    whole = marker is not None and marker.family in ("#", "chapter", "question")
    label = None if whole else _LABEL.match(text, content, end)
    behind = label.end() if label else content
    return Block(start, end, indent, marker, content, behind, inline, gap, flat)


def _cuts(text: str, start: int, end: int) -> list[int]:
    """Where pieces begin inside the line, ascending, ``start`` itself left out."""
    first = marker_at(text, start, end)
    if (first and first.family == "#") or end - start < _SHORTEST:
        return []
    cuts = set(_numbered(text, start, end, first))
    step = first is not None and first.family in _ORDINALS and len(cuts) <= 1
    for match in _OTHER_PLACE.finditer(text, start, end):
        place = match.end()
        if step and _REMARK.match(text, place, end):
            continue  # 「3.填写资料。注意：账号须准确。」: a remark on this step, no part of the page
        marked = text[place - 1].isspace() and marker_at(text, place, end) is not None
        if marked or _LABEL.match(text, place, end) or _CLOSING.match(text, place, end):
            cuts.add(place)
    cuts |= _titles(text, start, end, cuts)
    cuts.discard(start)
    return sorted(cuts)


def _numbered(text: str, start: int, end: int, first: Marker | None) -> list[int]:
    """Numbers that count on from 1, or on from the number that begins the line."""
    runs: dict[tuple[str, str], list[Marker]] = {}
    done: list[list[Marker]] = []
    opening = [first.start] if first else []
    candidates = [m for m in _candidates(text, start, end, first) if m.family in _ORDINALS]
    for marker in candidates:
        # 1. and 1、 in one line are two lists
        style = text[marker.start : marker.end].strip()[-1:] if marker.family == "1." else ""
        key = (marker.family, style)
        run = runs.get(key)
        if marker.number == 1 or (marker.family == "•" and run is None):
            runs[key] = [marker]
            done.append(runs[key])
        elif run and (marker.number is None or marker.number == (run[-1].number or 0) + 1):
            run.append(marker)
        elif marker.start in opening:
            runs[key] = [marker]
            done.append(runs[key])
    return [m.start for run in done for m in run if len(run) > 1 or _alone(text, start, m)]


def _alone(text: str, start: int, marker: Marker) -> bool:
    """One number without a second: kept where it begins its line or a sentence end or a colon
    announces it (「方法如下: 1、打开」, in a line that the source cut)."""
    if marker.family in ("order", "•"):
        return False
    before = marker.start - 1
    while before >= start and text[before].isspace():
        before -= 1
    return before < start or text[before] in "：:！!？?；;。"


def _candidates(text: str, start: int, end: int, first: Marker | None) -> Iterator[Marker]:
    if first:
        yield first
    for match in _NUMBER_PLACE.finditer(text, first.end if first else start, end):
        marker = marker_at(text, match.start(), end)
        if marker is None or (first and marker.start == first.start):
            continue
        before = text[marker.start - 1]
        if marker.family == "order" and before in "，,、”’":
            continue
        if marker.family == "•" and not _bullet_inside(text, marker.start):
            continue
        if marker.family in ("cn", "1.") and before in "，,、":
            continue
        yield marker


def _bullet_inside(text: str, place: int) -> bool:
    """• after a blank; a dash only where a sentence ended (「完成支付。 - 支付宝：…」). The dot of
    「国家规定 · 全国」 only parts words."""
    if text[place] in "-–—*+":
        before = text[max(0, place - 4) : place]
        return before[-1:].isspace() and before.rstrip()[-1:] in ("。", "；", ";", "：", ":", "！")
    return text[place] != "·" and text[place - 1].isspace()


def _titles(text: str, start: int, end: int, cuts: set[int]) -> set[int]:
    """Bare titles of a flattened line: few characters without punctuation between two blanks,
    at a place where a sentence may begin. The title and what follows it become two pieces."""
    begins = sorted({start, *cuts})
    marks = [marker_at(text, place, end) for place in begins]
    marked = {m.end for m in marks if m}
    places = {m.end if m else place for m, place in zip(marks, begins, strict=True)}
    places |= {m.end() for m in _OTHER_PLACE.finditer(text, start, end) if text[m.end() - 1] == " "}
    found: set[int] = set()
    after = start
    for place in sorted(places):
        here = place if place >= after else end
        while (match := _TITLE.match(text, here, end)) and len(_HAN.findall(match[0])) >= 2:
            rest = match.end()
            while text[rest].isspace():
                rest += 1
            if text[rest].isdigit() and not _LABEL.match(text, rest, end):
                break
            if here not in marked:
                found.add(here)
            found.add(rest)
            here = after = rest
    # one blank in an ordinary line is a slip; a flattened line has several titles, or marks too
    return found if len(found - {start}) > 2 or cuts else set()
