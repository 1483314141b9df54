"""The same questions asked of a folder and of engines that hold the same articles.

    python -m benchmarks.engines [--store DIR] [--questions 100] [ADDRESS ...]

Fills each engine that is empty with the folder's articles and vectors (nothing is embedded), then asks both
the same questions of ``tests/quality/people`` in one run: whether the hits are the same in the same order,
requests a question, and times as a ratio to the folder's. Addresses as in docs/engines.md; without one the
engine in process and the client's local mode, in a temporary folder.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.labels import QUALITY, read_rows
from corpus.settings import Settings
from corpus.words import words
from index import texts
from index.contents import ROOMS
from index.encoder import Encoder, open_encoder
from index.found import Found, Search
from index.late import Codes, question_vectors
from index.qdrant import QdrantEngine
from index.qdrant.opening import Address, connect
from index.retrieve import Retriever
from index.store import Store

LAWS = 8
_REQUESTS = ("query", "read", "scroll", "count")


class FolderVectors:
    """An encoder of texts that a folder's store holds: their vectors and tokens, as they lie there."""

    def __init__(self, store: Store) -> None:
        self.model, self.dimension = store.model, store.manifest.dimension
        self._vectors: dict[bytes, NDArray[np.float32]] = {}
        self._codes: dict[bytes, Codes] = {}

        for room in ROOMS:
            half = store.half(room)
            for keys, held in (
                (half.contents.passage_keys, half.vectors),
                (half.contents.asked_keys, half.asked),
            ):
                self._vectors.update(zip(texts.each(keys), held.matrix, strict=True))
        tokens = store.articles.tokens
        if tokens is not None:
            self._codes = {k: tokens.codes(n) for n, k in enumerate(texts.each(tokens.keys))}

    def encode_passages(self, several: Sequence[str]) -> NDArray[np.float32]:
        return np.stack([self._vectors[key] for key in self._keys("passage", several)])

    def encode_queries(self, several: Sequence[str]) -> NDArray[np.float32]:
        return np.stack([self._vectors[key] for key in self._keys("query", several)])

    def encode_tokens(self, several: Sequence[str]) -> list[Codes]:
        return [self._codes[key] for key in self._keys("tokens", several)]

    def encode_question(self, text: str) -> tuple[NDArray[np.float32], None]:
        return self.encode_queries([text])[0], None

    def _keys(self, kind: str, several: Sequence[str]) -> list[bytes]:
        return texts.each(texts.keys_of(self.model, kind, several))


class Remembering:
    """Encodes a question once, so that times are those of the search."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._encoder, name)

    def encode_question(self, text: str) -> Any:
        if text not in self._known:
            self._known[text] = question_vectors(self._encoder, text)
        return self._known[text]

    def encode_queries(self, several: Sequence[str]) -> NDArray[np.float32]:
        return np.stack([self.encode_question(text)[0] for text in several])


class Requests:
    """A way to Qdrant that counts what is asked."""

    def __init__(self, backend: Any) -> None:
        self._backend = backend
        self.made: Counter[str] = Counter()

    def __getattr__(self, name: str) -> Any:
        if name in _REQUESTS:
            self.made[name] += 1
        return getattr(self._backend, name)


def hits(found: Found) -> list[str]:
    """What is compared: the passages, best first."""
    return [hit.passage.id for hit in found.hits]


def timed(retriever: Retriever, question: str) -> tuple[list[str], float]:
    begun = time.perf_counter()
    (found,) = retriever.find_all([Search(question, laws=LAWS)])
    return hits(found), time.perf_counter() - begun


def compared(address: str, store: Store, encoder: Remembering, questions: Sequence[str]) -> str:
    """One line on an engine."""
    at = Address.read(address)
    backend = Requests(connect(at))
    engine = QdrantEngine(backend, at)
    if not engine.exists():
        engine.refresh([Settings.from_environment().articles], encoder=FolderVectors(store))
    folder, other = (
        Retriever(index, encoder, words()) for index in (store, engine.open(model=store.model))
    )
    same, requests, times = 0, [], []
    for question in questions:
        for retriever in (folder, other):  # words are cut and rows are parsed once
            timed(retriever, question)
        ours, base = timed(folder, question)
        backend.made.clear()
        theirs, took = timed(other, question)
        same += ours == theirs
        requests.append(backend.made.total())
        times.append((base, took))
    engine.close()
    base, took = np.median(np.array(times), axis=0)
    return (
        f"{address}: same hits in the same order {same} of {len(questions)}; requests p50 "
        f"{np.median(requests):.0f}, most {max(requests)}; time p50 {took / base:.1f} of the folder's"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("addresses", nargs="*", metavar="ADDRESS")
    parser.add_argument("--store", type=Path, default=Settings.from_environment().store)
    parser.add_argument("--questions", type=int, default=100)
    arguments = parser.parse_args()
    files = sorted((QUALITY / "people").glob("*.jsonl"))
    asked = list(dict.fromkeys(row["question"] for file in files for row in read_rows(file)))
    questions = asked[:: max(1, len(asked) // arguments.questions)][: arguments.questions]
    store = Store.open(arguments.store)
    encoder = Remembering(open_encoder(Settings.from_environment()))
    with tempfile.TemporaryDirectory() as folder:
        for address in arguments.addresses or (f"qdrant://{folder}/edge", "qdrant+local://"):
            print(compared(address, store, encoder, questions), flush=True)


if __name__ == "__main__":
    main()
