"""A head of ``index.chain``, to be trained together with the layers below it (``training.lower``)."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from index.bert_folder import Matrix
from index.chain import BESIDE, PLACES, Seen, forbidden

_LEFT_OUT = 0.5
"""Of what the head makes of a character: none may decide alone."""


class Example:
    """A text as the head sees it, with its labels. ``spans``: from where to where, and the number of the
    kind."""

    def __init__(self, seen: Seen, spans: Sequence[tuple[int, int, int]]) -> None:
        self.seen = seen
        self.near = seen.near()
        self.labels = np.zeros(len(seen.forms), np.int64)
        for start, end, kind in spans:
            begins = 1 + 2 * kind
            self.labels[start:end] = [begins] + [begins + 1] * (end - start - 1)


class Learning(torch.nn.Module):
    """What ``index.chain.Head`` is, to be trained."""

    def __init__(self, dim: int, width: int, labels: int, forms: int) -> None:
        super().__init__()
        self.width = width
        self.beside = 2 * BESIDE + 1
        self.tokens = torch.nn.Linear(dim, self.beside * width, bias=False)
        self.bias = torch.nn.Parameter(torch.zeros(width))
        self.places = torch.nn.Embedding(PLACES * PLACES, width)
        self.forms = torch.nn.Linear(forms, width, bias=False)
        self.labels = torch.nn.Linear(width, labels)
        self.steps = torch.nn.Parameter(torch.zeros(labels, labels))
        torch.nn.init.normal_(self.places.weight, 0.0, 0.02)

    def hidden(self, batch: Sequence[Example], states: torch.Tensor) -> torch.Tensor:
        """(characters of all, width). ``states`` (tokens of all, dim): what the layers below make of them."""
        begins = np.cumsum([0, *(len(e.seen.states) for e in batch)])
        near = torch.from_numpy(
            np.concatenate([b + e.near for e, b in zip(batch, begins[:-1], strict=True)])
        )
        along = self.tokens(functional.dropout(states, 0.1, self.training))
        along = along.reshape(len(states), self.beside, self.width)
        x = sum(along[near[:, n], n] for n in range(self.beside)) + self.bias
        x = x + self.places(_tensor([e.seen.place for e in batch]))
        told = _tensor([e.seen.forms for e in batch])
        x = x + self.forms(functional.dropout(told, 0.1, self.training))
        x = functional.gelu(x, approximate="tanh")
        return functional.dropout(x, _LEFT_OUT, self.training)

    def loss(self, batch: Sequence[Example], states: torch.Tensor) -> torch.Tensor:
        """Nats a text."""
        return self.of_labels(self.hidden(batch, states), batch)

    def of_labels(self, hidden: torch.Tensor, batch: Sequence[Example]) -> torch.Tensor:
        """Nats a text: of the labels as they are, among all rows of labels (a linear-chain CRF)."""
        sizes = torch.tensor([len(e.labels) for e in batch])
        scores = torch.nn.utils.rnn.pad_sequence(
            self.labels(hidden).split(sizes.tolist()), batch_first=True
        )
        labels = torch.nn.utils.rnn.pad_sequence(
            [torch.from_numpy(e.labels) for e in batch], batch_first=True
        )
        inside = torch.arange(scores.shape[1])[None] < sizes[:, None]
        bound = torch.from_numpy(forbidden(len(self.steps)))
        steps = self.steps + bound
        right = (scores.gather(2, labels[..., None])[..., 0] * inside).sum()
        right = right + (steps[labels[:, :-1], labels[:, 1:]] * inside[:, 1:]).sum()
        worth = scores[:, 0] + bound[0]
        for place in range(1, scores.shape[1]):
            over = torch.logsumexp(worth[:, :, None] + steps, dim=1) + scores[:, place]
            worth = torch.where(inside[:, place, None], over, worth)
        return (torch.logsumexp(worth, dim=1).sum() - right) / len(batch)

    def arrays(self) -> dict[str, Matrix]:
        """As ``index.chain.pack_head`` takes them."""
        state = {name: value.numpy() for name, value in self.state_dict().items()}
        dim = state["tokens.weight"].shape[1]
        return {
            "tokens": state["tokens.weight"]
            .reshape(self.beside, self.width, dim)
            .transpose(0, 2, 1),
            "places": state["places.weight"],
            "forms": state["forms.weight"].T,
            "bias": state["bias"],
            "labels": state["labels.weight"].T,
            "label_bias": state["labels.bias"],
            "steps": state["steps"],
        }


def _tensor(arrays: Sequence[NDArray[np.generic]]) -> torch.Tensor:
    return torch.from_numpy(np.concatenate(arrays))


def batches(
    chance: random.Random, groups: Sequence[tuple[Sequence[Example], int]]
) -> Iterator[list[Example]]:
    """So many of each group in the mean; those of a batch are of much the same length, which halves the
    time."""
    while True:
        drawn = [e for examples, count in groups for e in chance.choices(examples, k=4 * count)]
        drawn.sort(key=lambda e: len(e.labels))
        size = len(drawn) // 4
        parts = [drawn[n * size : (n + 1) * size] for n in range(4)]
        chance.shuffle(parts)
        yield from parts
