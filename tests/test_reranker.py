"""index.reranker: off by default; a folder is loaded; pairs are scored apart from each other."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant import Assistant
from corpus.errors import ModelError
from corpus.settings import Settings
from index.reranker import open_reranker
from index.retrieve import Retriever


def tiny_cross_encoder(folder: Path) -> Path:
    """A real folder of a model with one layer and random weights (seeded)."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    folder.mkdir()
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"医保断缴补停怎么办"]
    (folder / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        max_position_embeddings=64,
        num_labels=1,
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder)
    return folder


def test_none_is_named_by_default() -> None:
    assert open_reranker(Settings()) is None


def test_a_folder_is_loaded_and_scores_pairs(tmp_path: Path) -> None:
    folder = tiny_cross_encoder(tmp_path / "tiny")
    reranker = open_reranker(Settings(reranker=str(folder)))
    assert reranker is not None
    passages = ["停保", "补缴怎么办" * 5, "医保"]
    together = reranker.scores("断缴怎么办", passages)
    assert (together.shape, together.dtype) == ((3,), np.dtype(np.float32))
    alone = [reranker.scores("断缴怎么办", [passage])[0] for passage in passages]
    assert together.tolist() == alone
    assert len(set(alone)) == 3
    assert reranker.scores("断缴", []).shape == (0,)


def test_a_folder_that_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"YIBAO_RERANKER.*没有任何数据受损"):
        open_reranker(Settings(reranker=str(tmp_path)))


class Shortest:
    """Stands for a CrossEncoder: the shorter a text, the better."""

    def scores(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        return np.array([-len(passage) for passage in passages], np.float32)


@pytest.mark.quality
def test_a_search_follows_it(shipped: Assistant) -> None:
    plain = shipped.retriever
    asked = Retriever(plain.index, plain.encoder, plain.words, reranker=Shortest())  # type: ignore[arg-type]
    hits = asked.find("断缴两个月怎么补", k=10).hits
    given = [hit.why["reranker"] for hit in hits[:5]]
    assert given == sorted(given, reverse=True)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert "reranker" not in plain.find("断缴两个月怎么补", k=10).hits[0].why
