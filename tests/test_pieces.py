"""A store in pieces: after any history it is file for file the store that is made at once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from store_kit import TokenDouble, answers, build, page, two_statutes, write_pages

from index.store import Store


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.refresh.statutes", two_statutes)
    monkeypatch.setattr("index.cuts.LEAST", 4)
    monkeypatch.setattr("index.writing.WORTH_IT", 4)


def files_of(store: Path) -> dict[str, int]:
    """Every file of the current generation, and where it lies on the disk."""
    folder = Store.peek(store).files.folder
    return {path.name: os.stat(path).st_ino for path in folder.iterdir()}


def test_any_history_ends_at_the_same_files(tmp_path: Path) -> None:
    random = np.random.default_rng(5)
    pages, store = write_pages(tmp_path / "in", range(24)), tmp_path / "store"
    for step in range(5):
        there = sorted(pages.iterdir())
        for path in random.choice(np.array(there), 3, replace=False):
            path.unlink()
        write_pages(pages, random.integers(0, 60, 3).tolist())
        changed = sorted(pages.iterdir())[step]
        changed.write_text(page(step, days=20 + step), encoding="utf-8")
        build(store, pages, encoder=TokenDouble())
        build(tmp_path / f"fresh{step}", pages, encoder=TokenDouble())
        one, other = Store.open(store), Store.open(tmp_path / f"fresh{step}")
        assert len(one.articles.table.cuts) > 4
        assert one.generation == other.generation
        assert one.manifest == other.manifest
        assert answers(one) == answers(other)


def test_a_change_writes_the_pieces_that_it_touches(tmp_path: Path) -> None:
    pages, store = write_pages(tmp_path / "in", range(40)), tmp_path / "store"
    build(store, pages, encoder=TokenDouble())
    before = files_of(store)
    (pages / "0020.txt").write_text(page(20, days=99), encoding="utf-8")
    build(store, pages, encoder=TokenDouble())
    after = files_of(store)
    written = sorted(name.rpartition(".")[2] for name in after if name not in before)
    assert written == ["halves", "read", "rows", "tokens", "vectors", "words"]
    kept = [name for name in after if name in before and not name.endswith((".index", ".json"))]
    assert len(kept) > 25
    assert all(after[name] == before[name] for name in kept), "the same files, not copies"


def test_an_opened_store_ends_on_what_it_began_with(tmp_path: Path) -> None:
    """Nothing of it was looked at before its files were removed."""
    pages, store = write_pages(tmp_path / "in", range(12)), tmp_path / "store"
    build(store, pages, encoder=TokenDouble())
    expected = answers(Store.open(store))
    opened = Store.peek(store)
    build(store, pages, encoder=TokenDouble(), remove=True)
    assert not opened.files.folder.exists()
    assert answers(opened) == expected


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_a_system_that_begins_with_few_open_files_opens_a_store(tmp_path: Path) -> None:
    write_pages(tmp_path / "pages", range(30))
    build(tmp_path / "store", tmp_path / "pages")
    code = (
        "import resource, sys\n"
        "hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (24, hard))\n"
        "from pathlib import Path\n"
        "from index.store import Store\n"
        "opened = [Store.open(Path(sys.argv[1])) for _ in range(3)]\n"
        "print(sum(one.size for one in opened))\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "store")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.stdout == f"{3 * Store.open(tmp_path / 'store').size}\n", done.stderr
