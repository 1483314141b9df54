"""The lower layers of the bundled model in torch: those that stay as they are, and those that are trained."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from transformers import AutoModel

from index.bert_folder import BertFolder, Matrix
from index.chain import Seen, as_read
from index.e5_engine import Embeddings
from index.lower_layers import LAYERS
from index.texts import clean

FIXED = 4
"""The lowest layers, which stay as they are: each text is read through them once."""
_AT_ONCE = 32
_NOWHERE = -1e9


class States:
    """What the ``FIXED`` layers of a folder's model make of texts, in memory, in halves of a float."""

    def __init__(self, folder: Path) -> None:
        self._embeddings = Embeddings(BertFolder.open(folder))
        model = AutoModel.from_pretrained(folder).float().eval()
        self.dim = int(model.config.hidden_size)
        self._norm = model.embeddings.LayerNorm
        self._layers = model.encoder.layer[:FIXED]
        self.upper = Upper(model.encoder.layer[FIXED:LAYERS])
        self._held: dict[str, tuple[Matrix, NDArray[np.int64]]] = {}

    def of(self, text: str, forms: Callable[[str], Matrix]) -> Seen:
        """What a head sees of a text that was read, but for the layers that are trained. ``forms``: what each
        character is by its form."""
        plain = as_read(text)
        return Seen.of(*self._held[plain], forms(plain))

    @torch.no_grad()
    def read(self, texts: Iterable[str]) -> None:
        """All that were not read yet."""
        plain = sorted({as_read(text) for text in texts} - self._held.keys(), key=len)
        for first in range(0, len(plain), _AT_ONCE):
            some = plain[first : first + _AT_ONCE]
            begun = [self._embeddings.whole(clean(text), query=True) for text in some]
            x, mask = _padded([torch.from_numpy(embedded[0]) for embedded, _ in begun])
            x = _through(self._layers, self._norm(x), mask)
            for text, row, (embedded, spans) in zip(some, x, begun, strict=True):
                self._held[text] = row[: embedded.shape[1]].half().numpy(), spans


class Upper(nn.Module):
    """The layers that are trained."""

    def __init__(self, layers: Sequence[nn.Module]) -> None:
        super().__init__()
        self.layers = nn.ModuleList(layers)

    def forward(self, seen: Sequence[Seen]) -> Tensor:
        """(tokens of all, dim); products in bf16, which this CPU does twice as fast."""
        x, mask = _padded([torch.from_numpy(one.states) for one in seen])
        with torch.autocast("cpu", torch.bfloat16):
            x = _through(self.layers, x, mask)
        sizes = [len(one.states) for one in seen]
        return torch.cat([row[:size] for row, size in zip(x.float(), sizes, strict=True)])


def _padded(rows: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
    """(n, longest, dim) and what is added to their attention, (n, 1, 1, longest)."""
    sizes = torch.tensor([len(row) for row in rows])
    x = nn.utils.rnn.pad_sequence([row.float() for row in rows], batch_first=True)
    outside = torch.arange(x.shape[1])[None] >= sizes[:, None]
    return x, torch.zeros(outside.shape).masked_fill(outside, _NOWHERE)[:, None, None]


def _through(layers: Iterable[nn.Module], x: Tensor, mask: Tensor) -> Tensor:
    for layer in layers:
        made = layer(x, attention_mask=mask)
        x = made[0] if isinstance(made, tuple) else made  # older transformers give a tuple
    return x
