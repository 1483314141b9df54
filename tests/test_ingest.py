"""Several processes make the store that one makes, byte for byte, whatever happens to them."""

import os
import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from store_kit import PairEncoder, TokenDouble, build, two_statutes, write_pages

from corpus.errors import InputError, ModelError
from corpus.reading import limits
from corpus.settings import Settings
from index import refresh as refreshing
from index.generations import read_manifest
from index.ingest import choose, processes
from index.ingest.alone import Alone
from index.ingest.messages import Begin
from index.ingest.process import Process
from index.ingest.processes import SHARD, Processes
from index.ingest.types import encode
from index.store import Store

TEXTS = [f"第{n}号窗口办理停保" for n in range(3 * SHARD + 1)]


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes for a handful of texts, which find the encoders of the tests."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    monkeypatch.setattr(processes, "WORTH_IT", 2)
    monkeypatch.setattr(processes, "FILES_EACH", 2)
    monkeypatch.setattr(refreshing, "statutes", two_statutes)
    monkeypatch.setattr(limits, "patience", lambda _: 600.0)  # on a busy machine, too


@pytest.fixture
def two() -> Iterator[Processes]:
    crew = Processes(TokenDouble, 2)
    yield crew
    crew.close()


class Deadly(PairEncoder):
    """Its process is gone at one text."""

    def encode_passages(self, texts: list[str]) -> np.ndarray:  # type: ignore[override]
        if TEXTS[SHARD] in texts:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().encode_passages(texts)


def test_each_kind_comes_out_as_one_process_makes_it(two: Processes) -> None:
    alone = TokenDouble()
    for kind in ("passages", "queries", "tokens"):
        found = [row for made in two.encode(alone, kind, TEXTS) for row in made]
        expected = encode(TokenDouble(), kind, TEXTS)
        assert len(found) == len(TEXTS)
        assert all(np.array_equal(a, b) for a, b in zip(found, expected, strict=True))
    assert alone.embedded == alone.tokened == []


def test_a_store_is_the_same_to_the_last_byte(tmp_path: Path, two: Processes) -> None:
    pages = write_pages(tmp_path / "pages", range(40))
    (pages / "bad.docx").write_bytes(b"x")
    (pages / "empty.txt").write_bytes(b"")
    encoder = TokenDouble()
    told: list[tuple[str, int, int]] = []
    before = build(tmp_path / "one", pages, encoder=TokenDouble())
    after = build(
        tmp_path / "two",
        pages,
        encoder=encoder,
        crew=two,
        progress=lambda *said: told.append(said),
    )
    assert encoder.embedded == encoder.tokened == []
    assert (before.generation, before.skipped) == (after.generation, after.skipped)
    assert [Path(s.path).name for s in after.skipped] == ["bad.docx", "empty.txt"]
    one, other = Store.open(tmp_path / "one"), Store.open(tmp_path / "two")
    files = read_manifest(one.path, one.name).files
    assert files == read_manifest(other.path, other.name).files
    assert len(files) > 10
    assert [d for stage, d, _ in told if stage == "files"] == list(range(1, 42))
    done = [d for stage, d, _ in told if stage == "passages"]
    assert done == [32, 42, 74, 86, 118, 126]


def test_a_process_that_died_is_started_again() -> None:
    process = Process(Begin(PairEncoder, "pairs"))
    try:
        assert len(process.encode("passages", ("停保",))) == 1
        process._process.kill()
        process._process.wait()
        (row,) = process.encode("passages", ("停保",))
        assert np.array_equal(row, PairEncoder().encode_passages(["停保"])[0])
    finally:
        process.stop()


def test_a_text_at_which_every_process_dies_ends_the_refresh_and_the_processes() -> None:
    crew = Processes(Deadly, 2)
    made = crew.encode(PairEncoder(), "passages", TEXTS)
    with pytest.raises(ModelError, match=r"^计算向量的进程在同一批文本处两次中断（退出码 -9，"):
        list(made)
    assert crew._processes == []


def test_another_model_is_refused_with_both_names() -> None:
    crew = Processes(partial(PairEncoder, "others"), 2)
    with pytest.raises(ModelError, match=r"进程或机器用的是模型 others，本机用的是 pairs："):
        list(crew.encode(PairEncoder(), "passages", TEXTS))


def test_few_texts_start_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "WORTH_IT", 3)
    monkeypatch.setattr(Process, "_start", lambda _: pytest.fail("a process was started"))
    alone = PairEncoder()
    (made,) = Processes(PairEncoder, 2).encode(alone, "passages", ["停保", "补缴"])
    assert len(made) == 2
    assert alone.embedded == ["停保", "补缴"]


def test_nobody_who_stops_in_the_middle_leaves_processes(two: Processes) -> None:
    made = two.encode(TokenDouble(), "passages", TEXTS)
    next(made)
    left = [process._process for process in two._processes]
    assert len(left) == 2
    made.close()  # type: ignore[attr-defined]
    assert [process.poll() for process in left] == [-signal.SIGKILL] * 2


def test_how_many_processes_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    def jobs(processors: int, asked: int | None = None) -> int:
        monkeypatch.setattr(choose, "processors", lambda: processors)
        with choose.crew(Settings(), jobs=asked) as crew:
            assert isinstance(crew, Processes)
            return crew._jobs

    assert [jobs(1), jobs(2), jobs(8), jobs(9), jobs(32)] == [1, 1, 1, 9, 32]
    assert jobs(32, 3) == 3
    with pytest.raises(InputError, match=r"^--jobs 应为 1 或更大的整数，现为 0。$"):
        jobs(2, 0)


def test_one_process_needs_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """``--jobs 1`` is this process with its threads."""
    monkeypatch.setattr(Process, "_start", lambda _: pytest.fail("a process was started"))
    found = [row for made in Processes(PairEncoder, 1).encode(PairEncoder(), "passages", TEXTS)
             for row in made]  # fmt: skip
    assert len(found) == len(TEXTS)


def test_alone_gives_pieces_of_so_many_texts() -> None:
    sizes = [len(made) for made in Alone().encode(PairEncoder(), "queries", TEXTS * 6)]
    assert sizes == [256, 256, 6 * len(TEXTS) - 512]
