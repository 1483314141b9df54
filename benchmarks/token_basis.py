"""Learns the directions on which tokens are compared and kept (``index/late.py``).

    python -m benchmarks.token_basis [--set FOLDER LABELS] ... [--on] [--rounds 8] [--write]

Begun from the principal directions of the tokens, which keep the cosines as the model gives them;
then moved so that, by late interaction alone, the passages that answer a question come before all
others of its set: the softmax over the passages is to give the right ones its mass. Questions:
``benchmarks/questions/own.jsonl`` over our own articles, and the sets given, each over a folder of
articles (``seeds.jsonl`` there is over the source pages). Those of ``tests/quality`` have no part in
it: the ranking and the decision on scope are fitted on them afterwards, with directions that never
met them.

``--on`` begins from the directions of the file instead: enough after a small change of the model.

Prints the loss of each round and, of ``tests/quality/retrieval.jsonl``, how often late interaction
alone brings a right passage first: before, and after. ``--write`` replaces the file.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from benchmarks.labels import QUALITY, Label, bare, read_labels
from corpus.reading import read
from corpus.sections import sections
from corpus.settings import ROOT, Settings
from corpus.text import fold
from index import texts
from index.encoder import BundledEncoder, open_encoder
from index.late import BASIS, WIDTH, basis, step_for

QUESTIONS = Path(__file__).resolve().parent / "questions"
BITS = 4
"""Of a number of a token, see ``benchmarks.token_bits``."""
ROUNDS = 8
BATCH = 32
"""Questions a step."""
RATE = 1e-3
"""The greatest step size of AdamW; it rises to it and falls again, once."""
SHARPNESS = 25.0
"""What a mean cosine is multiplied with before the softmax; learned on from here."""


@dataclass(frozen=True, slots=True)
class Texts:
    """Token states of several texts, of unit length: ``states`` (tokens, dim), ``lengths``."""

    states: torch.Tensor
    lengths: torch.Tensor

    def some(self, chosen: Sequence[int]) -> Texts:
        """Some of the texts, in the order given."""
        parts = torch.split(self.states, self.lengths.tolist())
        return Texts(torch.cat([parts[n] for n in chosen]), self.lengths[list(chosen)])


@dataclass(frozen=True, slots=True)
class Asked:
    """Questions over the passages of one folder; ``right`` (questions, passages)."""

    passages: Texts
    questions: Texts
    right: torch.Tensor

    @classmethod
    def of(cls, encoder: BundledEncoder, folder: Path, labels: Sequence[Label]) -> Asked:
        """Those of the labels that the folder's articles answer."""

        def states(found: Sequence[str], *, query: bool) -> Texts:
            each = [torch.tensor(encoder.engine.tokens(t, query=query)[1]) for t in found]
            lengths = torch.tensor([len(one) for one in each])
            return Texts(functional.normalize(torch.cat(each), dim=1), lengths)

        passages = [p for article in read([folder]).articles for p in sections(article)]
        bodies = [bare(p.text) for p in passages]
        right = torch.tensor(
            [[any(bare(g) in body for g in x.gold) for body in bodies] for x in labels]
        )
        kept = [x for x, row in zip(labels, right, strict=True) if row.any()]
        return cls(
            states([texts.late_text(p) for p in passages], query=False),
            states([fold(x.question) for x in kept], query=True),
            right[right.any(dim=1)],
        )

    def scores(self, directions: torch.Tensor, chosen: Sequence[int]) -> torch.Tensor:
        """(chosen, passages) the mean over a question's tokens of their greatest cosine."""
        questions = self.questions.some(chosen)
        asked = functional.normalize(questions.states @ directions, dim=1)
        given = functional.normalize(self.passages.states @ directions, dim=1)
        best = torch.segment_reduce(given @ asked.T, "max", lengths=self.passages.lengths)
        sums = torch.segment_reduce(best.T.contiguous(), "sum", lengths=questions.lengths)
        return sums / questions.lengths[:, None]

    def first(self, directions: torch.Tensor) -> float:
        """Share of the questions whose best passage is a right one."""
        with torch.no_grad():
            scores = self.scores(directions, range(len(self.right)))
        return float(self.right[torch.arange(len(scores)), scores.argmax(dim=1)].float().mean())


def principal(sets: Sequence[Asked]) -> torch.Tensor:
    """(dim, WIDTH) about the origin, because cosines are; passages and questions half and half."""
    moment = sum(
        (side.T @ side / len(side))
        for side in (
            torch.cat([s.passages.states for s in sets]).double(),
            torch.cat([s.questions.states for s in sets]).double(),
        )
    )
    _, vectors = torch.linalg.eigh(moment)
    return vectors.flip(1)[:, :WIDTH].float().contiguous()


def learn(sets: Sequence[Asked], begin: torch.Tensor, rounds: int) -> torch.Tensor:
    """(dim, WIDTH), see above; the same for the same sets and number of threads."""
    directions = torch.nn.Parameter(begin.clone())
    sharpness = torch.nn.Parameter(torch.tensor(SHARPNESS))
    order = np.random.default_rng(0)
    steps = sum(-(-len(s.right) // BATCH) for s in sets)
    optimiser = torch.optim.AdamW([directions, sharpness], lr=RATE)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=rounds * steps)
    for number in range(1, rounds + 1):
        shuffled = [(s, order.permutation(len(s.right)).tolist()) for s in sets]
        batches = [
            (s, rows[i : i + BATCH]) for s, rows in shuffled for i in range(0, len(rows), BATCH)
        ]
        total = 0.0
        for n in order.permutation(len(batches)).tolist():
            one, chosen = batches[n]
            mass = torch.log_softmax(sharpness * one.scores(directions, chosen), dim=1)
            loss = -mass.masked_fill(~one.right[chosen], -torch.inf).logsumexp(dim=1).mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            total += float(loss.detach())
        print(f"round {number}: loss {total / steps:.3f}", flush=True)
    return directions.detach()


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.token_basis")
    parser.add_argument("--set", nargs=2, action="append", type=Path, default=[], dest="sets")
    parser.add_argument("--on", action="store_true")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args(argv)
    encoder = open_encoder(Settings.from_environment())
    assert isinstance(encoder, BundledEncoder), "the directions are those of the bundled model"
    own = ROOT / "corpus" / "articles"
    sets = [Asked.of(encoder, own, read_labels(QUESTIONS / "own.jsonl"))]
    sets += [Asked.of(encoder, folder, read_labels(file)) for folder, file in args.sets]
    labels = [x for x in read_labels(QUALITY / "retrieval.jsonl") if x.gold]
    unmet = Asked.of(encoder, own, labels)
    before = torch.tensor(basis().directions) if args.on else principal(sets)
    directions = learn(sets, before, args.rounds)
    print(f"questions that were not met: {unmet.first(before):.3f} before, {unmet.first(directions):.3f} after")  # fmt: skip
    met = torch.cat([t.states for s in sets for t in (s.passages, s.questions)])
    step = step_for(functional.normalize(met @ directions, dim=1).numpy(), BITS)
    if args.write:
        np.savez(BASIS, directions=directions.numpy().astype(np.float16), step=step, bits=BITS)
        print(f"{BASIS}: {BASIS.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
