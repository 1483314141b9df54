"""What takes too much time, memory or text is one skipped file; the others are read."""

import re
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from reading_samples import pdf

from corpus.errors import InputError
from corpus.reading import File, limits, read, workers
from corpus.reading.workers import read_with

GOOD = "停保怎么办\n\n带身份证去窗口办理停保。"
posix = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows knows no such limit; there the time is watched"
)


@pytest.fixture
def fresh() -> Iterator[None]:
    """No process that was started under other limits, before or behind."""
    workers._SPARE.end()
    yield
    workers._SPARE.end()


def heavy_pdf(lines: int) -> bytes:
    """A small file with a page that has a great deal of text on it."""
    show = b"1 0 0 1 60 %d Tm <" + "停保怎么办断缴以后".encode("utf-16-be").hex().encode() * 10
    text = b"BT /F1 11 Tf\n" + b"".join(
        show % (780 - 20 * (n % 38)) + b"> Tj\n" for n in range(lines)
    )
    packed = zlib.compress(text + b"ET", 9)
    plain = pdf([["甲"]])
    start = plain.index(b"<< /Length")
    end = plain.index(b"endstream")
    head = b"<< /Filter /FlateDecode /Length %d >>\nstream\n" % len(packed)
    return plain[:start] + head + packed + b"\n" + plain[end:]


@posix
@pytest.mark.usefixtures("fresh")
def test_a_file_that_takes_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SECONDS", 1)
    monkeypatch.setattr(limits, "WAIT", 600)  # the process must hold itself to its time
    (tmp_path / "a.pdf").write_bytes(heavy_pdf(50_000))
    (tmp_path / "good.txt").write_text(GOOD, encoding="utf-8")
    reading = read(tmp_path)
    assert [a.title for a in reading.articles] == ["停保怎么办"]
    assert [str(s) for s in reading.skipped] == [
        f"{tmp_path / 'a.pdf'}：读取该文件超过 1 秒的上限，已跳过；请拆分或另存为文本后重试"
    ]


@posix
@pytest.mark.skipif(sys.platform == "darwin", reason="macOS takes no limit of memory")
@pytest.mark.usefixtures("fresh")
def test_a_file_that_takes_too_much_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MEMORY", 200_000_000)
    (tmp_path / "a.jsonl").write_bytes(b"abc\n" * 5_000_000)  # each line costs fifty bytes
    (tmp_path / "good.txt").write_text(GOOD, encoding="utf-8")
    reading = read(tmp_path)
    assert [a.title for a in reading.articles] == ["停保怎么办"]
    (skipped,) = reading.skipped
    assert skipped.path == str(tmp_path / "a.jsonl")
    assert re.fullmatch(
        r"读取该文件所需内存超过 \d+ MB 的上限，已跳过；请拆分或另存为文本后重试", skipped.reason
    )


def test_a_text_longer_than_any_article(tmp_path: Path) -> None:
    (tmp_path / "long.txt").write_text("怎么办\n" + "断缴" * 300_001, encoding="utf-8")
    (tmp_path / "lines.txt").write_text("怎么办\n" + "甲乙丙\n" * 40_001, encoding="utf-8")
    (tmp_path / "good.txt").write_text(GOOD, encoding="utf-8")
    reading = read(tmp_path)
    assert [a.title for a in reading.articles] == ["停保怎么办"]
    assert {s.reason for s in reading.skipped} == {"正文超过 60 万字或 4 万行的上限；请拆分后重试"}


def test_more_time_for_a_large_file() -> None:
    assert limits.seconds(File("a", Path("a"), size=999_999)) == 10
    assert limits.seconds(File("a", Path("a"), size=60_000_000)) == 250
    assert limits.patience(File("a", Path("a"))) == 40.0


def test_a_process_that_cannot_be_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workers._SPARE.end()
    monkeypatch.setattr(sys, "executable", str(tmp_path / "nowhere"))
    with pytest.raises(InputError, match="无法启动读取文件的进程"):
        list(read_with([File("a.txt", tmp_path / "a.txt")], 1))
