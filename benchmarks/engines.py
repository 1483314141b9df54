"""The same questions asked of a folder and of engines that hold the same articles.

    python -m benchmarks.engines [--store DIR] [--questions 100] [--made-up 40000 --keep DIR] [ADDRESS ...]

Fills each engine that is empty with the folder's articles and vectors (nothing is embedded), then asks both
the same questions of ``tests/quality/people`` in one run: whether the hits are the same in the same order,
requests a question, and times as a ratio to the folder's. Addresses as in docs/engines.md; without one the
engine in process and the client's local mode, in a temporary folder. ``--made-up``: so many passages of
``benchmarks.made_up`` beside the folder's articles, in a folder and engines that are filled from the same
files and kept in ``DIR``.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.labels import QUALITY, read_rows
from benchmarks.made_up import SECTIONS, LineByLine, MadeUp, edit
from corpus.settings import Settings
from corpus.words import words
from index import texts
from index.contents import ROOMS
from index.encoder import Encoder, open_encoder
from index.found import Found, Search
from index.late import Codes, question_vectors
from index.qdrant import QdrantEngine
from index.qdrant.opening import Address, connect
from index.refresh import refresh
from index.retrieve import Retriever
from index.store import Store

LAWS = 8
_REQUESTS = ("query", "read", "scroll", "count")


class FolderVectors:
    """An encoder of texts that a folder's store holds: their vectors and tokens, as they lie there; of
    others such as are made up."""

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

        self._others = MadeUp(store.model)

    def encode_passages(self, several: Sequence[str]) -> NDArray[np.float32]:
        return np.stack(
            self._found("passage", several, self._vectors, self._others.encode_passages)
        )

    def encode_queries(self, several: Sequence[str]) -> NDArray[np.float32]:
        return np.stack(self._found("query", several, self._vectors, self._others.encode_queries))

    def encode_tokens(self, several: Sequence[str]) -> list[Codes]:
        return self._found("tokens", several, self._codes, self._others.encode_tokens)

    def encode_question(self, text: str) -> tuple[NDArray[np.float32], None]:
        return self.encode_queries([text])[0], None

    def _found(
        self,
        kind: str,
        several: Sequence[str],
        known: dict[bytes, Any],
        made_up: Callable[[Sequence[str]], Any],
    ) -> list[Any]:
        keys = texts.each(texts.keys_of(self.model, kind, several))
        return [
            known[k] if k in known else made_up([t])[0] for k, t in zip(keys, several, strict=True)
        ]


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


def compared(
    address: str,
    store: Store,
    encoder: Remembering,
    questions: Sequence[str],
    known: FolderVectors,
    made: Sequence[Path],
) -> str:
    """One line on an engine. ``made``: files that it holds beside our own articles."""
    at = Address.read(address)
    backend = Requests(connect(at))
    engine = QdrantEngine(backend, at)
    if not engine.exists():
        paths = [Settings.from_environment().articles, *made]
        engine.refresh(paths, encoder=known, words=LineByLine(words()))
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


def larger(folder: Path, count: int, known: FolderVectors) -> tuple[Store, list[Path]]:
    """A store of our own articles and so many made-up passages, filled from files, and these."""
    made, at = folder / "made", folder / "store"
    if not Store.exists(at):
        for number in range(-(-count // SECTIONS)):
            edit(made, number, "")
        paths = [Settings.from_environment().articles, made]
        refresh(at, paths, encoder=known, words=LineByLine(words()))
    return Store.open(at), [made]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("addresses", nargs="*", metavar="ADDRESS")
    parser.add_argument("--store", type=Path, default=Settings.from_environment().store)
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--made-up", type=int, default=0)
    parser.add_argument("--keep", type=Path)
    arguments = parser.parse_args()
    files = sorted((QUALITY / "people").glob("*.jsonl"))
    asked = list(dict.fromkeys(row["question"] for file in files for row in read_rows(file)))
    questions = asked[:: max(1, len(asked) // arguments.questions)][: arguments.questions]
    store = Store.open(arguments.store)
    known, made = FolderVectors(store), list[Path]()
    encoder = Remembering(open_encoder(Settings.from_environment()))
    with tempfile.TemporaryDirectory() as temporary:
        folder = (arguments.keep or Path(temporary)).absolute()
        if arguments.made_up:
            store, made = larger(folder, arguments.made_up, known)
        for address in arguments.addresses or (f"qdrant://{folder}/edge", "qdrant+local://"):
            print(compared(address, store, encoder, questions, known, made), flush=True)


if __name__ == "__main__":
    main()
