"""What the style of an HTML element does to its words: shown, shown after a click, struck, unseen.

Styles are read where they stand on the element itself and, for rules on one class or id, in the
page's own ``<style>``. What a style sheet elsewhere says is not known, so that a doubt counts as
shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from lxml import etree

Element = etree._Element
Look = Literal["shown", "folded", "unseen", "struck"]
"""``folded``: not shown until something is clicked, or never; who reads decides by its place."""

_RULE = re.compile(r"([^{}]{1,500})\{([^{}]{0,2000})\}")
_SIMPLE = re.compile(r"(?:[a-z][a-z0-9]{0,10})?([.#][\w-]{1,60})", re.I)
_MOST_CSS = 200_000  # characters of a page's own styles
_DECLARATION = re.compile(r"([a-z-]{3,30})\s{0,5}:\s{0,5}([^;]{1,200})", re.I)
_WHITE = re.compile(
    r"#f[c-f]f[c-f]f[c-f]\b|#fff\b|white\b|transparent\b|rgb\(\s?25\d,\s?25\d,\s?25\d\s?\)"
    r"|rgba\(\s?25\d,\s?25\d,\s?25\d,|rgba\(\d{1,3},\s?\d{1,3},\s?\d{1,3},\s?0(?:\.0)?\)",
    re.I,
)
_TINY = re.compile(r"(?:0|0?\.\d{1,3}|1)(?:px|pt|em|rem|%)?\s*(?:!important)?\s*", re.I)
_NO_COLOUR = frozenset(["none", "inherit", "initial", "unset", "transparent"])
_COLOURED = frozenset(["td", "th", "tr", "h1", "h2", "h3", "h4", "h5", "button", "a"])
"""Elements that a style sheet elsewhere often gives a dark ground: white words on them are seen."""
_NOTHING = re.compile(r"0(?:\.0{1,3})?(?:px|pt|em|rem|%)?\s*(?:!important)?\s*", re.I)
_FAR = re.compile(r"-(?:999|\d{4,6})(?:\.\d{1,4})?(?:px|pt|em|rem|%)?", re.I)
_SPOKEN = frozenset(
    ["sr-only", "visually-hidden", "screen-reader-text", "visuallyhidden", "screenreader"]
)
"""Classes of words meant for reading machines alone, as the common frameworks name them."""


@dataclass(slots=True)
class Styles:
    """The page's own rules on single classes and ids: ``.class`` or ``#id`` to declarations."""

    rules: dict[str, dict[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, root: Element) -> Styles:
        found = cls()
        left = _MOST_CSS
        for node in root.iter("style"):
            css = (node.text or "")[:left]
            left -= len(css)
            for selectors, block in _RULE.findall(re.sub(r"/\*[^*]{0,2000}\*/", "", css)):
                for selector in selectors.split(","):
                    if simple := _SIMPLE.fullmatch(selector.strip()):
                        found.rules.setdefault(simple.group(1), {}).update(_declared(block))
        return found

    def of_element(self, element: Element) -> dict[str, str]:
        """What is declared for the element; its own style goes before the page's rules."""
        style: dict[str, str] = {}
        if self.rules:
            for name in _selectors(element):
                style.update(self.rules.get(name, {}))
        if own := element.get("style"):
            style.update(_declared(own))
        return style

    def look(self, element: Element) -> Look:
        """How the element meets the eye, whatever stands round it."""
        if element.tag in ("del", "s", "strike"):
            return "struck"
        if _SPOKEN & set((element.get("class") or "").lower().split()):
            return "unseen"
        if element.get("hidden") is not None:
            return "folded"
        style = self.of_element(element)
        if not style and element.tag != "font":
            return "shown"
        if "line-through" in style.get("text-decoration", "") + style.get(
            "text-decoration-line", ""
        ):
            return "struck"
        if _off_screen(style) or self._pale(element, style):
            return "unseen"
        if _folded(style):
            return "folded"
        return "shown"

    def tiny(self, element: Element) -> bool | None:
        """Whether the element's own words are too small to see; None where it does not say."""
        size = self.of_element(element).get("font-size")
        return None if size is None else bool(_TINY.fullmatch(size.strip()))

    def _pale(self, element: Element, style: dict[str, str]) -> bool:
        """White words on what nobody has given another colour."""
        colour = (style.get("color") or element.get("color") or "").strip()
        if not _WHITE.match(colour):
            return False
        node: Element | None = element
        while node is not None:
            given = self.of_element(node)
            behind = " ".join(
                [given.get("background", ""), given.get("background-color", ""),
                 given.get("background-image", ""), node.get("bgcolor") or "",
                 node.get("background") or ""]
            ).strip()  # fmt: skip
            if behind and behind not in _NO_COLOUR:
                return bool(_WHITE.match(behind))
            node = node.getparent()
        return element.tag not in _COLOURED


def words_in(element: Element) -> str:
    """All text within the element, as it stands."""
    return "".join(str(piece) for piece in element.itertext())


def _selectors(element: Element) -> Iterator[str]:
    for name in (element.get("class") or "").split()[:20]:
        yield f".{name}"
    if identity := element.get("id"):
        yield f"#{identity}"


def _declared(block: str) -> dict[str, str]:
    return {key.lower(): value.strip().lower() for key, value in _DECLARATION.findall(block)}


def _folded(style: dict[str, str]) -> bool:
    if style.get("display", "").startswith("none"):
        return True
    if style.get("visibility", "").startswith(("hidden", "collapse")):
        return True
    clipped = style.get("overflow", "").startswith("hidden") and any(
        _NOTHING.fullmatch(style.get(side, "-")) for side in ("height", "max-height", "width")
    )
    return clipped or bool(_NOTHING.fullmatch(style.get("opacity", "-")))


def _off_screen(style: dict[str, str]) -> bool:
    """Far beyond an edge, cut to nothing, or scaled to nothing."""
    if style.get("position", "").startswith(("absolute", "fixed")):
        if any(_FAR.match(style.get(side, "")) for side in ("left", "top", "right", "bottom")):
            return True
        if re.match(r"rect\((?:\s?[01](?:px)?,?){4}\s?\)", style.get("clip", "")):
            return True
    if re.match(r"inset\((?:50|100)%", style.get("clip-path", "")):
        return True
    return bool(
        _FAR.match(style.get("text-indent", ""))
        or _FAR.match(style.get("margin-left", ""))
        or style.get("transform", "").startswith(("scale(0)", "translatex(-9999"))
    )
