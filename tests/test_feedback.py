"""What is kept of questions that were not answered, and how the gaps are grouped."""

from __future__ import annotations

import re
import sqlite3
import threading
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path

import pytest

from corpus.errors import InputError, StoreError
from corpus.settings import Settings
from corpus.words import words
from index.feedback import Entry, Feedback
from index.gaps import gaps

DAY = date(2026, 11, 21)


def test_what_is_recorded_comes_back(tmp_path: Path) -> None:
    feedback = Feedback(tmp_path / "sub" / "feedback.db")
    feedback.record("怎么停保", status="refused", generation="abc", day=DAY)
    feedback.record("停保要多久", status="answered", rating="down", reason="过时", comment="旧的")
    first, second = feedback.entries()
    assert first == Entry(DAY, "怎么停保", "refused", generation="abc")
    assert (second.rating, second.reason, second.comment) == ("down", "过时", "旧的")
    assert second.day == date.today()
    assert feedback.entries(since=date.today()) == (second,)


def test_no_file_no_entries(tmp_path: Path) -> None:
    assert Feedback(tmp_path / "none.db").entries() == ()
    assert not (tmp_path / "none.db").exists()


def test_no_personal_number_reaches_the_disk(tmp_path: Path) -> None:
    feedback = Feedback(tmp_path / "feedback.db")
    feedback.record(
        "我是21010219900307851X，怎么停保",
        status="refused",
        reason="打我１３８００１３８０００",
        comment="卡号 6222 0210 0111 6245 702",
    )
    raw = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for number in ("21010219900307851", "13800138000", "１３８００１３８０００", "6222"):
        assert number.encode() not in raw
    assert "怎么停保".encode() in raw


def test_no_name_home_or_birth_date_reaches_the_disk(tmp_path: Path) -> None:
    feedback = Feedback(tmp_path / "feedback.db")
    feedback.record(
        "我叫李秀兰，住文二西路712号8幢603室，怎么停保",
        status="refused",
        comment="我1963年8月3日出生",
    )
    raw = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for private in ("李秀兰", "文二西路", "603", "1963"):
        assert private.encode() not in raw
    assert "怎么停保".encode() in raw


def test_old_lines_go(tmp_path: Path) -> None:
    path, today = tmp_path / "feedback.db", date.today()
    for days in (31, 30, 0):
        Feedback(path).record(
            f"{days}天前的停保", status="refused", day=today - timedelta(days=days)
        )
    assert len(Feedback(path).entries()) == 3
    kept = Feedback(path, days=30).entries()
    assert [entry.question for entry in kept] == ["30天前的停保", "0天前的停保"]
    assert len(Feedback(path).entries()) == 2


@pytest.mark.parametrize("given", ["0", "-1", "一年", "3651", "1.5"])
def test_days_that_are_none_are_refused(given: str) -> None:
    with pytest.raises(
        InputError, match=f"YIBAO_FEEDBACK_DAYS 应为 1 到 3650 之间的天数，现为「{given}」"
    ):
        Settings.from_environment({"YIBAO_FEEDBACK_DAYS": given})
    assert Settings.from_environment({}).feedback_days == 365
    assert Settings.from_environment({"YIBAO_FEEDBACK_DAYS": "30"}).feedback_days == 30


def test_a_very_long_question_is_cut(tmp_path: Path) -> None:
    feedback = Feedback(tmp_path / "feedback.db")
    feedback.record("居民医保停了怎么恢复？" * 10_000, status="refused")
    assert len(feedback.entries()[0].question) == 1000


def test_many_threads_write_at_once(tmp_path: Path) -> None:
    feedback = Feedback(tmp_path / "feedback.db")

    def write(n: int) -> None:
        for i in range(5):
            feedback.record(f"问题{n}之{i}", status="refused")

    threads = [threading.Thread(target=write, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({entry.question for entry in feedback.entries()}) == 30


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "feedback.db").write_text("这不是数据库" * 100, encoding="utf-8")
    with pytest.raises(StoreError, match=r"feedback\.db"):
        Feedback(tmp_path / "feedback.db").record("停保", status="refused")


def test_the_file_is_in_wal_mode(tmp_path: Path) -> None:
    feedback = Feedback(tmp_path / "feedback.db")
    feedback.record("停保", status="refused")
    db = sqlite3.connect(tmp_path / "feedback.db")
    assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    db.close()


def refused(*questions: str) -> list[Entry]:
    return [Entry(DAY, question, "refused") for question in questions]


def test_questions_that_ask_the_same_are_one_gap() -> None:
    entries = refused(
        "生育津贴怎么申领",
        "怎么申领生育津贴？",
        "生育津贴怎样申请领取",
        "异地就医备案怎么办",
        "异地就医怎么备案",
        "新生儿参保要什么材料",
    )
    found = gaps(entries, words())
    assert [set(gap.questions) for gap in found] == [
        set(questions)
        for questions in (
            ("生育津贴怎么申领", "怎么申领生育津贴？", "生育津贴怎样申请领取"),
            ("异地就医备案怎么办", "异地就医怎么备案"),
            ("新生儿参保要什么材料",),
        )
    ]
    assert [gap.count for gap in found] == [3, 2, 1]


def test_questions_of_many_matters_come_together() -> None:
    """Two lists of feedback with the matter of each question (``tests/quality/gaps.txt``)."""
    together, apart, missed = 0, 0, 0
    text = (Path(__file__).parent / "quality" / "gaps.txt").read_text(encoding="utf-8")
    for part in re.sub(r"(?m)^#.*\n", "", text).split("---"):
        matters = [block.split() for block in part.strip().split("\n\n")]
        matter_of = {question: n for n, block in enumerate(matters) for question in block}
        found = gaps(refused(*matter_of), words())
        gap_of = {question: n for n, gap in enumerate(found) for question in gap.questions}
        for one, other in combinations(matter_of, 2):
            same, met = matter_of[one] == matter_of[other], gap_of[one] == gap_of[other]
            together += same and met
            apart += met and not same
            missed += same and not met
    assert together + missed == 53
    assert together >= 40
    assert apart <= 1


def test_the_order_of_coming_makes_no_difference() -> None:
    entries = refused("停保怎么办", "怎么办停保", "补缴多少钱", "要补缴多少", "医保卡密码忘了")
    assert gaps(entries, words()) == gaps(entries[::-1], words())


def test_what_was_answered_well_is_no_gap() -> None:
    entries = [
        Entry(DAY, "停保怎么办", "answered"),
        Entry(DAY, "停保怎么办", "answered", rating="up"),
        Entry(DAY, "停保多久生效", "answered", rating="down", reason="答非所问"),
    ]
    [gap] = gaps(entries, words())
    assert (gap.questions, gap.refused, gap.down) == (("停保多久生效",), 0, 1)
    assert gap.reasons == ("答非所问",)
    assert gap.to_dict()["last"] == "2026-11-21"
    assert "答非所问" in gap.to_text()


def test_no_entries_no_gaps() -> None:
    assert gaps([], words()) == ()
