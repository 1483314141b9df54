"""Workbooks (.xlsx, .xlsm): what their cells show, sheet by sheet; macros and links never touched.

Read out of the XML like Word documents, because what is needed is what a reader sees: numbers under
their formats, merged cells, no hidden sheets, rows or columns, no struck-out words. openpyxl reads
neither Strict OOXML nor many of the style sheets that WPS writes, and keeps no rich text by default.
"""

from __future__ import annotations

import io
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from corpus.errors import InputError
from corpus.reading.cells import Cell
from corpus.reading.numformat import BUILT_IN, shown
from corpus.reading.package import Package, local, package
from corpus.reading.sheets import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, Sheet

_WHAT = "Excel 文件"
_MOST_SHEETS = 300
_PLACE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_OFF = ("0", "false")


def read_xlsx(data: bytes) -> list[Sheet]:
    """The visible sheets in their order. Raises InputError where it is broken or too large."""
    with package(data, _WHAT) as parts:
        book = parts.main("xl/workbook.xml")
        root = parts.xml(book)
        if root is None:
            raise InputError(parts.broken)
        links = parts.related(book)
        styles = _Styles.of(parts, links, root)
        return list(_sheets(parts, root, links, styles))


@dataclass(slots=True)
class _Styles:
    """What cells refer to: words, and how numbers are shown."""

    words: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    struck: list[bool] = field(default_factory=list)
    since_1904: bool = False

    @classmethod
    def of(cls, parts: Package, links: dict[str, tuple[str, str]], book: etree._Element) -> _Styles:
        found = cls()
        named = {kind: name for kind, name in links.values()}
        shared = parts.xml(named.get("sharedStrings", "xl/sharedStrings.xml"))
        found.words = [_words(item) for item in shared.iter("{*}si")] if shared is not None else []
        styles = parts.xml(named.get("styles", "xl/styles.xml"))
        if styles is not None:
            own = {f.get("numFmtId"): f.get("formatCode") or "" for f in styles.iter("{*}numFmt")}
            fonts = [_is_struck(font) for font in styles.iterfind("{*}fonts/{*}font")]
            for cell in styles.iterfind("{*}cellXfs/{*}xf"):
                number, font = cell.get("numFmtId") or "0", _integer(cell.get("fontId"))
                code = own.get(number) or BUILT_IN.get(_integer(number), "")
                found.codes.append(code)
                found.struck.append(0 <= font < len(fonts) and fonts[font])
        properties = book.find("{*}workbookPr")
        found.since_1904 = properties is not None and properties.get("date1904", "0") not in _OFF
        return found


def _sheets(
    parts: Package, book: etree._Element, links: dict[str, tuple[str, str]], styles: _Styles
) -> Iterator[Sheet]:
    cells = MOST_CELLS
    for number, sheet in enumerate(book.iterfind("{*}sheets/{*}sheet")):
        name = sheet.get("name") or f"Sheet{number + 1}"
        if sheet.get("state", "visible") != "visible":
            yield Sheet(name, left=(f"隐藏的工作表「{name}」",))
            continue
        link = next((v for k, v in sheet.attrib.items() if str(k).endswith("}id")), "")
        kind, part = links.get(str(link), ("", ""))
        if kind == "chartsheet" or number >= _MOST_SHEETS:
            yield Sheet(name, left=(f"工作表「{name}」（图表，或超过 {_MOST_SHEETS} 张）",))
            continue
        data = parts.bytes_of(part) if part else None
        if data is None:
            raise InputError(parts.broken)
        reader = _Sheet(styles, cells)
        yield reader.read(name, data)
        cells -= reader.taken


class _Sheet:
    """One sheet's cells, as they come out of its XML."""

    def __init__(self, styles: _Styles, most: int) -> None:
        self.styles = styles
        self.most = most
        self.taken = 0
        self.rows: dict[int, dict[int, str]] = {}
        self.hidden_rows: set[int] = set()
        self.hidden_columns: list[tuple[int, int]] = []
        self.merged: list[tuple[int, int, int, int]] = []
        self.lost = self.uncounted = self.row = 0

    def read(self, name: str, data: bytes) -> Sheet:
        events = etree.iterparse(
            io.BytesIO(data), events=("end",), recover=True, resolve_entities=False,
            no_network=True, load_dtd=False, huge_tree=False,
        )  # fmt: skip
        try:
            for _, element in events:
                self._take(element)
        except etree.XMLSyntaxError as error:
            raise InputError("Excel 文件已损坏或不完整；请重新下载或另存后重试") from error
        return self._sheet(name)

    def _take(self, element: etree._Element) -> None:
        tag = local(element)
        if tag == "row":
            self.row = _integer(element.get("r")) or self.row + 1
            if element.get("hidden", "0") not in _OFF:
                self.hidden_rows.add(self.row)
            self._take_row(element)
            element.clear()
        elif tag == "col" and element.get("hidden", "0") not in _OFF:
            self.hidden_columns.append((_integer(element.get("min")), _integer(element.get("max"))))
        elif tag == "mergeCell" and (area := _area(element.get("ref") or "")):
            self.merged.append(area)

    def _take_row(self, row: etree._Element) -> None:
        column = 0
        for cell in row.iterfind("{*}c"):
            place = _PLACE.fullmatch(cell.get("r") or "")
            column = _column(place.group(1)) if place else column + 1
            text = self._text(cell)
            if not text:
                continue
            if column > MOST_COLUMNS or len(self.rows) > MOST_ROWS or self.taken >= self.most:
                self.lost += 1
                continue
            self.taken += 1
            self.rows.setdefault(self.row, {})[column] = text

    def _text(self, cell: etree._Element) -> str:
        kind = cell.get("t") or "n"
        style = _integer(cell.get("s"))
        if style < len(self.styles.struck) and self.styles.struck[style]:
            return ""
        if kind == "inlineStr":
            inner = cell.find("{*}is")
            return _words(inner) if inner is not None else ""
        value = (cell.findtext("{*}v") or "").strip()
        if not value:
            self.uncounted += cell.find("{*}f") is not None
            return ""
        if kind == "s":
            number = _integer(value, -1)
            return self.styles.words[number] if 0 <= number < len(self.styles.words) else ""
        if kind == "b":
            return "是" if value == "1" else "否"
        if kind in ("str", "e", "d"):
            return value if kind != "e" else ""
        try:
            number_value = float(value)
        except ValueError:
            return value
        code = self.styles.codes[style] if style < len(self.styles.codes) else ""
        return shown(number_value, code, since_1904=self.styles.since_1904)

    def _sheet(self, name: str) -> Sheet:
        places = self._columns()
        numbers = [r for r in sorted(self.rows) if r not in self.hidden_rows]
        origins: dict[tuple[int, int], int] = {}
        covered = 0
        for number, (top, left, bottom, right) in enumerate(self.merged, 1):
            text = self.rows.get(top, {}).get(left, "")
            first, last = bisect_left(numbers, top), bisect_right(numbers, bottom)
            covered += (last - first) * (min(right, MOST_COLUMNS) - left + 1) if text else 0
            if covered > MOST_CELLS:
                raise InputError(f"合并的单元格超过 {MOST_CELLS} 格的上限；请拆分后重试")
            for r in numbers[first:last] if text else ():
                for c in range(left, min(right, MOST_COLUMNS) + 1):
                    self.rows[r].setdefault(c, text)
                    origins[r, c] = -number
        cells = tuple(
            tuple(
                Cell(self.rows[r].get(c, ""), origins.get((r, c), r * (MOST_COLUMNS + 1) + c))
                for c in places
            )
            for r in numbers
        )
        return Sheet(name, cells, tuple(self._left(name)))

    def _columns(self) -> list[int]:
        used = {c for row in self.rows.values() for c in row}
        return [
            c
            for c in sorted(used)
            if not any(low <= c <= high for low, high in self.hidden_columns)
        ]

    def _left(self, name: str) -> Iterator[str]:
        hidden = len(self.hidden_rows & self.rows.keys())
        columns = len({c for row in self.rows.values() for c in row}) - len(self._columns())
        if hidden or columns:
            yield f"工作表「{name}」中隐藏的 {hidden} 行、{columns} 列"
        if self.lost:
            yield f"工作表「{name}」中超出上限（{MOST_ROWS} 行、{MOST_COLUMNS} 列）的 {self.lost} 格"
        if self.uncounted:
            yield f"工作表「{name}」中没有保存结果的 {self.uncounted} 个公式"


def _words(item: etree._Element) -> str:
    """The words of a string: its runs but for struck-out ones, without how they are pronounced."""
    parts = []
    for child in item:
        tag = local(child)
        if tag == "t":
            parts.append(child.text or "")
        elif tag == "r":
            look = child.find("{*}rPr")
            if look is None or not _is_struck(look):
                parts.extend(t.text or "" for t in child.iterfind("{*}t"))
    text = "".join(parts).replace("_x000D_", "")
    return "\n".join(filter(None, map(str.strip, text.splitlines())))


def _is_struck(look: etree._Element) -> bool:
    strike = look.find("{*}strike")
    return strike is not None and strike.get("val", "1") not in _OFF


def _area(reference: str) -> tuple[int, int, int, int] | None:
    """``A1:C2`` as top, left, bottom, right."""
    corners = [_PLACE.fullmatch(corner) for corner in reference.split(":")]
    if len(corners) != 2 or corners[0] is None or corners[1] is None:
        return None
    (left, top), (right, bottom) = ((_column(c.group(1)), int(c.group(2))) for c in corners if c)
    return top, left, bottom, right


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number


def _integer(text: str | None, default: int = 0) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else default
