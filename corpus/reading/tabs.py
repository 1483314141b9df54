"""Tabs of an HTML page: each panel with the words of the tab that opens it.

线上办理 | 窗口办理 over two panels become a heading over each, so that no step of one channel is
taken for a step of the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.reading.layout import Element
from corpus.reading.style import Styles, words_in

_LONGEST_TAB = 24
_MOST_TABS = 12
_PANELS = frozenset(["div", "section", "ul", "ol", "dd", "article"])
_NUMBER = re.compile(r"[\d_-]+")
_BAR_ITEMS = ("li", "a", "button", "span", "div", "label", "h3", "h4", "dt")


class Tabs:
    """``label`` of each panel, and the ``bars`` whose words these are."""

    def __init__(self, root: Element, styles: Styles) -> None:
        self.label: dict[Element, str] = {}
        self.bars: set[Element] = set()
        seen: set[Element] = set()
        for element in root.iter(*_PANELS):
            parent = element.getparent()
            if parent is None or parent in seen or styles.look(element) != "folded":
                continue
            seen.add(parent)
            panels = _alike(element, parent)
            if 2 <= len(panels) <= _MOST_TABS:
                self._take(panels, parent)

    def _take(self, panels: list[Element], parent: Element) -> None:
        for before in _before(panels[0], parent):
            items = _items(before)
            if len(items) == len(panels):
                self.label.update(zip(panels, items, strict=True))
                self.bars.add(before)
                return


def _alike(element: Element, parent: Element) -> list[Element]:
    """The parts beside the element that share its tag and a class, in their order."""
    names = stems(element)
    return [other for other in parent.iterchildren(element.tag) if names & stems(other)]


def stems(element: Element) -> set[str]:
    """Its classes and its id without their numbers: con_1 and con_2 are of one make."""
    named = f"{element.get('class') or ''} {element.get('id') or ''}"[:300]
    return {stem for word in named.split() if (stem := _NUMBER.sub("", word))}


def _before(first: Element, parent: Element) -> Iterator[Element]:
    """What stands right before the panels, or before the part that holds them."""
    for element in (first, parent):
        before = element.getprevious()
        if before is not None and isinstance(before.tag, str):
            yield before


def _items(bar: Element) -> list[str]:
    """The words of a bar of tabs: its innermost parts of one kind, all of them short."""
    for tag in _BAR_ITEMS:
        found = [node for node in bar.iter(tag) if node is not bar]
        texts = [" ".join(words_in(node).split()) for node in found[: _MOST_TABS + 1]]
        if len(texts) > 1:
            return texts if all(0 < len(text) <= _LONGEST_TAB for text in texts) else []
    return []
