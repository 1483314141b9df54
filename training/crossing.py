"""Trains the reader of lines (``index.crossing``): whether one line of a source answers a question, the
two read together by the whole encoder.

    python -m training.crossing --base FOLDER --to lines.pt [--start lines.pt] [--share 0.75]

FOLDER is an ordinary folder of the adapted model (``training.adapt``). Lines of labelled pages and of our
articles are drawn by how near they lie; those of ``training/judged`` were judged one by one, and make up
``--share`` of what is learned. Says after every ``--every`` steps how the held questions are told apart.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sklearn.metrics import roc_auc_score
from torch import Tensor, nn
from transformers import AutoModel, AutoTokenizer

from assistant import Assistant
from assistant.summary import quotable
from benchmarks.people import bare
from training.judged import FOLDER, Judged, by_sentence, of_file
from training.pages import pages

HELD_AUTHOR = "a7"
QUESTION, TITLE, HEADING, LINE = 72, 28, 20, 80
"""Tokens that are read of each; of a long question its begin and its end."""
STEP = 16
"""Lengths of a batch are multiples of it."""
BATCH, WARM_UP, FROZEN = 64, 40, 4
"""Lines a step; steps until the full rate; layers, from below, that stay as they are."""
POOL = 12
"""Steps whose questions are sorted by length, so that a batch is of like ones."""
HIDDEN = 0.05
"""Share of the tokens that are not seen in training."""
NEAR = 8
"""Wrong lines of a question among which some are drawn, the likeliest first."""
WORTH = {"full": 1.0, "partly": 0.4, "no": 0.0}
AMONG_WEIGHS = 0.5
"""Of choosing the right one among a question's lines, beside judging each by itself."""

Unit = tuple[str, str, str]
"""A line: the title and the heading over it, its text."""


@dataclass(slots=True)
class Asked:
    """A question with lines, likeliest first, and what each is to it."""

    question: str
    lines: list[Unit] = field(default_factory=list)
    worth: list[float] = field(default_factory=list)

    def some(self, dice: random.Random) -> list[tuple[str, Unit, float]]:
        """Up to two that answer and some of those that nearly do."""
        right = [n for n, w in enumerate(self.worth) if w > 0]
        wrong = [n for n, w in enumerate(self.worth) if not w][:NEAR]
        chosen = dice.sample(right, min(2, len(right)))
        chosen += dice.sample(wrong, min(3 if right else 4, len(wrong)))
        return [(self.question, self.lines[n], self.worth[n]) for n in chosen]


class Crossing(nn.Module):
    """The encoder over question and line together; the log odds from its first state and the mean of
    the line's."""

    def __init__(self, base: Path | str) -> None:
        super().__init__()
        # drawing what to drop takes a third of a step on a processor; words are hidden instead
        self.enc = AutoModel.from_pretrained(
            base,
            attn_implementation="eager",
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
        )
        size = self.enc.config.hidden_size
        self.head = nn.Sequential(nn.Linear(2 * size, size), nn.GELU(), nn.Linear(size, 1))

    def forward(self, tokens: Tensor, there: Tensor, line: Tensor) -> Tensor:
        """(n, k) each; ``line``: 1 where a token is of the line. (n,) log odds."""
        states = self.enc(input_ids=tokens, attention_mask=there).last_hidden_state
        line = line[..., None].to(states.dtype)
        mean = (states * line).sum(1) / line.sum(1)
        odds: Tensor = self.head(torch.cat([states[:, 0], mean], -1))[:, 0]
        return odds


class Packer:
    """Questions and lines as tokens."""

    def __init__(self, base: Path | str) -> None:
        self._tokenizer = AutoTokenizer.from_pretrained(base)
        self._known: dict[tuple[str, int], list[int]] = {}
        self.unknown: int = self._tokenizer.unk_token_id

    def __call__(self, pairs: Sequence[tuple[str, Unit]]) -> tuple[Tensor, Tensor, Tensor]:
        """What the model takes of some."""
        t = self._tokenizer
        rows = []
        for question, (title, heading, text) in pairs:
            asked = self._ids(question, 10**6)
            asked = (
                asked
                if len(asked) <= QUESTION
                else asked[: QUESTION // 2] + asked[-QUESTION // 2 :]
            )
            head = [t.cls_token_id, *asked, t.sep_token_id, t.sep_token_id]
            head += [*self._ids(title, TITLE), t.sep_token_id]
            head += [*self._ids(heading, HEADING), t.sep_token_id, t.sep_token_id]
            rows.append((head, [*self._ids(text, LINE), t.sep_token_id]))
        # few lengths: for each that it meets the library keeps what it has prepared
        longest = -(-max(len(head) + len(text) for head, text in rows) // STEP) * STEP
        tokens = torch.full((len(rows), longest), t.pad_token_id)
        there, line = torch.zeros(len(rows), longest), torch.zeros(len(rows), longest)
        for n, (head, text) in enumerate(rows):
            tokens[n, : len(head) + len(text)] = torch.tensor(head + text)
            there[n, : len(head) + len(text)] = 1
            line[n, len(head) : len(head) + len(text)] = 1
        return tokens, there, line

    def _ids(self, text: str, most: int) -> list[int]:
        key = text, most
        if key not in self._known:
            self._known[key] = self._tokenizer(text, add_special_tokens=False)["input_ids"][:most]
        return self._known[key]


def of_judged(judged: Iterable[Judged], articles: dict[str, Unit]) -> Iterator[Asked]:
    """Questions judged sentence by sentence; sentences that stand in an article no more are left out."""
    for one in judged:
        asked = Asked(one.question)
        for kind, worth in (("full", 1.0), ("part", WORTH["partly"]), ("none", 0.0)):
            for sentence in getattr(one, kind):
                if sentence in articles:
                    asked.lines.append(articles[sentence])
                    asked.worth.append(worth)
        if asked.lines:
            yield asked


def of_pages(held: bool) -> Iterator[Asked]:
    """Questions on the labelled pages, of the held author or of the others."""
    for page in pages():
        if (page.author == HELD_AUTHOR) != held:
            continue
        units, heading = [], ""
        for line in page.lines:
            heading = line.text if line.role == "heading" else heading
            units.append((page.head["title"], "" if line.role == "heading" else heading, line.text))
        for a in page.asked:
            near = _nearest(a.text, units)
            worth = [WORTH[a.verdict] if n + 1 in a.lines else 0.0 for n in near]
            yield Asked(a.text, [units[n] for n in near], worth)


def _nearest(question: str, units: Sequence[Unit]) -> list[int]:
    """The lines by the pairs of characters that they share with a question."""
    asked = {question[n : n + 2] for n in range(len(question) - 1)}
    shared = [sum(pair in text for pair in asked) / (len(text) + 20) for *_, text in units]
    return sorted(range(len(units)), key=lambda n: -shared[n])


def sentences_of(yibao: Assistant) -> dict[str, Unit]:
    """Each sentence of the store's articles, as ``bare`` leaves it, with what stands over it."""
    found: dict[str, Unit] = {}
    for block in yibao.retriever.index.blocks():
        numbers = [seen.number for entry in block for seen in entry.passages]
        for seen in yibao.retriever.index.passages(numbers):
            passage = seen.passage
            for piece in passage.pieces:
                for line in quotable(piece):
                    text = passage.article.text[line.start : line.end]
                    unit = (passage.article.title, (piece.heading or ("",))[-1], text)
                    found.setdefault(bare(text), unit)
                    found.setdefault(bare(text[:200]), unit)
    return found


def loss_of(
    model: Crossing, pack: Packer, groups: Sequence[list[tuple[str, Unit, float]]]
) -> Tensor:
    """Of each line by itself, and of which of a question's lines is the right one."""
    flat = [row for group in groups for row in group]
    wanted = torch.tensor([worth for *_, worth in flat])
    with torch.autocast("cpu", dtype=torch.bfloat16):
        tokens, there, line = pack([(question, unit) for question, unit, _ in flat])
        hidden = (torch.rand(tokens.shape) < HIDDEN) & (there > 0)
        odds = model(tokens.masked_fill(hidden, pack.unknown), there, line).float()
    loss = nn.functional.binary_cross_entropy_with_logits(odds, wanted)
    sizes = [len(group) for group in groups]
    among = [
        -(torch.log_softmax(said, 0) * right / right.sum()).sum()
        for said, right in zip(odds.split(sizes), wanted.split(sizes), strict=True)
        if right.max() >= 1 and len(right) > 1
    ]
    return loss + AMONG_WEIGHS * torch.stack(among).mean() if among else loss


def scores(
    model: Crossing, pack: Packer, pairs: Sequence[tuple[str, Unit]]
) -> np.ndarray[Any, Any]:
    """(n,) log odds, in order."""
    model.eval()
    order = sorted(range(len(pairs)), key=lambda n: len(pairs[n][0]) + len(pairs[n][1][2]))
    found = np.zeros(len(pairs))
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        for at in range(0, len(order), BATCH):
            some = order[at : at + BATCH]
            found[some] = model(*pack([pairs[n] for n in some])).float().numpy()
    model.train()
    return found


def report(model: Crossing, pack: Packer, held: Sequence[Asked]) -> dict[str, float]:
    """AUC of questions that a line answers in full against those that none does, by the likeliest line;
    of lines that do against the others; how often the likeliest line of an answered question answers."""
    pairs = [(a.question, unit) for a in held for unit in a.lines]
    said = scores(model, pack, pairs)
    parts = np.split(said, np.cumsum([len(a.lines) for a in held])[:-1])
    best = np.array([part.max() for part in parts])
    kind = np.array([max(a.worth) for a in held])
    worth = np.array([w for a in held for w in a.worth])
    right = [
        a.worth[int(p.argmax())] == 1 for a, p in zip(held, parts, strict=True) if max(a.worth) == 1
    ]
    some = (kind == 1) | (kind == 0)
    return {
        "questions": roc_auc_score(kind[some] == 1, best[some]),
        "lines": roc_auc_score(worth == 1, said),
        "first": float(np.mean(right)),
    }


def groups_of(
    judged: Sequence[Asked], others: Sequence[Asked], share: float, dice: random.Random
) -> Iterator[list[list[tuple[str, Unit, float]]]]:
    """Questions of a step, without end: of the two kinds by ``share``, each in a new order a round."""

    def forever(asked: Sequence[Asked]) -> Iterator[Asked]:
        while True:
            yield from dice.sample(asked, len(asked))

    of_judged, of_others = forever(judged), forever(others)
    while True:
        drawn: list[list[tuple[str, Unit, float]]] = []
        while sum(map(len, drawn)) < POOL * BATCH:
            drawn.append(next(of_judged if dice.random() < share else of_others).some(dice))
        drawn.sort(key=lambda group: max(len(q) + sum(map(len, unit)) for q, unit, _ in group))
        steps: list[list[list[tuple[str, Unit, float]]]] = [[]]
        for group in drawn:
            if sum(map(len, steps[-1])) >= BATCH:
                steps.append([])
            steps[-1].append(group)
        dice.shuffle(steps)
        yield from steps


def train(
    model: Crossing,
    pack: Packer,
    steps: Iterator[list[list[tuple[str, Unit, float]]]],
    held: dict[str, list[Asked]],
    args: argparse.Namespace,
) -> None:
    for name, weight in model.enc.named_parameters():
        layer = name.partition("encoder.layer.")[2].partition(".")[0]
        weight.requires_grad = layer.isdigit() and int(layer) >= FROZEN
    learned = [weight for weight in model.enc.parameters() if weight.requires_grad]
    optimiser = torch.optim.AdamW(
        [
            {"params": learned, "lr": args.rate},
            {"params": model.head.parameters(), "lr": 4 * args.rate},
        ],
        weight_decay=0.01,
    )
    rate = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda n: min((n + 1) / WARM_UP, max(0.03, 1 - n / args.steps))
    )
    begun, losses = time.monotonic(), []
    model.train()
    for step in range(1, args.steps + 1):
        loss = loss_of(model, pack, next(steps))
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        rate.step()
        losses.append(loss.item())
        if step % args.every == 0 or step == args.steps:
            row: dict[str, Any] = {"step": step, "loss": float(np.mean(losses[-args.every :]))}
            for name, some in held.items():
                row |= {f"{name} {k}": v for k, v in report(model, pack, some).items()}
            row["seconds"] = time.monotonic() - begun
            print(json.dumps({k: round(float(v), 3) for k, v in row.items()}), flush=True)
            torch.save(model.state_dict(), args.to)


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m training.crossing")
    parser.add_argument("--base", required=True, help="the adapted model's folder")
    parser.add_argument("--to", type=Path, required=True, help="the file of weights to write")
    parser.add_argument("--start", type=Path, help="weights to go on from")
    parser.add_argument(
        "--share", type=float, default=0.75, help="share of questions judged by line"
    )
    parser.add_argument("--steps", type=int, default=700)
    parser.add_argument("--every", type=int, default=175)
    parser.add_argument("--rate", type=float, default=4e-5)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args(argv)
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    dice = random.Random(args.seed)
    articles = sentences_of(Assistant.open())
    judged = [*of_judged(by_sentence(), articles)]
    others = [*of_pages(held=False)]
    held = {
        path.stem: [*of_judged(of_file(path), articles)]
        for path in sorted((FOLDER / "held").glob("*.jsonl"))
    }
    print(f"{len(judged)} questions judged by line, {len(others)} on pages", flush=True)
    model, pack = Crossing(args.base), Packer(args.base)
    if args.start:
        model.load_state_dict(torch.load(args.start))
    train(model, pack, groups_of(judged, others, args.share, dice), held, args)


if __name__ == "__main__":
    main()
