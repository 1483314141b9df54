"""States of the bundled model two thirds of the way up: what each token is in its sentence.

The upper layers, trained to tell what a text is about, forget who is named in it. The lower part of
the quantised graph (``e5_graph``) is run alone, whichever model the search uses.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpus.errors import ModelError
from corpus.settings import Settings
from index import e5_graph
from index.bert_folder import BertFolder, Matrix
from index.e5_engine import Embeddings, session, twin
from index.encoder import bundled_folder
from index.texts import clean

LAYERS = 8
"""Of twelve. Of names on sentences of another hand, with a head that was trained alike on 4, 6, 8 and
all layers: .60, .61, .64 and .54 found, .19, .15, .14 and .10 of the clean ones touched."""


class LowerLayers:
    """Made with ``LowerLayers.open(folder)``; safe to call from many threads."""

    def __init__(self, embeddings: Embeddings, lower: Any) -> None:
        self._embeddings = embeddings
        self._session = lower

    @classmethod
    def open(cls, path: Path) -> LowerLayers:
        """Of a folder that ``index.encoder.bundled_folder`` gives. Raises what ``onnx`` and
        ``onnxruntime`` raise where they cannot be used."""
        folder = BertFolder.open(path)
        graph = e5_graph.lower_layers(twin(folder), LAYERS)
        return cls(Embeddings(folder), session(graph))

    def states(self, text: str) -> tuple[Matrix, NDArray[np.int64]]:
        """(tokens, dim) of all tokens, marks and prompt too, and (tokens, 2): where each stands in
        the text, in characters; it ends at 0 or before where it is none of the text's."""
        embedded, spans = self._embeddings.whole(clean(text), query=True)
        (states,) = self._session.run(None, {"embedded": embedded})
        return states[0], spans


@lru_cache(maxsize=1)
def lower_layers() -> LowerLayers:
    """Those of the bundled model, opened once. Raises ``ModelError`` where it cannot be used here."""
    folder = bundled_folder(Settings.from_environment())
    try:
        return LowerLayers.open(folder)
    except Exception as error:  # onnx and onnxruntime raise many kinds
        raise ModelError(f"自带的向量模型无法加载，读不出字词的意思：{error}") from error
