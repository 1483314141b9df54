"""The lower layers of the bundled model in torch: those that stay as they are, and those that are trained."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from transformers import AutoModel

from index import e5_adaptation
from index.bert_folder import BertFolder, Matrix
from index.chain import Seen, as_read
from index.e5_engine import Embeddings
from index.lower_layers import FIXED, LAYERS
from index.texts import clean

_AT_ONCE = 32
_NOWHERE = -1e9


class Below:
    """What the ``FIXED`` layers of a folder's model make of texts, in memory, in halves of a float. ``upper``: the
    layers above them, as they are in the folder; ``held``: by text, and whether it was read as a question,
    (tokens, dim) and (tokens, 2), where each token stands in the text."""

    def __init__(self, folder: Path) -> None:
        self._embeddings = Embeddings(BertFolder.open(folder))
        # drawing what to drop takes a third of a step on a processor
        dropped = {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}
        model = AutoModel.from_pretrained(folder, **dropped).float().eval()
        self.dim = int(model.config.hidden_size)
        self._norm = model.embeddings.LayerNorm
        self._layers = model.encoder.layer[:FIXED]
        self.upper: Sequence[nn.Module] = model.encoder.layer[FIXED:LAYERS]
        self.held: dict[tuple[str, bool], tuple[NDArray[np.float16], NDArray[np.int64]]] = {}

    @torch.no_grad()
    def read(self, texts: Iterable[str], *, query: bool) -> None:
        """All that were not read yet."""
        new = sorted({text for text in texts if (text, query) not in self.held}, key=len)
        for first in range(0, len(new), _AT_ONCE):
            some = new[first : first + _AT_ONCE]
            begun = [self._embeddings.whole(clean(text), query=query) for text in some]
            x, mask = padded([torch.from_numpy(embedded[0]) for embedded, _ in begun])
            x = through(self._layers, self._norm(x), mask)
            for text, row, (embedded, spans) in zip(some, x, begun, strict=True):
                self.held[text, query] = row[: embedded.shape[1]].half().numpy(), spans


class States:
    """The same of texts as the heads of ``training.chain`` are given them; ``upper``: the layers that are trained."""

    def __init__(self, folder: Path) -> None:
        self._below = Below(folder)
        self.dim = self._below.dim
        self.upper = Upper(self._below.upper)

    def of(self, text: str, forms: Callable[[str], Matrix]) -> Seen:
        """What a head sees of a text that was read, but for the layers that are trained. ``forms``: what each
        character is by its form."""
        plain = as_read(text)
        return Seen.of(*self._below.held[plain, True], forms(plain))

    def read(self, texts: Iterable[str]) -> None:
        """All that were not read yet."""
        self._below.read(map(as_read, texts), query=True)


class Upper(nn.Module):
    """The layers that are trained."""

    def __init__(self, layers: Sequence[nn.Module]) -> None:
        super().__init__()
        self.layers = nn.ModuleList(layers)

    def forward(self, seen: Sequence[Seen]) -> Tensor:
        """(tokens of all, dim); products in bf16, which this CPU does twice as fast."""
        x, mask = padded([torch.from_numpy(one.states) for one in seen])
        with torch.autocast("cpu", torch.bfloat16):
            x = through(self.layers, x, mask)
        sizes = [len(one.states) for one in seen]
        return torch.cat([row[:size] for row, size in zip(x.float(), sizes, strict=True)])


def padded(rows: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
    """(n, longest, dim) float32, and what is added to their attention, (n, 1, 1, longest)."""
    sizes = torch.tensor([len(row) for row in rows])
    x = nn.utils.rnn.pad_sequence([row.float() for row in rows], batch_first=True)
    outside = torch.arange(x.shape[1])[None] >= sizes[:, None]
    return x, torch.zeros(outside.shape).masked_fill(outside, _NOWHERE)[:, None, None]


def through(layers: Iterable[nn.Module], x: Tensor, mask: Tensor) -> Tensor:
    """``x`` as some layers leave it; ``mask`` as ``padded`` gives it."""
    for layer in layers:
        made = layer(x, attention_mask=mask)
        x = made[0] if isinstance(made, tuple) else made  # older transformers give a tuple
    return x


def mean(x: Tensor, there: Tensor) -> Tensor:
    """(n, dim), of the tokens (n, longest) that are there, of ``x`` (n, longest, dim)."""
    return (x * there[..., None]).sum(1) / there.sum(1, keepdim=True).clamp(min=1)


class ReadsTogether(Protocol):
    """A model that reads several texts as one (``training.crossing``, ``training.differing``)."""

    layers: nn.ModuleList
    kind: nn.Embedding
    head: nn.Sequential


def ship(model: ReadsTogether, folder: Path, to: Path) -> None:
    """Writes what is shipped of it: the changes of the layers, the kinds and the head."""
    before = Below(folder).upper
    changed = {
        f"encoder.layer.{FIXED + n}.{name}": (now - then).detach().numpy()
        for n, (layer, old) in enumerate(zip(model.layers, before, strict=True))
        for (name, now), then in zip(layer.named_parameters(), old.parameters(), strict=True)
    }
    head = {f"head.{name}": one.detach().numpy() for name, one in model.head.named_parameters()}
    made = changed | head | {"kind": model.kind.weight.detach().numpy()}
    np.savez_compressed(to, **e5_adaptation.packed(made, bits=4))  # type: ignore[arg-type]


@torch.no_grad()
def as_shipped(model: ReadsTogether, file: Path) -> None:
    """Gives a model whose layers are the folder's what ``ship`` wrote."""
    head = dict(model.head.named_parameters())
    for name, change in e5_adaptation.changes(file).items():
        value = torch.from_numpy(change)
        if name == "kind":
            model.kind.weight.copy_(value)
        elif name.startswith("head."):
            head[name.removeprefix("head.")].copy_(value)
        else:
            layer, rest = name.removeprefix("encoder.layer.").split(".", 1)
            model.layers[int(layer) - FIXED].get_parameter(rest).add_(value)
