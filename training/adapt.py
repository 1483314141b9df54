"""Trains the bundled model on pairs, through sentence-transformers' own trainer.

    python -m training.adapt --letters ../shared/train/letters.jsonl.gz --to RUN
        [--labels benchmarks/questions/own.jsonl corpus/articles] ...
        [--method layers|lora] [--epochs N] [--most PAIRS] [--resume]

InfoNCE in both directions over batches of hard rivals (``training.batches``), in bf16. ``layers``
trains the layers above the lowest four, ``lora`` factors of rank 16 beside every matrix of all
layers (``peft``); the embeddings stay. Says what it learns from, prints a row of the table at each
checkpoint (letters to offices that it never meets) and keeps the checkpoints in RUN, from which
``--resume`` goes on. ``python -m training.ship`` makes the shipped file of one.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset
from sentence_transformers import SentenceTransformer, SentenceTransformerTrainer, util
from sentence_transformers.base.sampler import DefaultBatchSampler
from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss
from sentence_transformers.sentence_transformer.training_args import (
    SentenceTransformerTrainingArguments,
)
from transformers import TrainerCallback

from corpus.settings import ROOT
from training import judge
from training.batches import batches
from training.halves import MasterAdamW
from training.pages import by_author, pages
from training.pairs import (
    Letter,
    Pair,
    counted,
    held_out,
    letters,
    of_articles,
    of_labels,
    of_pages,
)

BATCH = 48
FROZEN = 4
"""Layers that stay as they are; they read characters and words, which change least."""
RATES = {"layers": 4e-5, "lora": 5e-4}
RANK = 16
WARM_UP = 12
TEMPERATURE = 0.03
TOKENS = 160
HELD_OUT = 1000
"""Last letters of each file: other offices (registry of marriages, finance, …), never learned from."""
WATCHED = 300
"""Of these, met at each checkpoint; all of the last 800 at the end (``training.judge``)."""
EVERY = 40
"""Steps from checkpoint to checkpoint."""


class InOrder(DefaultBatchSampler):
    """The batches as they were made: the data set lies in their order."""

    def __init__(self, dataset: Dataset, batch_size: int, **_: Any) -> None:
        super().__init__(range(len(dataset)), batch_size, drop_last=True)  # type: ignore[arg-type]


class Table(TrainerCallback):  # type: ignore[misc]
    """Prints what each step brought, and keeps it beside the checkpoints."""

    def __init__(self, model: SentenceTransformer, held: Sequence[Letter], file: Path) -> None:
        self._model, self._held, self._file = model, held, file
        self._begun = time.monotonic()

    def row(self, step: int, loss: float | None) -> None:
        found = judge.letters(judge.embed_with(self._model), self._held)
        entry = {"step": step, "loss": loss, "seconds": round(time.monotonic() - self._begun)}
        entry |= {k: round(v, 3) for k, v in found.items()}
        print(json.dumps(entry), flush=True)
        with self._file.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(entry) + "\n")

    def on_save(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        losses = [x["loss"] for x in state.log_history if "loss" in x]
        self.row(state.global_step, losses[-1] if losses else None)


def trainable(model: SentenceTransformer, method: str) -> None:
    """Freezes what is not to be trained, or puts LoRA beside all."""
    if method == "lora":
        from peft import LoraConfig, get_peft_model

        names = ["query", "key", "value", "output.dense", "intermediate.dense"]
        how = LoraConfig(r=RANK, lora_alpha=2 * RANK, lora_dropout=0.0, target_modules=names)
        model[0].model = get_peft_model(model[0].model, how)
        return
    for name, weight in model.named_parameters():
        layer = name.partition("encoder.layer.")[2].partition(".")[0]
        weight.requires_grad = layer.isdigit() and int(layer) >= FROZEN


def gather(args: argparse.Namespace, dice: random.Random) -> tuple[list[Pair], list[Letter]]:
    """The pairs to learn from, and the letters that are held out."""
    pairs: list[Pair] = []
    held: list[Letter] = []
    for path in args.letters:
        learned, kept = held_out(letters(path), HELD_OUT)
        pairs += [letter.pair("letters", dice) for letter in learned]
        held += kept
    pairs += of_articles(ROOT / "corpus" / "articles", dice)
    for labels, folder in args.labels:
        pairs += of_labels(labels, folder, dice, most=2000)
    if args.pages:
        pairs += of_pages(by_author(pages(args.pages), args.held)[0], dice)
    return pairs, held


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m training.adapt")
    parser.add_argument("--letters", nargs="+", type=Path, default=[])
    parser.add_argument("--labels", nargs=2, type=Path, action="append", default=[])
    parser.add_argument("--pages", type=Path, help="a folder of labelled pages")
    parser.add_argument("--held", nargs="+", default=[], help="authors of pages not learned from")
    parser.add_argument("--base", type=Path, required=True, help="a sentence-transformers folder")
    parser.add_argument("--to", type=Path, required=True)
    parser.add_argument("--method", choices=sorted(RATES), default="layers")
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--most", type=int, default=0, help="pairs; 0 for all")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--resume", action="store_true")
    args = parser.parse_args(argv)
    torch.set_num_threads(args.threads)
    dice = random.Random(0)
    ordered: list[Pair] = []
    for _ in range(args.epochs):  # each draws other parts of the letters, beside other rivals
        pairs, held = gather(args, dice)
        ordered += [pairs[n] for batch in batches(pairs, BATCH, dice) for n in batch]
    if args.most:
        ordered = ordered[: args.most // BATCH * BATCH]
    steps = len(ordered) // BATCH
    print(f"learned from: {counted(ordered)}; {steps} steps of {BATCH}", flush=True)
    data = Dataset.from_dict(
        {"anchor": [p.question for p in ordered], "positive": [p.passage for p in ordered]}
    )
    # torch's fused attention is slower backwards on a CPU: 1.4 against .8 s a step's third
    how = {"attn_implementation": "eager", "torch_dtype": torch.bfloat16}
    model = SentenceTransformer(str(args.base), device="cpu", model_kwargs=how)
    model.max_seq_length = TOKENS
    trainable(model, args.method)
    dice.shuffle(held)
    args.to.mkdir(parents=True, exist_ok=True)
    table = Table(model, held[:WATCHED], args.to / "table.jsonl")
    trainer = SentenceTransformerTrainer(
        model=model,
        args=arguments(args),
        train_dataset=data,
        loss=MultipleNegativesRankingLoss(
            model,
            scale=1 / TEMPERATURE,
            similarity_fct=lambda a, b: util.cos_sim(a.float(), b.float()),
            directions=("query_to_doc", "doc_to_query"),
            partition_mode="per_direction",
        ),
        callbacks=[table],
        optimizers=(optimiser(model, RATES[args.method]), None),
    )
    if not args.resume:
        table.row(0, None)
    trainer.train(resume_from_checkpoint=args.resume or None)
    if args.method == "lora":
        model[0].model = model[0].model.merge_and_unload()
    model.save_pretrained(str(args.to / "final"))


def optimiser(model: SentenceTransformer, rate: float) -> MasterAdamW:
    chosen = [weight for weight in model.parameters() if weight.requires_grad]
    return MasterAdamW(chosen, lr=rate, weight_decay=0.01)


def arguments(args: argparse.Namespace) -> SentenceTransformerTrainingArguments:
    """AdamW, its rate rising over the first steps and falling to nothing at the last."""
    return SentenceTransformerTrainingArguments(
        output_dir=str(args.to),
        num_train_epochs=1,  # the data set holds them all
        per_device_train_batch_size=BATCH,
        learning_rate=RATES[args.method],
        warmup_steps=WARM_UP,
        lr_scheduler_type="linear",
        use_cpu=True,
        batch_sampler=InOrder,
        prompts={"anchor": "query: ", "positive": "passage: "},
        save_strategy="steps",
        save_steps=EVERY,
        save_total_limit=4,
        logging_steps=2,
        report_to="none",
        disable_tqdm=True,
        seed=0,
        data_seed=0,
        dataloader_pin_memory=False,
    )


if __name__ == "__main__":
    main()
