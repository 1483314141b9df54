"""What a refresh costs: one change to a store of 100, 1,000 and 10,000 articles.

    python -m benchmarks.refresh [--sizes 100 1000 10000] [--graph 100000]

The articles are put together from paragraphs of the corpus. Embedding all of them would take long,
so they get vectors out of a hash, and the model embeds a sample of the very same texts; a time is
what was measured without the model plus so many texts at the sample's pace. A change is all that the
command does once the model is loaded, the saved check questions before and after included. Seconds
of the processor stand beside those of the clock, which other work on the machine makes longer; the
share of a build that is not embedding is one of the former. ``--graph``: what a change costs in the
HNSW graph over so many rows, and what it does to its recall.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.reading import read
from corpus.settings import Settings
from corpus.words import Words, words
from index.checks import Checks, read_checks
from index.encoder import Encoder, open_encoder
from index.graph import MOST_BESIDE, MOST_GONE, Graph, Nodes
from index.refresh import refresh
from index.rows import Rows
from index.store import Store
from index.vectors import Vectors

ROUNDS = 3  # the quickest of three: other work on the machine only ever adds
SAMPLE = 48  # texts of each kind that the model embeds to learn its pace


class Hashed:
    """Unit vectors out of a hash of the text, in microseconds. It remembers what it was given."""

    def __init__(self, model: Encoder) -> None:
        self.model = f"{model.model}/hashed"
        self.dimension = model.dimension
        self.queries: list[str] = []
        self.passages: list[str] = []

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n, dim) float32."""
        self.queries += texts
        return self._rows(texts)

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n, dim) float32."""
        self.passages += texts
        return self._rows(texts)

    def _rows(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = np.empty((len(texts), self.dimension), np.float32)
        for row, text in zip(rows, texts, strict=True):
            seed = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")
            row[:] = np.random.default_rng(seed).standard_normal(self.dimension, np.float32)
        unit: NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return unit

    def model_cost(self, model: Encoder) -> Cost:
        """What the model would take for all that was given since the last call."""
        whole = Cost()
        for texts, encode in (
            (self.queries, model.encode_queries),
            (self.passages, model.encode_passages),
        ):
            sample = random.Random(0).sample(texts, min(SAMPLE, len(texts)))
            if sample:
                whole += timed(partial(encode, sample)) * (len(texts) / len(sample))
            texts.clear()
        return whole


@dataclass(frozen=True, slots=True, order=True)
class Cost:
    """Seconds of the processor, in this process and its children, and of the clock."""

    cpu: float = 0.0
    wall: float = 0.0

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.cpu + other.cpu, self.wall + other.wall)

    def __mul__(self, times: float) -> Cost:
        return Cost(self.cpu * times, self.wall * times)

    def __str__(self) -> str:
        return f"{self.wall:8.2f} s   {self.cpu:8.2f} s CPU"


@dataclass(frozen=True, slots=True)
class Row:
    """Costs for one size. ``embedding``: what the model would take for a full build."""

    articles: int
    passages: int
    build: Cost
    embedding: Cost
    changes: dict[str, Cost]

    def to_text(self) -> str:
        whole = self.build + self.embedding
        share = self.build.cpu / whole.cpu
        lines = [
            f"{self.articles:,} articles, {self.passages:,} passages; of a full build {share:.1%} "
            "is not embedding"
        ]
        costs = {"full build": whole, **self.changes}
        return "\n".join([*lines, *(f"    {name:16} {cost}" for name, cost in costs.items())])


def paragraphs(settings: Settings) -> list[str]:
    """Lines of the corpus that are long enough to say something."""
    texts = (article.text for article in read([settings.articles]).articles)
    lines = (line.strip() for text in texts for line in text.splitlines())
    return sorted({line for line in lines if 15 < len(line) < 120 and line[0] not in "#|-"})


def write_articles(folder: Path, lines: Sequence[str], count: int, *, first: int = 0) -> None:
    """``count`` Markdown files of real paragraphs, under headings, no two alike."""
    folder.mkdir(parents=True, exist_ok=True)
    for n in range(first, first + count):
        choose = random.Random(n)
        a, b, c, d, e, f = choose.sample(lines, 6)
        head = f"# 第{n}问：{a[:24]}\n\n{b}\n\n"
        steps = f"## 办理步骤\n\n1. {c}\n2. {d}\n3. {e}\n\n## 注意事项\n\n{f}\n"
        (folder / f"{n:06}.md").write_text(head + steps, encoding="utf-8")


def timed(run: Callable[[], object]) -> Cost:
    cpu, wall = sum(os.times()[:4]), time.perf_counter()
    run()
    return Cost(sum(os.times()[:4]) - cpu, time.perf_counter() - wall)


def measure(size: int, lines: Sequence[str], model: Encoder, cutter: Words) -> Row:
    """Build a store of ``size`` articles and change one thing after another."""
    encoder = Hashed(model)
    checks = Checks(read_checks(), encoder, cutter, today=date.today())
    with tempfile.TemporaryDirectory() as temporary:
        pages, store = Path(temporary) / "pages", Path(temporary) / "store"
        write_articles(pages, lines, size)
        build = timed(lambda: refresh(store, [pages], encoder=encoder))
        embedding = encoder.model_cost(model)

        def change(make: Callable[[int], object]) -> Cost:
            taken = []
            for n in range(ROUNDS):
                make(n)
                cost = timed(lambda: refresh(store, [pages], encoder=encoder, checks=checks))
                taken.append(cost + encoder.model_cost(model))
            return min(taken)

        def edit(n: int) -> None:
            path = pages / "000000.md"
            text = path.read_text(encoding="utf-8")
            path.write_text(f"{text}\n另外：第{n}个窗口全天开放。\n", encoding="utf-8")

        changes = {
            "nothing": change(lambda n: None),
            "one added": change(lambda n: write_articles(pages, lines, 1, first=size + n)),
            "one edited": change(edit),
            "one renamed": change(lambda n: (pages / f"{n + 1:06}.md").rename(pages / f"r{n}.md")),
            "one removed": change(lambda n: (pages / f"r{n}.md").unlink()),
            "opening": timed(lambda: Store.open(store)),
        }
        passages = Store.open(store).size
    return Row(size, passages, build, embedding, changes)


class Rowed:
    """A graph over rows that change, and what each step took. ``lines``: what is printed."""

    def __init__(self, size: int) -> None:
        self._near = np.random.default_rng(0).standard_normal((size // 30, 384))
        self.matrix = self.rows(size, 1)
        made: list[Graph] = []
        cost = timed(lambda: made.append(Graph.build(Rows.of(self.matrix))))
        self.graph = made[0]
        self.lines = [f"graph over {size:,} rows"]
        self.say("built", cost)

    def rows(self, count: int, seed: int) -> NDArray[np.float32]:
        """Such as lie in clusters of 30."""
        draw, near = np.random.default_rng(seed), self._near
        found = near[draw.integers(0, len(near), count)] + 0.9 * draw.standard_normal((count, 384))
        unit: NDArray[np.float32] = found.astype(np.float32)
        return unit / np.linalg.norm(unit, axis=1, keepdims=True)

    def change(self, name: str, stay: NDArray[np.int64], new: int) -> None:
        """Only some rows stay, and others come."""
        origin = np.append(stay, np.full(new, -1))
        matrix, links = self.matrix[origin], self.graph.to_bytes()
        matrix[origin < 0] = self.rows(new, 2)
        nodes: list[Nodes] = []
        cost = timed(lambda: nodes.append(self.graph.nodes.moved(origin)))
        self.matrix, self.graph = matrix, Graph.from_bytes(links, nodes[0], Rows.of(matrix))
        self.say(name, cost)

    def grow(self) -> None:
        """Make nodes of all rows."""
        grown: list[Graph] = []
        cost = timed(lambda: grown.append(self.graph.grown()))
        self.graph = grown[0]
        self.say("grown", cost)

    def say(self, name: str, cost: Cost) -> None:
        """A line: what it took, what a search finds and takes."""
        vectors = Vectors(Rows.of(self.matrix), graph=lambda: self.graph)
        asked = self.rows(101, 3)
        vectors.nearest(asked[0], 100)
        each = timed(lambda: [vectors.nearest(one, 100) for one in asked[1:]])
        found = f"recall@10 {vectors.recall():.4f}, {10 * each.cpu:.1f} ms CPU a search"
        self.lines.append(f"    {name:20} {cost}   {found}")


def measure_graph(size: int) -> str:
    """One row gone and one new; so many new that the links grow; then a fifth of all gone."""
    over, grow = Rowed(size), int(size * MOST_BESIDE) + 1
    over.change("one gone, one new", np.arange(1, size), 1)
    over.change(f"{grow:,} new", np.arange(size), grow)
    over.grow()
    stay = np.random.default_rng(4).permutation(size + grow)[: int(size * (1 - MOST_GONE))]
    over.change("a fifth gone", np.sort(stay), 0)
    return "\n".join(over.lines)


def main() -> None:
    """Print a block for each size."""
    parser = argparse.ArgumentParser(description="What a refresh costs.")
    parser.add_argument("--sizes", type=int, nargs="*", default=[100, 1_000, 10_000])
    parser.add_argument("--graph", type=int, nargs="*", default=[])
    arguments = parser.parse_args()
    for size in arguments.graph:
        print(measure_graph(size), flush=True)
    settings = Settings.from_environment()
    model = open_encoder(settings)
    lines = paragraphs(settings)
    cutter = words(settings)
    # whatever is made at the first use only
    model.encode_passages(lines[:4])
    cutter.keywords(lines[0])
    for size in arguments.sizes:
        print(measure(size, lines, model, cutter).to_text(), flush=True)


if __name__ == "__main__":
    main()
