"""How fast and how alike the engines of the bundled model are, in one run on one machine.

    python -m benchmarks.encoding [--texts 40] [--quantiser]

Prints, for the folder in sentence-transformers, its quantised twin and the twin in full precision:
milliseconds a question, passages a second (one and several at once), each as a ratio to
sentence-transformers; the cosine of their vectors; how far the cosines of questions with passages
move; how often the nearest passage stays. ``--quantiser`` adds the graph as onnxruntime's own
quantiser makes it, 7 bits a weight and per channel, like ours.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.passages import split
from corpus.reading import read
from corpus.settings import Settings
from index import e5_graph
from index.bert_folder import BertFolder
from index.e5_engine import GraphEngine
from index.encoder import bundled_folder

ROUNDS = 3  # the quickest of three: other work on the machine only ever adds


def texts(settings: Settings, count: int) -> tuple[list[str], list[str]]:
    """Questions and passages of the corpus, spread evenly over its articles."""
    articles = read([settings.articles]).articles
    questions = [article.title for article in articles]
    passages = [passage.text for article in articles for passage in split(article)]
    return _spread(questions, count), _spread(passages, count)


def _spread(items: Sequence[str], count: int) -> list[str]:
    return list(items[:: max(1, len(items) // count)][:count])


class Ordinary:
    """The folder in sentence-transformers, one thread a text as the twin has."""

    precision = "st"
    at_once = 1

    def __init__(self, folder: Path) -> None:
        import torch
        from sentence_transformers import SentenceTransformer

        torch.set_num_threads(1)
        self._model = SentenceTransformer(str(folder), device="cpu")

    def embed(self, text: str, *, query: bool) -> NDArray[np.float32]:
        """(dim,)"""
        encode = self._model.encode_query if query else self._model.encode_document
        return encode(text, show_progress_bar=False)  # type: ignore[no-any-return]


def engines(settings: Settings, *, quantiser: bool) -> dict[str, Any]:
    """By name, sentence-transformers first: it is what the others are compared with."""
    path = bundled_folder(settings)
    folder = BertFolder.open(path)
    graph = e5_graph.float_graph(folder)
    full = GraphEngine(folder, graph)
    full.precision = "fp32"
    found = [Ordinary(path), GraphEngine.open(path), full]
    if quantiser:
        theirs = GraphEngine(folder, library_quantised(graph))
        theirs.precision = "ort"
        found.append(theirs)
    return {engine.precision: engine for engine in found}


def library_quantised(graph: bytes) -> bytes:
    """The graph through ``onnxruntime.quantization``."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with tempfile.TemporaryDirectory() as name:
        before, after = Path(name) / "float.onnx", Path(name) / "int8.onnx"
        before.write_bytes(graph)
        quantize_dynamic(
            before,
            after,
            per_channel=True,
            reduce_range=True,
            weight_type=QuantType.QInt8,
            extra_options={"DefaultTensorType": 1},  # it cannot infer past Microsoft's operators
        )
        return after.read_bytes()


def quickest(work: Callable[[str], object], items: Sequence[str]) -> float:
    """Seconds for all items, each at its quickest."""
    total = 0.0
    for item in items:
        times = []
        for _ in range(ROUNDS):
            start = time.perf_counter()
            work(item)
            times.append(time.perf_counter() - start)
        total += min(times)
    return total


def several(engine: Any, items: Sequence[str]) -> float:
    """Seconds for all items, as many at once as the engine likes."""
    times = []
    with ThreadPoolExecutor(engine.at_once) as pool:
        for _ in range(ROUNDS):
            start = time.perf_counter()
            list(pool.map(lambda text: engine.embed(text, query=False), items))
            times.append(time.perf_counter() - start)
    return min(times)


def vectors(engine: Any, items: Sequence[str], *, query: bool) -> NDArray[np.float32]:
    """(n, dim)"""
    return np.stack([engine.embed(item, query=query) for item in items])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--texts", type=int, default=40)
    parser.add_argument("--quantiser", action="store_true")
    arguments = parser.parse_args()
    settings = Settings.from_environment()
    questions, passages = texts(settings, arguments.texts)
    length = sum(map(len, passages)) / len(passages)
    print(f"{len(questions)} questions, {len(passages)} passages of {length:.0f} characters")
    print(
        "engine  ms/question  ratio  passages/s  at once  ratio  cosine min  moved max/mean  top 1"
    )
    base: tuple[float, float] | None = None
    truth: tuple[NDArray[np.float32], NDArray[np.float32]] | None = None
    for name, engine in engines(settings, quantiser=arguments.quantiser).items():
        asked = vectors(engine, questions, query=True)
        stored = vectors(engine, passages, query=False)
        truth = truth or (asked, stored)
        cosine = min(
            float((asked * truth[0]).sum(1).min()), float((stored * truth[1]).sum(1).min())
        )
        here, there = asked @ stored.T, truth[0] @ truth[1].T
        moved = np.abs(here - there)
        same = float((here.argmax(1) == there.argmax(1)).mean())
        query = quickest(lambda t, e=engine: e.embed(t, query=True), questions) / len(questions)
        alone = len(passages) / quickest(lambda t, e=engine: e.embed(t, query=False), passages)
        rate = len(passages) / several(engine, passages)
        base = base or (query, rate)
        print(
            f"{name:6}  {query * 1e3:11.1f}  {base[0] / query:5.1f}  {alone:10.1f}  {rate:7.1f}"
            f"  {rate / base[1]:5.1f}  {cosine:10.5f}  {moved.max():.4f} / {moved.mean():.5f}"
            f"  {same:5.2f}"
        )


if __name__ == "__main__":
    main()
