"""A question taken apart: what is told of the case, what is only talk, and each thing that is asked, with what
it wants.

«宝宝上个月生的|能先交医保不|要带些啥子|去哪点办» is a case and three asks: 能否, 材料, 地点. A head (``chain``) over
what the bundled model makes of each token, whatever model the search uses; ``training/lower.py`` learned it
(``index/data/ASKS_CARD.md``).
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

import numpy as np

from corpus.errors import ModelError
from index.bert_folder import Matrix
from index.chain import Head, Seen, as_read, pieces, stretches
from index.encoder import lower_layers
from index.lower_layers import LowerLayers

log = logging.getLogger(__name__)

FILE = Path(__file__).with_name("data") / "asks.npz"
Kind = Literal["talk", "ask", "case"]
KINDS: tuple[Kind, ...] = ("talk", "ask")
"""What is neither is the case."""
LABELS = 1 + 2 * len(KINDS)
Want = Literal[
    "金额", "比例", "期限", "日期", "条件", "能否", "步骤", "材料", "渠道", "地点", "电话", "依据", "定义", "范围",
    "原因", "后果", "区别", "名单", "其他",
]  # fmt: skip
WANTS: tuple[Want, ...] = get_args(Want)
_FORMS = tuple(
    re.compile(p)
    for p in (r"\d", r"[A-Za-z]", r"[^\w\s]", r"\s", r"[?？]", r"[,，、]", r"[。.！!；;\n]")
)
LIKELY = -2.5
"""Log odds of what is likeliest wanted, from which a piece that asks by its form is an ask. Of the questions of an
author that it had not learned from, without it .77 of the asks are found and .76 of those found right, at -2.5
.70 and .80, at -1 .52 and .81."""
FORMS = 3 * len(_FORMS)
"""A character's own, and those of the one before and the one behind."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a question; ``wants`` of an ask, the likeliest first."""

    start: int
    end: int
    kind: Kind
    wants: tuple[Want, ...] = ()


def forms(text: str) -> Matrix:
    """(characters, ``FORMS``) of 0 and 1."""
    own = np.zeros((len(text) + 2, len(_FORMS)), np.float32)
    for column, pattern in enumerate(_FORMS):
        own[[match.start() + 1 for match in pattern.finditer(text)], column] = 1
    return np.concatenate([own[:-2], own[1:-1], own[2:]], axis=1)


class Segmenter:
    """A head and the layers that it stands on. The head's ``wants`` (width, ``WANTS``) and ``want_bias``
    (``WANTS``,) say what a piece wants."""

    def __init__(self, layers: LowerLayers, head: Head) -> None:
        self._layers = layers
        self._head = head

    @classmethod
    def open(cls, head: Path = FILE) -> Segmenter:
        """Raises ``ModelError`` where the bundled model cannot be used here."""
        return cls(lower_layers(), Head.open(head))

    def segments(self, text: str) -> tuple[Segment, ...]:
        """The segments in order; joined they are the text, blanks at the ends of a stretch apart."""
        found: list[Segment] = []
        for start, piece in stretches(as_read(text)):
            seen = Seen.of(*self._layers.states(piece), forms(piece))
            found += (
                Segment(start + s.start, start + s.end, s.kind, s.wants)
                for s in taken_apart(self._head, seen)
            )
        return tuple(found)


def taken_apart(head: Head, seen: Seen) -> list[Segment]:
    """The segments of what was read. What wants nothing is no ask."""
    hidden = head.hidden(seen)
    found: list[Segment] = []
    place = 0
    for start, end, number in pieces(head.labels_of(hidden)):
        if start > place:
            found.append(Segment(place, start, "case"))
        kind = KINDS[number]
        wants = wants_of(head, hidden[start:end]) if kind == "ask" else ()
        told = kind == "ask" and not wants
        found.append(Segment(start, end, "case" if told else kind, wants))
        place = end
    if place < len(hidden):
        found.append(Segment(place, len(hidden), "case"))
    return found


def wants_of(head: Head, hidden: Matrix) -> tuple[Want, ...]:
    """What a piece wants: all that is likelier than not, or the likeliest where that reaches ``LIKELY``.
    ``hidden`` (characters, width): a sign anywhere in the piece will do."""
    each = hidden @ head.held["wants"]
    most = each.max(axis=0)
    odds = most + np.log(np.exp(each - most).sum(axis=0)) + head.held["want_bias"]
    order = np.argsort(-odds, kind="stable")
    likely = [n for n in order.tolist() if odds[n] > 0] or order[:1].tolist()
    return tuple(WANTS[n] for n in likely if odds[n] > LIKELY)


@lru_cache(maxsize=1)
def segmenter() -> Segmenter:
    """The shipped one, read once (it never changes). Raises ``ModelError``."""
    return Segmenter.open()


@lru_cache(maxsize=512)
def segments(text: str) -> tuple[Segment, ...]:
    """The segments of a text; () where the bundled model does not run here, or there is no text."""
    try:
        return segmenter().segments(text)
    except ModelError as error:
        log.warning("问题无法拆成几问：%s", error)
        return ()
