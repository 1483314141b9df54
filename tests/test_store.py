"""The store, opened, and every way in which a folder is no good store; what any engine must do is
held in ``test_engine_contract``."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from store_kit import answers, build, piece, two_statutes, write_pages

from corpus.errors import StoreError
from index import generations
from index.blocks import settle
from index.contents import ROOMS
from index.ledger import sources_of
from index.store import Store
from index.types import Index


@pytest.fixture(autouse=True)
def _few_statutes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.refresh.statutes", two_statutes)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    build(tmp_path / "store", write_pages(tmp_path / "in", range(12)))
    return tmp_path / "store"


def generation(folder: Path) -> Path:
    return folder / "generations" / (folder / "current").read_text(encoding="utf-8").strip()


def test_it_is_an_index(folder: Path) -> None:
    index: Index = Store.open(folder)
    assert index.size >= 12
    assert len(index.generation) == 64
    assert index.model == "pairs"


def test_a_copied_folder_is_the_same_store(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "elsewhere")
    original = answers(Store.open(folder))
    shutil.rmtree(folder)
    assert answers(Store.open(tmp_path / "elsewhere")) == original


def test_no_store_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"python -m index refresh .* --store"):
        Store.open(tmp_path / "none")
    assert not Store.exists(tmp_path / "none")


def test_another_model_is_named_with_the_command(folder: Path) -> None:
    with pytest.raises(StoreError, match=r"pairs.*bge.*--rebuild"):
        Store.open(folder, model="bge")
    assert Store.open(folder, model="pairs").model == "pairs"


def test_another_format_is_named_with_the_command(folder: Path) -> None:
    path = generation(folder) / "manifest.json"
    raw = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({"format": 0, "was": raw["model"]}), encoding="utf-8")
    with pytest.raises(StoreError, match=r"第 0 版.*--rebuild"):
        Store.open(folder)


TABLES = ("articles.index", "statutes.index", "sources.index", "manifest.json")
PIECES = [(kind, room) for kind in ("rows", "vectors", "words") for room in ROOMS]


def all_of(folder: Path) -> str:
    """What an opened store says, of every file that answers are made from."""
    store = Store.open(folder)
    return answers(store) + str(store.statutes())


@pytest.mark.parametrize("name", TABLES)
def test_each_missing_table_is_named(folder: Path, name: str) -> None:
    (generation(folder) / name).unlink()
    with pytest.raises(StoreError, match=f"已损坏或没有复制完整.*{name}"):
        Store.open(folder)


@pytest.mark.parametrize(("kind", "room"), PIECES)
def test_each_missing_piece_is_named(folder: Path, kind: str, room: str) -> None:
    path = piece(folder, kind, room)
    path.unlink()
    with pytest.raises(StoreError, match=f"已损坏或没有复制完整.*{path.name}"):
        Store.open(folder)


def harmed(path: Path, harm: str) -> None:
    data = path.read_bytes()
    middle = len(data) // 2
    flipped = data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]
    path.write_bytes(
        {"flip": flipped, "cut": data[:middle], "grow": data + b"x", "empty": b""}[harm]
    )


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("harm", ["flip", "cut", "grow", "empty"])
def test_each_damaged_table_is_noticed(folder: Path, name: str, harm: str) -> None:
    harmed(generation(folder) / name, harm)
    if (name, harm) == ("sources.index", "flip"):
        assert all_of(folder), "answers need it not"
        with pytest.raises(StoreError, match="已损坏或没有复制完整"):
            sources_of(folder)
    else:
        with pytest.raises(StoreError, match="已损坏或没有复制完整"):
            Store.open(folder)


@pytest.mark.parametrize(("kind", "room"), PIECES)
@pytest.mark.parametrize("harm", ["cut", "grow", "empty"])
def test_a_piece_of_another_size_is_noticed_at_opening(
    folder: Path, kind: str, room: str, harm: str
) -> None:
    harmed(piece(folder, kind, room), harm)
    with pytest.raises(StoreError, match="已损坏或没有复制完整"):
        Store.open(folder)


@pytest.mark.parametrize(("kind", "room"), PIECES)
def test_a_changed_byte_is_noticed_before_anything_is_answered_from_it(
    folder: Path, kind: str, room: str
) -> None:
    path = piece(folder, kind, room)
    assert all_of(folder)
    harmed(path, "flip")
    with pytest.raises(StoreError, match=f"已损坏或没有复制完整.*{path.name} 的内容与校验值不符"):
        all_of(folder)
    opened = Store.open(folder)
    for _ in range(2):
        with pytest.raises(StoreError, match=path.name):
            opened.files.check_all()


def test_a_store_that_was_opened_is_compared_beside(folder: Path) -> None:
    """By a thread, which ends; what is compared once is not compared again."""
    opened = Store.open(folder)
    settle()
    used = {
        name
        for half in (opened.articles, opened.laws)
        for some in half.contents.files.values()
        for name in some
    }
    assert all(opened.files.block(name).compared for name in used)


def test_a_folder_copied_without_its_pointer_is_named(folder: Path) -> None:
    (folder / "current").unlink()
    with pytest.raises(StoreError, match=r"没有复制完整.*current"):
        Store.open(folder)


@pytest.mark.parametrize("content", ["", "../../etc", "nowhere-00000000", ".unfinished"])
def test_a_pointer_to_nothing_is_damage(folder: Path, content: str) -> None:
    (folder / "current").write_text(content, encoding="utf-8")
    with pytest.raises(StoreError, match="已损坏"):
        Store.open(folder)


def test_a_generation_removed_while_it_is_read(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reader begins again at ``current`` and sees the new one."""
    pages = write_pages(tmp_path / "in", range(14))
    read = generations.read_manifest
    refreshed: list[str] = []

    def slow(store: Path, name: str) -> generations.Manifest:
        manifest = read(store, name)
        if not refreshed:
            refreshed.append(name)
            build(folder, pages)
        return manifest

    monkeypatch.setattr("index.store.read_manifest", slow)
    assert Store.open(folder).size > Store.open(folder).articles.table.starts(0)[11]
    assert not (folder / "generations" / refreshed[0]).exists()


def test_stale_after_a_refresh(folder: Path, tmp_path: Path) -> None:
    store = Store.open(folder)
    assert not store.stale()
    before = answers(store)
    build(folder, write_pages(tmp_path / "in", range(13)))
    assert store.stale()
    assert answers(store) == before, "an opened store ends on what it started with"
    assert not Store.open(folder).stale()


def test_a_store_that_vanishes_still_answers(folder: Path) -> None:
    store = Store.open(folder)
    before = answers(store)
    shutil.rmtree(folder)
    assert not store.stale()
    assert answers(store) == before


@pytest.mark.skipif(os.name == "nt", reason="folders are no files there, nor files folders")
def test_a_file_in_the_place_of_the_store(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("x", encoding="utf-8")
    with pytest.raises(StoreError, match="没有知识库"):
        Store.open(tmp_path / "store")
