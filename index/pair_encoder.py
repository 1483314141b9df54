"""Whether two lines of sources answer a question differently, all three read together.

As ``cross_encoder`` reads one line: the lowest layers read each by itself (a line that was read for the answer is not read
again), four layers more read question and both lines as one text; a small head says how likely both answer the very thing
asked and cannot both be right. ``training/differing.py`` taught it (``data/PAIR_CARD.md``).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index import e5_adaptation, e5_graph
from index.bert_folder import BertFolder, Matrix
from index.cross_encoder import PAIRS, Line, as_asked, begin, through_head
from index.e5_engine import session
from index.lower_layers import FIXED, LAYERS, FixedLayers, Layers, Step

FILE = Path(__file__).resolve().parent / "data" / "pair_encoder.npz"
"""What training changed in the layers, the ``kind`` of a token and the head; four bits a number."""
KINDS = 5
"""Of a token: question, what stands over the one line, that line, what stands over the other, that."""
SAID = (0, 2, 4)
"""Those of which the head sees the mean."""
SEEN = 4
"""What the head sees, each as wide as a state: the first state, the question, the lines' sum and their difference."""


class PairEncoder:
    """Made with ``PairEncoder.open(folder, fixed)``; safe to call from many threads."""

    def __init__(self, fixed: FixedLayers, graph: bytes, head: e5_adaptation.Tensors) -> None:
        self._fixed = fixed
        self._session: Any = session(graph)
        self._head = head

    @classmethod
    def open(
        cls, folder: BertFolder, fixed: FixedLayers, *, step: Step = lambda: None
    ) -> PairEncoder:
        """As ``CrossEncoder.open``."""
        head = e5_adaptation.changes(FILE)
        trained = Layers.of(folder, range(FIXED, LAYERS), FILE)
        lines = [Line(*line) for _, *line in PAIRS]

        def samples() -> list[Matrix]:
            pairs = zip(PAIRS, lines, (*lines[1:], lines[0]), strict=True)
            return [_joined(fixed, asked, a, b, head["kind"])[0] for (asked, *_), a, b in pairs]

        return cls(fixed, trained.twin(samples, step=step), head)

    def odds(self, question: str, pairs: Sequence[tuple[Line, Line]]) -> Matrix:
        """(n,) log odds that the lines of each pair answer differently. None depends on those beside it."""
        return np.array([self._odds(question, *pair) for pair in pairs], np.float32)

    def _odds(self, question: str, one: Line, other: Line) -> float:
        joined, own = _joined(self._fixed, question, one, other, self._head["kind"])
        states = self._session.run([e5_graph.STATES], {"embedded": joined})[0][0]
        asked, a, b = (states[own == kind].mean(axis=0) for kind in SAID)
        return through_head(self._head, [states[0], asked, a + b, np.abs(a - b)])


def _joined(
    fixed: FixedLayers, question: str, one: Line, other: Line, kind: Matrix
) -> tuple[Matrix, NDArray[np.int64]]:
    """What the upper layers are given, (1, tokens, dim), and (tokens,) which kind each token is."""
    parts = [fixed.states(as_asked(question), query=True)[0]]
    begins = []
    for line in (one, other):
        states, spans = fixed.states(line.whole, query=False)
        parts.append(states)
        begins.append(begin(spans, len(line.over)))
    own = kinds([part.shape[1] for part in parts], begins)
    return np.concatenate(parts, axis=1) + kind[own], own


def kinds(sizes: Sequence[int], begins: Sequence[int]) -> NDArray[np.int64]:
    """(tokens,) which kind each is. ``sizes``: tokens of the question and of both lines; ``begins``: the first token of each
    line behind what stands over it."""
    asked, *lines = sizes
    parts = [np.zeros(asked, np.int64)]
    for n, (size, at) in enumerate(zip(lines, begins, strict=True)):
        parts.append(1 + 2 * n + (np.arange(size) >= at))
    return np.concatenate(parts)
