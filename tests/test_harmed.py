"""Files of an opened store that somebody cuts short, empties, overwrites or removes: what is asked then
is answered rightly or refused with the mend, and the process lives on.

It is a child process that asks, because a file that is mapped and cut short would end this one.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from store_kit import TokenDouble, answers, build, page, two_statutes, write_pages

from corpus.errors import StoreError
from corpus.words import words
from index.blocks import Block, _read_at
from index.generations import FileEntry
from index.report import RefreshReport
from index.status import describe
from index.store import Store
from index.verify import verify

HARMS = ("half", "empty", "zeros", "gone")
KINDS = {"rows", "vectors", "tokens", "words", "read", "index", "json", "current"}
DAMAGED = "已损坏或没有复制完整"

CHILD = """
import json, os, sys
from pathlib import Path

sys.path.insert(0, {tests!r})
import index.refresh
import index.rows
from store_kit import two_statutes
from test_harmed import HARMS, tried

index.refresh.statutes = two_statutes
index.rows.HELD = {held}
os.fsync = lambda handle: None  # a process is harmed here, not the machine
folder, spare = Path({folder!r}), Path({spare!r})
print(json.dumps({{harm: tried(folder, harm, spare) for harm in HARMS}}))
"""


@pytest.fixture(params=["halves", "graph"])
def made(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with pages and a store of them, in which there is a file of every kind."""
    monkeypatch.setattr("index.refresh.statutes", two_statutes)
    monkeypatch.setattr("index.cuts.LEAST", 8)
    monkeypatch.setattr("index.writing.WORTH_IT", 4)
    if request.param == "graph":
        monkeypatch.setattr("index.writing.FLAT_LIMIT", 4)
    pages = write_pages(tmp_path / "pages", range(12))
    build(tmp_path / "store", pages, encoder=TokenDouble())
    return tmp_path


def test_harm_under_an_opened_store(made: Path, request: pytest.FixtureRequest) -> None:
    expected = answers(Store.open(made / "store"))
    program = CHILD.format(
        tests=str(Path(__file__).parent),
        # once with all rows read as they are needed, once with small matrices kept
        held=0 if "halves" in request.node.name else 6_000,
        folder=str(made),
        spare=str(made / "harmed"),
    )
    child = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert child.returncode == 0, child.stderr[-2000:]
    for harm, told in json.loads(child.stdout).items():
        kinds = {file.rpartition(".")[2].rpartition("/")[2] for file, _, _ in told}
        assert kinds - {"halves", "graph", "nodes"} == KINDS, kinds
        for file, what, said in told:
            refused = DAMAGED in said and "python -m index refresh" in said
            answered = expected if what.startswith("asked") else "done"
            assert refused or said in (answered, "unsound"), (harm, file, what, said)
            assert (what, said) != ("verified", "done"), "no harm is overlooked"
            if what.startswith("asked") and harm == "gone":
                assert said == expected, "an open file outlives its name"
            elif what.startswith("asked") and file.endswith(".tokens"):
                assert refused, "nothing is answered from what is harmed"


def tried(folder: Path, harm: str, spare: Path) -> list[tuple[str, str, str]]:
    """Harm one file of each kind in turn, and what is then said: the file, what was tried, and what
    came of it."""
    found = []
    for name in files_of(folder / "store"):
        for looked_at in (False, True):
            shutil.rmtree(spare, ignore_errors=True)
            shutil.copytree(folder / "store", spare)
            opened = Store.peek(spare)
            if looked_at:
                answers(opened)
            harm_file(spare / name, harm)
            each = (
                all_of(opened, folder / "pages")
                if looked_at
                else {"asked first": partial(answers, opened)}
            )
            found += [(name, what, outcome(run)) for what, run in each.items()]
    return found


def all_of(opened: Store, pages: Path) -> dict[str, Callable[[], object]]:
    """What may be done with a store, by the name of it."""
    return {
        "asked again": partial(answers, opened),
        "status": partial(describe, opened),
        "stale": opened.stale,
        "verified": partial(verify, opened.path, words=words()),
        "refreshed": partial(changed, opened.path, pages),
    }


def files_of(store: Path) -> list[str]:
    """The first file of each kind, by its path in the store, and all indexes."""
    folder = Store.peek(store).files.folder
    found: dict[str, str] = {}
    for path in sorted(folder.iterdir()):
        kind = path.name if path.suffix == ".index" else path.suffix
        found.setdefault(kind, str(path.relative_to(store)))
    return [*found.values(), "current"]


def harm_file(path: Path, harm: str) -> None:
    """In place, under whoever has it open."""
    if harm == "gone":
        path.unlink()
        return
    size = path.stat().st_size
    with path.open("r+b") as file:
        if harm == "zeros":
            file.write(bytes(size))
        else:
            file.truncate(size // 2 if harm == "half" else 0)


def outcome(run: Callable[[], object]) -> str:
    """What it gave, or the sentence that it was refused with."""
    try:
        given = run()
    except StoreError as error:
        return str(error)
    if isinstance(given, str):
        return given
    return "unsound" if getattr(given, "sound", True) is False else "done"


def changed(store: Path, pages: Path) -> RefreshReport:
    """A refresh with one page changed, and a question to what it left."""
    beside = store.parent / "beside"
    shutil.rmtree(beside, ignore_errors=True)
    shutil.copytree(pages, beside)
    (beside / "0003.txt").write_text(page(3, days=99), encoding="utf-8")
    report = build(store, beside, encoder=TokenDouble())
    answers(Store.open(store))
    return report


@pytest.mark.parametrize("seeking", [False, True])
def test_a_file_that_is_written_again_as_it_was_is_right(
    seeking: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the system cannot read at a place without going there."""
    if seeking:
        monkeypatch.setattr("index.blocks._pread", _read_at)
    path = tmp_path / "one"
    path.write_bytes(b"abcdef")
    block = Block(tmp_path, path, FileEntry.of(b"abcdef"))
    assert block.several([(0, 2), (3, 6)]) == [b"ab", b"def"]
    with path.open("r+b") as file:
        file.write(b"abcdef")
    assert block.read(1, 4) == b"bcd"
    assert bytes(block.whole()) == b"abcdef"
    with path.open("r+b") as file:
        file.write(b"x")
    for _ in range(2):
        with pytest.raises(StoreError, match="one 的内容与校验值不符"):
            block.read(1, 4)
    with pytest.raises(StoreError, match="one 的内容与校验值不符"):
        block.whole()
