"""A Ray cluster of this machine makes the store that one process makes; without Ray there is a sentence."""

import importlib.util
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from store_kit import PairEncoder, TokenDouble, build, two_statutes, write_pages

from corpus.errors import InputError, ModelError
from corpus.reading import File, discover, read_each
from corpus.settings import Settings
from index import refresh as refreshing
from index.generations import read_manifest
from index.ingest import actors, choose, cluster
from index.ingest.cluster import Cluster, windows
from index.store import Store

# Ray ends the processes that it has started, and does not wait for them; it warns of settings of its own
pytestmark = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning",
    "ignore::ResourceWarning",
    "ignore::DeprecationWarning:ray.data.context",
    "ignore:.*is deprecated and will be removed in Ray:DeprecationWarning",
)
TEXTS = [f"第{n}号窗口办理停保" for n in range(40)]
needs_ray = pytest.mark.skipif(
    importlib.util.find_spec("ray") is None, reason='Ray is an extra: pip install -e ".[ray]"'
)


class DiesOnce(PairEncoder):
    """The first process that opens it is gone at its first text."""

    def encode_passages(self, texts: list[str]) -> np.ndarray:  # type: ignore[override]
        mark = Path(os.environ["YIBAO_TEST_MARK"])
        if not mark.exists():
            mark.touch()
            os._exit(1)
        return super().encode_passages(texts)


class Other(PairEncoder):
    def __init__(self) -> None:
        super().__init__("others")


@pytest.fixture(scope="module")
def joined(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """One cluster for all tests of this file: its start takes seconds."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PYTHONPATH", str(Path(__file__).parent))
        patched.setenv("YIBAO_TEST_MARK", str(tmp_path_factory.mktemp("ray") / "died"))
        with Cluster.connected(TokenDouble, "") as one:
            yield one


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "WORTH_IT", 2)
    monkeypatch.setattr(cluster, "FILES_AT_ONCE", 4)
    monkeypatch.setattr(refreshing, "statutes", two_statutes)


@needs_ray
def test_a_store_is_the_same_to_the_last_byte(tmp_path: Path, joined: Cluster) -> None:
    pages = write_pages(tmp_path / "pages", range(12))
    (pages / "bad.docx").write_bytes(b"x")
    encoder = TokenDouble()
    before = build(tmp_path / "one", pages, encoder=TokenDouble())
    after = build(tmp_path / "two", pages, encoder=encoder, crew=joined)
    assert encoder.embedded == encoder.tokened == []
    assert (before.generation, before.skipped) == (after.generation, after.skipped)
    assert [Path(s.path).name for s in after.skipped] == ["bad.docx"]
    one, other = Store.open(tmp_path / "one"), Store.open(tmp_path / "two")
    files = read_manifest(one.path, one.name).files
    assert files == read_manifest(other.path, other.name).files


@needs_ray
def test_the_work_of_a_process_that_died_is_done_again(joined: Cluster) -> None:
    one = Cluster(DiesOnce)
    found = [row for made in one.encode(PairEncoder(), "passages", TEXTS) for row in made]
    assert np.array_equal(found, PairEncoder().encode_passages(TEXTS))
    assert Path(os.environ["YIBAO_TEST_MARK"]).exists()


@needs_ray
def test_a_machine_with_another_model_or_another_program_is_refused(
    joined: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ModelError, match=r"用的是模型 others，本机用的是 pairs："):
        list(Cluster(Other).encode(PairEncoder(), "passages", TEXTS))
    files, _ = discover(write_pages(tmp_path, range(5)))
    monkeypatch.setattr(cluster, "reader_digest", lambda: "other")
    with pytest.raises(ModelError, match=r"^集群里有机器装的不是同一版本的本项目："):
        list(joined.read(files))


def test_without_ray_there_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "find_spec", lambda _: None)
    expected = (
        r'^未安装 Ray，无法在多台机器上刷新：请先运行 pip install -e "\.\[ray\]"，或去掉 --ray。$'
    )
    with pytest.raises(InputError, match=expected), choose.crew(Settings(), ray=True):
        pass
    with pytest.raises(InputError, match=expected), choose.crew(Settings(ray="10.0.0.1:6379")):
        pass


def test_processes_and_a_cluster_are_not_mixed() -> None:
    with pytest.raises(InputError, match="--jobs 用于本机的进程，不能与 --ray"):
        choose.crew(Settings(), jobs=2, ray=True).__enter__()


def test_files_go_out_in_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "WINDOW", 100)
    files = [File(str(n), Path(str(n)), size=40) for n in range(7)]
    assert [len(window) for window in windows(files)] == [3, 3, 1]
    assert [file for window in windows(files) for file in window] == files


def test_a_machine_reads_what_it_is_sent(tmp_path: Path) -> None:
    """The bytes that came along, whatever lies at the path there; within the limits of any file."""
    files, _ = discover(write_pages(tmp_path, range(3)))
    expected = list(read_each(files))
    held = {file: file.path.read_bytes() for file in files}
    for file in files:
        file.path.unlink()
    reads = actors.Reads(actors.reader_digest())
    assert reads._worker is not None
    try:
        assert reads._worker.read(files, held=held) == expected
    finally:
        reads._worker.stop()
