"""Uploads and edited articles that are kept elsewhere: one folder on each machine mirrors them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import fsspec
import pytest

from corpus.errors import InputError, StoreError
from corpus.settings import Settings
from index.depot import Depot


@pytest.fixture
def url() -> Iterator[str]:
    """An empty place in a file system of another kind."""
    place = f"memory://{uuid4().hex}"
    yield place
    files, root = fsspec.core.url_to_fs(place)
    if files.exists(root):
        files.rm(root, recursive=True)


def there(url: str) -> dict[str, bytes]:
    files, root = fsspec.core.url_to_fs(url)
    return {path.removeprefix(f"{root}/"): files.cat_file(path) for path in files.find(root)}


def test_what_one_machine_writes_the_other_has(url: str, tmp_path: Path) -> None:
    one, other = Depot(tmp_path / "1", url), Depot(tmp_path / "2", url + "/")
    one.put(one.folder / "uploads" / "政策.md", "停保".encode())
    one.put(one.folder / "edited" / "停保" / "a.md", b"1")
    assert there(url) == {"uploads/政策.md": "停保".encode(), "edited/停保/a.md": b"1"}
    other.fetch()
    assert (other.folder / "uploads" / "政策.md").read_text(encoding="utf-8") == "停保"
    other.put(other.folder / "edited" / "停保" / "a.md", b"2")
    other.put(other.folder / "uploads" / "政策.md", None)
    one.fetch()
    assert (one.folder / "edited" / "停保" / "a.md").read_bytes() == b"2"
    assert not (one.folder / "uploads" / "政策.md").exists()
    one.fetch()
    assert there(url) == {"edited/停保/a.md": b"2"}


def test_what_was_there_before_the_mirror_stays(url: str, tmp_path: Path) -> None:
    for name in ("uploads/a.md", "uploads/trial/b.md", "uploads/.c.part", "page.db"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(name.encode())
    Depot(tmp_path, url).fetch()
    assert there(url) == {"uploads/a.md": b"uploads/a.md"}
    assert (tmp_path / "uploads" / "a.md").read_bytes() == b"uploads/a.md"


def test_a_folder_is_where_they_lie(tmp_path: Path) -> None:
    beside = replace(Settings(), feedback=tmp_path / "f" / "feedback.db")
    named = replace(beside, uploads=str(tmp_path / "u"))
    away = replace(beside, uploads="s3://bucket/x")
    assert [s.uploaded for s in (beside, named, away)] == [
        tmp_path / "f" / "uploads", tmp_path / "u" / "uploads", tmp_path / "f" / "uploads",
    ]  # fmt: skip
    assert named.edited == tmp_path / "u" / "edited"
    depot = Depot.of(named)
    depot.put(named.uploaded / "a.md", b"1")
    depot.fetch()
    assert [p.name for p in (tmp_path / "u").rglob("*")] == ["uploads", "a.md"]


def test_a_place_that_nothing_can_write_to_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"YIBAO_UPLOADS 指的 nichts://x 打不开.*fsspec"):
        Depot(tmp_path, "nichts://x").fetch()


def test_a_place_that_cannot_be_reached_is_told(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> bool:
        raise ConnectionError("geheim")

    monkeypatch.setattr("fsspec.implementations.memory.MemoryFileSystem.exists", away)
    with pytest.raises(StoreError, match=r"YIBAO_UPLOADS 指的 memory://.* 现在无法读写"):
        Depot(tmp_path, url).fetch()
    monkeypatch.undo()
    Depot(tmp_path, url).fetch()
