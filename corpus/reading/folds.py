"""Parts of an HTML page that are not shown at first: which of them a click or a script shows.

Tabs, questions with folded answers and pages that a script uncovers hold the article; a word hidden
inside a sentence and a box that nothing opens do not.
"""

from __future__ import annotations

import re

from corpus.reading.layout import BLOCKS, Element, names
from corpus.reading.style import Styles, words_in
from corpus.reading.tabs import stems

_MUCH = 0.6  # of a page's text: that much is no extra, it is what the page is there for
_LEAST = 2  # characters of text in a panel
_OPENED = frozenset(
    [
        "tab",
        "tabs",
        "tabcon",
        "tabcontent",
        "pane",
        "panel",
        "tabpanel",
        "collapse",
        "collapsed",
        "collapsible",
        "accordion",
        "fold",
        "folded",
        "toggle",
        "answer",
        "expand",
        "slide",
        "swiper",
        "item",
    ]
)
_CONTROLS = frozenset(["h2", "h3", "h4", "h5", "h6", "dt", "summary", "button", "label"])
_ID = re.compile(r"#?([\w-]{1,60})")
_QUOTED = re.compile(r"""['"]#?([\w-]{1,60})['"]""")


class Folds:
    """The ids that something on the page opens, and the judgement on each folded part."""

    def __init__(self, root: Element, styles: Styles) -> None:
        self._styles = styles
        self._opened: set[str] = set()
        self._shown: dict[tuple[Element, str], set[str]] = {}
        for node in root.iter("a", "button", "li", "span", "div", "h2", "h3", "h4", "label"):
            for key in ("href", "data-target", "data-bs-target", "aria-controls", "data-id"):
                value = node.get(key) or ""
                if (key != "href" or value.startswith("#")) and (found := _ID.fullmatch(value)):
                    self._opened.add(found.group(1))
            if click := node.get("onclick"):
                self._opened.update(_QUOTED.findall(click[:500]))

    def opens(self, element: Element, share: float) -> bool:
        """Whether a reader can come to see the folded element. ``share``: of the page's text."""
        if share > _MUCH or element.tag in ("body", "html"):
            return True
        if (element.get("id") or "-") in self._opened or element.get("role") == "tabpanel":
            return True
        if element.tag not in BLOCKS or len(words_in(element).strip()) < _LEAST:
            return False
        if names(element) & _OPENED:
            return True
        before = element.getprevious()
        if before is not None and (before.tag in _CONTROLS or before.get("onclick")):
            return True
        return self._one_of_several(element)

    def _one_of_several(self, element: Element) -> bool:
        """Whether it stands beside a part of its own make that is shown."""
        parent = element.getparent()
        return parent is not None and bool(stems(element) & self._shown_in(parent, element.tag))

    def _shown_in(self, parent: Element, tag: str) -> set[str]:
        """The makes of the parts with that tag in ``parent`` that are shown. Found once for all of
        them: each folded one asks, and there may be thousands."""
        if (found := self._shown.get((parent, tag))) is None:
            shown = (
                part for part in parent.iterchildren(tag) if self._styles.look(part) == "shown"
            )
            found = self._shown[parent, tag] = set().union(*map(stems, shown))
        return found
