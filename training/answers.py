"""Trains the judge: a CrossEncoder of the bundled model's lower layers, on labelled pages.

    python -m training.answers --base FOLDER --held AUTHOR ... --to RUN [--layers 6] [--epochs 2]

FOLDER is the unpacked model with its adaptation. Says after each part how well the held authors' pages
are judged: AUC of questions that a page answers against those that it does not, both by the best of
the page's stretches, and how many answerable ones are lost where nine of ten others are refused.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from sklearn.metrics import roc_auc_score
from transformers import AutoTokenizer, BertForSequenceClassification

from training.halves import MasterAdamW
from training.judgements import Judgement, judgements, rivals, stretch
from training.pages import Page, by_author, pages

BATCH, TOKENS = 32, 224
RATE, WARM_UP = 5e-5, 20
SEEN = 6
"""Stretches of a page that are judged for a question, the likest first."""


def prepared(base: Path, to: Path, layers: int) -> BertForSequenceClassification:
    """The lower layers with a head that begins by reading the first token as it is."""
    to.mkdir(parents=True, exist_ok=True)
    for file in ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"):
        shutil.copyfile(base / file, to / file)
    model = BertForSequenceClassification.from_pretrained(
        base,
        num_labels=1,
        num_hidden_layers=layers,
        dtype=torch.bfloat16,
        attn_implementation="eager",
    )
    with torch.no_grad():
        dense = model.bert.pooler.dense
        dense.weight.copy_(torch.eye(dense.weight.shape[0]))
        dense.bias.zero_()
    for name, weight in model.named_parameters():
        weight.requires_grad = "embeddings" not in name
    return model


class Judge:
    """The model and its tokenizer."""

    def __init__(self, model: BertForSequenceClassification, folder: Path) -> None:
        self.model = model
        self._tokenizer = AutoTokenizer.from_pretrained(folder)

    def logits(self, pairs: Sequence[tuple[str, str]]) -> torch.Tensor:
        """(n,)"""
        cut = self._tokenizer(
            [q for q, _ in pairs], [p for _, p in pairs], truncation=True, max_length=TOKENS,
            padding=True, return_tensors="pt", return_token_type_ids=False,
        )  # fmt: skip
        return self.model(**cut).logits.float()[:, 0]

    def scores(self, pairs: Sequence[tuple[str, str]]) -> np.ndarray:
        self.model.eval()
        order = sorted(range(len(pairs)), key=lambda n: len(pairs[n][1]))
        found = np.zeros(len(pairs))
        with torch.no_grad():
            for start in range(0, len(order), 64):
                some = order[start : start + 64]
                found[some] = self.logits([pairs[n] for n in some]).numpy()
        self.model.train()
        return found


def seen(page: Page, asked) -> list[str]:  # type: ignore[no-untyped-def]
    """What a search would bring of a page: the likest stretches, and the right one."""
    lines = rivals(page, asked)[: SEEN - 1]
    found = [stretch(page, (n,), 1, 1) for n in lines]
    return [*found, *([stretch(page, asked.lines, 1, 1)] if asked.lines else [])]


def report(judge: Judge, held: Sequence[Page], every: int = 3) -> dict[str, float]:
    """AUC and the losses at nine tenths, over every third question of the held pages."""
    cases = [(p, a) for p in held for a in p.asked[::every]]
    lists = [seen(p, a) for p, a in cases]
    scores = judge.scores(
        [(a.text, t) for (_, a), ts in zip(cases, lists, strict=True) for t in ts]
    )
    ends = np.cumsum([len(ts) for ts in lists])
    best = np.array([part.max() for part in np.split(scores, ends[:-1])])
    full = np.array([a.verdict == "full" for _, a in cases])
    no = np.array([a.verdict == "no" for _, a in cases])
    first = [
        int(part.argmax()) == len(part) - 1
        for part, (_, a) in zip(np.split(scores, ends[:-1]), cases, strict=True)
        if a.verdict == "full"
    ]
    at = np.quantile(best[no], 0.9)
    return {
        "auc": float(roc_auc_score(full[full | no], best[full | no])),
        "lost at .9": float((best[full] < at).mean()),
        "first": float(np.mean(first)),
    }


def batches(found: Sequence[Judgement], dice: random.Random) -> list[list[Judgement]]:
    """Of like length, in a new order."""
    chunks = [found[i : i + 20 * BATCH] for i in range(0, len(found), 20 * BATCH)]
    made = []
    for chunk in chunks:
        rows = sorted(chunk, key=lambda j: len(j.question) + len(j.passage))
        made += [list(rows[i : i + BATCH]) for i in range(0, len(rows) - BATCH + 1, BATCH)]
    dice.shuffle(made)
    return made


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m training.answers")
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--to", type=Path, required=True)
    parser.add_argument("--held", nargs="+", default=[])
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--every", type=int, default=100, help="steps between two reports")
    args = parser.parse_args(argv)
    torch.set_num_threads(args.threads)
    torch.manual_seed(0)
    dice = random.Random(0)
    learned, held = by_author(pages(), args.held)
    made = [b for _ in range(args.epochs) for b in batches(judgements(learned, dice), dice)]
    print(f"{len(learned)} pages, {len(made)} steps of {BATCH}", flush=True)
    model = prepared(args.base, args.to, args.layers)
    judge = Judge(model, args.to)
    weights = [w for w in model.parameters() if w.requires_grad]
    optimiser = MasterAdamW(weights, lr=RATE, weight_decay=0.01)
    rate = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda n: min((n + 1) / WARM_UP, max(0.0, 1 - n / len(made)))
    )
    begun, losses = time.monotonic(), []
    for step, batch in enumerate(made, 1):
        answers = torch.tensor([j.answer for j in batch])
        given = judge.logits([(j.question, j.passage) for j in batch])
        loss = torch.nn.functional.binary_cross_entropy_with_logits(given, answers)
        loss.backward()
        optimiser.step()
        rate.step()
        optimiser.zero_grad()
        losses.append(loss.item())
        if step % args.every == 0 or step == len(made):
            row = {"step": step, "loss": float(np.mean(losses[-args.every :]))}
            row |= report(judge, held) if held else {}
            row["seconds"] = time.monotonic() - begun
            print(json.dumps({k: round(v, 3) for k, v in row.items()}), flush=True)
            model.save_pretrained(args.to)


if __name__ == "__main__":
    main()
