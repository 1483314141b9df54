"""What the bundled model makes of sentences, kept in a file, so that it reads each of them once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.bert_folder import Matrix
from index.chain import Seen, as_read
from index.e5_engine import processors
from index.lower_layers import LAYERS, LowerLayers


class States:
    """In halves of a float; a file of another layer is not read."""

    def __init__(self, layers: LowerLayers, path: Path | None = None) -> None:
        self._layers = layers
        self._path = path
        self._held: dict[str, tuple[Matrix, NDArray[np.int64]]] = {}
        if path is not None and path.exists():
            with np.load(path) as kept:
                if int(kept["layers"]) == LAYERS:
                    ends = np.cumsum(kept["counts"])
                    states, spans = kept["states"], kept["spans"]
                    for text, end, count in zip(
                        json.loads(str(kept["texts"])), ends, kept["counts"], strict=True
                    ):
                        self._held[text] = states[end - count : end], spans[end - count : end]

    def of(self, text: str, forms: Callable[[str], Matrix]) -> Seen:
        """What a head sees of a text that was read. ``forms``: what each character is by its form."""
        plain = as_read(text)
        return Seen.of(*self._held[plain], forms(plain))

    def read(self, texts: Iterable[str]) -> None:
        """All that were not read yet, several at a time, and keeps them."""
        plain = sorted({as_read(text) for text in texts} - self._held.keys())
        with ThreadPoolExecutor(processors()) as pool:
            for text, (states, spans) in zip(
                plain, pool.map(self._layers.states, plain), strict=True
            ):
                self._held[text] = states.astype(np.float16), spans
        if plain:
            self._keep()

    def _keep(self) -> None:
        if self._path is None:
            return
        states, spans = zip(*self._held.values(), strict=True)
        np.savez(
            self._path,
            layers=LAYERS,
            texts=json.dumps(list(self._held)),
            counts=np.array([len(one) for one in states]),
            states=np.concatenate(states),
            spans=np.concatenate(spans),
        )
