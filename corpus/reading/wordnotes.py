"""Footnotes and endnotes of a Word document, kept with the sentence that they are a note to.

    断缴三个月以内可以补缴，补缴后待遇连续〔注：深圳不受理个人补缴〕。

The note stands before the mark that ends its sentence, so that nobody quotes the rule without it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from corpus.reading.wordparts import Element, attribute

_MARK = re.compile("\x00(\\d{1,6})\x00")  # XML cannot hold this character
_END = re.compile(r"[。！？!?；;\n][”’」』）)】》〕]{0,4}")
_BEFORE = re.compile(r"[。！？!?；;][”’」』）)】》〕]{0,4}\Z")
_LONGEST_TAIL = 5  # characters: an end and what closes behind it
_NO_NOTE = frozenset(["separator", "continuationSeparator", "continuationNotice"])


class Notes:
    """The notes of a document. Each is given once, where it is first referred to."""

    def __init__(self, parts: Iterable[tuple[str, Element | None]]) -> None:
        self._notes: dict[tuple[str, str], Element] = {}
        self._given: list[str] = []
        for kind, root in parts:
            for note in root.iter(f"{{*}}{kind}") if root is not None else ():
                if attribute(note, "type") not in _NO_NOTE:
                    self._notes.setdefault((kind, attribute(note, "id")), note)

    def mark(self, kind: str, name: str, words: Callable[[Element], str]) -> str:
        """A mark for the place of a reference, "" where there is no such note (any more)."""
        note = self._notes.pop((kind, name), None)
        text = words(note).strip() if note is not None else ""
        if not text:
            return ""
        self._given.append(text)
        return f"\x00{len(self._given) - 1}\x00"

    def placed(self, text: str) -> str:
        """The text with its notes where their marks are, each at the end of its sentence."""
        parts: list[str] = []
        waiting: list[str] = []
        for place, piece in enumerate(_MARK.split(text)):
            if place % 2:
                before = parts[-1] if parts else ""
                found = _BEFORE.search(before, max(len(before) - _LONGEST_TAIL, 0))
                if found and not waiting:
                    parts[-1:] = [before[: found.start()], self._written(piece), found.group()]
                else:
                    waiting.append(piece)
                continue
            end = _END.search(piece) if waiting else None
            if end is not None:
                parts.append(piece[: end.start()])
                parts.extend(map(self._written, waiting))
                waiting = []
            parts.append(piece[end.start() :] if end is not None else piece)
        return "".join(parts) + "".join(map(self._written, waiting))

    def apart(self, text: str) -> tuple[str, str]:
        """The text without its notes, and the notes: a heading is not broken by them."""
        found = _MARK.findall(text)
        return _MARK.sub("", text), "".join(map(self._written, found))

    def _written(self, place: str) -> str:
        return f"〔注：{self._given[int(place)].rstrip('。；;')}〕"
