"""The fast engine of a model folder: its quantised twin, one thread a text, several texts at once.

Searching and building do not go through sentence-transformers: importing it takes longer than all
else at a start, and a question takes several times as long (``python -m benchmarks.encoding``). The
twin is held to it by a test: cosines of at least ``LEAST_COSINE``, the same ranking.
"""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index import e5_graph
from index.bert_folder import BertFolder, Matrix
from index.beside import model_runs

log = logging.getLogger(__name__)

LEAST_COSINE = 0.999
"""Of a text's vector with that of the folder in sentence-transformers: .99907 at worst over 400 texts of the corpus
(``python -m benchmarks.encoding --texts 200``)."""
TOLERANCE = 0.015
"""How far a question's cosine with a passage may move from the twin to the folder: at most .0131 over
40,000 pairs of these, of cosines that reach from .2 to .9; .0028 in the mean."""
TWIN = f"twin-{e5_graph.VERSION}.onnx"
"""Its file in the folder: the SHA-256 of the graph, then the graph."""
PROBE = Path(__file__).with_name("data") / "product.onnx"
"""A row of 64 numbers of uint8 by 64 x 64 weights of int8, all 127: building it at each start would load ``onnx``."""
# Sample texts, for finding which channels are large. Of many kinds, so that the few channels found
# are those of the model and not of one text.
SAMPLES = (
    (True, "职工医保断缴三个月怎么补缴"),
    (True, "在哪里办理"),
    (True, "孩子"),
    (True, "how to pay"),
    (False, "职工离职后应当及时办理医保关系转移接续手续。1. 打开小程序；2. 点击缴费。"),
    (False, "第三十二条 个人跨统筹地区就业的，其基本医疗保险关系随本人转移，缴费年限累计计算。"),
    (False, "缴费标准：个人400元，财政补助670元（2025年）。办理时限：9月1日至12月31日。"),
)


class GraphEngine:
    """Computes vectors from a graph of ``e5_graph``; safe to call from many threads."""

    precision = "int8"

    def __init__(self, folder: BertFolder, graph: bytes) -> None:
        self._embeddings = Embeddings(folder)
        self._session = session(graph)
        self.dimension = folder.hidden
        self.at_once = processors()

    @classmethod
    def open(cls, path: Path, *, step: Callable[[], object] = lambda: None) -> GraphEngine:
        """The twin of the model in a folder: the one that lies there, or one made now and put
        there. ``step`` is called ``len(SAMPLES) + 1`` times while one is made."""
        folder = BertFolder.open(path)
        return cls(folder, twin(folder, step=step))

    def spans(self, text: str) -> NDArray[np.int64]:
        """(tokens, 2): where the tokens that ``tokens`` gives of a passage stand in it, in characters."""
        return self._embeddings.spans(text)

    def embed(self, text: str, *, query: bool) -> Matrix:
        """(dim,) float32 of unit length. Text beyond 512 tokens is not looked at."""
        embedded, _ = self._embeddings.of(text, query=query)
        model_runs()
        vector: Matrix = self._session.run(["vector"], {"embedded": embedded})[0][0]
        return vector

    def tokens(self, text: str, *, query: bool) -> tuple[Matrix, Matrix]:
        """The vector as ``embed`` gives it, and the states (tokens, dim) of the text's own words:
        without the marks, the prefix and punctuation."""
        embedded, own = self._embeddings.of(text, query=query)
        model_runs()
        vector, states = self._session.run(["vector", e5_graph.STATES], {"embedded": embedded})
        return vector[0], states[0][own]


class Embeddings:
    """What the encoder begins with: the summed embeddings of a text's tokens."""

    def __init__(self, folder: BertFolder) -> None:
        self._tokenizer = folder.tokenizer
        self._words = folder.view("embeddings.word_embeddings.weight")
        types = folder.tensor("embeddings.token_type_embeddings.weight")
        self._positions = folder.tensor("embeddings.position_embeddings.weight") + types[0]
        self._prompts = {True: folder.prompts["query"], False: folder.prompts["document"]}

    def of(self, text: str, *, query: bool) -> tuple[Matrix, NDArray[np.int64]]:
        """(1, tokens, dim) float32, and which of the tokens are the text's own words."""
        prompt = self._prompts[query]
        cut = self._tokenizer.encode(prompt + text)
        return self._summed(cut.ids), np.array(_own(cut, len(prompt)), np.int64)

    def whole(self, text: str, *, query: bool) -> tuple[Matrix, NDArray[np.int64]]:
        """(1, tokens, dim) float32 as ``of``, and (tokens, 2) where each token stands in the text: it
        ends at 0 or before where it is a mark or the prompt."""
        prompt = self._prompts[query]
        cut = self._tokenizer.encode(prompt + text)
        return self._summed(cut.ids), np.array(cut.offsets, np.int64) - len(prompt)

    def _summed(self, ids: list[int]) -> Matrix:
        embedded: Matrix = self._words[ids].astype(np.float32)
        embedded += self._positions[: len(ids)]
        return embedded[None]

    def spans(self, text: str) -> NDArray[np.int64]:
        """(words, 2): where a passage's own words, as ``of`` names them, stand in the text."""
        prompt = self._prompts[False]
        cut = self._tokenizer.encode(prompt + text)
        offsets = cut.offsets
        places = [offsets[n] for n in _own(cut, len(prompt))]
        return np.maximum(np.array(places, np.int64) - len(prompt), 0)


def _own(cut: Any, prompt: int) -> list[int]:
    """Which tokens are the text's own words: without the marks, the prompt and punctuation."""
    # each look at a field of ``cut`` makes the whole list anew: one look, or a text costs its square
    marks, offsets, tokens = cut.special_tokens_mask, cut.offsets, cut.tokens
    # the piece of the prompt's last blank may be the text's first word
    inner = [
        n
        for n, (mark, (_, end)) in enumerate(zip(marks, offsets, strict=True))
        if not mark and end > prompt
    ]
    return [n for n in inner if any(c.isalnum() for c in tokens[n])] or inner or [0]


def twin(
    folder: BertFolder,
    name: str = TWIN,
    samples: Callable[[], Sequence[Matrix]] | None = None,
    *,
    even: bool = True,
    step: Callable[[], object] = lambda: None,
) -> bytes:
    """The quantised graph of a folder: the one that lies there under ``name``, or one made now and put there.
    ``samples``: what it is given of some texts, (1, tokens, dim) each; without it the embeddings of ``SAMPLES``.
    """
    graph = _load(folder.path / name)
    if graph is None:
        graph = _made(folder, samples() if samples else _embedded(folder), even, step)
        _store(folder.path / name, graph)
    return graph


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
    if _cuts_off():
        options.add_session_config_entry("session.x64quantprecision", "1")
    return onnxruntime.InferenceSession(
        graph,
        options,
        providers=["CPUExecutionProvider"],
        # its one node takes longer than the two that it replaces: 5.5 against 1 of 45 ms
        disabled_optimizers=["SkipLayerNormFusion"],
    )


@lru_cache(maxsize=1)
def _cuts_off() -> bool:
    """Whether this processor, asked for the largest product of 8 bits, cuts sums of two off at 16 bits, as those of
    x86 without VNNI do. It can be made to multiply exactly, which takes twice as long: on others, too."""
    import onnxruntime

    probe = onnxruntime.InferenceSession(PROBE.read_bytes(), providers=["CPUExecutionProvider"])
    (given,) = probe.get_inputs()
    numbers = np.full(given.shape, 255, np.uint8)
    made = probe.run(None, {given.name: numbers})[0][0, 0]
    return bool(made != numbers.shape[1] * 255 * 127)


def _embedded(folder: BertFolder) -> list[Matrix]:
    embeddings = Embeddings(folder)
    return [embeddings.of(text, query=query)[0] for query, text in SAMPLES]


def _made(
    folder: BertFolder, samples: Sequence[Matrix], even: bool, step: Callable[[], object]
) -> bytes:
    full = session(e5_graph.float_graph(folder, watch=True))
    step()
    states, watched = [], []
    for given in samples:
        _, made, *inputs = full.run(None, {"embedded": given})
        states.append(made[0])
        watched.append(inputs)
        step()
    seen = e5_graph.look(folder, watched)
    first = session(e5_graph.quantised_graph(folder, seen, even=even))
    theirs = [first.run([e5_graph.STATES], {"embedded": given})[0][0] for given in samples]
    shift = (np.concatenate(states) - np.concatenate(theirs)).mean(axis=0)
    return e5_graph.quantised_graph(folder, seen, shift, even=even)


def _load(path: Path) -> bytes | None:
    """The graph, if it stands there whole."""
    try:
        raw = path.read_bytes()
    except OSError:
        return None
    graph = raw[32:]
    return graph if hashlib.sha256(graph).digest() == raw[:32] else None


def _store(path: Path, graph: bytes) -> None:
    """Under another name first: several processes may make the same. Into a folder that cannot be
    written it is made at each start."""
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")
    except OSError as error:
        log.warning("向量模型的快速版本无法存到 %s（%s）：每次启动需重新准备。", path, error)
        return
    with os.fdopen(handle, "wb") as file:
        file.write(hashlib.sha256(graph).digest() + graph)
    os.replace(temporary, path)
