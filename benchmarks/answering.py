"""What an answer costs beside the encoding of its question, over a store of 10,000 passages.

    python -m benchmarks.answering [--passages 10000] [--store DIR] [--save FILE]

The passages are lines of the corpus, each section filled from sections of the same name, no two
articles alike. Embedding them all would take long, so each distinct line is embedded once and a
passage's vector is the mean of its lines'; questions are encoded by the real model. All times are
printed as ratios to the encoding of the same questions in the same run: a machine alone decides
nothing. ``--store`` keeps the store there and takes it up again; ``--save`` writes every
answer as JSON, to be compared byte for byte with those of other code.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant import Assistant
from benchmarks.labels import QUALITY, read_rows
from corpus.reading import read
from corpus.settings import Settings
from corpus.words import words
from index.encoder import Encoder, open_encoder
from index.late import TokenEncoder, question_vectors
from index.question import read_question
from index.refresh import refresh
from index.store import Store

TODAY = date(2026, 11, 21)
PER_ARTICLE = 6.0  # passages that an article of this making is cut into
HITS = 10  # as many as an answer looks at
FIRST = 100
"""Questions to a store that has just been opened."""


class Pieced:
    """Vectors of passages put together out of those of their lines. Questions as the model does."""

    def __init__(self, model: Encoder) -> None:
        self.model = model.model
        self.dimension = model.dimension
        self._encoder = model
        self._known: dict[tuple[str, str], NDArray[np.float32]] = {}
        self._codes: dict[str, NDArray[np.int8]] = {}

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n, dim) float32."""
        return self._rows("query", texts)

    def encode_passages(self, texts: Sequence[str], **_: object) -> NDArray[np.float32]:
        """(n, dim) float32."""
        return self._rows("passage", texts)

    def encode_question(self, text: str) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
        """As the model does."""
        return question_vectors(self._encoder, text)

    def encode_tokens(self, texts: Sequence[str]) -> list[NDArray[np.int8]]:
        """The codes of a passage's lines, one after the other."""
        assert isinstance(self._encoder, TokenEncoder)
        lines = [[line for line in text.splitlines() if line.strip()] or ["无"] for text in texts]
        new = [x for x in dict.fromkeys(chain.from_iterable(lines)) if x not in self._codes]
        self._codes.update(zip(new, self._encoder.encode_tokens(new), strict=True))
        return [np.concatenate([self._codes[line] for line in some]) for some in lines]

    def _rows(self, kind: str, texts: Sequence[str]) -> NDArray[np.float32]:
        lines = [[line.lstrip("#-0123456789. ") for line in t.splitlines()] for t in texts]
        lines = [[line for line in some if line] or ["无"] for some in lines]
        new = [x for x in dict.fromkeys(chain.from_iterable(lines)) if (kind, x) not in self._known]
        encode = self._encoder.encode_queries if kind == "query" else self._encoder.encode_passages
        for line, row in zip(new, encode(new) if new else (), strict=True):
            self._known[kind, line] = row
        rows = np.stack([np.mean([self._known[kind, x] for x in some], axis=0) for some in lines])
        unit: NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return unit.astype(np.float32)


def sections(settings: Settings) -> tuple[list[str], dict[str, list[str]]]:
    """Every title and question of the corpus, and the lines under each name of a section."""
    titles: list[str] = []
    lines: dict[str, list[str]] = {}
    for article in read([settings.articles]).articles:
        titles += (article.title, *article.questions)
        heading = ""
        for line in article.text.splitlines():
            if line.startswith("#"):
                heading = line.lstrip("# ")
            elif line.strip() and "·" not in line:
                lines.setdefault(heading, []).append(line.strip().lstrip("-0123456789. "))
    return titles, {name: sorted(set(found)) for name, found in lines.items() if len(found) > 20}


def write_articles(folder: Path, settings: Settings, count: int) -> None:
    """``count`` Markdown files of real lines under real headings, no two alike."""
    titles, pools = sections(settings)
    folder.mkdir(parents=True, exist_ok=True)
    for n in range(count):
        choose = random.Random(n)
        parts = [f"# {choose.choice(titles)}\n"]
        for heading, pool in pools.items():
            some = choose.sample(pool, choose.randint(2, 5))
            mark = "{0}. {1}" if heading == "办理步骤" else "{1}" if "简要" in heading else "- {1}"
            parts.append(f"## {heading}\n")
            parts += [mark.format(i, line) for i, line in enumerate(some, 1)]
        (folder / f"{n:06}.md").write_text("\n".join(parts) + "\n", encoding="utf-8")


def build(store: Path, passages: int, settings: Settings, model: Encoder) -> None:
    with tempfile.TemporaryDirectory() as pages:
        write_articles(Path(pages), settings, round(passages / PER_ARTICLE))
        refresh(store, [Path(pages)], encoder=Pieced(model))


def questions() -> list[str]:
    """Those of the labelled sets, each once; the order has nothing to do with the subject."""
    rows = [row for path in sorted(QUALITY.glob("*.jsonl")) for row in read_rows(path)]
    found = sorted({str(row["question"]) for row in rows if row.get("question")})
    random.Random(1).shuffle(found)
    return found


def taken_ms(run: Callable[[str], object], asked: Sequence[str]) -> NDArray[np.float64]:
    """(n,) milliseconds for each question."""
    taken = []
    for question in asked:
        begun = time.perf_counter()
        run(question)
        taken.append(time.perf_counter() - begun)
    return np.array(taken) * 1000


class Remembering:
    """The model, which encodes no question twice: what is left is not encoding."""

    def __init__(self, model: Encoder) -> None:
        self.model = model.model
        self.dimension = model.dimension
        self._encoder = model
        self._known: dict[tuple[str, ...], NDArray[np.float32]] = {}
        self._tokens: dict[str, tuple[NDArray[np.float32], NDArray[np.float32] | None]] = {}

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n, dim) float32."""
        key = tuple(texts)
        if key not in self._known:
            self._known[key] = self._encoder.encode_queries(texts)
        return self._known[key]

    def encode_question(self, text: str) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
        """As the model does."""
        if text not in self._tokens:
            self._tokens[text] = question_vectors(self._encoder, text)
        return self._tokens[text]

    def encode_passages(self, texts: Sequence[str], **_: object) -> NDArray[np.float32]:
        """(n, dim) float32."""
        return self._encoder.encode_passages(texts)


def measure(store: Path, settings: Settings, model: Encoder) -> dict[str, NDArray[np.float64]]:
    """What is timed, by name: (n,) milliseconds over the first questions of all, and over the second
    half. The first half is asked before that, as in a process that has answered for a while."""
    asked = questions()
    warm, timed = asked[: len(asked) // 2], asked[len(asked) // 2 :]
    begun = time.perf_counter()
    yibao = Assistant.open(store, settings=settings, encoder=model)
    print(f"opened in {time.perf_counter() - begun:.1f} s")
    first = taken_ms(lambda q: yibao.ask(q, today=TODAY), warm[:FIRST])
    for question in warm:
        yibao.ask(question, today=TODAY)
        yibao.legal(question, today=TODAY)
    found = {"encoding": taken_ms(lambda q: question_vectors(model, q), timed)}
    found["ask"] = taken_ms(lambda q: yibao.ask(q, today=TODAY), timed)
    found[f"ask, first {FIRST}"] = first
    remembering = Remembering(model)
    for question in timed:
        remembering.encode_question(read_question(question, words(settings)).folded)
    for name, run in {
        "find, encoded": lambda y, q: y.retriever.find(q, k=HITS),
        "legal, encoded": lambda y, q: y.legal(q, today=TODAY),
        "ask, encoded": lambda y, q: y.ask(q, today=TODAY),
    }.items():
        other = Assistant.open(store, settings=settings, encoder=remembering)
        for question in warm:
            other.ask(question, today=TODAY)
        found[name] = taken_ms(partial(run, other), timed)
    found["ask beside find"] = found["ask, encoded"] - found["find, encoded"]
    return found


def report(found: dict[str, NDArray[np.float64]]) -> None:
    """A line for each part: milliseconds, and as a share of the median encoding."""
    unit = float(np.median(found["encoding"]))
    print(f"{'':18}{'p50 ms':>9}{'p99 ms':>9}{'p50':>8}{'p99':>8}   of the encoding")
    for name, taken in found.items():
        p50, p99 = np.percentile(taken, (50, 99)).tolist()
        print(f"{name:18}{p50:9.2f}{p99:9.2f}{p50 / unit:8.2f}{p99 / unit:8.2f}")


def save(path: Path, store: Path, settings: Settings, model: Encoder) -> None:
    """Every answer, a line of JSON each."""
    yibao = Assistant.open(store, settings=settings, encoder=model)
    answers = (yibao.ask(question, today=TODAY).to_dict() for question in questions())
    lines = (json.dumps(answer, ensure_ascii=False) + "\n" for answer in answers)
    path.write_text("".join(lines), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description="What an answer costs.")
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--store", type=Path)
    parser.add_argument("--save", type=Path)
    arguments = parser.parse_args()
    settings = Settings.from_environment()
    model = open_encoder(settings)
    with tempfile.TemporaryDirectory() as temporary:
        store = arguments.store or Path(temporary) / "store"
        if not Store.exists(store):
            build(store, arguments.passages, settings, model)
        size = Store.open(store).size
        print(f"{size:,} passages, {len(questions())} questions, half of them timed")
        report(measure(store, settings, model))
        if arguments.save:
            save(arguments.save, store, settings, model)


if __name__ == "__main__":
    main()
