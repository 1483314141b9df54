"""Which questions of a file no article in the store answers yet.

The same decision as for a person who asks (``index.scope``). Who writes articles sees so what is missing
before anybody is refused.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from corpus.errors import InputError
from index.feedback import Entry
from index.question import MAX_LENGTH
from index.retrieve import Retriever
from index.scope import JUDGED, Verdict, judge


def questions_of(path: str | Path) -> tuple[str, ...]:
    """The questions of a file, each once: of ``.jsonl`` each row's ``question``, or the first of its
    ``turns``; of any other a line each. Raises ``InputError`` for what holds none or cannot be read."""
    try:
        lines = Path(path).read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"读不了 {path}（{error}）：请给出 UTF-8 的 .jsonl 文件，或每行一个问题的文本文件。"
        ) from error
    rows = Path(path).suffix == ".jsonl"
    found = [_of_row(line, path, n) if rows else line for n, line in enumerate(lines, 1)]
    questions = tuple(dict.fromkeys(q.strip()[:MAX_LENGTH] for q in found if q.strip()))
    if not questions:
        raise InputError(f"{path} 里没有问题：每行应为一个问题，或一个带 question 的 JSON 对象。")
    return questions


def _of_row(line: str, path: str | Path, number: int) -> str:
    if not line.strip():
        return ""
    try:
        row = json.loads(line)
        question = row["question"] if "question" in row else row["turns"][0]
        if not isinstance(question, str):
            raise TypeError
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise InputError(
            f'{path} 第 {number} 行不是带 question 的 JSON 对象：应为 {{"question": "…"}}。'
        ) from error
    return question


def unanswered(
    questions: Sequence[str],
    retriever: Retriever,
    *,
    today: date,
    progress: Callable[[str, int, int], None] = lambda *_: None,
) -> dict[Verdict, tuple[Entry, ...]]:
    """The questions by what is said of them; those that are not "in" as refused entries of today."""
    found: dict[Verdict, list[Entry]] = {"in": [], "unanswered": [], "off topic": []}
    for done, question in enumerate(questions, 1):
        verdict = judge(retriever.find(question, k=JUDGED), retriever, today=today).verdict
        status = "answered" if verdict == "in" else "refused"
        found[verdict].append(Entry(today, question, status))
        progress("questions", done, len(questions))
    return {verdict: tuple(entries) for verdict, entries in found.items()}
