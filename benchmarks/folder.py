"""What a folder of many passages costs: to open, to ask for the first time, to change one article.

    python -m benchmarks.folder STORE [--passages 40000]

Over a store of ``benchmarks.made_up``, which is written where there is none. Each line is measured in a
process of its own that has loaded all programs, the dictionary and the laws before, and asks and changes
with made-up vectors: the model is left out, and so is the start of the process that reads files, which
``python -m index refresh`` has started while the model opens. Memory is what the process's greatest holding grew by. Seconds
of the processor stand beside those of the clock, and both beside those of reading every byte of the store
once and comparing it with its hash, which opening did before.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.made_up import MadeUp, edit, made_article, make
from corpus.reading import start_early
from corpus.settings import Settings
from corpus.statutes import statutes
from corpus.words import words
from index.late import late_scores
from index.marks import mark
from index.refresh import refresh
from index.store import Store
from index.types import Probe, Query, Term

CHANGED = 7
"""The article that is changed."""
READY = 3.0
"""Seconds that the process that reads files is given to start, as it starts beside the model."""


def taken(run: Callable[[], object]) -> dict[str, float]:
    """Seconds of the processor and of the clock, and MB that the greatest holding grew by."""
    held, cpu, begun = held_most(), time.process_time(), time.perf_counter()
    run()
    return {
        "cpu": time.process_time() - cpu,
        "clock": time.perf_counter() - begun,
        "MB": held_most() - held,
    }


def held_most() -> float:
    """MB that the process held at most since the last look, and a new count from now on."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    most = int(status.split("VmHWM:")[1].split()[0]) / 1024
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return most


def measure(what: str, store: Path) -> dict[str, float]:
    """One of the lines, in this process."""
    encoder, cutter = MadeUp(), words(Settings.from_environment())
    cutter.keywords("停保怎么办")
    statutes()
    _, passages = made_article(CHANGED)
    for passage in passages:
        mark(passage)
    held_most()
    if what == "read all":
        return taken(lambda: Store.peek(store).files.check_all())
    if what == "open":
        opened: list[Store] = []
        return taken(lambda: opened.append(Store.peek(store)))
    if what == "first question":
        found = Store.peek(store)
        return taken(lambda: ask(found, encoder))
    path = edit(store / "made", CHANGED, f"另外：到{time.time_ns()}号窗口办理。")
    start_early()
    time.sleep(READY)
    return taken(lambda: refresh(store, [path], encoder=encoder))


def ask(store: Store, encoder: MadeUp) -> None:
    """What a search asks a store for."""
    article, passages = made_article(CHANGED)
    vector, tokens = encoder.encode_question(article.title)
    assert tokens is not None
    terms = [Term(word) for word in words(Settings.from_environment()).keywords(passages[0].text)]
    (matches,) = store.match([Query(terms, k=100)])
    assert matches.words
    (found,) = store.search([Probe(vector, matches.words.numbers, 100, 100)])
    seen = store.passages(found.near.numbers.tolist())
    late_scores(tokens, [one.codes for one in seen if one.codes is not None])


LINES = ("read all", "open", "first question", "one change", "one change more")


def main() -> None:
    """Print a line for each measurement."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.folder")
    parser.add_argument("store", type=Path)
    parser.add_argument("--passages", type=int, default=40_000)
    parser.add_argument("--only", choices=LINES)
    args = parser.parse_args()
    if args.only:
        print(json.dumps(measure(args.only, args.store)))
        return
    if not Store.exists(args.store):
        make(args.store, args.passages, args.store / "made")
    print(f"{Store.peek(args.store).size:,} passages")
    unit = 0.0
    for line in LINES:
        command = [sys.executable, "-m", "benchmarks.folder", str(args.store), "--only", line]
        said = subprocess.run(command, check=True, capture_output=True, text=True, env=os.environ)
        found = json.loads(said.stdout)
        unit = unit or found["cpu"]
        share = found["cpu"] / unit
        print(
            f"{line:16}{found['cpu']:8.3f} s CPU{found['clock']:9.3f} s{found['MB']:8.0f} MB"
            f"{share:8.2f} of reading all",
            flush=True,
        )


if __name__ == "__main__":
    main()
