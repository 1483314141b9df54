"""The encoder of multilingual-e5-small as an ONNX graph, in full or with 8-bit products.

Built node by node from the tensors of ``e5.E5File``, so nothing needs torch or an exporter. One
text at a time: no padding, no mask, and a text's vector cannot depend on its neighbours.
The embedding table stays in the package's file; the graph begins at the summed embeddings.

How the products are quantised, and why (cosine with full precision over 88 texts, the mean error of
a question's cosine with a passage):
- weights per output column to 7 bits in int8: with 8 bits, processors without VNNI saturate
  (16-bit sums of two products), which cost more than the bit: .9952 against .9962;
- inputs to 8 bits over each text, except the 4 largest input channels of each product, which stay
  in float: a few channels are ten times larger than the rest. ``.9995`` and .0008, against .9962
  and .0031 without.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.e5 import E5File

VERSION = 2
"""Raise it when the graph changes: cached graphs are then made anew."""
KEPT_CHANNELS = 4
_LEVELS = 63
_MICROSOFT = "com.microsoft"

Kept = Mapping[str, NDArray[np.int64]]
"""Product -> the input channels that stay in float."""


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
                "multilingual-e5-small",
                [helper.make_tensor_value_info("embedded", kind, [1, "tokens", width])],
                outputs,
                self.constants,
            ),
            # the oldest that have LayerNormalization, so that older runtimes read it too
            opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid(_MICROSOFT, 1)],
            ir_version=8,
        )
        return bytes(model.SerializeToString())


def float_graph(file: E5File, *, watch: bool = False) -> bytes:
    """The serialised graph in full precision. ``embedded`` (1, tokens, hidden) -> ``vector``
    (1, hidden) of unit length, and the states (1, tokens, hidden) that it is the mean of.
    ``watch`` adds the input of each product as a further output."""
    return _encoder(file, _float_linear, watch=watch)


def quantised_graph(file: E5File, kept: Kept) -> bytes:
    """The serialised graph with 8-bit products; same input and output."""

    def linear(graph: _Graph, x: str, name: str, weights: NDArray[np.float32], bias: str) -> str:
        channels = kept.get(name)
        beside = ""
        if channels is not None:
            few = graph.node("Gather", [x, graph.constant(name + ".few", channels)],
                             name + ".x_few", axis=2)  # fmt: skip
            side = graph.constant(name + ".w_few", weights[channels])
            beside = graph.node("MatMul", [few, side], name + ".y_few")
            mask = np.ones(len(weights), np.float32)
            mask[channels] = 0.0
            weights = weights * mask[:, None]
            x = graph.node("Mul", [x, graph.constant(name + ".mask", mask)], name + ".x_rest")
        scale = np.maximum(np.abs(weights).max(axis=0) / _LEVELS, np.float32(1e-12))
        rounded = np.rint(weights / scale).astype(np.int8)
        inputs = [x, graph.constant(name + ".w", rounded), graph.constant(name + ".scale", scale)]
        y = graph.node("DynamicQuantizeMatMul", [*inputs, "", bias], name + ".y", domain=_MICROSOFT)
        return graph.node("Add", [y, beside], name + ".sum") if beside else y

    return _encoder(file, linear, watch=False)


def states_name(file: E5File) -> str:
    """Name of the output with the tokens' states (1, tokens, hidden)."""
    return f"l{file.layers - 1}.oln"


def products(file: E5File) -> list[str]:
    """Names of the products, in the order in which a watching graph gives their inputs."""
    return [f"l{n}.{part}" for n in range(file.layers) for part in ("qkv", "ao", "fi", "fo")]


def largest_channels(file: E5File, watched: Sequence[Sequence[NDArray[np.float32]]]) -> Kept:
    """What to keep in float. ``watched``: for each sample text, the inputs of ``products``."""
    kept: dict[str, NDArray[np.int64]] = {}
    for number, name in enumerate(products(file)):
        if name.endswith(".ao"):
            continue  # what attention gives is even: keeping channels changed nothing
        size = np.max([np.abs(inputs[number][0]).max(axis=0) for inputs in watched], axis=0)
        # the channel's number decides between equals
        order = np.lexsort((np.arange(len(size)), -size))
        kept[name] = np.sort(order[:KEPT_CHANNELS]).astype(np.int64)
    return kept


def _float_linear(graph: _Graph, x: str, name: str, weights: NDArray[np.float32], bias: str) -> str:
    y = graph.node("MatMul", [x, graph.constant(name + ".w", weights)], name + ".xw")
    return graph.node("Add", [y, bias], name + ".y")


def _encoder(file: E5File, linear: _Linear, *, watch: bool) -> bytes:
    graph = _Graph()
    inputs: list[str] = []

    def product(x: str, name: str, *tensors: str, columns: int) -> str:
        inputs.append(x)
        weights = [file.matrix(t + ".w", columns).rows(slice(None)) for t in tensors]
        biases = np.concatenate([file.vector(t + ".b") for t in tensors])
        bias = graph.constant(name + ".b", biases)
        return linear(graph, x, name, np.concatenate(weights).T, bias)

    def norm(x: str, name: str) -> str:
        gain = graph.constant(name + ".w", file.vector(name + ".w"))
        shift = graph.constant(name + ".b", file.vector(name + ".b"))
        # not SkipLayerNormalization, which adds too: here it took eight times as long
        return graph.node(
            "LayerNormalization", [x, gain, shift], name, axis=-1, epsilon=file.epsilon
        )

    thirds = graph.constant("thirds", np.full(3, file.hidden, np.int64))
    x = norm("embedded", "emb.ln")
    for n in range(file.layers):
        at = f"l{n}."
        qkv = product(x, at + "qkv", at + "q", at + "k", at + "v", columns=file.hidden)
        heads = [at + "q", at + "k", at + "v"]
        graph.nodes_of("Split", [qkv, thirds], heads, axis=-1)
        attended = graph.node(
            "MultiHeadAttention", heads, at + "heads", domain=_MICROSOFT, num_heads=file.heads
        )
        y = product(attended, at + "ao", at + "ao", columns=file.hidden)
        x = norm(graph.node("Add", [y, x], at + "middle"), at + "aln")
        y = product(x, at + "fi", at + "fi", columns=file.hidden)
        y = graph.node("Gelu", [y], at + "gelu", domain=_MICROSOFT)
        y = product(y, at + "fo", at + "fo", columns=file.inner)
        x = norm(graph.node("Add", [y, x], at + "end"), at + "oln")
    mean = graph.node("ReduceMean", [x], "mean", axes=[1], keepdims=0)
    graph.node("LpNormalization", [mean], "vector", axis=-1, p=2)
    return graph.finish(file.hidden, (x, *(inputs if watch else ())))
