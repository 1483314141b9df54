"""Where a procedure is done: at a counter, on a phone, on a website, by a call, by the employer …

A linear model over the characters of its steps, of what stands before them, and of the headings and the title
over them. ``training/channels.py`` found the weights on labelled procedures (``data/ROLES_CARD.md``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from corpus import hashed
from corpus.hashed import Floats
from corpus.names import APPS
from corpus.text import fold

FILE = Path(__file__).with_name("data") / "channels.npz"
CHANNELS = ("窗口", "手机", "网站", "电话", "单位代办", "邮寄", "自助机")
_OPENING, _NEAR, FAR = 24, 12, 60
_APP = "某个app"
_QUOTED = re.compile(r"[「“\"『【][^」”\"』】\n]{2,12}[」”\"』】]\s?(?:手机)?(?:app|客户端)")
_AN_APP = re.compile("|".join(re.escape(word) for words in APPS.values() for word in words))


def fields(own: str, before: str, path: Sequence[str], title: str) -> tuple[str, ...]:
    """What is read of a procedure, folded: its words, how it begins, what stands close before it and further
    before it, the nearest heading, the others, the title."""
    said, stood = _named(own), _named(before)
    names = [_named(name) for name in path]
    near = names[-1] if names else ""
    return (said, said[:_OPENING], stood[-_NEAR:], stood[-FAR:], near, " ".join(names[:-1]), _named(title))  # fmt: skip


def _named(text: str) -> str:
    """Folded; behind the name of an app stands the name of all: which of them it is says little of where."""
    folded = fold(text)
    for pattern in (_QUOTED, _AN_APP):
        folded = pattern.sub(rf"\g<0>{_APP}", folded)
    return folded


def odds(own: str, before: str = "", path: Sequence[str] = (), title: str = "") -> Floats:
    """(channels,) log odds of each."""
    return hashed.odds(hashed.weights_in(FILE), fields(own, before, path, title))


def channel(own: str, before: str = "", path: Sequence[str] = (), title: str = "") -> str:
    """The likeliest."""
    return CHANNELS[int(odds(own, before, path, title).argmax())]
