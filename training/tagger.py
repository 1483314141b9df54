"""Trains the head of ``index/tagger.py`` and writes ``index/data/tagger.npz``.

    python -m training.tagger --letters LETTERS.jsonl.gz [--states FILE] [--apart]

On sentences written by hand (``training/names/sentences*.jsonl``, a file an author), on the same with other names,
homes and numbers in them (``training.labelled``), and on made ones (``training.named``, ``training.homing``). The
layers below stay as they are, so that each sentence is read through them once; ``--states`` keeps what they made of
it. ``--apart`` trains once for each author without that author's sentences and says how the head does on these.
"""

from __future__ import annotations

import argparse
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from corpus.settings import ROOT, Settings
from index.arrays import pack
from index.encoder import bundled_folder
from index.forms import FORMS
from index.lower_layers import LowerLayers
from index.masking import joined
from index.tagger import BESIDE, FILE, FORBIDDEN, KINDS, LABELS, PLACES, Head, spans_of
from training.homing import HomeMaker
from training.labelled import Swapper, files, labelled
from training.named import (
    Sentence,
    SentenceMaker,
    letters,
    lines,
    longer_than,
    ordinary_words,
    places,
    questions,
)
from training.states import States

WIDTH = 192
_LONGEST = 150
_MADE, _HAND, _SWAPPED = 12, 16, 12
"""Sentences a step, in the mean."""
_RATE = 3e-3
_LEFT_OUT = 0.5
"""Of what the head makes of a character: none may decide alone."""
BAR = 0.5
"""Chosen on sentences of authors that were left out."""


BARS = (0.0, 0.5, 1.0, 2.0)
"""What ``--apart`` tries."""


class Example:
    """A sentence as the head sees it, with its labels."""

    def __init__(self, sentence: Sentence, states: States) -> None:
        self.sentence = sentence
        self.seen = states.of(sentence.text)
        self.near = self.seen.near()
        self.labels = np.zeros(len(sentence.text), np.int64)
        for start, end, kind in sentence.spans:
            begins = 1 + 2 * KINDS.index(kind)
            self.labels[start:end] = [begins] + [begins + 1] * (end - start - 1)


class Learning(torch.nn.Module):
    """What ``index.tagger.Head`` is, to be trained."""

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.beside = 2 * BESIDE + 1
        self.tokens = torch.nn.Linear(dim, self.beside * WIDTH, bias=False)
        self.bias = torch.nn.Parameter(torch.zeros(WIDTH))
        self.places = torch.nn.Embedding(PLACES * PLACES, WIDTH)
        self.forms = torch.nn.Linear(FORMS, WIDTH, bias=False)
        self.labels = torch.nn.Linear(WIDTH, LABELS)
        self.steps = torch.nn.Parameter(torch.zeros(LABELS, LABELS))
        torch.nn.init.normal_(self.places.weight, 0.0, 0.02)

    def forward(self, batch: Sequence[Example]) -> torch.Tensor:
        """(characters of all, ``LABELS``)."""
        begins = np.cumsum([0, *(len(e.seen.states) for e in batch)])
        near = torch.from_numpy(
            np.concatenate([b + e.near for e, b in zip(batch, begins[:-1], strict=True)])
        )
        states = _tensor([e.seen.states for e in batch]).float()
        along = self.tokens(functional.dropout(states, 0.1, self.training))
        along = along.reshape(len(states), self.beside, WIDTH)
        x = sum(along[near[:, n], n] for n in range(self.beside)) + self.bias
        x = x + self.places(_tensor([e.seen.place for e in batch]))
        told = _tensor([e.seen.forms for e in batch])
        x = x + self.forms(functional.dropout(told, 0.1, self.training))
        x = functional.gelu(x, approximate="tanh")
        scores: torch.Tensor = self.labels(functional.dropout(x, _LEFT_OUT, self.training))
        return scores

    def loss(self, batch: Sequence[Example]) -> torch.Tensor:
        """Nats a sentence: of the labels as they are, among all rows of labels (a linear-chain CRF)."""
        batch = [e for e in batch if len(e.labels)]
        sizes = torch.tensor([len(e.labels) for e in batch])
        scores = torch.nn.utils.rnn.pad_sequence(
            self(batch).split(sizes.tolist()), batch_first=True
        )
        labels = torch.nn.utils.rnn.pad_sequence(
            [torch.from_numpy(e.labels) for e in batch], batch_first=True
        )
        inside = torch.arange(scores.shape[1])[None] < sizes[:, None]
        steps = self.steps + torch.from_numpy(FORBIDDEN)
        right = (scores.gather(2, labels[..., None])[..., 0] * inside).sum()
        right = right + (steps[labels[:, :-1], labels[:, 1:]] * inside[:, 1:]).sum()
        worth = scores[:, 0] + torch.from_numpy(FORBIDDEN[0])
        for place in range(1, scores.shape[1]):
            over = torch.logsumexp(worth[:, :, None] + steps, dim=1) + scores[:, place]
            worth = torch.where(inside[:, place, None], over, worth)
        return (torch.logsumexp(worth, dim=1).sum() - right) / len(batch)


def _tensor(arrays: Sequence[NDArray[np.generic]]) -> torch.Tensor:
    return torch.from_numpy(np.concatenate(arrays))


def _batches(
    chance: random.Random, kinds: Sequence[tuple[Sequence[Example], int]]
) -> Iterator[list[Example]]:
    """So many of each kind in the mean; those of a batch are of much the same length, which halves the
    time."""
    while True:
        drawn = [e for examples, count in kinds for e in chance.choices(examples, k=4 * count)]
        drawn.sort(key=lambda e: len(e.labels))
        size = len(drawn) // 4
        parts = [drawn[n * size : (n + 1) * size] for n in range(4)]
        chance.shuffle(parts)
        yield from parts


def learn(
    made: Sequence[Example], hand: Sequence[Example], swapped: Sequence[Example], steps: int
) -> Learning:
    """The running mean of the weights, which is steadier than the last."""
    torch.manual_seed(1)
    model = Learning(made[0].seen.states.shape[1])
    mean = {name: value.clone() for name, value in model.state_dict().items()}
    batches = _batches(random.Random(1), ((made, _MADE), (hand, _HAND), (swapped, _SWAPPED)))
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
            print(f"step {step}: {loss.item():.4f} nats a sentence", flush=True)
    model.load_state_dict(mean)
    return model.eval()


def ship(to: Path, model: Learning) -> None:
    """Eight bits a weight, each array in units of its own, and of its own for each column."""
    state = {name: value.numpy() for name, value in model.state_dict().items()}
    dim = state["tokens.weight"].shape[1]
    arrays = {
        "tokens": state["tokens.weight"].reshape(model.beside, WIDTH, dim).transpose(0, 2, 1),
        "places": state["places.weight"],
        "forms": state["forms.weight"].T,
        "bias": state["bias"],
        "labels": state["labels.weight"].T,
        "label_bias": state["labels.bias"],
        "steps": state["steps"],
    }
    found: dict[str, NDArray[np.generic]] = {"bar": np.array([BAR])}
    for name, array in arrays.items():
        unit = np.maximum(np.abs(array).max(axis=-2 if array.ndim > 1 else -1, keepdims=True), 1e-9)
        unit = (unit / 127).astype(np.float32)
        found[name] = np.rint(array / unit).astype(np.int8)
        found[f"{name}_unit"] = unit
    to.write_bytes(pack(found))


def report(head: Head, examples: Sequence[Example]) -> str:
    """How many pieces go whole, by kind, and how many clean sentences are touched."""
    whole: dict[str, list[bool]] = defaultdict(list)
    touched = []
    for example in examples:
        text = example.sentence.text
        gone = np.zeros(len(text), bool)
        for start, end, _ in joined(text, spans_of(head.labels_of(example.seen), text)):
            gone[start:end] = True
        for start, end, kind in example.sentence.spans:
            inner = [n for n in range(start, end) if text[n].strip()]
            whole[kind].append(bool(gone[inner].all()))
        if not example.sentence.spans:
            touched.append(bool(gone.any()))
    every = [one for found in whole.values() for one in found]
    shown = ", ".join(
        f"{kind} {np.mean(found):.3f} of {len(found)}" for kind, found in sorted(whole.items())
    )
    return f"{np.mean(every):.3f} whole ({shown}); {np.mean(touched):.3f} of {len(touched)} touched"


def made(given: Path, count: int) -> tuple[HomeMaker, list[Sentence]]:
    """Two of five with names, one of seven with homes or accounts; the rest like them, or as it stands on
    pages."""
    chance = random.Random(1)
    asked, towns = questions(ROOT), places()
    maker = SentenceMaker(chance, asked, towns, ordinary_words(), letters(given))
    homes = HomeMaker(chance, maker.names, towns, [q for q in asked if len(q) < 45], maker.kin)
    pages = list(lines(ROOT))
    found = [maker.named() for _ in range(count * 38 // 100)]
    found += [maker.nameless() for _ in range(count * 27 // 100)]
    found += [homes.private() for _ in range(count * 15 // 100)]
    found += [homes.clean() for _ in range(count * 8 // 100)]
    found += [chance.choice(pages) for _ in range(count * 12 // 100)]
    found += [homes.numbered() for _ in range(count // 10)]
    return homes, list(longer_than(found, _LONGEST))


def swaps(hand: Sequence[Sentence], maker: HomeMaker, times: int) -> list[Sentence]:
    """The sentences with something private, ``times`` over, with other pieces of the same kinds."""
    swapper = Swapper(random.Random(2), maker, hand)
    return [swapper.swapped(one) for _ in range(times) for one in hand if one.spans]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=Path, required=True, help="*.jsonl.gz")
    parser.add_argument("--made", type=int, default=12_000)
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--states", type=Path, help="*.npz, made where there is none")
    parser.add_argument("--apart", action="store_true", help="leave each author out once")
    parser.add_argument("--to", type=Path, default=FILE)
    given = parser.parse_args()
    torch.set_num_threads(1)
    states = States(LowerLayers.open(bundled_folder(Settings.from_environment())), given.states)
    maker, sentences = made(given.letters, given.made)
    by_hand = {path: labelled(path) for path in files()}
    swapped_of = {path: swaps(some, maker, 3) for path, some in by_hand.items()}
    said = [sentences, *by_hand.values(), *swapped_of.values()]
    states.read(one.text for some in said for one in some)
    plain = [Example(one, states) for one in sentences]
    hand, swapped = (
        {path: [Example(one, states) for one in some] for path, some in of.items()}
        for of in (by_hand, swapped_of)
    )

    def learned(out: Path | None = None) -> Learning:
        known, other = (
            [e for path, some in of.items() if path != out for e in some] for of in (hand, swapped)
        )
        return learn(plain, known, other, given.steps)

    ship(given.to, learned())
    with TemporaryDirectory() as folder:
        apart = Path(folder) / FILE.name
        for out in files() if given.apart else ():
            ship(apart, learned(out))
            head = Head.open(apart)
            for bar in BARS:
                print(out.name, bar, report(replace(head, bar=bar), hand[out]), flush=True)


if __name__ == "__main__":
    main()
