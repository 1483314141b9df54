"""The cheapest adaptation: one linear map for questions and one for passages, on fixed vectors.

    python -m training.linear --base FOLDER --letters FILE ... [--most 3000] [--rounds 2]

After the mean is subtracted, both begin as the identity and are trained with InfoNCE on batches of
512. Prints what ``training.judge`` prints, before and after: what the upper layers have to beat.
Nothing of it is shipped.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from index.e5_engine import GraphEngine
from training import judge
from training.adapt import HELD_OUT, TEMPERATURE
from training.judge import Matrix
from training.pairs import held_out, letters

BATCH, RATE = 512, 1e-3


def learn(asked: Matrix, given: Matrix, rounds: int) -> tuple[torch.Tensor, ...]:
    """(mean, map) of questions and (mean, map) of passages. ``asked``, ``given`` (pairs, dim)."""
    sides = [torch.tensor(side) for side in (asked, given)]
    means = [side.mean(dim=0) for side in sides]
    maps = [torch.nn.Parameter(torch.eye(asked.shape[1])) for _ in sides]
    optimiser = torch.optim.Adam(maps, lr=RATE)
    dice = torch.Generator().manual_seed(0)
    for _ in range(rounds):
        for rows in torch.randperm(len(asked), generator=dice).split(BATCH):
            one, other = (
                functional.normalize((side[rows] - mean) @ matrix, dim=1)
                for side, mean, matrix in zip(sides, means, maps, strict=True)
            )
            loss = functional.cross_entropy(one @ other.T / TEMPERATURE, torch.arange(len(rows)))
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
    return means[0], maps[0].detach(), means[1], maps[1].detach()


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m training.linear")
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--letters", type=Path, required=True)
    parser.add_argument("--most", type=int, default=3000)
    parser.add_argument("--rounds", type=int, default=2)
    args = parser.parse_args(argv)
    torch.set_num_threads(1)
    engine = GraphEngine.open(args.base)
    dice = random.Random(0)
    learned, _ = held_out(letters(args.letters), HELD_OUT)
    pairs = [x.pair("letters", dice) for x in dice.sample(list(learned), args.most)]

    def embed(texts: Sequence[str], query: bool) -> Matrix:
        return np.stack([engine.embed(text, query=query) for text in texts])

    asked, given = (
        embed([p.question for p in pairs], True),
        embed([p.passage for p in pairs], False),
    )
    mean, matrix, other_mean, other_matrix = learn(asked, given, args.rounds)
    for one in judge.sets(args.letters, []):
        questions, passages = embed(one.questions, True), embed(one.passages, False)
        moved = [
            functional.normalize((torch.tensor(v) - m) @ x, dim=1).numpy()
            for v, m, x in ((questions, mean, matrix), (passages, other_mean, other_matrix))
        ]
        for said, (q, p) in (("before", (questions, passages)), ("after", moved)):
            found = judge.figures(q @ p.T, one.right)
            print(
                f"{said:7} {one.name:24}", " ".join(f"{v:.3f}" for v in found.values()), flush=True
            )


if __name__ == "__main__":
    main()
