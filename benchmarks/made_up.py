"""Writes a store of made-up passages, quickly: for what the size of a store costs.

    python -m benchmarks.made_up STORE PASSAGES [--model IDENTITY]

Lines of our own articles, put together by chance into articles of ``SECTIONS`` passages, no two
alike; vectors in clusters; tokens of the number and the width of real ones. Reading, drawing and the
model are left out, all else is what a refresh writes: the store may be opened, asked, verified without
an encoder, and refreshed with ``MadeUp`` as the encoder. Article n lies at ``place(folder, n)`` as far
as the store knows; ``edit`` writes the file of one with another line, for a change.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import time
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from corpus.reading.version import READER_VERSION
from corpus.settings import ROOT, Settings
from corpus.statutes import statutes
from corpus.types import Article, Passage, Source
from corpus.words import Words, words
from index import texts
from index.blocks import Writer
from index.build import Lines, embed, identity, plan
from index.generations import begin, publish
from index.late import Basis, Codes, Matrix, basis
from index.ledger import Item, Ledger
from index.locks import refreshing
from index.marks import Marks, mark
from index.records import dumps
from index.sourcefiles import written
from index.sources import SourceFile, place_of
from index.table import Row
from index.writing import write

SECTIONS = 3
"""Passages of an article; beside its title it has one question."""
LINES = 3
"""Lines of a passage: with its heading some 150 characters and 95 tokens, as the shipped ones."""
CLUSTERS, SPREAD = 500, 0.9
BANK = 4096
"""Tokens that there are."""
PACE = 0.65
"""Tokens of a character."""
MARKED = 500
"""Passages that are marked in truth; others have the marks of one of them."""


class MadeUp:
    """Stands for the bundled model: vectors and tokens out of a hash of the text, in microseconds."""

    dimension = 384

    def __init__(self, model: str = "made-up") -> None:
        self.model = model
        draw = np.random.default_rng(0)
        self._centers = draw.standard_normal((CLUSTERS, self.dimension)).astype(np.float32)
        states = draw.standard_normal((BANK, self.dimension)).astype(np.float32)
        own: Basis = basis()
        self._codes, self._asked = own.codes(states), own.asked(states)

    def encode_queries(self, asked: Sequence[str]) -> Matrix:
        """(n, dim) float32 of unit length."""
        return self._vectors(asked)

    def encode_passages(self, told: Sequence[str]) -> Matrix:
        """(n, dim) float32 of unit length."""
        return self._vectors(told)

    def encode_question(self, text: str) -> tuple[Matrix, Matrix | None]:
        """As ``index.late.TokenAsker`` says."""
        return self._vectors([text])[0], self._asked[self._tokens(text)]

    def encode_tokens(self, told: Sequence[str]) -> list[Codes]:
        """(tokens, WIDTH) of each text."""
        return [self._codes[self._tokens(text)] for text in told]

    def _vectors(self, each: Sequence[str]) -> Matrix:
        rows = np.empty((len(each), self.dimension), np.float32)
        for row, text in zip(rows, each, strict=True):
            draw = _by_chance(text)
            noise = draw.standard_normal(self.dimension, np.float32)
            row[:] = self._centers[draw.integers(CLUSTERS)] + SPREAD * noise
        unit: Matrix = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return unit

    def _tokens(self, text: str) -> np.ndarray:
        return _by_chance(text).integers(0, BANK, max(1, round(PACE * len(text))))


def _by_chance(text: str) -> np.random.Generator:
    """The same for the same text, on any machine."""
    digest = hashlib.blake2b(text.encode("utf-8"), digest_size=8).digest()
    return np.random.default_rng(int.from_bytes(digest, "big"))


class LineByLine:
    """Cuts each line once: the same lines come again and again."""

    def __init__(self, cutter: Words) -> None:
        self._keywords = lru_cache(maxsize=None)(cutter.keywords)
        self._bigrams = lru_cache(maxsize=None)(cutter.bigrams)

    def keywords(self, text: str) -> list[str]:
        return [word for line in text.split("\n") for word in self._keywords(line)]

    def bigrams(self, text: str) -> list[str]:
        return [pair for line in text.split("\n") for pair in self._bigrams(line)]


@lru_cache(maxsize=1)
def our_lines() -> list[str]:
    """Sentences of our own articles, each once."""
    files = sorted((ROOT / "corpus" / "articles").rglob("*.md"))
    found = {line.strip("- 　") for file in files for line in file.read_text("utf-8").splitlines()}
    return sorted(line for line in found if 20 < len(line) < 90 and line[0] not in "#|-[0123456789")


def place(folder: Path, number: int) -> Path:
    """Where the file of an article would lie."""
    return folder / f"{number:07}.md"


def made_article(number: int) -> tuple[Article, tuple[Passage, ...]]:
    """Article n, the same at any time, and its passages."""
    draw, lines = random.Random(number), our_lines()
    name = place(Path(), number).name
    title = f"第{number}问：{draw.choice(lines)[:24]}"
    parts: list[tuple[str, str]] = []
    for n in range(SECTIONS):
        first, *others = draw.sample(lines, LINES + 1)
        body = "\n".join([f"第{number}号第{n}件事。", *others])
        parts.append((f"{first[:12]}", body))
    text = "\n\n".join(f"## {heading}\n\n{body}" for heading, body in parts)
    source = Source("", name, title=title, kept=True)
    asked = (f"{number}号{draw.choice(lines)[:18]}怎么办",)
    article = Article(name, title, text, source, sources=(source,), questions=asked)
    passages, end = [], 0
    for heading, body in parts:
        start = end + len(f"## {heading}\n\n")
        end = start + len(body)
        passages.append(Passage(article, start, end, heading=(heading,)))
        end += 2
    return article, tuple(passages)


def edit(folder: Path, number: int, said: str) -> Path:
    """Write the file of an article, with one line more than the store knows."""
    article, _ = made_article(number)
    path = place(folder, number)
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(f"# {article.title}\n\n{article.text}\n{said}\n", encoding="utf-8")
    return path


def make(store: Path, passages: int, folder: Path, *, model: str = "made-up") -> MadeUp:
    """Write a store of so many passages, as if its files lay in ``folder``. ``model``: the identity
    of the model that is to have made it. Gives the encoder that refreshes and asks it."""
    encoder = MadeUp(model)
    cutter = LineByLine(words(Settings.from_environment()))
    numbers = range(-(-passages // SECTIONS))
    drawn, sources = _drawn(numbers, folder)
    ledger = Ledger.of(sources, None)
    laws = sorted(statutes(), key=lambda article: article.id)
    items = [Item(place(Path(), n).name, None) for n in numbers]
    plans = [
        plan("articles", items, model, None, tokens=True, drawn=drawn),
        plan("statutes", [Item(law.id, law) for law in laws], model, None),
    ]
    made = embed(plans, encoder, lambda *_: None)
    store.mkdir(parents=True, exist_ok=True)
    with refreshing(store):
        building = begin(store)
        writer = Writer(building)
        written(ledger, None).write(writer, None)
        manifest = write(
            writer,
            plans,
            made,
            generation=identity(plans, model),
            encoder=encoder,
            words=cutter,
            progress=lambda *_: None,
        )
        publish(store, building, manifest)
    return encoder


def _drawn(numbers: Sequence[int], folder: Path) -> tuple[Lines, dict[str, SourceFile]]:
    """The rows of all articles, and the files that they are said to come of."""
    marked = list(_marks(numbers))
    rows, lines, counts, sources = {}, {}, [], {}
    for n in numbers:
        article, passages = made_article(n)
        marks = tuple(marked[(n * SECTIONS + at) % len(marked)] for at in range(SECTIONS))
        rows[n] = Row(article, passages, (), marks)
        lines[n] = rows[n].to_line().encode("utf-8")
        counts.append((SECTIONS, len(texts.question_texts(article))))
        at = place_of(place(folder, n))
        told = (dumps(article).encode("utf-8"),)
        sources[at] = SourceFile(at, article.id, "", READER_VERSION, told)
    return Lines(lines, np.array(counts), np.full(len(rows), -1, np.int64), rows), sources


def _marks(numbers: Sequence[int]) -> Iterator[Marks]:
    for n in numbers[: -(-MARKED // SECTIONS)]:
        yield from map(mark, made_article(n)[1])


def main() -> None:
    """Write one and say what it took."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.made_up")
    parser.add_argument("store", type=Path)
    parser.add_argument("passages", type=int)
    parser.add_argument("--model", default="made-up")
    args = parser.parse_args()
    begun = time.perf_counter()
    make(args.store, args.passages, args.store / "made", model=args.model)
    whole = sum(f.stat().st_size for f in args.store.rglob("*") if f.is_file())
    print(f"{args.passages:,} passages: {time.perf_counter() - begun:.0f} s, {whole / 1e6:,.0f} MB")


if __name__ == "__main__":
    main()
