"""How words look in a Word document, as far as it decides whether and as what they are read.

Hidden and struck-out words, words of no size and white words on white paper are not read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.reading.wordparts import Element, attribute, child, number, switched

_TINY = 2  # half points: one point, which nobody reads
_WHITE = re.compile("[fF][5-9a-fA-F]" * 3)
_PAPER = frozenset(["", "auto", "none", "nil"])


@dataclass(frozen=True, slots=True)
class Look:
    """None where nothing is said, and what stands above decides."""

    hidden: bool | None = None
    struck: bool | None = None
    tiny: bool | None = None
    white: bool | None = None
    shaded: bool | None = None
    bold: bool | None = None

    def over(self, base: Look) -> Look:
        """This look on top of another one."""
        if self is PLAIN or base is PLAIN:
            return base if self is PLAIN else self
        return Look(
            hidden=base.hidden if self.hidden is None else self.hidden,
            struck=base.struck if self.struck is None else self.struck,
            tiny=base.tiny if self.tiny is None else self.tiny,
            white=base.white if self.white is None else self.white,
            shaded=base.shaded if self.shaded is None else self.shaded,
            bold=base.bold if self.bold is None else self.bold,
        )

    def unseen(self, *, paper: bool) -> bool:
        """Whether no reader sees it. ``paper``: nothing but white paper lies behind."""
        return bool(
            self.hidden or self.struck or self.tiny or (self.white and paper and not self.shaded)
        )


PLAIN = Look()
"""Nothing is said about the look."""


def look_of(properties: Element | None) -> Look:
    """What a run's properties (``w:rPr``) say."""
    if properties is None or not len(properties):
        return PLAIN
    strikes = [switched(child(properties, name)) for name in ("strike", "dstrike")]
    struck = None if strikes == [None, None] else any(strikes)
    size, color = child(properties, "sz"), child(properties, "color")
    marked = attribute(child(properties, "highlight")) not in ("", "none", "white")
    return Look(
        hidden=switched(child(properties, "vanish")),
        struck=struck,
        tiny=None if size is None else number(attribute(size), 99) <= _TINY,
        white=None if color is None else _is_white(color),
        shaded=True if marked else shading(properties),
        bold=switched(child(properties, "b")),
    )


def shading(properties: Element | None) -> bool | None:
    """Whether the properties of a run, paragraph or cell lay a color behind the words."""
    shade = child(properties, "shd")
    if shade is None:
        return None
    fill = attribute(shade, "fill").lower()
    themed = attribute(shade, "themeFill") not in ("", "background1")
    solid = attribute(shade).lower() not in ("", "clear", "nil")
    return themed or solid or (fill not in _PAPER and not _WHITE.fullmatch(fill))


def _is_white(color: Element) -> bool:
    theme = attribute(color, "themeColor")
    if theme:
        return theme in ("background1", "light1") and not attribute(color, "themeShade")
    return bool(_WHITE.fullmatch(attribute(color)))
