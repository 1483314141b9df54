"""Trains the upper half of the lower layers (``index/lower_layers.py``) together with the two heads that read them.

    python -m training.lower --letters LETTERS.jsonl.gz --work FOLDER [--steps N] [--start FILE …] [--write]

One head finds what is private (``training.tagger``), one takes a question apart (``training.segmenting``): a step is
a batch of each. Says every hundred steps how both do on what only measures (``held`` in ``training/names`` and
``training/asks``), and keeps the running mean of all weights in FOLDER, which is steadier than the last. With ``--start`` it
goes on from the mean of some such files, or with ``--steps 0`` only tells how that does and keeps it. ``--write`` puts
them where they are shipped: ``lower_layers.npz``, ``tagger.npz``, ``asks.npz`` of ``index/data``.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch

from corpus.settings import Settings
from index import e5_adaptation, lower_layers, segments
from index import tagger as private
from index.arrays import unpack
from index.chain import Head, Seen, pack_head
from index.encoder import bundled_folder
from index.lower_layers import FIXED
from training import segmenting, tagger
from training.asked import FOLDER, marked
from training.chain import Example, Learning, batches
from training.labelled import labelled
from training.naming import DATA
from training.running_mean import Mean
from training.states import States, Upper

RATE, HEADS_RATE = 2e-4, 2e-3
WARM, EVERY, LAST = 60, 100, 0.05
"""Steps until the rate is full; between two reports; and the share of the rate that is left in the end."""
_AT_ONCE = 32


@torch.no_grad()
def read_by(upper: Upper, examples: Sequence[Example]) -> list[Seen]:
    """What the heads see of each."""
    found: dict[int, Seen] = {}
    order = sorted(range(len(examples)), key=lambda n: len(examples[n].seen.states))
    for first in range(0, len(order), _AT_ONCE):
        some = order[first : first + _AT_ONCE]
        seen = [examples[n].seen for n in some]
        ends = np.cumsum([0, *(len(one.states) for one in seen)]).tolist()
        states = upper(seen).numpy()
        for n, one, (begin, end) in zip(some, seen, pairwise(ends), strict=True):
            found[n] = Seen(states[begin:end], one.token, one.place, one.forms)
    return [found[n] for n in range(len(examples))]


Held = Sequence[tuple[str, Sequence[Example], Callable[[], str]]]
"""What only measures: a name, the examples, and what is to be told of them."""


def tell(upper: Upper, held: Held) -> None:
    """Print each report as the layers now read the examples."""
    for name, examples, report in held:
        before = [one.seen for one in examples]
        for one, seen in zip(examples, read_by(upper, examples), strict=True):
            one.seen = seen
        print(f"  {name}: {report()}", flush=True)
        for one, kept in zip(examples, before, strict=True):
            one.seen = kept


def held_out(states: States, tags: Learning, asks: Learning) -> Held:
    found: list[tuple[str, Sequence[Example], Callable[[], str]]] = []
    for path in sorted((DATA / "held").glob("*.jsonl")):
        some = tagger.seen(states, labelled(path))
        found.append((path.stem, some, lambda s=some: tagger.report(head_of(tags, tagger.BAR), s)))
    for path in sorted((FOLDER / "held").glob("*.jsonl")):
        asked = segmenting.seen(states, marked(path))
        found.append(
            (path.stem, asked, lambda q=asked: segmenting.report(head_of(asks, segmenting.BAR), q))
        )
    return found


def head_of(model: Learning, bar: float) -> Head:
    return Head.of(unpack(pack_head(model.arrays(), bar)))


def changed(upper: Upper, folder: Path) -> dict[str, np.ndarray]:
    """What training changed, by the names of the tensors."""
    as_it_was = States(folder).upper.state_dict()
    found = {}
    for name, value in upper.state_dict().items():
        layer, rest = name.removeprefix("layers.").split(".", 1)
        change = (value - as_it_was[name]).numpy()
        if change.any():
            found[f"encoder.layer.{FIXED + int(layer)}.{rest}"] = change
    return found


def mean_of(files: Sequence[Path]) -> list[dict[str, torch.Tensor]]:
    """Of the weights in some files, module by module."""
    every = [torch.load(path) for path in files]
    return [
        {name: torch.stack([one[name] for one in same]).mean(0) for name in same[0]}
        for same in zip(*every, strict=True)
    ]


def train(
    modules: tuple[Upper, Learning, Learning],
    drawn: Sequence[Iterator[list[Example]]],
    steps: int,
    told: Callable[[], None],
) -> None:
    """``drawn``: the batches of each head; ``told``: every hundred steps, with the mean of the weights, which the
    modules hold in the end."""
    upper, *heads = modules
    adam = torch.optim.AdamW(
        [
            {"params": [p for head in heads for p in head.parameters()], "lr": HEADS_RATE},
            {"params": upper.parameters(), "lr": RATE},
        ],
        weight_decay=1e-2,
    )
    rate = torch.optim.lr_scheduler.LambdaLR(
        adam, lambda n: min(1, (n + 1) / WARM) * (1 - (1 - LAST) * n / steps)
    )
    mean, begun = Mean(modules), time.monotonic()
    for step in range(1, steps + 1):
        given = [next(of) for of in drawn]
        losses = [
            head.loss(some, upper([one.seen for one in some]))
            for head, some in zip(heads, given, strict=True)
        ]
        adam.zero_grad()
        torch.stack(losses).sum().backward()  # type: ignore[no-untyped-call]
        for one in modules:
            torch.nn.utils.clip_grad_norm_(one.parameters(), 5.0)
        adam.step()
        rate.step()
        mean.add(step)
        if step % EVERY == 0 or step == steps:
            nats = " and ".join(f"{loss.item():.3f}" for loss in losses)
            print(f"step {step}: {nats} nats a text, {time.monotonic() - begun:.0f} s", flush=True)
            mean.swap()
            for one in modules:
                one.eval()
            told()
            if step < steps:
                mean.swap()
                for one in modules:
                    one.train()


def write(upper: Upper, tags: Learning, asks: Learning, folder: Path) -> None:
    """What is shipped."""
    packed = e5_adaptation.packed(changed(upper, folder), bits=4)
    np.savez_compressed(lower_layers.FILE, **packed)  # type: ignore[arg-type]
    private.FILE.write_bytes(pack_head(tags.arrays(), tagger.BAR))
    segments.FILE.write_bytes(pack_head(asks.arrays(), segmenting.BAR))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=Path, required=True, help="*.jsonl.gz")
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--made", type=int, default=6_000, help="made sentences")
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--start", type=Path, nargs="+", help="each a lower.pt")
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    torch.manual_seed(1)
    given.work.mkdir(parents=True, exist_ok=True)
    folder = bundled_folder(Settings.from_environment())
    states = States(folder)
    named = batches(random.Random(1), tagger.groups(states, given.letters, given.made))
    asked = batches(random.Random(2), segmenting.groups(states))
    tags, asks = tagger.learning(states.dim), segmenting.SegmentLearning(states.dim)
    modules, held = (states.upper, tags, asks), held_out(states, tags, asks)
    if given.start:
        for one, kept in zip(modules, mean_of(given.start), strict=True):
            one.load_state_dict(kept)

    def told() -> None:
        tell(states.upper, held)
        torch.save([one.state_dict() for one in modules], given.work / "lower.pt")

    if given.steps:
        train(modules, (named, asked), given.steps, told)
    else:
        for one in modules:
            one.eval()
        told()
    if given.write:
        write(states.upper, tags, asks, folder)


if __name__ == "__main__":
    main()
