"""The numbers of a Word document's paragraphs, which its text does not hold.

Word stores "this paragraph belongs to list 3, level 0"; the number is counted when it is shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from corpus.numerals import write_number
from corpus.reading.wordparts import Element, attribute, child, number, switched

_LEVELS = 9
_UNUSED = -1  # the count of a level on which nothing has stood yet
_FINANCIAL = str.maketrans("零一二三四五六七八九十百千", "零壹贰叁肆伍陆柒捌玖拾佰仟")
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"


@dataclass(slots=True)
class _Level:
    """How one level is counted: ``pattern`` holds %1 for the number of the first level.

    ``style``: the style of paragraphs that stand on this level. ``plain``: all its numbers in
    Arabic figures.
    """

    form: str = "decimal"
    pattern: str = "%1."
    start: int = 1
    style: str = ""
    plain: bool = False
    unseen: bool = False


@dataclass(slots=True)
class _List:
    """A list of the document: what it counts by, levels of its own, where it begins anew."""

    abstract: str
    levels: dict[int, _Level]
    starts: dict[int, int]
    begun: bool = False


class Numbering:
    """Counts the paragraphs of each list as they pass by.

    ``of_style``: the list that a style of lists stands for.
    """

    def __init__(self, root: Element | None, of_style: Callable[[str], str]) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._links: dict[str, str] = {}
        self._lists: dict[str, _List] = {}
        self._counts: dict[str, list[int]] = {}
        self._of_style = of_style
        for abstract in root.iter("{*}abstractNum") if root is not None else ():
            key = attribute(abstract, "abstractNumId")
            self._levels[key] = _levels(abstract)
            self._links[key] = attribute(child(abstract, "numStyleLink"))
        for num in root.iter("{*}num") if root is not None else ():
            levels: dict[int, _Level] = {}
            starts: dict[int, int] = {}
            for change in num.iterfind("{*}lvlOverride"):
                place = number(attribute(change, "ilvl"))
                if (start := child(change, "startOverride")) is not None:
                    starts[place] = number(attribute(start), 1)
                levels |= _levels(change)
            self._lists[attribute(num, "numId")] = _List(
                attribute(child(num, "abstractNumId")), levels, starts
            )

    def place_of(self, number_id: str, style: str) -> int:
        """The level of the list that belongs to a style, 0 where none does."""
        found = self._lists.get(number_id)
        levels = self._levels_of(found) if found else {}
        return next((n for n, level in levels.items() if style and level.style == style), 0)

    def mark(self, number_id: str, place: int) -> str:
        """What stands before the next paragraph of this list: ``1.``, ``（一）``, ``-`` or ""."""
        found = self._lists.get(number_id)
        if found is None or not 0 <= place < _LEVELS:
            return ""
        levels = self._levels_of(found)
        counts = self._counts.setdefault(found.abstract, [_UNUSED] * _LEVELS)
        if not found.begun:
            found.begun = True
            for start in found.starts:
                counts[start:] = [_UNUSED] * len(counts[start:])
        level = levels.get(place, _Level())
        start = found.starts.get(place, level.start)
        counts[place] = start if counts[place] == _UNUSED else counts[place] + 1
        counts[place + 1 :] = [_UNUSED] * (_LEVELS - place - 1)
        if level.form == "none" or level.unseen:
            return ""
        if level.form == "bullet":
            return "-"
        return _shown(level, levels, counts, place)

    def _levels_of(self, found: _List) -> dict[int, _Level]:
        """The levels of a list; those of the style of lists that it points to, where it does."""
        linked = self._lists.get(self._of_style(self._links.get(found.abstract, "")))
        abstract = linked.abstract if linked else found.abstract
        return {**self._levels.get(abstract, {}), **found.levels}


def _levels(parent: Element) -> dict[int, _Level]:
    return {
        number(attribute(level, "ilvl")): _Level(
            attribute(child(level, "numFmt")) or "decimal",
            attribute(child(level, "lvlText")),
            number(attribute(child(level, "start")), 1),
            attribute(child(level, "pStyle")),
            bool(switched(child(level, "isLgl"))),
            bool(switched(child(level, "rPr", "vanish"))),
        )
        for level in list(parent.iterfind("{*}lvl"))[:_LEVELS]
    }


def _shown(level: _Level, levels: dict[int, _Level], counts: list[int], place: int) -> str:
    mark = level.pattern
    for upper in range(place + 1):
        above = levels.get(upper, _Level())
        count = above.start if counts[upper] == _UNUSED else counts[upper]
        mark = mark.replace(
            f"%{upper + 1}", written(count, "decimal" if level.plain else above.form)
        )
    return mark.strip()


def written(count: int, form: str) -> str:
    """A number in the form that Word calls ``chineseCounting``, ``upperRoman`` and so on.

    >>> written(12, "chineseCounting"), written(3, "ideographTraditional"), written(7, "decimalZero")
    ('十二', '丙', '07')
    """
    if form == "ideographTraditional" and 1 <= count <= 10:
        return _STEMS[count - 1]
    if form == "ideographZodiac" and 1 <= count <= 12:
        return _BRANCHES[count - 1]
    if form.startswith("decimalEnclosedCircle") and 1 <= count <= 20:
        return chr(ord("①") + count - 1)
    if form == "decimalZero":
        return f"{count:02}"
    if "chinese" in form.lower() or form.startswith("japanese") or "ideograph" in form:
        text = write_number(count) if 0 < count < 10_000 else str(count)
        return text.translate(_FINANCIAL) if "Legal" in form else text
    if form in ("lowerLetter", "upperLetter") and 1 <= count <= 26:
        return chr(ord("a" if form == "lowerLetter" else "A") + count - 1)
    if form in ("lowerRoman", "upperRoman") and 1 <= count < 50:
        tens, units = divmod(count, 10)
        ones = ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"][units]
        roman = ["", "x", "xx", "xxx", "xl"][tens] + ones
        return roman if form == "lowerRoman" else roman.upper()
    return str(count)
