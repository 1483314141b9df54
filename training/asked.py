"""Questions with their segments marked (``training/asks``), and more that are made of them.

A line of a file is ``{"segments": [["text", "label"], …]}``: the texts joined are the question; a label is case,
talk, or what an ask wants, several joined by +.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.segments import KINDS, WANTS
from training.pages import Page

FOLDER = Path(__file__).resolve().parent / "asks"
ENDS = " \t\r\n,，。.!！?？;；、…~"
_SHORT = 22
"""Characters of a question of a page that is one ask without doubt, where it has no punctuation either."""
_PARTED = re.compile(r"[，,。；;！!\s]")
_BETWEEN = ("", "", " ", "，", "mixed")
_MIXED = ("", " ", "，", "？", "。")


@dataclass(frozen=True, slots=True)
class Marked:
    """``pieces``: text and label; ``cut``: whether they are where the question parts, or only say what the
    whole of it wants."""

    pieces: tuple[tuple[str, str], ...]
    cut: bool = True

    @property
    def text(self) -> str:
        return "".join(text for text, _ in self.pieces)

    @property
    def spans(self) -> list[tuple[int, int, str]]:
        """From where to where, and the label."""
        found, place = [], 0
        for text, label in self.pieces:
            found.append((place, place + len(text), label))
            place += len(text)
        return found


def is_ask(label: str) -> bool:
    return label not in ("case", *KINDS)


def core(text: str, start: int, end: int) -> tuple[int, int]:
    """Without blanks and punctuation at the ends."""
    inner = text[start:end]
    return start + len(inner) - len(inner.lstrip(ENDS)), start + len(inner.rstrip(ENDS))


def marked(path: Path) -> list[Marked]:
    """The questions of a file. Raises ``ValueError`` for a label that there is none of."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        pieces = tuple((text, label) for text, label in json.loads(line)["segments"] if text)
        for _, label in pieces:
            if is_ask(label) and not set(label.split("+")) <= set(WANTS):
                raise ValueError(f"{path}: {label!r}, expected case, talk or wants joined by +")
        found.append(Marked(pieces))
    return found


def of_pages(pages: Iterable[Page]) -> list[Marked]:
    """What the questions of labelled pages want; a short one is one ask."""
    return [
        Marked(
            ((asked.text, "+".join(asked.parts)),),
            cut=len(asked.parts) == 1
            and len(asked.text) <= _SHORT
            and asked.style != "long"
            and not _PARTED.search(asked.text),
        )
        for page in pages
        for asked in page.asked
    ]


def otherwise(pieces: Sequence[tuple[str, str]], chance: random.Random) -> Marked:
    """The same pieces with other punctuation between them, or none, as people dictate."""
    between = chance.choice(_BETWEEN)
    found = []
    for text, label in pieces[:-1]:
        mark = chance.choice(_MIXED) if between == "mixed" else between
        found.append(((text.rstrip(ENDS) or text) + mark, label))
    text, label = pieces[-1]
    found.append(((text.rstrip(ENDS) or text) + chance.choice(("", "", "？", "?")), label))
    return Marked(tuple(found))


def joined(
    known: Sequence[Marked], pages: Sequence[Marked], count: int, chance: random.Random
) -> list[Marked]:
    """Questions put together of the asks and cases of several; some are a case alone."""
    pieces = [piece for one in known for piece in one.pieces]
    asks = [piece for piece in pieces if is_ask(piece[1])]
    others = [piece for piece in pieces if not is_ask(piece[1])]
    short = [one.pieces[0] for one in pages if one.cut]
    found = []
    for _ in range(count):
        drawn = [
            chance.choice(short if chance.random() < 0.5 else asks)
            for _ in range(chance.choice((0, 1, 2, 2, 3, 3, 4)))
        ]
        for _ in range(chance.choice((0, 1, 1, 2)) if drawn else 1):
            place = 0 if chance.random() < 0.7 else chance.randrange(len(drawn) + 1)
            drawn.insert(place, chance.choice(others))
        found.append(otherwise(drawn, chance))
    return found
