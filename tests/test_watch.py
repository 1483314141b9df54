"""--watch: a refresh for each change, and silence when nothing happened."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from threading import Event, Thread

from corpus.errors import InputError, LockedError, YibaoError
from corpus.reading import Skipped
from index.report import RefreshReport
from index.watch import watch

NOTHING = RefreshReport("g")
SOMETHING = replace(NOTHING, switched=True)
SKIPPED = replace(NOTHING, skipped=(Skipped("a.txt", "空的"),))


def told(*reports: RefreshReport | YibaoError) -> list[object]:
    """What is told of refreshes that end so, one at the start and one for each change."""
    left = list(reports)
    heard: list[object] = []

    def run() -> RefreshReport:
        now = left.pop(0)
        if isinstance(now, YibaoError):
            raise now
        return now

    watch([Path()], run, heard.append, signals=range(len(reports) - 1))
    assert left == []
    return heard


def test_only_what_happened_is_told() -> None:
    assert told(NOTHING, SOMETHING, NOTHING, NOTHING) == [SOMETHING]


def test_an_error_is_told_and_does_not_end_the_watch() -> None:
    error = InputError("路径不存在")
    assert told(error, SOMETHING) == [error, SOMETHING]


def test_another_refresh_at_work_is_waited_for_in_silence() -> None:
    assert told(LockedError("占用"), SOMETHING) == [SOMETHING]


def test_what_is_skipped_is_told_once() -> None:
    assert told(SKIPPED, SKIPPED, NOTHING, SKIPPED) == [SKIPPED, NOTHING, SKIPPED]


def test_a_file_that_comes_is_noticed(tmp_path: Path) -> None:
    came, stop = Event(), Event()
    begun = Event()

    def run() -> RefreshReport:
        if (tmp_path / "new.txt").exists():
            came.set()
        begun.set()
        return NOTHING

    watching = Thread(target=watch, args=([tmp_path], run, print), kwargs={"stop": stop})
    watching.start()
    assert begun.wait(20)
    for n in range(100):
        (tmp_path / "new.txt").write_text(f"停保{n}", encoding="utf-8")
        if came.wait(0.3):
            break
    stop.set()
    watching.join(20)
    assert came.is_set()
