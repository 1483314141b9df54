"""Learns a head of ``index.chain``: the layers below stay as they are, so that each text is read through them once."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from index.bert_folder import Matrix
from index.chain import BESIDE, PLACES, Seen, forbidden

_RATE = 3e-3
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

    def hidden(self, batch: Sequence[Example]) -> torch.Tensor:
        """(characters of all, width)."""
        begins = np.cumsum([0, *(len(e.seen.states) for e in batch)])
        near = torch.from_numpy(
            np.concatenate([b + e.near for e, b in zip(batch, begins[:-1], strict=True)])
        )
        states = _tensor([e.seen.states for e in batch]).float()
        along = self.tokens(functional.dropout(states, 0.1, self.training))
        along = along.reshape(len(states), self.beside, self.width)
        x = sum(along[near[:, n], n] for n in range(self.beside)) + self.bias
        x = x + self.places(_tensor([e.seen.place for e in batch]))
        told = _tensor([e.seen.forms for e in batch])
        x = x + self.forms(functional.dropout(told, 0.1, self.training))
        x = functional.gelu(x, approximate="tanh")
        return functional.dropout(x, _LEFT_OUT, self.training)

    def loss(self, batch: Sequence[Example]) -> torch.Tensor:
        """Nats a text."""
        batch = [e for e in batch if len(e.labels)]
        return self.of_labels(self.hidden(batch), batch)

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


def _batches(
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


def learn(model: Learning, groups: Sequence[tuple[Sequence[Example], int]], steps: int) -> Learning:
    """Train ``model`` on so many examples of each group a step, in the mean; it then holds the running mean
    of its weights, which is steadier than the last."""
    mean = {name: value.clone() for name, value in model.state_dict().items()}
    batches = _batches(random.Random(1), groups)
    adam = torch.optim.AdamW(model.parameters(), lr=_RATE, weight_decay=1e-2)
    for step in range(1, steps + 1):
        for group in adam.param_groups:
            group["lr"] = _RATE * min(1, step / 100) * (1 - 0.9 * step / steps)
        loss = model.loss(next(batches))
        adam.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        adam.step()
        weight = min(0.99, (1 + step) / (10 + step))
        with torch.no_grad():
            for name, value in model.state_dict().items():
                mean[name].mul_(weight).add_(value, alpha=1 - weight)
        if step % 100 == 0:
            print(f"step {step}: {loss.item():.4f} nats a text", flush=True)
    model.load_state_dict(mean)
    return model.eval()
