"""Several processes give what one gives, in the same order, whatever happens to them."""

import os
import time
from pathlib import Path

import pytest

from corpus.reading import File, FileReading, discover, limits, read, read_each, workers
from corpus.reading.workers import BATCH, Worker, read_with


@pytest.fixture(autouse=True)
def _fresh() -> None:
    """No process of an earlier test, which may have held so much that it is to go."""
    workers._SPARE.end()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(3 * BATCH + 1):
        text = f"第{number}个问题怎么办\n\n去第{number}号窗口办理停保。"
        (tmp_path / f"{number}.txt").write_text(text, encoding="utf-8")
    (tmp_path / "bad.docx").write_bytes(b"x")
    return tmp_path


def test_two_processes_give_what_one_gives(folder: Path) -> None:
    told: list[int] = []
    alone = read(folder, jobs=1)
    assert read(folder, jobs=2, progress=lambda done, _: told.append(done)) == alone
    assert told == list(range(1, 3 * BATCH + 3))
    assert len(alone.articles) == 3 * BATCH + 1
    assert [Path(s.path).name for s in alone.skipped] == ["bad.docx"]


def test_the_process_is_started_before_it_is_needed(folder: Path) -> None:
    workers.start_early()
    early = workers._SPARE._worker
    workers.start_early()
    assert early is workers._SPARE._worker is not None
    files, _ = discover(folder)
    assert len(list(read_with(files[:2], 1))) == 2
    assert workers._SPARE._worker is early


def test_a_process_that_died_is_started_again(folder: Path) -> None:
    files, _ = discover(folder)
    worker = Worker()
    worker._process.kill()
    worker._process.wait()
    try:
        assert worker.read(files[:3]) == list(read_each(files[:3]))
    finally:
        worker.stop()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in the file system")
def test_a_file_at_which_the_process_stays_is_skipped(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(folder / "pipe.txt")
    pipe = File("pipe.txt", folder / "pipe.txt")
    before, behind = discover(folder)[0][:2]
    patience = {"pipe.txt": 0.2}
    monkeypatch.setattr(limits, "patience", lambda file: patience.get(file.name, 60.0))
    first, stuck, last = read_with([before, pipe, behind], 1)
    assert [a.id for a in (*first.articles, *last.articles)] == [before.name, behind.name]
    assert stuck == FileReading(pipe, (), (limits.too_slow(pipe),))
    assert stuck.skipped[0].reason == "读取该文件超过 10 秒的上限，已跳过；请拆分或另存为文本后重试"


def test_stopping_in_the_middle_ends_the_processes(folder: Path) -> None:
    files, _ = discover(folder)
    reading = read_with(files, 2)
    assert next(reading).file == files[0]
    reading.close()  # type: ignore[attr-defined]


def test_one_process_stays_and_reads_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files, _ = discover(folder)
    before = list(read_with(files[:1], 1))
    monkeypatch.setattr(Worker, "_start", lambda _: pytest.fail("a second start"))
    assert list(read_with(files[:1], 2)) == before


def test_the_memory_of_the_process_that_asks_wears_no_other(folder: Path) -> None:
    """Linux hands the peak of a process down to those that it starts."""
    held = b"1" * (2 * limits.WORN)  # zeros would not be in memory before they are touched
    files, _ = discover(folder)
    worker = Worker()
    try:
        process = worker._process.pid
        assert worker.read(files[:3]) == list(read_each(files[:3]))
        assert worker._process.pid == process
    finally:
        worker.stop()
    assert len(held) > limits.WORN


def test_a_process_that_stayed_knows_where_the_paths_begin(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = folder / "other"
    other.mkdir()
    (other / "1.txt").write_text("补缴怎么办\n\n去窗口。", encoding="utf-8")
    titles = []
    for place in (folder, other):
        monkeypatch.chdir(place)
        titles += [a.title for a in read("1.txt").articles]
    assert titles == ["第1个问题怎么办", "补缴怎么办"]


def test_a_process_that_nobody_needs_ends(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "IDLE", 0.0)
    read(folder / "1.txt")
    for _ in range(100):
        if workers._SPARE._worker is None:
            return
        time.sleep(0.05)
    pytest.fail("the process is still there")


def test_a_copy_of_the_process_starts_its_own(folder: Path) -> None:
    read(folder / "1.txt")
    original = workers._SPARE._worker
    assert original is not None
    workers._SPARE.copied()
    assert len(read(folder / "1.txt").articles) == 1
    assert workers._SPARE._worker not in (None, original)
    assert original.rest()
    original.stop()
