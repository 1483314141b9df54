"""Lists of questions and answers: .jsonl with an object a line, .csv with a row of heads."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from corpus.errors import InputError
from corpus.reading.fields import facts_from
from corpus.reading.plain import read_markdown
from corpus.reading.types import Page
from corpus.text import normalise

_QUESTION_HEADS = "question q 问题 问 提问 query prompt 标题 title instruction 常见问题 咨询内容"
_ANSWER_HEADS = """
answer a 答案 答 回答 解答 回复 答复 response content 内容 正文 text output reply body
回复内容 答复内容
"""
_QUESTIONS, _ANSWERS = _QUESTION_HEADS.split(), _ANSWER_HEADS.split()
_HEADS = "一列问题（问题/question/标题）和一列答案（答案/answer/内容）"
_LONGEST_ROW = 1_000_000


def read_jsonl(text: str) -> tuple[list[Page], list[str]]:
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


def read_csv(text: str) -> tuple[list[Page], list[str]]:
    """The same for a table; its columns are known by their heads, in either language."""
    rows = _rows(text)
    heads = [cell.strip().lower().lstrip("\ufeff") for cell in next(rows, [])]
    if not (set(heads) & set(_QUESTIONS) and set(heads) & set(_ANSWERS)):
        raise InputError(f"表头里找不到问答列；请给出{_HEADS}")
    pages: list[Page] = []
    bad: list[str] = []
    for number, row in enumerate(rows, 2):
        if not any(cell.strip() for cell in row):
            continue
        page = _page(dict(zip(heads, row, strict=False)))
        if page:
            pages.append(page)
        else:
            bad.append(f"第 {number} 行没有问题或答案；请补全该行")
    return pages, bad


def _rows(text: str) -> Iterator[list[str]]:
    text = re.sub(r"^sep=.\r?\n", "", text)  # Excel's own first line
    first = text.split("\n", 1)[0]
    delimiter = max(",\t;，", key=first.count)
    try:
        yield from csv.reader(io.StringIO(text), delimiter=delimiter)
    except csv.Error as error:
        raise InputError("CSV 格式有误；请用表格软件另存为 CSV 后重试") from error


def _page(row: dict[Any, Any]) -> Page | None:
    """A row as a page, or None where it asks or answers nothing."""
    fields = {str(key).strip().lower(): value for key, value in row.items()}
    question = _first(fields, _QUESTIONS)
    answer = _first(fields, _ANSWERS)
    if not question or not answer or max(len(question), len(answer)) > _LONGEST_ROW:
        return None
    for key in (*_QUESTIONS, *_ANSWERS):
        fields.pop(key, None)
    facts = facts_from(fields)
    lines = read_markdown(_with_breaks(answer)).lines
    return Page(lines, replace(facts, title=re.sub(r"\s+", " ", normalise(question))))


def _first(fields: dict[str, Any], names: Iterable[str]) -> str:
    """The first of the fields that is filled; a list of answers is joined line by line."""
    for name in names:
        value = fields.get(name)
        if isinstance(value, list):
            value = "\n".join(str(item) for item in value if isinstance(item, str | int))
        if isinstance(value, str | int | float) and str(value).strip():
            return str(value).strip()
    return ""


def _with_breaks(answer: str) -> str:
    """Line ends that an export has written out as ``<br>`` or a backslash and n."""
    return re.sub(r"<br\s*/?>|\\n", "\n", answer, flags=re.I)
