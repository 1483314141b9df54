"""A BERT encoder as an ONNX graph, in full or with 8-bit products: the twin of a folder's weights.

Built node by node from the tensors of ``bert_folder``, so nothing needs torch or an exporter. One
text at a time: no padding, no mask, and a text's vector cannot depend on its neighbours.
The embedding table stays in the folder; the graph begins at the summed embeddings, that of upper layers
alone at the states below them.

How the products are quantised, and why (cosine with full precision, at worst over 81 texts of the corpus;
``python -m benchmarks.encoding`` measures what it is now):
- weights per output column to 8 bits: with 7, .9976 of their own. Processors without VNNI add two products in
  16 bits, which overflows; ``e5_engine.session`` finds that out and makes them multiply exactly, half as fast;
- inputs to 8 bits over each text. Before the two products whose tokens differ most in size (``_EVENED``), each
  token is divided by its largest value, which is multiplied in again behind: .9956 with 7 bits, .9982 with 8,
  .9991 so, for 1.1 times the time. For all four products it came to .9992, for 1.2 times. What reads lines beside a question, a few
  layers of short texts, is made without: an answer took 1.2 times as long with it;
- the 4 largest input channels of each product stay in float: a few are ten times larger than the rest;
- what rounding adds to a product on average, over sample texts, is taken off its bias, and off the last
  norm's: a shift common to all texts would show.
Moving the inputs' size into the weights (SmoothQuant) brought nothing beside the channels in float: .9960 at best with 7 bits.
onnxruntime's own quantiser makes of the same graph one of .9963 without the adaptation, and takes 1.5 times as
long a question (``python -m benchmarks.encoding --quantiser``); its products in blocks (``MatMulNBits``, 8 bits) came to .9980 for 1.5 to
1.9 times the time of a question and twice that of a passage.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.bert_folder import BertFolder

VERSION = 6
"""Raise it when the graph changes: graphs that were kept are then made anew."""
KEPT_CHANNELS = 4
STATES = "states"
"""Name of the output with the tokens' states (1, tokens, hidden)."""
_LEVELS = 127
_MICROSOFT = "com.microsoft"
_PRODUCTS = {
    "qkv": ("attention.self.query", "attention.self.key", "attention.self.value"),
    "ao": ("attention.output.dense",),
    "fi": ("intermediate.dense",),
    "fo": ("output.dense",),
}
"""The products of a layer, and the matrices that each is made of."""
_EVENED = ("qkv", "fo")
"""The products whose inputs are brought to one size, token by token."""
_SMALLEST = np.array(0.1, np.float32)
"""A token is never divided by less: its values may all be below 0."""

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Seen:
    """What sample texts showed of a product's input. ``kept``: the channels that stay in float;
    ``mean``: (channels,) of its values."""

    kept: NDArray[np.int64]
    mean: Matrix


class _Linear(Protocol):
    def __call__(
        self, graph: _Graph, x: str, name: str, weights: NDArray[np.float32], bias: str
    ) -> str: ...


class _Graph:
    """Nodes and constants in the order in which they are made."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def constant(self, name: str, values: NDArray[Any]) -> str:
        from onnx import numpy_helper

        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def moved(self, name: str, by: Matrix) -> str:
        """A constant once more, less what is added to it elsewhere."""
        from onnx import numpy_helper

        (found,) = (c for c in self.constants if c.name == name)
        return self.constant(name + ".moved", numpy_helper.to_array(found) + by)

    def node(self, kind: str, inputs: Sequence[str], output: str, **attributes: Any) -> str:
        self.nodes_of(kind, inputs, [output], **attributes)
        return output

    def nodes_of(
        self, kind: str, inputs: Sequence[str], outputs: Sequence[str], **attributes: Any
    ) -> None:
        from onnx import helper

        self.nodes.append(helper.make_node(kind, list(inputs), list(outputs), **attributes))

    def finish(self, width: int, extra: Sequence[str]) -> bytes:
        from onnx import TensorProto, helper

        kind = TensorProto.FLOAT
        outputs = [helper.make_tensor_value_info("vector", kind, [1, width])]
        outputs += [helper.make_tensor_value_info(name, kind, None) for name in extra]
        model = helper.make_model(
            helper.make_graph(
                self.nodes,
                "encoder",
                [helper.make_tensor_value_info("embedded", kind, [1, "tokens", width])],
                outputs,
                self.constants,
            ),
            # the oldest that have LayerNormalization, so that older runtimes read it too
            opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid(_MICROSOFT, 1)],
            ir_version=8,
        )
        return bytes(model.SerializeToString())


def float_graph(folder: BertFolder, *, watch: bool = False) -> bytes:
    """The serialised graph in full precision. ``embedded`` (1, tokens, hidden) -> ``vector``
    (1, hidden) of unit length, and the states (1, tokens, hidden) that it is the mean of.
    ``watch`` adds the input of each product as a further output."""
    return _encoder(folder, _float_linear, watch=watch)


def quantised_graph(
    folder: BertFolder, seen: Mapping[str, Seen], shift: Matrix | None = None, *, even: bool
) -> bytes:
    """The serialised graph with 8-bit products; same input and output. ``shift`` (hidden,) is added
    to the states; ``even``: whether tokens are brought to one size before the products of ``_EVENED``."""

    def linear(graph: _Graph, x: str, name: str, weights: Matrix, bias: str) -> str:
        product = seen[name]
        beside = size = ""
        mask = np.ones(len(weights), np.float32)
        if len(product.kept):
            few = graph.node("Gather", [x, graph.constant(name + ".few", product.kept)],
                             name + ".x_few", axis=2)  # fmt: skip
            side = graph.constant(name + ".w_few", weights[product.kept])
            beside = graph.node("MatMul", [few, side], name + ".y_few")
            mask[product.kept] = 0.0
            weights = weights * mask[:, None]
            x = graph.node("Mul", [x, graph.constant(name + ".mask", mask)], name + ".x_rest")
        if even and name.split(".")[1] in _EVENED:
            most = graph.node("ReduceMax", [x], name + ".most", axes=[2], keepdims=1)
            size = graph.node(
                "Max", [most, graph.constant(name + ".least", _SMALLEST)], name + ".size"
            )
            x = graph.node("Div", [x, size], name + ".x_even")
        scale = np.maximum(np.abs(weights).max(axis=0) / _LEVELS, np.float32(1e-12))
        rounded = np.rint(weights / scale).astype(np.int8)
        bias = graph.moved(bias, (product.mean * mask) @ (weights - rounded * scale))
        inputs = [x, graph.constant(name + ".w", rounded), graph.constant(name + ".scale", scale)]
        inputs += [] if size else ["", bias]
        y = graph.node("DynamicQuantizeMatMul", inputs, name + ".y", domain=_MICROSOFT)
        if size:
            y = graph.node("Mul", [y, size], name + ".y_sized")
        if beside:
            y = graph.node("Add", [y, beside], name + ".sum")
        return graph.node("Add", [y, bias], name + ".biased") if size else y

    return _encoder(folder, linear, watch=False, shift=shift)


def products(folder: BertFolder) -> list[str]:
    """Names of the products, in the order in which a watching graph gives their inputs."""
    return [f"l{n}.{part}" for n in folder.numbers for part in _PRODUCTS]


def look(folder: BertFolder, watched: Sequence[Sequence[Matrix]]) -> dict[str, Seen]:
    """What the products' inputs are like. ``watched``: for each sample text, the inputs of
    ``products``."""
    found = {}
    for number, name in enumerate(products(folder)):
        each = np.concatenate([inputs[number][0] for inputs in watched])
        size = np.abs(each).max(axis=0)
        # the channel's number decides between equals; what attention gives is even: keeping
        # channels changed nothing
        order = np.lexsort((np.arange(len(size)), -size))
        kept = np.sort(order[: 0 if name.endswith(".ao") else KEPT_CHANNELS]).astype(np.int64)
        found[name] = Seen(kept, each.mean(axis=0))
    return found


def _float_linear(graph: _Graph, x: str, name: str, weights: NDArray[np.float32], bias: str) -> str:
    y = graph.node("MatMul", [x, graph.constant(name + ".w", weights)], name + ".xw")
    return graph.node("Add", [y, bias], name + ".y")


def _encoder(
    folder: BertFolder, linear: _Linear, *, watch: bool, shift: Matrix | None = None
) -> bytes:
    graph = _Graph()
    inputs: list[str] = []

    def product(x: str, layer: int, part: str) -> str:
        inputs.append(x)
        name = f"l{layer}.{part}"
        parts = [f"encoder.layer.{layer}.{tensor}" for tensor in _PRODUCTS[part]]
        weights = np.concatenate([folder.tensor(t + ".weight") for t in parts])
        biases = np.concatenate([folder.tensor(t + ".bias") for t in parts])
        bias = graph.constant(name + ".b", biases)
        return linear(graph, x, name, np.ascontiguousarray(weights.T), bias)

    def norm(x: str, tensor: str, output: str) -> str:
        gain = graph.constant(tensor + ".weight", folder.tensor(tensor + ".weight"))
        shift = graph.constant(tensor + ".bias", folder.tensor(tensor + ".bias"))
        epsilon = folder.config["layer_norm_eps"]
        # not SkipLayerNormalization, which adds too: here it took eight times as long
        return graph.node("LayerNormalization", [x, gain, shift], output, axis=-1, epsilon=epsilon)

    thirds = graph.constant("thirds", np.full(3, folder.hidden, np.int64))
    lowest = folder.numbers.start == 0
    x = norm("embedded", "embeddings.LayerNorm", "begin") if lowest else "embedded"
    for n in folder.numbers:
        at, tensor = f"l{n}.", f"encoder.layer.{n}."
        heads = [at + "q", at + "k", at + "v"]
        graph.nodes_of("Split", [product(x, n, "qkv"), thirds], heads, axis=-1)
        count = folder.config["num_attention_heads"]
        attended = graph.node(
            "MultiHeadAttention", heads, at + "heads", domain=_MICROSOFT, num_heads=count
        )
        y = graph.node("Add", [product(attended, n, "ao"), x], at + "middle")
        x = norm(y, tensor + "attention.output.LayerNorm", at + "attended")
        y = graph.node("Gelu", [product(x, n, "fi")], at + "gelu", domain=_MICROSOFT)
        y = graph.node("Add", [product(y, n, "fo"), x], at + "end")
        last = n == folder.numbers[-1]
        x = norm(y, tensor + "output.LayerNorm", STATES if last and shift is None else at + "out")
    if shift is not None:
        x = graph.node("Add", [x, graph.constant("shift", shift)], STATES)
    mean = graph.node("ReduceMean", [x], "mean", axes=[1], keepdims=0)
    graph.node("LpNormalization", [mean], "vector", axis=-1, p=2)
    return graph.finish(folder.hidden, (x, *(inputs if watch else ())))
