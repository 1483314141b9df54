"""What finding costs beside the encoding of its question, at several sizes of a store.

    python -m benchmarks.retrieval [--passages 1000 10000 100000] [--profile]

Stores of real text as in ``benchmarks.answering``, so that the model embeds each distinct line once.
CPU times of one thread: p50 and p99 of ``find`` less encoding, and both as ratios to the median
encoding of the same questions in the same run; the memory that a passage takes; the time to open a
store; and questions a second from one and from four threads, answers compared.
"""

from __future__ import annotations

import argparse
import cProfile
import gc
import pstats
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import psutil
from numpy.typing import NDArray

from benchmarks.answering import build
from benchmarks.labels import QUALITY, read_labels
from corpus.settings import Settings
from corpus.words import words
from index.encoder import Encoder, open_encoder
from index.late import question_vectors
from index.retrieve import Retriever
from index.store import Store

Vectors = tuple[NDArray[np.float32], NDArray[np.float32] | None]


class Known:
    """Gives each question's vectors from a table: what is left is the finding."""

    def __init__(self, vectors: dict[str, Vectors]) -> None:
        self.vectors = vectors

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n, dim) float32."""
        return np.stack([self.vectors[text][0] for text in texts])

    def encode_question(self, text: str) -> Vectors:
        """As ``index.late.TokenAsker`` says."""
        return self.vectors[text]


class Noting:
    """The real encoder; keeps what it gives and how long each took."""

    def __init__(self, model: Encoder) -> None:
        self.model = model
        self.vectors: dict[str, Vectors] = {}
        self.seconds: list[float] = []

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n, dim) float32."""
        return self.model.encode_queries(texts)

    def encode_question(self, text: str) -> Vectors:
        """As ``index.late.TokenAsker`` says."""
        begun = time.thread_time()
        self.vectors[text] = question_vectors(self.model, text)
        self.seconds.append(time.thread_time() - begun)
        return self.vectors[text]


def spent(find: Callable[[str], object], questions: Sequence[str]) -> list[float]:
    """Seconds of CPU for each question; the garbage of others is not counted."""
    gc.collect()
    gc.disable()
    seconds = []
    for question in questions:
        begun = time.thread_time()
        find(question)
        seconds.append(time.thread_time() - begun)
    gc.enable()
    return seconds


def report(passages: int, model: Encoder, questions: Sequence[str], *, profile: bool) -> None:
    settings = Settings.from_environment()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store"
        build(path, passages, settings, model)
        unread = Store.open(path)
        gc.collect()
        before, begun = psutil.Process().memory_info().rss, time.perf_counter()
        store = Store.open(path)
        opened = time.perf_counter() - begun
    noting = Noting(model)
    warm = Retriever(store, noting, words(settings))
    first = {question: warm.find(question) for question in questions}
    retriever = Retriever(store, Known(noting.vectors), words(settings))
    seconds = [spent(retriever.find, questions) for _ in range(2)][1]
    memory = psutil.Process().memory_info().rss - before
    cold = spent(Retriever(unread, Known(noting.vectors), words(settings)).find, questions)
    encoding = float(np.median(noting.seconds))
    kinds = {name: space["kind"] for name, space in store.manifest.search.items()}
    print(
        f"{store.size:7,} passages ({kinds['passages']}): find p50 {1e3 * np.median(seconds):5.2f} ms, "
        f"p99 {1e3 * np.quantile(seconds, 0.99):5.2f} ms = {np.median(seconds) / encoding:.2f} and "
        f"{np.quantile(seconds, 0.99) / encoding:.2f} of an encoding ({1e3 * encoding:.1f} ms); "
        f"first time p50 {1e3 * np.median(cold):.2f} ms; {memory / store.size / 1e3:.1f} kB a "
        f"passage; opened in {opened:.2f} s"
    )
    for threads in (1, 4):
        begun = time.perf_counter()
        with ThreadPoolExecutor(threads) as pool:
            found = list(pool.map(retriever.find, questions))
        rate = len(questions) / (time.perf_counter() - begun)
        same = all(f.hits == first[q].hits for f, q in zip(found, questions, strict=True))
        print(
            f"        {threads} threads: {rate:.0f} questions/s, answers {'the same' if same else 'DIFFER'}"
        )
    if profile:
        watcher = cProfile.Profile()
        watcher.runcall(spent, retriever.find, questions)
        pstats.Stats(watcher).sort_stats("tottime").print_stats(22)


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.retrieval")
    parser.add_argument("--passages", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--profile", action="store_true")
    args = parser.parse_args(argv)
    model = open_encoder(Settings.from_environment())
    questions = list(dict.fromkeys(x.question for x in read_labels(QUALITY / "retrieval.jsonl")))
    for passages in args.passages:
        report(passages, model, questions, profile=args.profile)


if __name__ == "__main__":
    main()
