"""Reads a sentence-transformers folder with a BERT inside, without torch.

Importing torch takes longer than all else at a start; the quantised twin (``index.e5_engine``) needs
the numbers alone. Tensors are views of the file: the system reads from disk what is used.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

CONFIG, WEIGHTS, TOKENIZER = "config.json", "model.safetensors", "tokenizer.json"
SETTINGS = "config_sentence_transformers.json"
MAX_TOKENS = 512
_KINDS = {"F16": "<f2", "F32": "<f4", "BF16": "<u2"}

Matrix = NDArray[np.float32]


@dataclass(frozen=True)
class BertFolder:
    """``config`` as ``transformers`` reads it, ``prompts`` as ``sentence_transformers`` does."""

    path: Path
    config: dict[str, Any]
    prompts: dict[str, str]

    @classmethod
    def open(cls, path: Path) -> BertFolder:
        """Raises ``OSError``, ``ValueError`` or ``KeyError`` where it is not such a folder."""
        config, settings = (
            json.loads((path / name).read_text(encoding="utf-8")) for name in (CONFIG, SETTINGS)
        )
        if config["model_type"] != "bert":
            raise ValueError(f"{path}: model_type {config['model_type']}, 应为 bert")
        return cls(path, config, settings["prompts"])

    @property
    def layers(self) -> int:
        return int(self.config["num_hidden_layers"])

    @property
    def numbers(self) -> range:
        """Of the layers that are run."""
        return range(self.layers)

    @property
    def hidden(self) -> int:
        return int(self.config["hidden_size"])

    def names(self) -> list[str]:
        """Of all tensors."""
        return [name for name in self._file[0] if name != "__metadata__"]

    def tensor(self, name: str) -> Matrix:
        """A tensor of the ``BertModel``, float32."""
        found = self.view(name)
        if found.dtype == np.uint16:  # bfloat16, the upper half of a float32
            return (found.astype(np.uint32) << 16).view(np.float32)
        return np.asarray(found, np.float32)

    def view(self, name: str) -> NDArray[Any]:
        """The same as it stands in the file, in 16 or 32 bits; read-only. numpy has no
        bfloat16: such a tensor comes as uint16."""
        header, base, raw = self._file
        entry = header[name]
        begin, end = entry["data_offsets"]
        flat = raw[base + begin : base + end].view(_KINDS[entry["dtype"]])
        shaped: NDArray[Any] = flat.reshape(entry["shape"])
        return shaped

    @cached_property
    def _file(self) -> tuple[dict[str, Any], int, NDArray[np.uint8]]:
        """The header of the safetensors file, where the tensors begin, and all of its bytes."""
        raw = np.memmap(self.path / WEIGHTS, dtype=np.uint8, mode="r")
        size = int(raw[:8].view("<u8")[0])
        return json.loads(raw[8 : 8 + size].tobytes()), 8 + size, raw

    @property
    def tokenizer(self) -> Any:
        """A ``tokenizers.Tokenizer`` that cuts at ``MAX_TOKENS``; threads may share it."""
        path = self.path / TOKENIZER
        return _tokenizer(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _tokenizer(path: Path, changed: int) -> Any:
    """Reading it takes a second and some hundred MB: once for all that read one folder."""
    from tokenizers import Tokenizer

    made = Tokenizer.from_file(str(path))
    made.no_padding()
    made.enable_truncation(MAX_TOKENS)
    return made
