"""Workbooks of the old kind (.xls, and .et of WPS), by xlrd: what their cells show, sheet by sheet."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import xlrd

from corpus.errors import InputError
from corpus.reading.cells import Cell
from corpus.reading.numformat import shown
from corpus.reading.sheets import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, Sheet

_BROKEN = "Excel 文件已损坏或不完整；请重新下载或另存为 .xlsx 后重试"
_LOCKED = "Excel 文件有密码保护；请解除密码后重试"


def read_xls(data: bytes) -> list[Sheet]:
    """The visible sheets in their order. Raises InputError where it is broken or locked."""
    try:
        book = xlrd.open_workbook(
            file_contents=data, formatting_info=True, on_demand=True, logfile=io.StringIO()
        )
        return list(_sheets(book))
    except InputError:
        raise
    except Exception as error:  # a broken file makes xlrd raise whatever its bytes lead to
        locked = "encrypted" in str(error).lower()
        raise InputError(_LOCKED if locked else _BROKEN) from error


def _sheets(book: Any) -> Iterator[Sheet]:
    left_cells = MOST_CELLS
    for number in range(book.nsheets):
        sheet = book.sheet_by_index(number)
        if sheet.visibility:
            yield Sheet(sheet.name, left=(f"隐藏的工作表「{sheet.name}」",))
        else:
            found = _sheet(book, sheet, left_cells)
            left_cells -= sum(map(len, found.cells))
            yield found
        book.unload_sheet(number)


def _sheet(book: Any, sheet: Any, most: int) -> Sheet:
    filled = {(r1, c1): (r2, c2) for r1, r2, c1, c2 in sheet.merged_cells}
    hidden_rows = {r for r, info in sheet.rowinfo_map.items() if info.hidden}
    hidden_columns = {c for c, info in sheet.colinfo_map.items() if info.hidden}
    height, width = min(sheet.nrows, MOST_ROWS), min(sheet.ncols, MOST_COLUMNS)
    if height * width > most:
        raise InputError(f"表格超过 {MOST_CELLS} 格的上限；请拆分后重试")
    cells = [
        [_text(book, sheet, r, c) for c in range(min(width, sheet.row_len(r)))]
        for r in range(height)
    ]
    for row in cells:
        row.extend([""] * (width - len(row)))
    origins: dict[tuple[int, int], int] = {}
    covered = 0
    for number, ((top, first), (bottom, last)) in enumerate(filled.items(), 1):
        text = cells[top][first] if top < height and first < width else ""
        covered += (min(bottom, height) - top) * (min(last, width) - first)
        if covered > MOST_CELLS:
            raise InputError(f"合并的单元格超过 {MOST_CELLS} 格的上限；请拆分后重试")
        for r in range(top, min(bottom, height)):
            for c in range(first, min(last, width)):
                cells[r][c] = cells[r][c] or text
                origins[r, c] = -number
    columns = [c for c in range(width) if c not in hidden_columns and any(r[c] for r in cells)]
    numbers = [r for r in range(height) if r not in hidden_rows and any(cells[r])]
    rows = tuple(
        tuple(Cell(cells[r][c], origins.get((r, c), r * MOST_COLUMNS + c)) for c in columns)
        for r in numbers
    )
    hidden = len([r for r in hidden_rows if r < height and any(cells[r])])
    told = [f"工作表「{sheet.name}」中隐藏的 {hidden} 行、{len(hidden_columns)} 列"]
    return Sheet(sheet.name, rows, tuple(told if hidden or hidden_columns else ()))


def _text(book: Any, sheet: Any, row: int, column: int) -> str:
    cell = sheet.cell(row, column)
    look = book.xf_list[cell.xf_index] if cell.xf_index is not None else None
    if look is not None and book.font_list[look.font_index].struck_out:
        return ""
    if cell.ctype == xlrd.XL_CELL_TEXT:
        return str(cell.value).replace("\r\n", "\n").strip()
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return "是" if cell.value else "否"
    if cell.ctype in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
        known = book.format_map.get(look.format_key) if look is not None else None
        code = known.format_str if known is not None else ""
        return shown(float(cell.value), code, since_1904=book.datemode == 1)
    return ""
