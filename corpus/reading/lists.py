"""Lists of questions and answers: .jsonl, .json, .csv and sheets of workbooks.

What is in which column, ``columns`` says; a table that is no such list is read row by row
(``sheets``).
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from corpus.errors import InputError
from corpus.reading.columns import Columns, columns
from corpus.reading.fields import facts_from
from corpus.reading.plain import read_markdown
from corpus.reading.sheets import Sheet, table_page
from corpus.reading.types import Facts, Line, Page
from corpus.text import normalise

_HEADS = "一列问题（问题/question/标题）和一列答案（答案/answer/内容）"
_NO_HEADS = f"表头里找不到问答列；请给出{_HEADS}"
_LONGEST_ROW = 1_000_000
_HEAD_ROWS = 10  # rows at the top among which the heads are looked for
_MOST_SIMILAR = 200
_LONGEST_QUESTION = 60  # characters: a longer cell that asks is an answer in which somebody asks
_SAMPLE_ROWS, _LEAST_ANSWER = 50, 12
_ASKS = re.compile(r"[?？]\s*$|吗$|怎么|如何|什么|哪|多少|能否|是否")
_BETWEEN = re.compile(r"[|｜\n;；]|(?<=[?？])(?=\s{0,20}\S)")
_HAN = re.compile("[\u4e00-\u9fff]")
Found = tuple[list[Page], list[str]]
"""The pages of a list, and why rows have none."""


def read_jsonl(text: str) -> Found:
    """A page for each line that has a question and an answer; why each other line has none."""
    pages: list[Page] = []
    bad: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            bad.append(f"第 {number} 行不是 JSON；请改正该行")
            continue
        if isinstance(row, dict) and (page := _page(row)):
            pages.append(page)
        else:
            bad.append(f"第 {number} 行没有问题和答案；请补上 question 与 answer")
    return pages, bad


def read_json(text: str, stem: str) -> Found:
    """A list of objects, one object, or either within one (``{"data": […]}``)."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError("不是完整的 JSON；请检查文件，或另存为 .jsonl 后重试") from error
    rows = _objects(value)
    if not rows:
        raise InputError("JSON 里没有对象的列表；请给出 [{\"question\": …, \"answer\": …}]")  # fmt: skip
    pages: list[Page] = []
    bad: list[str] = []
    for number, row in enumerate(rows, 1):
        if page := _page(row):
            pages.append(page)
        else:
            bad.append(f"第 {number} 项没有问题和答案；请补上 question 与 answer")
    if not pages and (page := table_page(_sheet(rows), stem, alone=True)):
        return [page], []
    return pages, bad


def read_csv(text: str, stem: str) -> Found:
    """A table of text; its columns are known by their heads, in either language."""
    rows = tuple(tuple(cell.strip() for cell in row) for row in _rows(text))
    pages, bad = read_sheet(Sheet.of(stem, rows), stem, alone=True)
    if not pages and not bad:
        raise InputError(_NO_HEADS)
    return pages, bad


def read_sheets(sheets: Sequence[Sheet], stem: str) -> Found:
    """The sheets of a workbook, each a list or a table of its own."""
    filled = [sheet for sheet in sheets if any(map(any, sheet.rows))]
    pages: list[Page] = []
    bad: list[str] = []
    for sheet in filled:
        found, slips = read_sheet(sheet, stem, alone=len(filled) == 1)
        told = f"工作表「{sheet.name}」" if len(filled) > 1 else ""
        pages += found
        bad += [told + slip for slip in slips]
    if not pages and not bad:
        raise InputError("表格里没有可读的文字；请检查文件内容")
    left = tuple(what for sheet in sheets if not sheet.rows for what in sheet.left)
    if pages:
        pages[0] = replace(pages[0], left=(*left, *pages[0].left))
    return pages, bad


def read_sheet(sheet: Sheet, stem: str, *, alone: bool) -> Found:
    """A page a row of a list of questions, or one page for a table; none where it has no words."""
    for top, row in enumerate(sheet.rows[:_HEAD_ROWS]):
        held = _with_answers(columns(row), sheet.rows[top + 1 :])
        if held.is_list and len(set(filter(None, row))) > 1:
            return _listed(sheet, top, held)
    page = table_page(sheet, stem, alone=alone)
    return ([page], []) if page else ([], [])


def _with_answers(held: Columns, rows: Sequence[Sequence[str]]) -> Columns:
    """Where no head says which column asks or answers: the one whose cells ask, and of those that
    nothing is known of the one with the longest text."""
    some = rows[:_SAMPLE_ROWS]
    if held.is_list or not held.other or not some:
        return held
    asking = [n for n in held.question or held.other if _is_asked([row[n] for row in some])]
    if not asking or (len(asking) > 1 and not held.question):
        return held
    other = tuple(n for n in held.other if n != asking[0])
    question = held.question or (asking[0],)
    if held.answer or not other or (held.question and asking[0] != held.question[0]):
        return replace(held, question=question, other=other) if held.answer else held
    lengths = {n: sum(len(row[n]) for row in some) / len(some) for n in other}
    longest = max(lengths, key=lambda n: lengths[n])
    if lengths[longest] < _LEAST_ANSWER:
        return held
    return replace(held, question=question, answer=(longest,), other=other)


def _is_asked(cells: Sequence[str]) -> bool:
    """Whether most of the cells of a column ask something, each another thing."""
    asked = [text for text in cells if text]
    asks = sum(bool(_ASKS.search(text)) and len(text) <= _LONGEST_QUESTION for text in asked)
    return asks * 2 > len(asked) and len(set(asked)) * 2 > len(asked)


def _listed(sheet: Sheet, top: int, held: Columns) -> Found:
    heads = sheet.rows[top]
    pages: list[Page] = []
    bad: list[str] = []
    for number, row in enumerate(sheet.rows[top + 1 :], top + 2):
        if not any(row) or row == heads:
            continue
        page = _row_page(heads, row, held)
        if page:
            pages.append(page)
        else:
            bad.append(f"第 {number} 行没有问题或答案；请补全该行")
    unread = "、".join(heads[n] for n in held.other if heads[n] and n not in held.answer)
    if pages:
        told = (f"不作正文的列：{unread}",) if unread else ()
        pages[0] = replace(pages[0], left=(*sheet.left, *told))
    return pages, bad


def _rows(text: str) -> Iterator[list[str]]:
    text = re.sub(r"^sep=.\r?\n", "", text)  # Excel's own first line
    first = text.split("\n", 1)[0]
    delimiter = max(",\t;，|", key=first.count)
    try:
        yield from csv.reader(io.StringIO(text), delimiter=delimiter)
    except csv.Error as error:
        raise InputError("CSV 格式有误；请用表格软件另存为 CSV 后重试") from error


def _page(row: Mapping[Any, Any]) -> Page | None:
    """An object as a page, or None where it asks or answers nothing."""
    heads = tuple(str(key) for key in row)
    return _row_page(heads, list(row.values()), _held(heads))


def _row_page(heads: Sequence[str], values: Sequence[Any], held: Columns) -> Page | None:
    """A row as a page, or None where it asks or answers nothing."""
    question, asked = _first(values, held.question)
    answer, answered = _first(values, held.answer)
    if not question or not answer or max(len(question), len(answer)) > _LONGEST_ROW:
        return None
    facts = _row_facts(heads, values, held, {asked, answered, *held.similar})
    lines = list(read_markdown(_with_breaks(answer)).lines)
    rest = [n for n in (*held.question, *held.answer) if n not in (asked, answered)]
    for number in sorted((*rest, *held.more)):
        text = _text(values[number])
        if text and text not in (question, answer) and _HAN.search(heads[number] + text):
            lines.append(Line(f"{_bare(heads[number])}：{_with_breaks(text)}"))
    similar = (*facts.questions, *_similar([values[n] for n in held.similar]))
    return Page(
        tuple(lines),
        replace(
            facts,
            title=re.sub(r"\s+", " ", normalise(question)),
            questions=tuple(dict.fromkeys(q for q in similar if q != question))[:_MOST_SIMILAR],
        ),
        words="\n".join(_text(v) for n, v in enumerate(values) if n not in held.other),
    )


def _row_facts(
    heads: Sequence[str], values: Sequence[Any], held: Columns, taken: set[int]
) -> Facts:
    """What the row's other columns say of it: by the name of the fact that a head is like, and by
    the head itself."""
    told = {name: values[n] for n, name in reversed(held.facts)}
    told |= {head: values[n] for n, head in enumerate(heads) if n not in taken}
    return facts_from(told)


@lru_cache(maxsize=1_000)
def _held(heads: tuple[str, ...]) -> Columns:
    return columns(heads)


def _first(values: Sequence[Any], places: Sequence[int]) -> tuple[str, int]:
    """The first of the fields that is filled, and its number."""
    for place in places:
        if text := _text(values[place]):
            return text, place
    return "", -1


def _text(value: Any) -> str:
    """A field as text; a list of answers is joined line by line."""
    if isinstance(value, list):
        value = "\n".join(str(item) for item in value if isinstance(item, str | int))
    return str(value).strip() if isinstance(value, str | int | float) else ""


def _similar(values: Sequence[Any]) -> Iterator[str]:
    """Further ways to ask: one a cell, or several with marks between them."""
    for value in values:
        texts = value if isinstance(value, list) else [value]
        for text in texts[:_MOST_SIMILAR]:
            if isinstance(text, str):
                yield from filter(None, map(str.strip, _BETWEEN.split(_with_breaks(text)[:10_000])))


def _bare(head: str) -> str:
    """A head without what explains it: 「关联文档(分号分隔)」."""
    return re.sub(r"[（(].{0,40}?[)）]", "", head).strip("：: ") or head


def _with_breaks(answer: str) -> str:
    """Line ends that an export has written out as ``<br>`` or a backslash and n."""
    return re.sub(r"<br\s{0,9}/?>|\\n", "\n", answer, flags=re.I)


def _objects(value: Any, depth: int = 3) -> list[dict[Any, Any]]:
    """The objects of a list, of the longest list within an object, or the one object."""
    if isinstance(value, list):
        return [item for item in value if isinstance(item, dict)]
    if not isinstance(value, dict) or not depth:
        return []
    inner = [_objects(v, depth - 1) for v in value.values() if isinstance(v, dict | list)]
    longest = max(inner, key=len, default=[])
    return [value] if _held(tuple(map(str, value))).is_list or not longest else longest


def _sheet(rows: Sequence[Mapping[Any, Any]]) -> Sheet:
    """Objects without questions as a table, their keys the heads."""
    heads = list(dict.fromkeys(str(key) for row in rows for key in row))[:200]
    cells = [[_text({str(k): v for k, v in row.items()}.get(h, "")) for h in heads] for row in rows]
    return Sheet.of("", [heads, *cells])
