"""What a refresh costs: one change to a store of 100, 1,000 and 10,000 articles.

    python -m benchmarks.refresh [--sizes 100 1000 10000]

The articles are put together from paragraphs of the corpus. Embedding all of them would take long,
so they get vectors out of a hash, and the model embeds a sample of the very same texts; a time is
what was measured without the model plus so many texts at the sample's pace. Figures that a machine
does not decide alone are printed as ratios: of the build to embedding, of a change to the build.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.reading import read
from corpus.settings import Settings
from corpus.words import words
from index.encoder import Encoder, open_encoder
from index.refresh import refresh
from index.report import RefreshReport
from index.store import Store

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

    def model_seconds(self, model: Encoder) -> float:
        """What the model would take for all that was given since the last call."""
        seconds = 0.0
        for texts, encode in (
            (self.queries, model.encode_queries),
            (self.passages, model.encode_passages),
        ):
            sample = random.Random(0).sample(texts, min(SAMPLE, len(texts)))
            begun = time.perf_counter()
            if sample:
                encode(sample)
                seconds += (time.perf_counter() - begun) / len(sample) * len(texts)
            texts.clear()
        return seconds


@dataclass(frozen=True, slots=True)
class Row:
    """Seconds for one size. ``embedding``: what the model would take for a full build."""

    articles: int
    passages: int
    build: float
    embedding: float
    changes: dict[str, float]

    def to_text(self) -> str:
        whole = self.build + self.embedding
        lines = [
            f"{self.articles:,} articles, {self.passages:,} passages: full build "
            f"{whole:.0f} s, of it not embedding {self.build / whole:.1%}"
        ]
        for name, seconds in self.changes.items():
            lines.append(f"    {name:22} {seconds:7.2f} s   {seconds / whole:.5f} of a full build")
        return "\n".join(lines)


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


def timed(run: Callable[[], RefreshReport]) -> tuple[float, RefreshReport]:
    begun = time.perf_counter()
    report = run()
    return time.perf_counter() - begun, report


def measure(size: int, lines: Sequence[str], model: Encoder) -> Row:
    """Build a store of ``size`` articles and change one thing after another."""
    encoder = Hashed(model)
    with tempfile.TemporaryDirectory() as temporary:
        pages, store = Path(temporary) / "pages", Path(temporary) / "store"
        write_articles(pages, lines, size)
        build, report = timed(lambda: refresh(store, [pages], encoder=encoder))
        embedding = encoder.model_seconds(model)

        def change(make: Callable[[int], object]) -> float:
            taken = []
            for n in range(ROUNDS):
                make(n)
                seconds, _ = timed(lambda: refresh(store, [pages], encoder=encoder))
                taken.append(seconds + encoder.model_seconds(model))
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
        }
        begun = time.perf_counter()
        Store.open(store)
        changes["opening"] = time.perf_counter() - begun
    return Row(size, report.passages, build, embedding, changes)


def main() -> None:
    """Print a block for each size."""
    parser = argparse.ArgumentParser(description="What a refresh costs.")
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 1_000, 10_000])
    arguments = parser.parse_args()
    settings = Settings.from_environment()
    model = open_encoder(settings)
    lines = paragraphs(settings)
    model.encode_passages(lines[:4])
    words(settings)
    for size in arguments.sizes:
        print(measure(size, lines, model).to_text(), flush=True)


if __name__ == "__main__":
    main()
