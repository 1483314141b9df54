"""States of the bundled model two thirds of the way up: what each token is in its sentence.

The upper layers, trained to tell what a text is about, forget who is named in it. So the lower ones are a
graph of their own, quantised as the whole is (``e5_engine``), whichever model the search uses. The upper
half of these was trained together with the heads that read their states (``tagger``, ``segments``) by
``training/lower.py``; what that changed lies in ``data/lower_layers.npz``, four bits a number: of 311 asks
(``training/asks/held/g.jsonl``) .79 are found so, .75 with two bits, .79 with all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index import e5_adaptation, e5_graph
from index.bert_folder import BertFolder, Matrix
from index.e5_engine import Embeddings, session, twin
from index.texts import clean

FILE = Path(__file__).resolve().parent / "data" / "lower_layers.npz"
LAYERS = 8
"""Of twelve. Of names on sentences of another hand, with a head that was trained alike on 4, 6, 8 and
all layers as they are in the search: .60, .61, .64 and .54 found, .19, .15, .14 and .10 of the clean ones touched."""


@dataclass(frozen=True)
class LowerFolder(BertFolder):
    """The lower layers of a folder's model, with what their own training changed."""

    @classmethod
    def of(cls, folder: BertFolder) -> LowerFolder:
        """``FILE`` may be missing: they are then as in the folder."""
        return cls(folder.path, folder.config | {"num_hidden_layers": LAYERS}, folder.prompts)

    def tensor(self, name: str) -> Matrix:
        change = _changes().get(name)
        return super().tensor(name) if change is None else super().tensor(name) + change


@lru_cache(maxsize=1)
def _changes() -> e5_adaptation.Tensors:
    return e5_adaptation.changes(FILE) if FILE.exists() else {}


class LowerLayers:
    """Made with ``LowerLayers.open(folder)``; safe to call from many threads."""

    def __init__(self, embeddings: Embeddings, graph: bytes) -> None:
        self._embeddings = embeddings
        self._session: Any = session(graph)

    @classmethod
    def open(cls, path: Path, *, step: Callable[[], object] = lambda: None) -> LowerLayers:
        """Of a folder that ``index.encoder.bundled_folder`` gives: their graph lies there, or is made now and
        put there. Raises what ``onnx`` and ``onnxruntime`` raise where they cannot be used."""
        folder = LowerFolder.of(BertFolder.open(path))
        name = f"lower-{e5_graph.VERSION}-{e5_adaptation.identity(FILE)}.onnx"
        return cls(Embeddings(folder), twin(folder, name, step=step))

    def states(self, text: str) -> tuple[Matrix, NDArray[np.int64]]:
        """(tokens, dim) of all tokens, marks and prompt too, and (tokens, 2): where each stands in
        the text, in characters; it ends at 0 or before where it is none of the text's."""
        embedded, spans = self._embeddings.whole(clean(text), query=True)
        (states,) = self._session.run([e5_graph.STATES], {"embedded": embedded})
        return states[0], spans
