"""How well one line of a source answers a question, the two read together.

The lowest layers read each by itself (``lower_layers``: a line that comes again is not read again), four layers more
read question and line as one text; a small head says from the first state and the means over both how likely
the line answers. Whichever model the search uses, the bundled one reads here. ``training/crossing.py`` taught it
(``data/CROSS_CARD.md``).
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index import e5_adaptation, e5_graph
from index.bert_folder import BertFolder, Matrix
from index.e5_engine import session
from index.lower_layers import FIXED, LAYERS, FixedLayers, Layers, Step

log = logging.getLogger(__name__)

FILE = Path(__file__).resolve().parent / "data" / "cross_encoder.npz"
"""What training changed in the layers, the ``kind`` of a token (question, what stands over the line, line) and
the head; four bits a number."""
ASKED, TITLE, HEADING, SAID = 90, 30, 20, 110
"""Characters that are read of a question (its begin and its end), a title, a heading, a line."""
PAIRS = (
    ("断缴三个月怎么补缴", "职工医保断缴后怎么补", "办理步骤", "到参保地医保经办机构申请补缴，按核定的金额到税务部门缴费。"),
    ("新生儿多久内参保", "新生儿参保", "", "出生后90天内参保缴费的，从出生之日起享受待遇。"),
    ("退休要交满多少年", "缴费年限", "", "男满25年、女满20年的，退休后不再缴费，年限由各地规定。"),
    ("我妈在老家住院能报销吗没备案", "异地就医备案", "报销比例", "未备案的，报销比例降低10个到20个百分点。"),
)  # fmt: skip
"""Of many kinds, by which the graph is quantised."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line under the title of its article and the heading over it, which may be empty."""

    title: str
    heading: str
    text: str

    @property
    def whole(self) -> str:
        """As it is read."""
        return f"{self.over}{self.text[:SAID]}"

    @property
    def over(self) -> str:
        """What stands over it, as it is read."""
        heading = f"{self.heading[:HEADING]}\n" if self.heading else ""
        return f"{self.title[:TITLE]}\n{heading}"


def as_asked(question: str) -> str:
    """What is read of a question."""
    half = ASKED // 2
    return question if len(question) <= ASKED else question[:half] + question[-half:]


class CrossEncoder:
    """Made with ``CrossEncoder.open(folder, fixed)``; safe to call from many threads."""

    def __init__(self, fixed: FixedLayers, graph: bytes, head: e5_adaptation.Tensors) -> None:
        self._fixed = fixed
        self._session: Any = session(graph)
        self._head = head

    @classmethod
    def open(
        cls, folder: BertFolder, fixed: FixedLayers, *, step: Step = lambda: None
    ) -> CrossEncoder:
        """Of a folder that ``index.encoder.bundled_folder`` gives: its graph lies there, or is made now and put
        there. Raises what ``onnx`` and ``onnxruntime`` raise where they cannot be used."""
        head = e5_adaptation.changes(FILE)
        trained = Layers.of(folder, range(FIXED, LAYERS), FILE)

        def samples() -> list[Matrix]:
            return [_joined(fixed, asked, Line(*line), head["kind"])[0] for asked, *line in PAIRS]

        return cls(fixed, trained.twin(samples, step=step), head)

    def odds(self, question: str, lines: Sequence[Line]) -> Matrix:
        """(n,) log odds that each line answers. None depends on those beside it."""
        return np.array([self._odds(question, line) for line in lines], np.float32)

    def _odds(self, question: str, line: Line) -> float:
        joined, own = _joined(self._fixed, question, line, self._head["kind"])
        states = self._session.run([e5_graph.STATES], {"embedded": joined})[0][0]
        seen = [states[0], *(states[own == kind].mean(axis=0) for kind in (2, 0))]
        return through_head(self._head, seen)


def through_head(head: e5_adaptation.Tensors, seen: Sequence[Matrix]) -> float:
    """The log odds by a head of one hidden layer, of what it sees, each (dim,)."""
    x = head["head.0.weight"] @ np.concatenate(seen) + head["head.0.bias"]
    # GELU by tanh, as in training
    x *= 0.5 * (1 + np.tanh(0.7978845608 * (x + 0.044715 * x**3)))
    return float(head["head.2.weight"][0] @ x + head["head.2.bias"][0])


def _joined(
    fixed: FixedLayers, question: str, line: Line, kind: Matrix
) -> tuple[Matrix, NDArray[np.int64]]:
    """What the upper layers are given, (1, tokens, dim), and (tokens,) which kind each token is."""
    asked, _ = fixed.states(as_asked(question), query=True)
    said, spans = fixed.states(line.whole, query=False)
    own = np.zeros(asked.shape[1] + said.shape[1], np.int64)
    own[asked.shape[1] :] = 1 + (np.arange(said.shape[1]) >= begin(spans, len(line.over)))
    return np.concatenate([asked, said], axis=1) + kind[own], own


def begin(spans: NDArray[np.int64], over: int) -> int:
    """The first token of a line, behind ``over`` characters."""
    return int(np.argmax(spans[:, 0] >= over)) or 1
