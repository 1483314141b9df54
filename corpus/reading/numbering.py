"""The numbers of a Word document's paragraphs, which its text does not hold.

Word stores "this paragraph belongs to list 3, level 0"; the number is counted when it is shown.
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from corpus.numerals import write_number

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LEVELS = 9


@dataclass(slots=True)
class _Level:
    """How one level is counted: ``pattern`` holds %1 for the number of the first level."""

    form: str = "decimal"
    pattern: str = "%1."
    start: int = 1


class Numbering:
    """Counts the paragraphs of each list as they pass by."""

    def __init__(self, root: etree._Element | None) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, str] = {}
        self._counts: dict[str, list[int]] = {}
        if root is None:
            return
        for abstract in root.findall(f"{W}abstractNum"):
            key = abstract.get(f"{W}abstractNumId") or ""
            self._levels[key] = {}
            for level in abstract.findall(f"{W}lvl")[:_LEVELS]:
                place = _int(level.get(f"{W}ilvl"), 0)
                self._levels[key][place] = _Level(
                    _value(level, "numFmt") or "decimal",
                    _value(level, "lvlText") or "",
                    _int(_value(level, "start"), 1),
                )
        for num in root.findall(f"{W}num"):
            self._lists[num.get(f"{W}numId") or ""] = _value(num, "abstractNumId")

    def mark(self, number_id: str, place: int) -> str:
        """What stands before the next paragraph of this list: ``1.``, ``（一）``, ``-`` or ""."""
        abstract = self._lists.get(number_id)
        if abstract is None or not 0 <= place < _LEVELS:
            return ""
        levels = self._levels.get(abstract, {})
        level = levels.get(place, _Level())
        counts = self._counts.setdefault(abstract, [0] * _LEVELS)
        counts[place] = counts[place] + 1 if counts[place] else level.start
        counts[place + 1 :] = [0] * (_LEVELS - place - 1)
        if level.form == "bullet":
            return "-"
        if level.form == "none":
            return ""
        mark = level.pattern
        for upper in range(place + 1):
            form = levels.get(upper, _Level()).form
            mark = mark.replace(f"%{upper + 1}", _written(max(counts[upper], 1), form))
        return mark.strip()


def _written(number: int, form: str) -> str:
    """A number in the form that Word calls ``chineseCounting``, ``upperRoman`` and so on."""
    if "chinese" in form.lower() or form.startswith("japaneseCounting") or "ideograph" in form:
        return write_number(number) if number < 10_000 else str(number)
    if form == "decimalEnclosedCircle" and number <= 20:
        return chr(ord("①") + number - 1)
    if form in ("lowerLetter", "upperLetter") and number <= 26:
        return chr(ord("a" if form == "lowerLetter" else "A") + number - 1)
    if form in ("lowerRoman", "upperRoman") and number < 50:
        tens, units = divmod(number, 10)
        ones = ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"][units]
        roman = ["", "x", "xx", "xxx", "xl"][tens] + ones
        return roman if form == "lowerRoman" else roman.upper()
    return str(number)


def _value(parent: etree._Element, name: str) -> str:
    child = parent.find(f"{W}{name}")
    return (child.get(f"{W}val") or "") if child is not None else ""


def _int(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 6 else otherwise
