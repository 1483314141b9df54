"""Words with their places on a page (OCR, OFD) as lines, and lines as paragraphs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.reading.broken import starts_with_number

_ENDS = re.compile(r"[。！？!?；;：:][”’」』）)】》]*$")
_NO_JOINT = re.compile("[\u2e80-\u9fff\uff00-\uffef，。、；：（）《》“”]")
_FULL = 0.93  # of the widest line: a line that reaches so far may run on


@dataclass(frozen=True, slots=True)
class Box:
    """Words at a place, in any unit that grows to the right and downwards."""

    left: float
    top: float
    right: float
    bottom: float
    text: str

    @property
    def height(self) -> float:
        return max(self.bottom - self.top, 0.01)


def rows(boxes: Sequence[Box]) -> list[Box]:
    """Boxes of one height joined from left to right, the rows from top to bottom."""
    found: list[list[Box]] = []
    for box in sorted(boxes, key=lambda b: (b.top + b.bottom, b.left)):
        last = found[-1] if found else None
        if last and abs(_middle(last[0]) - _middle(box)) < 0.5 * min(last[0].height, box.height):
            last.append(box)
        else:
            found.append([box])
    return [_row(sorted(row, key=lambda b: b.left)) for row in found]


def paragraphs(lines: Sequence[Box]) -> list[str]:
    """Rows joined where the edge of the page broke them: full ones that no mark ends."""
    edge = max((line.right for line in lines), default=0.0)
    start = min((line.left for line in lines), default=0.0)
    found: list[str] = []
    before: Box | None = None
    for line in lines:
        text = line.text.strip()
        if not text:
            continue
        runs_on = (
            before is not None
            and before.right - start >= _FULL * (edge - start)
            and not _ENDS.search(before.text.strip())
            and not starts_with_number(text)
            and not re.match(r"第.{1,4}[条章节]", text)
            and line.left - start < 1.5 * line.height
        )
        if runs_on:
            found[-1] += _joint(found[-1], text) + text
        else:
            found.append(text)
        before = line
    return found


def _row(boxes: Sequence[Box]) -> Box:
    text = boxes[0].text
    for last, box in pairwise(boxes):
        wide = box.left - last.right > 0.8 * last.height
        text += (" " if wide else _joint(text, box.text)) + box.text
    return Box(
        boxes[0].left,
        min(b.top for b in boxes),
        max(b.right for b in boxes),
        max(b.bottom for b in boxes),
        text,
    )


def _joint(before: str, after: str) -> str:
    """A blank between Latin words, nothing where a Chinese character stands at either side."""
    if _NO_JOINT.match(before[-1:]) or _NO_JOINT.match(after[:1]):
        return ""
    return " " if before[-1:].isalpha() and after[:1].isalpha() else ""


def _middle(box: Box) -> float:
    return (box.top + box.bottom) / 2
