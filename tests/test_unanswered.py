"""Which questions of a file nothing answers yet."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from assistant import Assistant
from corpus.errors import InputError
from index.feedback import Entry
from index.unanswered import questions_of, unanswered

TODAY = date(2026, 11, 28)


def test_rows_turns_and_lines_are_questions(tmp_path: Path) -> None:
    rows = tmp_path / "asked.jsonl"
    given = [{"question": "断缴怎么补 "}, {"turns": ["职工医保怎么停", "要带什么"]}]
    text = "\n".join(json.dumps(row, ensure_ascii=False) for row in (*given, given[0]))
    rows.write_text(f"{text}\n\n", encoding="utf-8")
    assert questions_of(rows) == ("断缴怎么补", "职工医保怎么停")
    lines = tmp_path / "asked.txt"
    lines.write_text("\ufeff断缴怎么补\n\n停保要带什么\n", encoding="utf-8")
    assert questions_of(lines) == ("断缴怎么补", "停保要带什么")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.jsonl", '{"question": "断缴"}\n{"text": "x"}', "第 2 行"),
        ("a.jsonl", "断缴怎么补", "第 1 行"),
        ("a.jsonl", '{"question": 3}', "第 1 行"),
        ("a.txt", " \n", "没有问题"),
    ],
)
def test_what_holds_no_questions_is_told(tmp_path: Path, name: str, text: str, said: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=said):
        questions_of(tmp_path / name)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "gbk.txt").write_bytes("断缴".encode("gbk"))
    for name in ("none.txt", "gbk.txt"):
        with pytest.raises(InputError, match="UTF-8"):
            questions_of(tmp_path / name)


def test_what_nothing_answers_is_a_gap_and_what_is_not_ours_is_not(shipped: Assistant) -> None:
    asked = ["医保码（医保电子凭证）怎么激活", "2031年的居民医保要交多少钱", "北京明天下雨吗"]
    found = unanswered(asked, shipped.retriever, today=TODAY)
    assert found == {
        "in": (Entry(TODAY, asked[0], "answered"),),
        "unanswered": (Entry(TODAY, asked[1], "refused"),),
        "off topic": (Entry(TODAY, asked[2], "refused"),),
    }
