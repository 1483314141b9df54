"""Trains the judgement of which topics bear on a question (``assistant.disputed``), and measures it.

    python -m training.disputes --work FOLDER [--write]

Over our own articles: the questions of ``training/disputed`` with the disputes that bear on each, and those of
``tests/quality/conflicts.jsonl``, of which only the values are known. Prints how often a dispute is shown where
one bears, at shares of the other questions for which one is: of authors that were left out (by the network alone, and
with the sentences that are read), of disputes that were left out, and of the questions of ``UNSEEN``. What was
searched is kept in ``--work``. ``--write`` replaces ``assistant/data/disputed.npz``.
"""

from __future__ import annotations

import argparse
import pickle
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from assistant import Assistant
from assistant.asking import _brought
from assistant.disputed import FILE, Head, candidates, likeliest_said, near, signs, worth_reading
from assistant.ground import Asked
from assistant.searching import Searching
from assistant.topics import Topic
from assistant.types import Context
from benchmarks.labels import QUALITY, bare, read_rows

FOLDER = Path(__file__).resolve().parent / "disputed"
HIDDEN, HEADS, EPOCHS, BATCH, RATE, DROPPED, DECAY = 24, 4, 30, 1024, 4e-3, 0.3, 3e-2
"""``HEADS`` networks of ``HIDDEN``, from different beginnings; what is shipped is their mean."""
SHARES = (0.02, 0.05, 0.1, 0.15, 0.2)
OURS = "conflicts"
UNSEEN = ("conflicts_b", "conflicts_c", "conflicts_d", "conflicts_e", "conflicts_f")
NETWORK_ALONE = np.array([1, 0, 0, 0], np.float32)

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Row:
    """A question: ``signs`` (topics, signs) of those near it, by ``keys``; ``bears`` (topics,) 1 or 0, NaN
    where that is not known; ``said``: (topics,) log odds of the likeliest sentence of each, NaN where there is none;
    ``asks``: whether any dispute bears on it, None where that is not known."""

    author: str
    keys: tuple[tuple[str, str], ...]
    several: tuple[bool, ...]
    signs: Matrix
    bears: Matrix
    said: Matrix
    asks: bool | None


def labelled() -> Iterator[tuple[str, str, Callable[[Topic], float], bool | None]]:
    """Author, question, what a topic is to it, and whether any bears."""
    for path in sorted(FOLDER.glob("*.jsonl")):
        for row in read_rows(path):
            bears = {(title, about) for title, about in row["bears"]}
            unsure = {(title, about) for title, about in row.get("unsure", ())}
            asks = True if bears else None if unsure else False
            yield path.stem, row["question"], _by_name(bears, unsure), asks
    for name in (OURS, *UNSEEN):
        for row in read_rows(QUALITY / f"{name}.jsonl"):
            values = [bare(value) for value in row["values"]]
            yield name, row["question"], _by_value(values), bool(values)


def _by_name(bears: set[tuple[str, str]], unsure: set[tuple[str, str]]) -> Callable[[Topic], float]:
    def worth(topic: Topic) -> float:
        starts = {said.claim.start for said in topic.said}
        reports = [r for r in topic.article.reports if r.start in starts]
        names = {(topic.article.title, report.about) for report in reports}
        return 1.0 if names & bears else np.nan if names & unsure else 0.0

    return worth


def _by_value(values: Sequence[str]) -> Callable[[Topic], float]:
    """Of a topic that gives two of the values it is known that it bears; of no other, unless there are none."""

    def worth(topic: Topic) -> float:
        text = topic.article.text
        told = [bare(text[s.claim.start : s.claim.end]) for s in topic.said]
        held = sum(any(value in one for one in told) for value in values)
        return 0.0 if not values else 1.0 if held >= min(2, len(values)) else np.nan

    return worth


def rows(assistant: Assistant) -> Iterator[Row]:
    """Every labelled question with its topics."""
    models, retriever = assistant._models, assistant.retriever
    for author, text, worth, asks in labelled():
        asked = Asked(text, text, Context(), None, None, date(2026, 11, 21))
        searched = Searching(models, retriever).searched(asked, ())
        dossier = _brought(retriever.index, searched, near(searched.whole.found))
        topics = candidates(searched.whole.found, models.asked_for, dossier)
        found = (
            signs(searched.whole, topics, models.asked_for, dossier, retriever) if topics else None
        )
        if found is not None:
            bears = np.array([worth(topic) for topic in topics], np.float32)
            several = tuple(len(topic.said) > 1 for topic in topics)
            read = likeliest_said(topics, range(len(topics)), searched.whole.lines)
            said = np.array(read, np.float32)
            yield Row(author, tuple(t.key for t in topics), several, found, bears, said, asks)


def fitted(learned: Sequence[Row], heads: int = HEADS) -> Head:
    """The mean of some networks as one."""
    given = np.concatenate([row.signs for row in learned])
    wanted = np.concatenate([row.bears for row in learned])
    known = ~np.isnan(wanted)
    each = [_fitted(given[known], wanted[known], seed) for seed in range(heads)]
    return Head(
        np.concatenate([one.first for one in each], axis=1),
        np.concatenate([one.first_bias for one in each]),
        np.concatenate([one.second for one in each]) / heads,
        float(np.mean([one.second_bias for one in each])),
        NETWORK_ALONE,
    )


def _fitted(given: Matrix, wanted: Matrix, seed: int) -> Head:
    torch.manual_seed(seed)
    mean, spread = given.mean(axis=0), given.std(axis=0) + 1e-3
    x, y = torch.from_numpy((given - mean) / spread), torch.from_numpy(wanted)
    first, second = torch.nn.Linear(x.shape[1], HIDDEN), torch.nn.Linear(HIDDEN, 1)
    net = torch.nn.Sequential(first, torch.nn.ReLU(), torch.nn.Dropout(DROPPED), second)
    optimiser = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=DECAY)
    steps = EPOCHS * -(-len(x) // BATCH)
    rate = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=steps)
    for _ in range(EPOCHS):
        order = torch.randperm(len(x))
        for some in order.split(BATCH):
            seen = torch.nn.functional.dropout(x[some], DROPPED)
            loss = torch.nn.functional.binary_cross_entropy_with_logits(net(seen)[:, 0], y[some])
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            rate.step()
    weights = (first.weight.detach().numpy() / spread).astype(np.float32)
    bias = first.bias.detach().numpy() - weights @ mean
    return Head(
        weights.T,
        bias,
        second.weight.detach().numpy()[0],
        float(second.bias.detach()),
        NETWORK_ALONE,
    )


def read_of(odds: Sequence[float], row: Row) -> list[float | None]:
    """The log odds of sentences that an answer would read."""
    chosen = worth_reading(odds)
    return [
        float(best) if n in chosen and not np.isnan(best) else None
        for n, best in enumerate(row.said)
    ]


def weighing(judged: Sequence[tuple[Head, Row]]) -> Matrix:
    """What the log odds of heads that did not learn from a row weigh beside those of what is read (logistic regression)."""
    signs, wanted = [], []
    for head, row in judged:
        odds = head.odds(row.signs)
        for one, best, bears in zip(odds, read_of(odds, row), row.bears, strict=True):
            if not np.isnan(bears):
                signs.append((one, best or 0.0, float(best is None), 1.0))
                wanted.append(float(bears))
    x, y = np.array(signs), np.array(wanted)

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        odds = x @ weights
        return float(np.logaddexp(0, odds).sum() - odds @ y), x.T @ (expit(odds) - y)

    found: Matrix = minimize(loss, np.zeros(4), jac=True).x.astype(np.float32)
    return found


def report(name: str, head: Head, held: Sequence[Row]) -> None:
    """A line: of the questions on which a dispute bears, for how many one is as likely as for so many of the
    others; a topic of one claim alone shows none."""
    best: dict[bool, list[float]] = {True: [], False: []}
    for row in held:
        alone = head.odds(row.signs)
        every = head.with_read(alone, read_of(alone, row))
        odds = [o for o, s in zip(every, row.several, strict=True) if s]
        if row.asks is not None:
            best[row.asks].append(max(odds, default=-20.0))
    shown, others = np.array(best[True]), np.array(best[False])
    at = "  ".join(f"{s:.2f}: {(shown > np.quantile(others, 1 - s)).mean():.3f}" for s in SHARES)
    invented = (others >= np.quantile(shown, 0.15)).mean()
    print(
        f"{name:16} n={len(shown)}, {len(others)}  {at}  of .85 shown: {invented:.3f}", flush=True
    )


def of_disputes(found: Sequence[Row], half: NDArray[np.bool_], keys: Sequence[Any]) -> list[Row]:
    """The rows with only some of the topics."""
    kept = {key for key, chosen in zip(keys, half.tolist(), strict=True) if chosen}
    made = []
    for row in found:
        own = np.array([key in kept for key in row.keys], bool)
        bears = row.bears[own]
        asks = True if (bears == 1).any() else None if np.isnan(bears).any() else False
        chosen = [[v for v, k in zip(of, own, strict=True) if k] for of in (row.keys, row.several)]
        made.append(
            replace(row, keys=tuple(chosen[0]), several=tuple(chosen[1]), signs=row.signs[own],
                    bears=bears, said=row.said[own], asks=asks)
        )  # fmt: skip
    return made


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m training.disputes")
    parser.add_argument("--work", type=Path, required=True, help="a folder for what was searched")
    parser.add_argument("--store", type=Path, help="a store of our articles; the default one")
    parser.add_argument("--write", action="store_true", help="replace the shipped weights")
    args = parser.parse_args(argv)
    torch.set_num_threads(1)
    file = args.work / "rows.pickle"
    if not file.exists():
        args.work.mkdir(parents=True, exist_ok=True)
        file.write_bytes(pickle.dumps(list(rows(Assistant.open(args.store)))))
    found: list[Row] = pickle.loads(file.read_bytes())
    named = [row for row in found if not row.author.startswith(OURS)]
    ours = [row for row in found if row.author == OURS]
    authors = sorted({row.author for row in named})
    without = {a: fitted([row for row in named if row.author != a], 1) for a in authors}
    for author in authors:
        others = [(without[row.author], row) for row in named if row.author != author]
        held = [row for row in named if row.author == author]
        report(f"author {author}, alone", without[author], held)
        report(f"author {author}", replace(without[author], read=weighing(others)), held)
    read = weighing([(without[row.author], row) for row in named])
    keys = sorted({key for row in named for key in row.keys})
    half = np.random.default_rng(1).permutation(len(keys)) % 2 == 0
    for number, own in enumerate((half, ~half)):
        head = replace(fitted(of_disputes(named, ~own, keys), 1), read=read)
        report(f"disputes {number}", head, of_disputes(named, own, keys))
    report("our own set", replace(fitted(named), read=read), ours)
    head = replace(fitted([*named, *ours]), read=read)
    for name in UNSEEN:
        report(name, head, [row for row in found if row.author == name])
    if args.write:
        small = {
            name: getattr(head, name) for name in ("first_bias", "second", "second_bias", "read")
        }
        np.savez_compressed(FILE, first=head.first.astype(np.float16), **small)


if __name__ == "__main__":
    main()
