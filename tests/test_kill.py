"""A refresh that is killed at any moment leaves the old store or the new one.

A child process refreshes a store to and fro between two states and is killed with SIGKILL: before
each operation on the disk in turn, and at random moments. What is found then must open, and answer
byte for byte as a fresh build of one of the two states does.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from store_kit import TokenDouble, answers, two_statutes, write_pages
from store_kit import build as build_with

from corpus.errors import StoreError
from index.store import Store

pytestmark = pytest.mark.skipif(
    not hasattr(signal, "SIGKILL"), reason="Windows has no signal that cannot be caught"
)

RANDOM_KILLS = 100

CHILD = """
import json, os, signal, sys
from pathlib import Path

sys.path.insert(0, {tests!r})
import index.cuts
import index.refresh
from corpus.errors import InputError
from corpus.reading import reader
from corpus.reading.opener import Opener
from index import files
from test_kill import build
from store_kit import two_statutes

index.refresh.statutes = two_statutes
reader.read_with = lambda files, jobs: (reader.read_one(file, opener) for file in files)
index.cuts.LEAST = 4  # several pieces, most of which are taken over by a link
os.fsync = lambda handle: None  # a process is killed here, not the machine
opener = Opener()  # read here: a process that reads takes longer to start than all the rest
store, states = Path({store!r}), [Path(p) for p in {states!r}]


def run(state, kill_at):
    left = [kill_at]

    def step(operation, path):
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left[0] -= 1

    files.step = step
    build(store, state, states[0].parent / "common")
    other = states[1] if state == states[0] else states[0]
    try:
        build(store, other, remove=True)
    except InputError:  # the store that was killed had nothing of it
        pass
    return kill_at - left[0]


for line in sys.stdin:
    order = json.loads(line)
    if "fork" not in order:
        print(run(states[order["state"]], -1), flush=True)
        continue
    # a fork of a process that has everything loaded: a hundred starts would take minutes
    child = os.fork()
    if not child:
        n = 0
        while True:
            run(states[(order["state"] + n) % 2], order["kill_at"])
            n += 1
            if order["kill_at"] >= 0:
                os._exit(0)
    print(child, flush=True)
    os.waitpid(child, 0)
    print("ended", flush=True)
"""


def build(store: Path, *paths: Path, remove: bool = False) -> None:
    """With tokens, of which a store holds most."""
    build_with(store, *paths, encoder=TokenDouble(), remove=remove)


class Refresher:
    """A process that refreshes the store in forks of itself."""

    def __init__(self, store: Path, states: list[Path]) -> None:
        code = CHILD.format(
            tests=str(Path(__file__).parent), store=str(store), states=[str(s) for s in states]
        )
        root = str(Path(__file__).resolve().parent.parent)
        self.process = subprocess.Popen(
            [sys.executable, "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=root,
            env={**os.environ, "PYTHONPATH": root, "OMP_NUM_THREADS": "1"},
        )

    def ask(self, **order: int) -> str:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return self.listen()

    def listen(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def kill_after(self, seconds: float, state: int) -> None:
        child = int(self.ask(fork=1, state=state, kill_at=-1))
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
        assert self.listen() == "ended"

    def kill_before_operation(self, at: int, state: int) -> None:
        self.ask(fork=1, state=state, kill_at=at)
        assert self.listen() == "ended"


@pytest.fixture
def states(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    monkeypatch.setattr("index.refresh.statutes", two_statutes)
    write_pages(tmp_path / "common", range(3))
    return [write_pages(tmp_path / "a", [10, 11]), write_pages(tmp_path / "b", [20])]


@pytest.fixture
def expected(tmp_path: Path, states: list[Path]) -> set[str]:
    """The answers of fresh builds of every state that there can be."""
    common, (a, b) = tmp_path / "common", states
    found = set()
    for number, paths in enumerate(((common, a), (common, b), (common, a, b))):
        build(tmp_path / f"fresh{number}", *paths)
        found.add(answers(Store.open(tmp_path / f"fresh{number}")))
    assert len(found) == 3
    return found


@pytest.fixture
def refresher(tmp_path: Path, states: list[Path]) -> Iterator[Refresher]:
    build(tmp_path / "store", tmp_path / "common", states[0])
    found = Refresher(tmp_path / "store", states)
    found.ask(state=1)
    found.ask(state=0)
    yield found
    assert found.process.stdin is not None
    found.process.stdin.close()
    found.process.wait()
    assert found.process.stdout is not None
    found.process.stdout.close()


def test_killed_at_random_moments(
    tmp_path: Path, refresher: Refresher, expected: set[str], states: list[Path]
) -> None:
    choose = random.Random(7)
    refresher.kill_before_operation(10_000, state=1)  # comes to its end: there are not so many
    begun = time.monotonic()  # the first does less than all after it
    refresher.kill_before_operation(10_000, state=0)
    once = time.monotonic() - begun
    seen = set()
    for n in range(RANDOM_KILLS):
        refresher.kill_after(choose.random() * once * 1.5, state=n % 2)
        seen.add(answers(Store.open(tmp_path / "store")))
    assert seen <= expected
    assert len(seen) > 1, "some kills came before the switch and some after it"
    build(tmp_path / "store", tmp_path / "common", states[0])
    build(tmp_path / "store", tmp_path / "common", states[1])
    assert len(list((tmp_path / "store" / "generations").iterdir())) == 1


def test_killed_before_each_operation(
    tmp_path: Path, refresher: Refresher, expected: set[str]
) -> None:
    store, kept = tmp_path / "store", tmp_path / "kept"
    shutil.copytree(store, kept)
    operations = int(refresher.ask(state=1))
    assert operations > 30
    seen = []
    for at in range(operations):
        shutil.rmtree(store)
        shutil.copytree(kept, store)
        refresher.kill_before_operation(at, state=1)
        found = answers(Store.open(store))
        assert found in expected
        seen.append(found)
    assert seen[0] == answers(Store.open(kept))
    assert seen[-1] != seen[0]


def test_killed_while_a_first_store_is_made(
    tmp_path: Path, refresher: Refresher, expected: set[str], states: list[Path]
) -> None:
    """There was no store: then there is none, which is said, or a whole one."""
    store = tmp_path / "store"
    shutil.rmtree(store)
    operations = int(refresher.ask(state=1))
    unmade = 0
    moments = [*range(0, operations - 1, 3), operations - 1]
    for at in moments:
        shutil.rmtree(store)
        refresher.kill_before_operation(at, state=1)
        try:
            opened = Store.open(store)
        except StoreError:
            unmade += 1
            build(store, tmp_path / "common", states[1])
            opened = Store.open(store)
        assert opened.size
    assert 0 < unmade < len(moments)
