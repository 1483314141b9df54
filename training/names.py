"""Trains the head of ``index/names.py`` and writes ``index/data/names.npz``.

    python -m training.names --letters LETTERS.jsonl.gz [--made 16000] [--steps 1050] [--held 5]

On made sentences (``training.named``) and on those written by hand (``training/names/sentences.jsonl``), 28
and 8 a step; the layers below stay as they are, so that each sentence is read through them once. ``--held N``
leaves every Nth sentence written by hand out, and says how the head does on these.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from corpus.settings import ROOT, Settings
from index.arrays import pack
from index.encoder import bundled_folder
from index.lower_layers import LowerLayers
from index.names import FILE, PLACES, Head, Seen, as_read, best
from training.named import (
    Sentence,
    SentenceMaker,
    held,
    letters,
    lines,
    longer_than,
    ordinary_words,
    places,
    questions,
)

WIDTH = 128
_LONGEST = 120
_MADE, _HELD = 28, 8
"""Sentences a step."""
_RATE = 3e-3
_LEFT_OUT = 0.3
"""Of what the head makes of a character: none may decide alone."""
BAR = -1.0
"""Chosen on sentences by hand that were left out."""


class Example:
    """A sentence as the head sees it, with its labels."""

    def __init__(self, sentence: Sentence, layers: LowerLayers) -> None:
        self.sentence = sentence
        self.seen = Seen.of(as_read(sentence.text), layers)
        self.labels = np.zeros(len(sentence.text), np.int64)
        for start, end in sentence.spans:
            self.labels[start:end] = [1] + [2] * (end - start - 1)


class Learning(torch.nn.Module):
    """What ``index.names.Head`` is, to be trained."""

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.tokens = torch.nn.Linear(dim, 3 * WIDTH, bias=False)
        self.bias = torch.nn.Parameter(torch.zeros(WIDTH))
        self.places = torch.nn.Embedding(PLACES * PLACES, WIDTH)
        self.labels = torch.nn.Linear(WIDTH, 3)
        torch.nn.init.normal_(self.places.weight, 0.0, 0.02)

    def forward(self, batch: Sequence[Example]) -> torch.Tensor:
        """(characters of all, 3)."""
        begins = np.cumsum([0, *(len(e.seen.states) for e in batch)])
        rows = []
        for example, begin in zip(batch, begins[:-1], strict=True):
            token, last = example.seen.token, len(example.seen.states) - 1
            near = (np.maximum(token - 1, 0), token, np.minimum(token + 1, last))
            rows.append(begin + np.stack(near, axis=1))
        states = _tensor([e.seen.states for e in batch])
        beside = torch.from_numpy(np.concatenate(rows))
        along = self.tokens(functional.dropout(states, 0.1, self.training))
        along = along.reshape(len(states), 3, WIDTH)
        x = sum(along[beside[:, n], n] for n in range(3)) + self.bias
        x = x + self.places(_tensor([e.seen.place for e in batch]))
        x = functional.gelu(x, approximate="tanh")
        scores: torch.Tensor = self.labels(functional.dropout(x, _LEFT_OUT, self.training))
        return scores


def _tensor(arrays: Sequence[NDArray[np.generic]]) -> torch.Tensor:
    return torch.from_numpy(np.concatenate(arrays))


def learn(made: Sequence[Example], hand: Sequence[Example], steps: int) -> Learning:
    """The running mean of the weights, which is steadier than the last."""
    torch.manual_seed(1)
    chance = random.Random(1)
    model = Learning(made[0].seen.states.shape[1])
    mean = {name: value.clone() for name, value in model.state_dict().items()}
    adam = torch.optim.AdamW(model.parameters(), lr=_RATE, weight_decay=1e-2)
    for step in range(1, steps + 1):
        for group in adam.param_groups:
            group["lr"] = _RATE * min(1, step / 100) * (1 - 0.9 * step / steps)
        loss = torch.zeros(())
        for examples, count in ((made, _MADE), (hand, _HELD)):
            batch = chance.choices(examples, k=count)
            loss = loss + functional.cross_entropy(model(batch), _tensor([e.labels for e in batch]))
        adam.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        adam.step()
        weight = min(0.99, (1 + step) / (10 + step))
        with torch.no_grad():
            for name, value in model.state_dict().items():
                mean[name].mul_(weight).add_(value, alpha=1 - weight)
        if step % 100 == 0:
            print(f"step {step}: {loss.item():.4f} nats a character of each", flush=True)
    model.load_state_dict(mean)
    return model.eval()


def ship(to: Path, model: Learning) -> None:
    """Eight bits a weight, each array in units of its own, and of its own for each column."""
    state = {name: value.numpy() for name, value in model.state_dict().items()}
    dim = state["tokens.weight"].shape[1]
    arrays = {
        "tokens": state["tokens.weight"].reshape(3, WIDTH, dim).transpose(0, 2, 1),
        "places": state["places.weight"],
        "bias": state["bias"],
        "labels": state["labels.weight"].T,
        "label_bias": state["labels.bias"],
    }
    found: dict[str, NDArray[np.generic]] = {"bar": np.array([BAR])}
    for name, array in arrays.items():
        unit = np.maximum(np.abs(array).max(axis=-2 if array.ndim > 1 else -1, keepdims=True), 1e-9)
        unit = (unit / 127).astype(np.float32)
        found[name] = np.rint(array / unit).astype(np.int8)
        found[f"{name}_unit"] = unit
    to.write_bytes(pack(found))


def report(head: Head, examples: Sequence[Example]) -> None:
    """How many named sentences have all their names found, how many others one too many."""
    right, wrong = [], []
    for example in examples:
        found = np.array(best(head.scores(example.seen))) > 0
        names = example.labels > 0
        if names.any():
            right.append(bool(found[names].all()))
        else:
            wrong.append(bool(found.any()))
    print(
        f"{np.mean(right):.3f} of {len(right)} found, {np.mean(wrong):.3f} of {len(wrong)} touched"
    )


def sentences(given: Path, count: int) -> list[Sentence]:
    """Half of them named, a third like them, the rest as it stands on pages."""
    chance = random.Random(1)
    maker = SentenceMaker(chance, questions(ROOT), places(), ordinary_words(), letters(given))
    pages = list(lines(ROOT))
    found = [maker.named() for _ in range(count * 50 // 100)]
    found += [maker.nameless() for _ in range(count * 35 // 100)]
    found += [chance.choice(pages) for _ in range(count * 15 // 100)]
    return list(longer_than(found, _LONGEST))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=Path, required=True, help="*.jsonl.gz")
    parser.add_argument("--made", type=int, default=16_000)
    parser.add_argument("--steps", type=int, default=1050)
    parser.add_argument("--held", type=int, default=0, help="leave every Nth sentence by hand out")
    parser.add_argument("--to", type=Path, default=FILE)
    given = parser.parse_args()
    torch.set_num_threads(1)
    layers = LowerLayers.open(bundled_folder(Settings.from_environment()))
    made = [Example(one, layers) for one in sentences(given.letters, given.made)]
    hand = [Example(one, layers) for one in held()]
    out = hand[:: given.held] if given.held else []
    known = [one for n, one in enumerate(hand) if not given.held or n % given.held]
    ship(given.to, learn(made, known, given.steps))
    if out:
        report(Head.open(given.to), out)


if __name__ == "__main__":
    main()
