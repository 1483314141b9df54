"""Trains the reader of two lines beside a question (``index.pair_encoder``): do both answer it, and differently?

    python -m training.differing --work FOLDER [--held AUTHOR ...] [--seeds FOLDER] [--steps N] [--write]

``training/differing`` holds pages of authors that disagree here and there, and questions to them with what is said
differently, or []; ``training/differing/lines`` questions with two lines and whether they do. Each author's pages make a store in FOLDER; the lines that an answer would read are what is learned from,
two of different pages each time: 1 where they hold two of the values. ``--seeds``: a folder of source pages of which
``tests/quality/conflicts.jsonl`` knows what they say differently, as one author more, like the pages of ``tests/quality/pages``. It begins with the layers and kinds of
the reader of one line (``index.cross_encoder``) and prints, of the authors held out, for how many of the questions with a
difference one is shown where one is for so many of the others. ``--write`` puts the weights where they are shipped.
"""

from __future__ import annotations

import argparse
import pickle
import random
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from assistant import Assistant
from assistant.ground import Asked
from assistant.searching import Searching
from assistant.types import Context
from assistant.unlike import lines_of
from benchmarks.disputes import store_of
from benchmarks.labels import QUALITY, read_rows
from benchmarks.people import bare
from corpus.quantities import number, quantities
from corpus.settings import Settings
from corpus.text import fold
from index import cross_encoder, e5_adaptation, pair_encoder
from index.cross_encoder import Line, as_asked, begin
from index.encoder import bundled_folder, open_encoder
from index.lower_layers import FIXED
from index.refresh import refresh
from training import crossing
from training.running_mean import Mean
from training.states import Below, mean, padded, ship, through

FOLDER = Path(__file__).resolve().parent / "differing"
LINES = FOLDER / "lines"
SEEDS, MADE = "seeds", "altered"
PAGES = ("cities", "traps")
_NUMBER = re.compile(
    r"(?P<number>(?<![\d.第])\d{1,6}|[一二两三四五六七八九十]{1,3})(?P<unit>个月|个工作日|天|年(?!度)|元|%|次|人)"
)
_OTHERS = {
    "个月": (1, 2, 3, 6, 9, 12), "个工作日": (3, 5, 10, 15, 20, 30), "天": (7, 15, 30, 60, 90, 180),
    "年": (1, 2, 3, 4, 5, 10, 15, 20, 25, 30), "元": (100, 200, 300, 400, 500, 800, 1000, 1500, 2000),
    "%": (50, 55, 60, 65, 70, 75, 80, 85, 90), "次": (1, 2, 3, 4), "人": (3, 4, 5, 6, 7),
}  # fmt: skip
TODAY = date(2026, 11, 28)
BATCH, RATE, HEAD_RATE, WARM, LAST = 32, 1.5e-4, 1e-3, 40, 0.04
HIDDEN, DROPPED = 0.1, 0.2
OF_MADE = 0.3
"""Share of what is drawn that is made of lines with another value."""
WRONG = 5
"""Pairs of a question that do not differ, drawn each time among the likeliest, beside up to three that do."""
SHARES = (0.05, 0.1, 0.15)
_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Question:
    """``lines``: what an answer would read, the likeliest first; ``pages``: on which page each stands; ``sides``: which of
    the values it holds; ``asks``: whether the pages differ on what is asked; ``answered``: whether it would be."""

    author: str
    text: str
    lines: tuple[Line, ...]
    pages: tuple[str, ...]
    sides: tuple[frozenset[str], ...]
    asks: bool
    answered: bool

    def pairs(self) -> list[tuple[int, int, float]]:
        """Places of two lines of different pages, and 1 where they say what is asked differently."""
        return [
            (a, b, float(_differ(self.sides[a], self.sides[b])))
            for a in range(len(self.lines))
            for b in range(a + 1, len(self.lines))
            if self.pages[a] != self.pages[b]
        ]


def _differ(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one and other and one != other)


def gathered(author: str, rows: Sequence[Mapping[str, Any]], store: Path) -> list[Question]:
    """The questions of an author with the lines that an answer would read."""
    yibao = Assistant.open(store)
    models, retriever = yibao._models, yibao.retriever
    found = []
    for row in rows:
        text = row["question"]
        asked = Asked(text, text, Context(), None, None, TODAY)
        sought = Searching(models, retriever).searched(asked, ()).main
        values = {bare(value): _side(value) for value in row["values"]}
        read = lines_of(sought)
        said = [bare(one.line.text) for one in read]
        sides = tuple(frozenset(side for v, side in values.items() if v in one) for one in said)
        lines = tuple(one.line for one in read)
        ids = tuple(one.passage.article.id for one in read)
        found.append(Question(author, text, lines, ids, sides, bool(values), sought.answered))
    return found


def _side(value: str) -> str:
    """What a value says: 三个月 and 3个月 are one side."""
    told = sorted(q.normals[-1] for q in quantities(fold(value)))
    return " ".join(told) or bare(value)


def by_hand() -> Iterator[tuple[str, list[Question]]]:
    """Two lines and a question each, by authors who wrote nothing else."""
    for path in sorted(LINES.glob("*.jsonl")):
        found = []
        for row in read_rows(path):
            lines = tuple(Line(row[k]["t"], row[k]["h"], row[k]["s"]) for k in "ab")
            sides = tuple(frozenset({k} if row["v"] else ()) for k in "ab")
            found.append(
                Question(path.stem, row["q"], lines, ("a", "b"), sides, bool(row["v"]), True)
            )
        yield path.stem, found


def altered(dice: random.Random) -> Iterator[Question]:
    """Questions of ``training/lines`` with a line that answers and gives one value, and once more with another value in its
    place; and with two lines that answer, or one that does and one that does not, as they stand."""
    for path in sorted(crossing.LINES.glob("*.jsonl")):
        for row in read_rows(path):
            lines = [Line(one["t"], one["h"], one["s"]) for one in row["lines"]]
            full = [a for a, one in zip(lines, row["lines"], strict=True) if one["v"] == "full"]
            none = [a for a, one in zip(lines, row["lines"], strict=True) if one["v"] == "none"]
            if not full:
                continue
            one = dice.choice(full)
            other = _with_another(one, dice)
            if other is not None:
                title = dice.choice(lines).title  # told elsewhere
                yield _made(row["q"], one, Line(title, other.heading, other.text), apart=True)
            agreeing = [a for a in full if a.title != one.title]
            rest = dice.choice(agreeing) if agreeing and dice.random() < 0.6 else None
            if rest is None and none:
                rest = dice.choice(none)
                rest = _with_another(rest, dice) or rest
            if rest is not None:
                yield _made(row["q"], one, rest, apart=False)


def _with_another(line: Line, dice: random.Random) -> Line | None:
    """A line that gives one value, with another in its place; None of a line that gives none, or several."""
    found = list(_NUMBER.finditer(line.text))
    if len(found) != 1:
        return None
    now = number(fold(found[0]["number"]))
    others = [n for n in _OTHERS.get(found[0]["unit"], ()) if n != now]
    if now is None or not others or (found[0]["unit"] == "年" and now > max(_OTHERS["年"])):
        return None  # 2026年 is no length
    start, end = found[0].span("number")
    text = f"{line.text[:start]}{dice.choice(others)}{line.text[end:]}"
    return Line(line.title, line.heading, text)


def _made(question: str, one: Line, other: Line, *, apart: bool) -> Question:
    sides = tuple(frozenset({k} if apart else ()) for k in "ab")
    return Question(MADE, question, (one, other), ("a", "b"), sides, apart, True)


class Pairing(nn.Module):
    """The upper layers over a question and two lines as one text; the log odds from its first state, the means over
    question and lines, and by how much the two differ."""

    def __init__(self, below: Below) -> None:
        super().__init__()
        self.layers = nn.ModuleList(below.upper)
        self.kind = nn.Embedding(pair_encoder.KINDS, below.dim)
        wide = nn.Linear(pair_encoder.SEEN * below.dim, below.dim)
        self.head = nn.Sequential(wide, nn.GELU(approximate="tanh"), nn.Linear(below.dim, 1))

    def begin(self, folder: Path) -> None:
        """From the shipped reader of one line: its layers, and its kinds for both."""
        changed = e5_adaptation.changes(cross_encoder.FILE)
        with torch.no_grad():
            for n, layer in enumerate(self.layers):
                for name, own in layer.named_parameters():
                    change = changed.get(f"encoder.layer.{FIXED + n}.{name}")
                    if change is not None:
                        own += torch.from_numpy(change)
            kind = torch.from_numpy(changed["kind"])
            self.kind.weight.copy_(torch.cat([kind, kind[1:]]))
            self.kind.weight[3:] += 0.02 * torch.randn(2, kind.shape[1])

    def forward(self, given: Sequence[tuple[NDArray[np.float16], NDArray[np.int64]]]) -> Tensor:
        """Of each pair what the lowest layers make of question and lines, and the kind of each token. (n,)."""
        x, mask = padded([torch.from_numpy(states) for states, _ in given])
        kind = torch.full(x.shape[:2], -1)
        for row, (_, own) in enumerate(given):
            kind[row, : len(own)] = torch.from_numpy(own)
        if self.training:
            x = x * (torch.rand(*x.shape[:2], 1) > HIDDEN)
        with torch.autocast("cpu", torch.bfloat16):
            x = through(self.layers, x + self.kind(kind.clamp(min=0)), mask)
        x = x.float()
        asked, one, other = (mean(x, (kind == k).float()) for k in pair_encoder.SAID)
        seen = torch.cat([x[:, 0], asked, one + other, (one - other).abs()], -1)
        seen = nn.functional.dropout(seen, DROPPED, self.training)
        odds: Tensor = self.head(seen)[:, 0]
        return odds


class Reader:
    """Questions and lines as the lowest layers read them, once each."""

    def __init__(self, below: Below) -> None:
        self._below = below

    def read(self, questions: Sequence[Question]) -> None:
        self._below.read({as_asked(q.text) for q in questions}, query=True)
        self._below.read({line.whole for q in questions for line in q.lines}, query=False)

    def joined(
        self, question: str, one: Line, other: Line
    ) -> tuple[NDArray[np.float16], NDArray[np.int64]]:
        parts = [self._below.held[as_asked(question), True][0]]
        begins = []
        for line in (one, other):
            states, spans = self._below.held[line.whole, False]
            parts.append(states)
            begins.append(begin(spans, len(line.over)))
        return np.concatenate(parts), pair_encoder.kinds([len(p) for p in parts], begins)


def drawn(
    questions: Sequence[Question], dice: random.Random
) -> Iterator[list[tuple[Question, int, int, float]]]:
    """Steps, without end: every author as often, half of the questions such as differ."""
    by: dict[tuple[str, bool], list[Question]] = {}
    for one in questions:
        if one.pairs():
            by.setdefault((one.author, any(w for *_, w in one.pairs())), []).append(one)
    while True:
        step: list[tuple[Question, int, int, float]] = []
        while len(step) < BATCH:
            made = [key for key in by if key[0] == MADE]
            some = by[dice.choice(made if made and dice.random() < OF_MADE else [*by])]
            several = WRONG if len(some[0].lines) == 2 else 1
            for one in dice.sample(some, min(several, len(some))):
                for a, b, worth in _few(one, dice):
                    step.append((one, *((a, b) if dice.random() < 0.5 else (b, a)), worth))
        yield step


def _few(one: Question, dice: random.Random) -> list[tuple[int, int, float]]:
    """Up to three pairs that differ and some of the likeliest that do not."""
    pairs = one.pairs()
    right = [p for p in pairs if p[2]]
    wrong = sorted((p for p in pairs if not p[2]), key=lambda p: p[0] + p[1])[: 3 * WRONG]
    chosen = dice.sample(right, min(3, len(right)))
    return chosen + dice.sample(wrong, min(WRONG - bool(right), len(wrong)))


@torch.no_grad()
def scores(
    model: Pairing, reader: Reader, questions: Sequence[Question]
) -> list[list[tuple[float, float]]]:
    """Of each question of each pair, in their order, its log odds and what it is."""
    flat = [(n, q, *pair) for n, q in enumerate(questions) for pair in q.pairs()]
    length = [len(q.lines[a].whole) + len(q.lines[b].whole) for _, q, a, b, _ in flat]
    order = sorted(range(len(flat)), key=length.__getitem__)
    odds = np.zeros(len(flat))
    for at in range(0, len(order), _AT_ONCE):
        some = [flat[n] for n in order[at : at + _AT_ONCE]]
        made = model([reader.joined(q.text, q.lines[a], q.lines[b]) for _, q, a, b, _ in some])
        odds[order[at : at + _AT_ONCE]] = made.numpy()
    found: list[list[tuple[float, float]]] = [[] for _ in questions]
    for (n, *_, worth), one in zip(flat, odds.tolist(), strict=True):
        found[n].append((one, worth))
    return found


def report(
    name: str, questions: Sequence[Question], found: Sequence[Sequence[tuple[float, float]]]
) -> str:
    """Of the questions on which pages differ, for how many two lines are as likely as for so many of the others; and for how
    many these are two that do."""
    best = [
        max(one, default=(-99.0, 0.0)) if q.answered else (-99.0, 0.0)
        for q, one in zip(questions, found, strict=True)
    ]
    some = [b for b, q in zip(best, questions, strict=True) if q.asks]
    others = np.array([b[0] for b, q in zip(best, questions, strict=True) if not q.asks])
    told = []
    for share in SHARES:
        bar = np.quantile(others, 1 - share)
        shown = np.mean([odds > bar for odds, _ in some])
        right = np.mean([odds > bar and worth > 0 for odds, worth in some])
        told.append(f"{share}: {shown:.2f} / {right:.2f} (bar {bar:.2f})")
    return f"{name} {len(some)}/{len(others)}  " + "  ".join(told)


def train(
    model: Pairing,
    reader: Reader,
    learned: Sequence[Question],
    held: Mapping[str, Sequence[Question]],
    given: argparse.Namespace,
) -> None:
    """The model holds the mean of its weights in the end."""
    head = [*model.head.parameters(), *model.kind.parameters()]
    adam = torch.optim.AdamW(
        [{"params": model.layers.parameters(), "lr": RATE}, {"params": head, "lr": HEAD_RATE}],
        weight_decay=0.01,
    )
    rate = torch.optim.lr_scheduler.LambdaLR(
        adam, lambda n: min(1, (n + 1) / WARM) * max(LAST, 1 - n / given.steps)
    )
    running, begun, losses = Mean([model]), time.monotonic(), []
    steps = drawn(learned, random.Random(0))
    for step in range(1, given.steps + 1):
        rows = next(steps)
        odds = model.train()([reader.joined(q.text, q.lines[a], q.lines[b]) for q, a, b, _ in rows])
        wanted = torch.tensor([worth for *_, worth in rows])
        loss = nn.functional.binary_cross_entropy_with_logits(odds, wanted)
        adam.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        adam.step()
        rate.step()
        running.add(step)
        losses.append(loss.item())
        if step % given.every == 0 or step == given.steps:
            told = np.mean(losses[-given.every :])
            print(f"step {step}: loss {told:.3f}, {time.monotonic() - begun:.0f} s", flush=True)
            running.swap()
            for name, some in held.items():
                print("  " + report(name, some, scores(model.eval(), reader, some)), flush=True)
            torch.save(model.state_dict(), given.work / "pairing.pt")
            if step < given.steps:
                running.swap()


def authors(work: Path, seeds: Path | None) -> Iterator[tuple[str, list[Question]]]:
    """All who wrote pages, with what an answer would read; it is kept in ``work``."""
    for path in sorted(FOLDER.glob("*.jsonl")):
        rows = read_rows(path)
        asked = [row for row in rows if "question" in row]
        store = partial(store_of, rows, work / path.stem)
        yield path.stem, _kept(path.stem, asked, store, work)
    given = [(SEEDS, seeds, QUALITY / "conflicts.jsonl")] if seeds else []
    for name in PAGES:
        given.append(
            (name, QUALITY / "pages" / name / "docs", QUALITY / "pages" / name / "conflicts.jsonl")
        )
    for name, pages, file in given:
        yield name, _kept(name, read_rows(file), partial(_refreshed, pages, work / name), work)


def _kept(
    author: str, rows: Sequence[Mapping[str, Any]], store: Callable[[], Path], work: Path
) -> list[Question]:
    kept = work / f"{author}.pickle"
    if not kept.exists():
        kept.write_bytes(pickle.dumps(gathered(author, rows, store())))
    found: list[Question] = pickle.loads(kept.read_bytes())
    return found


def _refreshed(pages: Path, store: Path) -> Path:
    if not store.exists():
        refresh(store, [pages], encoder=open_encoder(Settings.from_environment()))
    return store


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--held", nargs="*", default=[])
    parser.add_argument("--seeds", type=Path)
    parser.add_argument("--steps", type=int, default=500)
    parser.add_argument("--every", type=int, default=100)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--start", type=Path, help="a pairing.pt to go on from")
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    torch.manual_seed(0)
    given.work.mkdir(parents=True, exist_ok=True)
    every = {**dict(authors(given.work, given.seeds)), **dict(by_hand())}
    for name, some in every.items():
        with_pair = sum(any(w for *_, w in q.pairs()) for q in some)
        print(
            f"{name}: {len(some)} questions, {sum(q.asks for q in some)} with a difference, {with_pair} with a pair that is read"
        )
    every[MADE] = [*altered(random.Random(0))]
    learned = [q for name, some in every.items() if name not in given.held for q in some]
    folder = bundled_folder(Settings.from_environment())
    below = Below(folder)
    reader, model = Reader(below), Pairing(below)
    model.begin(folder)
    if given.start:
        model.load_state_dict(torch.load(given.start))
    reader.read([q for some in every.values() for q in some])
    train(model, reader, learned, {name: every[name] for name in given.held}, given)
    if given.write:
        ship(model, folder, pair_encoder.FILE)


if __name__ == "__main__":
    main()
