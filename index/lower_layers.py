"""States of the bundled model two thirds of the way up: what each token is in its sentence.

The upper layers, trained to tell what a text is about, forget who is named in it. So the lower ones are
graphs of their own, quantised as the whole is (``e5_engine``), whichever model the search uses. The lowest
stay as they are, and a text is read through them once for all that stands on them; those above were trained
together with the heads that read their states (``tagger``, ``segments``) by
``training/lower.py``; what that changed lies in ``data/lower_layers.npz``, four bits a number: of 311 asks
(``training/asks/held/g.jsonl``) .79 are found so, .75 with two bits, .79 with all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index import e5_adaptation, e5_graph
from index.bert_folder import BertFolder, Matrix
from index.e5_engine import SAMPLES, Embeddings, session, twin
from index.texts import clean

FILE = Path(__file__).resolve().parent / "data" / "lower_layers.npz"
LAYERS = 8
"""Of twelve. Of names on sentences of another hand, with a head that was trained alike on 4, 6, 8 and
all layers as they are in the search: .60, .61, .64 and .54 found, .19, .15, .14 and .10 of the clean ones touched."""
FIXED = 4
"""The lowest, which no training of ours changes."""
KEPT = 512
"""Texts whose states are kept: a question is read by several, and the lines that answer come again."""

Step = Callable[[], object]


@dataclass(frozen=True)
class Layers(BertFolder):
    """Some layers of a folder's model, from ``first`` on, with what a training changed in them."""

    first: int
    changes: Path | None

    @classmethod
    def of(cls, folder: BertFolder, numbers: range, changes: Path | None = None) -> Layers:
        """The file of ``changes`` may be missing: they are then as in the folder."""
        config = folder.config | {"num_hidden_layers": numbers.stop}
        return cls(folder.path, config, folder.prompts, numbers.start, changes)

    @property
    def numbers(self) -> range:
        return range(self.first, self.layers)

    def tensor(self, name: str) -> Matrix:
        change = _changes(self.changes).get(name) if self.changes else None
        return super().tensor(name) if change is None else super().tensor(name) + change

    def twin(self, samples: Callable[[], Sequence[Matrix]] | None = None, *, step: Step) -> bytes:
        """Its quantised graph, in the folder under a name that says which layers these are and what changed
        them. Of a few layers and short texts: evening its tokens would cost more than it mends."""
        which = f"{self.first}-{self.layers}"
        changed = e5_adaptation.identity(self.changes) if self.changes else "as-they-are"
        name = f"layers-{which}-{changed}-{e5_graph.VERSION}.onnx"
        return twin(self, name, samples, even=False, step=step)


@lru_cache(maxsize=4)
def _changes(path: Path) -> e5_adaptation.Tensors:
    return e5_adaptation.changes(path) if path.exists() else {}


class FixedLayers:
    """The lowest. Made with ``FixedLayers.open(folder)``; safe to call from many threads."""

    def __init__(self, embeddings: Embeddings, graph: bytes) -> None:
        self._embeddings = embeddings
        self._session: Any = session(graph)
        self._read = lru_cache(maxsize=KEPT)(self._states)

    @classmethod
    def open(cls, folder: BertFolder, *, step: Step = lambda: None) -> FixedLayers:
        lowest = Layers.of(folder, range(FIXED))
        return cls(Embeddings(lowest), lowest.twin(step=step))

    def states(self, text: str, *, query: bool) -> tuple[Matrix, NDArray[np.int64]]:
        """(1, tokens, dim) of all tokens, marks and prompt too, as halves of a float hold them, and (tokens, 2): where
        each stands in the text, in characters; it ends at 0 or before where it is none of the text's."""
        states, spans = self._read(text, query)
        return states.astype(np.float32), spans

    def _states(self, text: str, query: bool) -> tuple[Matrix, NDArray[np.int64]]:
        embedded, spans = self._embeddings.whole(clean(text), query=query)
        (states,) = self._session.run([e5_graph.STATES], {"embedded": embedded})
        return states.astype(np.float16), spans

    def of_samples(self) -> list[Matrix]:
        """Of the texts by which graphs are quantised."""
        return [self.states(text, query=query)[0] for query, text in SAMPLES]


class LowerLayers:
    """Made with ``LowerLayers.open(folder, fixed)``; safe to call from many threads."""

    def __init__(self, fixed: FixedLayers, graph: bytes) -> None:
        self._fixed = fixed
        self._session: Any = session(graph)

    @classmethod
    def open(
        cls, folder: BertFolder, fixed: FixedLayers, *, step: Step = lambda: None
    ) -> LowerLayers:
        """Of a folder that ``index.encoder.bundled_folder`` gives: their graph lies there, or is made now and
        put there. Raises what ``onnx`` and ``onnxruntime`` raise where they cannot be used."""
        trained = Layers.of(folder, range(FIXED, LAYERS), FILE)
        return cls(fixed, trained.twin(fixed.of_samples, step=step))

    def states(self, text: str) -> tuple[Matrix, NDArray[np.int64]]:
        """(tokens, dim) of all tokens, and where each stands, as ``FixedLayers.states`` does."""
        below, spans = self._fixed.states(text, query=True)
        (states,) = self._session.run([e5_graph.STATES], {"embedded": below})
        return states[0], spans
