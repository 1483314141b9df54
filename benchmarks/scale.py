"""What an engine costs at 10,000, 100,000 and 400,000 passages: build, open, memory, questions, a change.

    python -m benchmarks.scale [--sizes 10000 100000] [--engines folder edge] [--questions 200] [--keep DIR]

The passages are made up (``benchmarks.made_up``), with the shipped articles and the laws among them,
so that people's questions (``tests/quality/people``) find, judge and answer what they would. The
vectors of the shipped articles are the model's, computed once and kept in ``DIR``; those of the others
are drawn by chance, so that a build leaves the model out: ``benchmarks.ingest`` says what it adds. An engine is filled from
files, as a refresh does it; a folder without reading and drawing.

Every figure is one of a process of its own. Beside the clock stands the time of the processor, which
other work on the machine does not make longer: questions a second and processor follow from it.
``x n asks``: questions that ask so many things, each of which is searched by itself and then all together.
"""

from __future__ import annotations

import argparse
import json
import pickle
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from typing import Any

import psutil

from assistant import Assistant
from benchmarks.labels import read_rows
from benchmarks.made_up import SECTIONS, LineByLine, MadeUp, edit, make
from benchmarks.people import PEOPLE
from corpus.settings import Settings
from corpus.words import words
from index.encoder import BundledEncoder, open_encoder
from index.engine import Engine as Held
from index.engines import engine_at
from index.folder import Folder
from index.ingest.types import Encoder, Kind, Made, encode

MB = 2**20
SIZES = (10_000, 100_000)


@dataclass(frozen=True, slots=True)
class Engine:
    """Where an engine keeps what it holds, below a folder, as ``Assistant.open`` and ``engine_at`` are
    told of it."""

    address: Callable[[Path], Path | str]


ENGINES = {
    "folder": Engine(lambda where: where / "store"),
    "edge": Engine(lambda where: f"qdrant://{where.absolute()}/edge"),  # Qdrant in process
}


class Bank:
    """The bundled model, which keeps what it has computed in a file."""

    def __init__(self, encoder: BundledEncoder, path: Path) -> None:
        self._encoder, self._path = encoder, path
        self.model, self.dimension = encoder.model, encoder.dimension
        self.encode_question = encoder.encode_question
        self._known: dict[tuple[Kind, str], Any] = (
            pickle.loads(path.read_bytes()) if path.exists() else {}
        )

    def encode_queries(self, told: Sequence[str]) -> Made:
        return self._of("queries", told)

    def encode_passages(self, told: Sequence[str]) -> Made:
        return self._of("passages", told)

    def encode_tokens(self, told: Sequence[str]) -> list[Any]:
        return list(self._of("tokens", told))

    def _of(self, kind: Kind, told: Sequence[str]) -> Made:
        new = [text for text in dict.fromkeys(told) if (kind, text) not in self._known]
        if new:
            made = encode(self._encoder, kind, new)
            self._known.update(zip(((kind, text) for text in new), made, strict=True))
            self._path.write_bytes(pickle.dumps(self._known))
        return [self._known[kind, text] for text in told]


@dataclass
class Clock:
    """Milliseconds by the clock and of the processor, of one thing done several times."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def time(self, run: Callable[[], Any]) -> Any:
        wall, cpu = time.perf_counter(), time.process_time()
        found = run()
        self.wall.append(1000 * (time.perf_counter() - wall))
        self.cpu.append(1000 * (time.process_time() - cpu))
        return found

    def said(self) -> dict[str, float]:
        """p50 and p99 of both."""
        told: dict[str, float] = {"n": len(self.wall)}
        for name, times in (("wall", self.wall), ("cpu", self.cpu)):
            cuts = quantiles(times, n=100, method="inclusive") if len(times) > 1 else times * 99
            told |= {f"{name} p50": round(cuts[49], 2), f"{name} p99": round(cuts[98], 2)}
        return told


def build(engine: Engine, size: int, where: Path, bank: Path) -> dict[str, Any]:
    """Make the store; gives what that took, without the model."""
    encoder = open_encoder(Settings.from_environment())
    assert isinstance(encoder, BundledEncoder)
    held, clock, further = engine_at(engine.address(where)), Clock(), Clock()
    with Most(own_memory) as most:
        clock.time(lambda: fill(held, size, where / "made", encoder.model))
    shipped = [Settings.from_environment().articles]
    known: Encoder = Bank(encoder, bank)  # type: ignore[assignment]
    further.time(lambda: held.refresh(shipped, encoder=known))
    kept = [f.stat() for f in where.rglob("*") if f.is_file() and f.suffix != ".md"]
    disk = sum(512 * f.st_blocks for f in kept)  # an engine's files are longer than what is in them
    return {
        "build": clock.said(),
        "shipped added": further.said(),
        "disk MB": round(disk / MB),
        "MB of its own at most": most.value,
    }


def fill(store: Held, size: int, folder: Path, model: str) -> None:
    """Make it of made-up articles: a folder as it is written, an engine of files that it reads."""
    if isinstance(store, Folder):
        make(store.path, size, folder, model=model)
        return
    files = [edit(folder, number, "") for number in range(-(-size // SECTIONS))]
    store.refresh(files, encoder=MadeUp(model), words=LineByLine(words()))


def ask(engine: Engine, where: Path, count: int) -> dict[str, Any]:
    """Open the store and put people's questions to it."""
    settings = Settings.from_environment()
    encoder = open_encoder(settings)
    encoder.encode_queries(["医保"])
    before, opening = memory(), Clock()
    assistant = opening.time(
        lambda: Assistant.open(engine.address(where), settings=settings, encoder=encoder)
    )
    opened = memory()
    every = [row["question"] for path in sorted(PEOPLE.glob("*.jsonl")) for row in read_rows(path)]
    questions = every[:: max(1, len(every) // count)][:count]
    retriever = assistant.retriever
    find = retriever.find
    for question in questions[:10]:  # warm
        assistant.ask(question)
    finding = Clock()
    for question in questions:
        finding.time(lambda q=question: find(q, k=10))
    asking: dict[int, Clock] = {}
    for question in questions:
        calls: list[Any] = []
        retriever.find = lambda *a, calls=calls, **k: calls.append(find(*a, **k)) or calls[-1]
        clock = Clock()
        clock.time(lambda q=question: assistant.ask(q))
        asks = max(1, len(calls) - 1)
        whole, own = asking.setdefault(0, Clock()), asking.setdefault(asks, Clock())
        for into in (whole, own):
            into.wall += clock.wall
            into.cpu += clock.cpu
    said = {f"ask x {n} asks" if n else "ask": c.said() for n, c in sorted(asking.items())}
    return {
        "open": opening.said(),
        "MB beyond the model, opened": opened - before,
        "MB beyond the model, asked": memory() - before,
        "find": finding.said(),
        **said,
    }


def change(engine: Engine, where: Path) -> dict[str, Any]:
    """Edit one article of the made-up ones; the model left out."""
    made, clock = MadeUp(open_encoder(Settings.from_environment()).model), Clock()
    before, held = memory(), engine_at(engine.address(where))
    for n in range(3):
        path = edit(where / "made", n, f"另外：第{n}个窗口全天开放。")
        clock.time(lambda p=path: held.refresh([p], encoder=made))
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"one changed": clock.said(), "MB of it": round(most - before)}


class Most:
    """The most of a figure that is looked at every second meanwhile."""

    def __init__(self, figure: Callable[[], int]) -> None:
        self.value = 0
        self._figure, self._end = figure, threading.Event()
        self._watch = threading.Thread(target=self._look, daemon=True)

    def _look(self) -> None:
        while not self._end.wait(1.0):
            self.value = max(self.value, self._figure())

    def __enter__(self) -> Most:
        self._watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._watch.join()


def own_memory() -> int:
    """MB in memory that no file could give back: an engine maps its files, which count as memory of this process and
    are let go as soon as another needs it. Linux."""
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Anonymous")) // 1024


def memory() -> int:
    """MB in memory, of this process."""
    return round(psutil.Process().memory_info().rss / MB)


def stage(name: str, engine: str, size: int, where: Path, rest: Sequence[str]) -> dict[str, Any]:
    """One stage in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.scale", "--stage", name, "--engines", engine]
    given = ["--sizes", str(size), "--keep", str(where), *rest]
    done = subprocess.run([*command, *given], stdout=subprocess.PIPE, check=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--engines", nargs="+", choices=sorted(ENGINES), default=["folder"])
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--stage", choices=["build", "ask", "change"], help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.stage:
        where, engine = args.keep / f"{args.engines[0]}-{args.sizes[0]}", ENGINES[args.engines[0]]
        where.mkdir(parents=True, exist_ok=True)
        stages: dict[str, Callable[[], dict[str, Any]]] = {
            "build": lambda: build(engine, args.sizes[0], where, args.keep / "shipped.pickle"),
            "ask": lambda: ask(engine, where, args.questions),
            "change": lambda: change(engine, where),
        }
        print(json.dumps(stages[args.stage]()))
        return
    with tempfile.TemporaryDirectory() as temporary:
        keep = args.keep or Path(temporary)
        for engine in args.engines:
            for size in args.sizes:
                print(f"{engine}, {size:,} made-up passages", flush=True)
                for name in ("build", "ask", "change"):
                    rest = ["--questions", str(args.questions)]
                    for what, found in stage(name, engine, size, keep, rest).items():
                        print(f"    {what:28} {found}", flush=True)


if __name__ == "__main__":
    main()
