"""Trains the judge (``index.judgement``): how well a passage answers, and which of its words do.

    python -m training.answering --to judge.onnx --work FOLDER [--held a7] [--letters FILE]
        [--epochs 6] [--start FILE]

Says after every ``--every`` steps how the pages of the held authors are judged. What was encoded is
kept in ``--work``, so that a second run begins at once. ``LAYERS`` blocks of ``SIZE`` numbers a token,
``training.judge_model``.
"""

from __future__ import annotations

import argparse
import json
import pickle
import random
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from onnxruntime.quantization import quantize_dynamic
from sklearn.metrics import roc_auc_score

from corpus.settings import ROOT, Settings
from index.encoder import BundledEncoder, open_encoder
from index.late import WIDTH
from training.examples import (
    Asked,
    Examples,
    Row,
    Said,
    likeness,
    of_articles,
    of_letters,
    of_pages,
    rows,
)
from training.judge_model import Judge
from training.judged import by_phrase, by_sentence, of_judged
from training.pages import pages
from training.pairs import held_out, letters

BATCH, RATE, WARM_UP, DECAY = 48, 6e-4, 200, 0.05
HELD_LETTERS = 1000
"""The last of the file, which no training meets."""
AMONG_WEIGHS = 0.5
"""Of choosing the right one among a question's passages, beside judging each by itself."""
TOKENS_WEIGH, RIGHT_WEIGHS = 0.5, 3.0
"""Of the loss over tokens beside that over passages, and of a token that answers beside one that does
not: few do."""
JUDGED = "judged"
"""Stands for the author of the questions that were judged sentence by sentence."""
SEEN = 6
"""Passages of a page that are judged for a question, the likeliest first."""


def kept(file: Path, make: Callable[[], Examples]) -> Examples:
    """What ``make`` gives, from ``file`` where it was made before."""
    if not file.exists():
        file.write_bytes(pickle.dumps(make()))
    found: Examples = pickle.loads(file.read_bytes())
    return found


def joined(parts: Sequence[Examples]) -> Examples:
    """All examples as one; numbers of passages and pages move on."""
    whole = Examples()
    for part in parts:
        first, page = len(whole.said), len(whole.pages)
        whole.said += part.said
        whole.authors += part.authors
        whole.pages += [[n + first for n in numbers] for numbers in part.pages]
        for asked in part.asked:
            asked.page += page
            asked.rivals = [n + first for n in asked.rivals]
            whole.asked.append(asked)
    return whole


def batches(found: Sequence[list[Row]], dice: random.Random) -> list[list[list[Row]]]:
    """Questions with their passages, of like length, some ``BATCH`` passages each, in a new order."""
    longest = [(max(len(said.tokens) for _, said, _ in rows) // 16, rows) for rows in found if rows]
    ordered = [rows for _, rows in sorted(longest, key=lambda x: (x[0], dice.random()))]
    made: list[list[list[Row]]] = [[]]
    for group in ordered:
        if sum(map(len, made[-1])) + len(group) > BATCH:
            made.append([])
        made[-1].append(group)
    dice.shuffle(made)
    return made


def tensors(
    batch: Sequence[Row],
) -> tuple[tuple[torch.Tensor, ...], torch.Tensor, torch.Tensor, torch.Tensor]:
    """What the model takes; (n,) what it is to say of each passage and (n, tokens) of each token;
    (n,) whether its tokens are known."""
    m = max(len(asked.tokens) for asked, _, _ in batch)
    n = max(len(said.tokens) for _, said, _ in batch)
    question = np.zeros((len(batch), m, WIDTH), np.float32)
    passage = np.zeros((len(batch), n, WIDTH), np.float32)
    there = np.zeros((len(batch), m), np.float32)
    said_there, right = np.zeros((len(batch), n), np.float32), np.zeros((len(batch), n), np.float32)
    kind = np.zeros((len(batch), n), np.int64)
    for row, (asked, said, answer) in enumerate(batch):
        question[row, : len(asked.tokens)] = asked.tokens
        there[row, : len(asked.tokens)] = 1
        passage[row, : len(said.tokens)] = said.tokens
        said_there[row, : len(said.tokens)] = 1
        kind[row, : len(said.tokens)] = said.kind
        if answer > 0:
            right[row, : len(said.tokens)] = np.isin(said.line, asked.lines)
    answers = np.array([answer for *_, answer in batch], np.float32)
    known = np.array([asked.lined or not answer for asked, _, answer in batch], np.float32)
    given = tuple(map(torch.from_numpy, (question, there, passage, said_there, kind)))
    return given, *map(torch.from_numpy, (answers, right, known))  # type: ignore[return-value]


def loss_of(model: Judge, groups: Sequence[Sequence[Row]]) -> torch.Tensor:
    """Of each passage and token by itself, and of which passage of a question is the right one."""
    given, answers, right, known = tensors([row for rows in groups for row in rows])
    with torch.autocast("cpu", dtype=torch.bfloat16):
        verdicts, tokens, _ = model(*given)
    whole = torch.nn.functional.binary_cross_entropy_with_logits(verdicts.float(), answers)
    each = torch.nn.functional.binary_cross_entropy_with_logits(
        tokens.float(), right, reduction="none", pos_weight=torch.tensor(RIGHT_WEIGHS)
    )
    counted = given[3] * known[:, None]
    tokens_loss = (each * counted).sum() / counted.sum().clamp(min=1)
    parts = zip(
        verdicts.float().split([*map(len, groups)]), answers.split([*map(len, groups)]), strict=True
    )
    among = [
        -(torch.log_softmax(said, 0) * wanted / wanted.sum()).sum()
        for said, wanted in parts
        if wanted.max() >= 1 and len(wanted) > 1
    ]
    chosen = torch.stack(among).mean() if among else torch.zeros(())
    return whole + TOKENS_WEIGH * tokens_loss + AMONG_WEIGHS * chosen


def report(model: Judge, found: Examples, asked: Sequence[Asked]) -> dict[str, float]:
    """Over questions of held pages: AUC of those that a page answers in full against those that it does
    not, by the best of its likeliest passages, beside that of late interaction alone; the answerable
    lost where nine of ten others are refused; how often the best passage, and the best line, answer."""
    cases = [
        (a, sorted(found.pages[a.page], key=lambda n: -likeness(a, found.said[n]))[:SEEN])
        for a in asked
    ]
    judged = scores(model, [(a, found.said[n], 0.0) for a, numbers in cases for n in numbers])
    best, late, first, line = [], [], [], []
    for a, numbers in cases:
        mine = [next(judged) for _ in numbers]
        best.append(max(verdict for verdict, _ in mine))
        late.append(likeness(a, found.said[numbers[0]]))
        if a.verdict == "full":
            top = int(np.argmax([verdict for verdict, _ in mine]))
            first.append(np.isin(found.said[numbers[top]].line, a.lines).any())
            line.append(
                _best_line([found.said[n] for n in numbers], [t for _, t in mine]) in a.lines
            )
    full = np.array([a.verdict == "full" for a, _ in cases])
    no = np.array([a.verdict == "no" for a, _ in cases])
    some, values = full | no, np.array(best)
    return {
        "auc": roc_auc_score(full[some], values[some]),
        "late alone": roc_auc_score(full[some], np.array(late)[some]),
        "lost at .9": float((values[full] < np.quantile(values[no], 0.9)).mean()),
        "first": float(np.mean(first)),
        "line": float(np.mean(line)),
    }


def scores(model: Judge, found: Sequence[Row]) -> Iterator[tuple[float, NDArray[np.float32]]]:
    """Verdict and tokens of each, in order."""
    model.eval()
    order = sorted(range(len(found)), key=lambda n: len(found[n][1].tokens))
    made: list[Any] = [None] * len(found)
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        for at in range(0, len(order), 64):
            some = order[at : at + 64]
            verdicts, tokens, _ = model(*tensors([found[n] for n in some])[0])
            for row, n in enumerate(some):
                length = len(found[n][1].tokens)
                made[n] = float(verdicts[row]), tokens[row, :length].float().numpy()
    model.train()
    return iter(made)


def _best_line(said: Sequence[Said], tokens: Sequence[NDArray[np.float32]]) -> int:
    """The line whose tokens are the likeliest in the mean."""
    found = [
        (float(odds[s.line == line].mean()), line)
        for s, odds in zip(said, tokens, strict=True)
        for line in set(s.line.tolist()) - {0}
    ]
    return max(found)[1] if found else 0


def export(model: Judge, to: Path) -> None:
    """The graph that ``index.judgement`` runs; any number of passages, any length."""
    names = ["question", "asked", "passage", "said", "kind"]
    given = (torch.randn(2, 5, WIDTH), torch.ones(2, 5), torch.randn(2, 9, WIDTH), torch.ones(2, 9),
             torch.full((2, 9), 3))  # fmt: skip
    length = {"question": "m", "asked": "m", "passage": "n", "said": "n", "kind": "n", "odds": "n"}
    axes = {name: {0: "b", 1: axis} for name, axis in length.items()} | {
        "answers": {0: "b"},
        "seen": {0: "b"},
    }
    torch.onnx.export(
        model.eval(), given, str(to), input_names=names, output_names=["answers", "odds", "seen"],
        dynamic_axes=axes, dynamo=False, opset_version=17,
    )  # fmt: skip
    model.train()
    quantise(to)


def quantise(path: Path) -> None:
    """Weights of a graph in 7 bits (8 would run over where a processor has no VNNI), products in 8: a
    third of the size, half the time. The verdict moves by .010 in the mean and .055 at most over 702 passages, where
    it varies by 1.88."""
    quantize_dynamic(
        path, path, op_types_to_quantize=["MatMul"], per_channel=True, reduce_range=True,
        extra_options={"MatMulConstBOnly": True},
    )  # fmt: skip


def drawn(found: Examples, args: argparse.Namespace, dice: random.Random) -> list[Asked]:
    """The questions of an epoch: all, or those that were judged by sentence and ``args.beside`` others."""
    learned = [a for a in found.asked if found.authors[a.page] not in args.held]
    if not args.beside:
        return learned
    others = [a for a in learned if found.authors[a.page] != JUDGED]
    judged = [a for a in learned if found.authors[a.page] == JUDGED]
    return judged + dice.sample(others, min(args.beside, len(others)))


def train(model: Judge, found: Examples, held: Sequence[Asked], args: argparse.Namespace) -> None:
    dice = random.Random(args.seed)
    learned = drawn(found, args, dice)
    begun, step, losses = time.monotonic(), 0, []
    steps = args.epochs * len(batches(list(rows(found, learned, dice)), dice))
    print(f"{len(learned)} questions, {steps} steps of {BATCH}", flush=True)
    optimiser = torch.optim.AdamW(model.parameters(), lr=args.rate, weight_decay=DECAY)
    rate = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda n: min((n + 1) / WARM_UP, max(0.02, 1 - n / steps))
    )
    for _ in range(args.epochs):
        for batch in batches(list(rows(found, drawn(found, args, dice), dice)), dice):
            loss = loss_of(model, batch)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            rate.step()
            step += 1
            losses.append(loss.item())
            if step % args.every == 0 or step == steps:
                row = {"step": step, "loss": float(np.mean(losses[-args.every :]))}
                row |= report(model, found, held[:: 1 if step == steps else 3])
                row["seconds"] = time.monotonic() - begun
                print(json.dumps({k: round(float(v), 3) for k, v in row.items()}), flush=True)
                torch.save(model.state_dict(), args.work / "judge.pt")


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m training.answering")
    parser.add_argument("--to", type=Path, required=True, help="the .onnx file to write")
    parser.add_argument(
        "--work", type=Path, required=True, help="a folder for what is made on the way"
    )
    parser.add_argument("--held", nargs="+", default=["a7"], help="authors that only measure")
    parser.add_argument("--letters", type=Path, help="letters and replies (training.pairs)")
    parser.add_argument("--most", type=int, default=2500, help="letters that are used")
    parser.add_argument("--articles", type=Path, default=ROOT / "corpus" / "articles")
    parser.add_argument(
        "--people", nargs="*", type=Path, default=[], help="questions labelled by phrases"
    )
    parser.add_argument(
        "--judged", nargs="*", type=Path, default=[], help="files of training/judged; none: all"
    )
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--every", type=int, default=300, help="steps between two reports")
    parser.add_argument(
        "--beside", type=int, default=0, help="questions of other kinds an epoch; 0: all"
    )
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rate", type=float, default=RATE)
    parser.add_argument("--start", type=Path, help="a judge.pt to go on from")
    args = parser.parse_args(argv)
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    args.work.mkdir(parents=True, exist_ok=True)
    parts = [
        kept(args.work / "pages.pickle", lambda: of_pages(pages(), args.work)),
        kept(args.work / "articles.pickle", lambda: of_articles(args.articles, args.work)),
    ]
    judged = [*by_sentence(args.judged), *by_phrase(args.people)]
    parts.append(
        kept(
            args.work / "judged.pickle",
            lambda: of_judged(judged, args.articles, args.work, "judged"),
        )
    )
    if args.letters:
        encoder = open_encoder(Settings.from_environment())
        assert isinstance(encoder, BundledEncoder)
        some = random.Random(0).sample(
            list(held_out(letters(args.letters), HELD_LETTERS)[0]), args.most
        )
        parts.append(kept(args.work / "letters.pickle", lambda: of_letters(some, encoder)))
    found = joined(parts)
    model = Judge()
    if args.start:
        model.load_state_dict(torch.load(args.start))
    held = [a for a in found.asked if found.authors[a.page] in args.held]
    train(model, found, held, args)
    export(model, args.to)


if __name__ == "__main__":
    main()
