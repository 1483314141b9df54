"""Several processes give what one gives, in the same order, whatever happens to them."""

from pathlib import Path

import pytest

from corpus.reading import discover, read, read_each
from corpus.reading.workers import BATCH, _Worker, read_with


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


def test_a_process_that_died_is_started_again(folder: Path) -> None:
    files, _ = discover(folder)
    worker = _Worker()
    worker._process.kill()
    worker._process.wait()
    try:
        assert worker.read(files[:3]) == list(read_each(files[:3]))
    finally:
        worker.stop()


def test_a_file_at_which_the_process_stays_is_skipped(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("corpus.reading.workers.PATIENCE", 0.0)
    files, _ = discover(folder / "1.txt")
    (done,) = read_with(files, 1)
    assert done.articles == ()
    assert "中断或超时" in done.skipped[0].reason


def test_stopping_in_the_middle_ends_the_processes(folder: Path) -> None:
    files, _ = discover(folder)
    reading = read_with(files, 2)
    assert next(reading).file == files[0]
    reading.close()  # type: ignore[attr-defined]
