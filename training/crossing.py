"""Trains the reader of question and line together (``index.cross_encoder``).

    python -m training.crossing --work FOLDER [--steps N] [--write]

Questions judged sentence by sentence (``training/judged``), questions with lines that were made for this
(``training/lines``), the labelled pages, the labelled questions of eight people, and what our articles say that they do
not answer (``not_questions``); ``SHARES`` says how much of each. The lowest layers stay as they are and read each text once.
Says after every ``--every`` steps how the questions that only measure are told apart, and keeps the running mean of all
weights in FOLDER. ``--write`` puts them where they are shipped.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score
from torch import Tensor, nn

from assistant import Assistant
from benchmarks.people import bare
from corpus.check import not_questions
from corpus.settings import ROOT, Settings
from corpus.types import Passage
from index import cross_encoder
from index.cross_encoder import Line, as_asked, begin
from index.encoder import bundled_folder
from index.line_odds import line_at, places_of
from training.judged import FOLDER, Judged, by_phrase, by_sentence, of_file
from training.pages import pages
from training.running_mean import Mean
from training.states import Below, mean, padded, ship, through

LINES = Path(__file__).resolve().parent / "lines"
PEOPLE = ROOT / "tests" / "quality" / "people"
MET = "abcdefgh"
"""Of these people the labelled questions are learned from."""
HELD_AUTHOR = "a7"
SHARES = {"judged": 0.18, "made": 0.62, "pages": 0.11, "people": 0.05, "not asked": 0.04}
BATCH, POOL = 64, 12
"""Lines a step; steps whose questions are sorted by length, so that a batch is of like ones."""
RATE, HEAD_RATE, WARM, LAST = 2e-4, 1.6e-3, 60, 0.04
"""Steps until the rate is full, and the share of it that is left in the end."""
HIDDEN, DROPPED = 0.1, 0.2
"""Share of the tokens that are not seen in training, and of the numbers that the head is given."""
NEAR = 8
"""Wrong lines of a question among which some are drawn, the likeliest first."""
WORTH = {"full": 1.0, "part": 0.4, "partly": 0.4, "none": 0.0, "no": 0.0}
AMONG_WEIGHS = 0.5
"""Of choosing the right one among a question's lines, beside judging each by itself."""
_AT_ONCE = 128


@dataclass(slots=True)
class Asked:
    """A question with lines, likeliest first, and what each is to it."""

    question: str
    lines: list[Line] = field(default_factory=list)
    worth: list[float] = field(default_factory=list)

    def add(self, line: Line, worth: float) -> None:
        self.lines.append(line)
        self.worth.append(worth)

    def shortened(self) -> Asked:
        """With the lines that answer and the likeliest ``NEAR`` of the others."""
        wrong = [n for n, worth in enumerate(self.worth) if not worth][:NEAR]
        kept = sorted({n for n, worth in enumerate(self.worth) if worth} | set(wrong))
        return Asked(self.question, [self.lines[n] for n in kept], [self.worth[n] for n in kept])

    def some(self, dice: random.Random) -> list[Row]:
        """Up to two that answer and some of those that nearly do."""
        right = [n for n, worth in enumerate(self.worth) if worth]
        wrong = [n for n, worth in enumerate(self.worth) if not worth]
        chosen = dice.sample(right, min(2, len(right)))
        chosen += dice.sample(wrong, min(3 if right else 4, len(wrong)))
        return [(self.question, self.lines[n], self.worth[n]) for n in chosen]


Row = tuple[str, Line, float]
"""A question, a line, what the line is to it."""


class Crossing(nn.Module):
    """The upper layers over question and line as one text; the log odds from its first state and the means over the
    line and the question."""

    def __init__(self, below: Below) -> None:
        super().__init__()
        self.layers = nn.ModuleList(below.upper)
        self.kind = nn.Embedding(3, below.dim)
        nn.init.normal_(self.kind.weight, std=0.02)
        wide = nn.Linear(3 * below.dim, below.dim)
        self.head = nn.Sequential(wide, nn.GELU(approximate="tanh"), nn.Linear(below.dim, 1))

    def forward(
        self, pairs: Sequence[tuple[NDArray[np.float16], NDArray[np.float16], int]]
    ) -> Tensor:
        """Of each pair: what the lowest layers make of question and line, and where the line begins below its
        title. (n,) log odds."""
        x, mask = padded([torch.from_numpy(np.concatenate([q, line])) for q, line, _ in pairs])
        kind = torch.zeros(x.shape[:2], dtype=torch.long)
        there = torch.zeros(x.shape[:2])
        for row, (asked, line, at) in enumerate(pairs):
            kind[row, len(asked) :], kind[row, len(asked) + at :] = 1, 2
            there[row, : len(asked) + len(line)] = 1
        if self.training:
            x = x * (torch.rand(*x.shape[:2], 1) > HIDDEN)
        with torch.autocast("cpu", torch.bfloat16):
            x = through(self.layers, x + self.kind(kind), mask)
        x = x.float()
        means = [mean(x, there * (kind == one)) for one in (2, 0)]
        seen = nn.functional.dropout(torch.cat([x[:, 0], *means], -1), DROPPED, self.training)
        odds: Tensor = self.head(seen)[:, 0]
        return odds


class Reader:
    """Questions and lines as the lowest layers read them, once each."""

    def __init__(self, below: Below) -> None:
        self._below = below

    def read(self, asked: Iterable[Asked]) -> None:
        every = [*asked]
        self._below.read({as_asked(one.question) for one in every}, query=True)
        self._below.read({line.whole for one in every for line in one.lines}, query=False)

    def pair(
        self, question: str, line: Line
    ) -> tuple[NDArray[np.float16], NDArray[np.float16], int]:
        states, _ = self._below.held[as_asked(question), True]
        said, spans = self._below.held[line.whole, False]
        return states, said, begin(spans, len(line.over))


def of_judged(judged: Iterable[Judged], sentences: Mapping[str, Line]) -> Iterator[Asked]:
    """Questions judged sentence by sentence; sentences that stand in an article no more are left out."""
    for one in judged:
        asked = Asked(one.question)
        for kind in ("full", "part", "none"):
            for sentence in getattr(one, kind):
                if sentence in sentences:
                    asked.add(sentences[sentence], WORTH[kind])
        yield asked


def of_made() -> Iterator[Asked]:
    for path in sorted(LINES.glob("*.jsonl")):
        for row in map(json.loads, path.read_text("utf-8").splitlines()):
            asked = Asked(row["q"])
            for line in row["lines"]:
                asked.add(Line(line["t"], line["h"], line["s"]), WORTH[line["v"]])
            yield asked


def of_pages(*, held: bool) -> Iterator[Asked]:
    """Questions on the labelled pages, of the held author or of the others."""
    for page in pages():
        if (page.author == HELD_AUTHOR) != held:
            continue
        lines, heading = [], ""
        for line in page.lines:
            heading = line.text if line.role == "heading" else heading
            over = "" if line.role == "heading" else heading
            lines.append(Line(page.head["title"], over, line.text))
        for a in page.asked:
            asked = Asked(a.text)
            for n in _nearest(a.text, lines):
                asked.add(lines[n], WORTH[a.verdict] if n + 1 in a.lines else 0.0)
            yield asked.shortened()


def of_people(yibao: Assistant) -> Iterator[Asked]:
    """The labelled questions of those who were met, with the lines that the search brings."""
    for one in by_phrase([PEOPLE / f"{name}.jsonl" for name in MET]):
        asked = Asked(one.question)
        found = yibao.retriever.find(one.question, k=8)
        for hit in found.hits:
            for line in lines_of(found.seen[hit.number].passage):
                asked.add(line, one.worth(line.text))
        yield asked.shortened()


def of_not_asked(yibao: Assistant) -> Iterator[Asked]:
    """What our articles say that they do not answer, each with the nearest lines of its article."""
    lines: dict[str, list[Line]] = {}
    for passage in passages(yibao):
        lines.setdefault(passage.article.id, []).extend(lines_of(passage))
    for name, own in lines.items():
        file = ROOT / "corpus" / "articles" / f"{name.removeprefix('corpus/')}.md"
        for question in not_questions(file.read_text("utf-8")):
            asked = Asked(question)
            for n in _nearest(question, own):
                asked.add(own[n], 0.0)
            yield asked.shortened()


def passages(yibao: Assistant) -> Iterator[Passage]:
    """All of the store."""
    index = yibao.retriever.index
    for block in index.blocks():
        numbers = [seen.number for entry in block for seen in entry.passages]
        yield from (seen.passage for seen in index.passages(numbers))


def lines_of(passage: Passage) -> Iterator[Line]:
    """As they are read for an answer."""
    yield from (line_at(*place) for place in places_of(passage))


def sentences_of(yibao: Assistant) -> dict[str, Line]:
    """Each sentence of the store's articles, as ``bare`` leaves it; long ones by their begin too."""
    found: dict[str, Line] = {}
    for passage in passages(yibao):
        for line in lines_of(passage):
            found.setdefault(bare(line.text), line)
            found.setdefault(bare(line.text[:200]), line)
    return found


def _nearest(question: str, lines: Sequence[Line]) -> list[int]:
    """The lines by the pairs of characters that they share with a question."""
    asked = {question[n : n + 2] for n in range(len(question) - 1)}
    shared = [sum(pair in one.text for pair in asked) / (len(one.text) + 20) for one in lines]
    return sorted(range(len(lines)), key=lambda n: -shared[n])


def loss_of(model: Crossing, reader: Reader, groups: Sequence[Sequence[Row]]) -> Tensor:
    """Of each line by itself, and of which of a question's lines is the right one."""
    flat = [row for group in groups for row in group]
    wanted = torch.tensor([worth for *_, worth in flat])
    odds = model([reader.pair(question, line) for question, line, _ in flat])
    loss = nn.functional.binary_cross_entropy_with_logits(odds, wanted)
    sizes = [len(group) for group in groups]
    among = [
        -(torch.log_softmax(said, 0) * right / right.sum()).sum()
        for said, right in zip(odds.split(sizes), wanted.split(sizes), strict=True)
        if right.max() >= 1 and len(right) > 1
    ]
    return loss + AMONG_WEIGHS * torch.stack(among).mean() if among else loss


@torch.no_grad()
def scores(
    model: Crossing, reader: Reader, pairs: Sequence[tuple[str, Line]]
) -> NDArray[np.float64]:
    """(n,) log odds, in order."""
    order = sorted(range(len(pairs)), key=lambda n: len(pairs[n][0]) + len(pairs[n][1].whole))
    found = np.zeros(len(pairs))
    for at in range(0, len(order), _AT_ONCE):
        some = order[at : at + _AT_ONCE]
        found[some] = model([reader.pair(*pairs[n]) for n in some]).numpy()
    return found


def report(model: Crossing, reader: Reader, held: Sequence[Asked]) -> dict[str, float]:
    """AUC of questions that a line answers in full against those that none does, by the likeliest line;
    of lines that do against the others; how often the likeliest line of an answered question answers."""
    said = scores(model, reader, [(a.question, line) for a in held for line in a.lines])
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


def drawn(sources: Mapping[str, Sequence[Asked]], dice: random.Random) -> Iterator[list[list[Row]]]:
    """Questions of a step, without end: of the sources by ``SHARES``, each in a new order a round."""

    def forever(asked: Sequence[Asked]) -> Iterator[Asked]:
        while True:
            yield from dice.sample(asked, len(asked))

    of = {name: forever(asked) for name, asked in sources.items()}
    while True:
        groups: list[list[Row]] = []
        while sum(map(len, groups)) < POOL * BATCH:
            (name,) = dice.choices([*SHARES], [*SHARES.values()])
            groups.append(next(of[name]).some(dice))
        groups.sort(key=lambda group: max(len(q) + len(line.whole) for q, line, _ in group))
        steps: list[list[list[Row]]] = [[]]
        for group in groups:
            if sum(map(len, steps[-1])) >= BATCH:
                steps.append([])
            steps[-1].append(group)
        dice.shuffle(steps)
        yield from steps


def train(
    model: Crossing,
    reader: Reader,
    steps: Iterator[list[list[Row]]],
    held: Mapping[str, Sequence[Asked]],
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
    for step in range(1, given.steps + 1):
        loss = loss_of(model.train(), reader, next(steps))
        adam.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        adam.step()
        rate.step()
        running.add(step)
        losses.append(loss.item())
        last = step == given.steps
        if step % given.every == 0 or last:
            told = np.mean(losses[-given.every :])
            print(f"step {step}: loss {told:.3f}, {time.monotonic() - begun:.0f} s", flush=True)
            running.swap()
            for name, some in held.items():
                figures = report(model.eval(), reader, some[:: 1 if last else 3])
                print(
                    f"  {name}: " + ", ".join(f"{k} {v:.3f}" for k, v in figures.items()),
                    flush=True,
                )
            torch.save(model.state_dict(), given.work / "crossing.pt")
            if not last:
                running.swap()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=2100)
    parser.add_argument("--every", type=int, default=1050)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--start", type=Path, help="a crossing.pt to go on from")
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    torch.manual_seed(0)
    given.work.mkdir(parents=True, exist_ok=True)
    yibao = Assistant.open()
    sentences = sentences_of(yibao)
    sources = {
        "judged": [*of_judged(by_sentence(), sentences)],
        "made": [*of_made()],
        "pages": [*of_pages(held=False)],
        "people": [*of_people(yibao)],
        "not asked": [*of_not_asked(yibao)],
    }
    sources = {name: [a for a in asked if a.lines] for name, asked in sources.items()}
    held = {
        path.stem: [a for a in of_judged(of_file(path), sentences) if a.lines]
        for path in sorted((FOLDER / "held").glob("*.jsonl"))
    } | {"pages of an author never met": [*of_pages(held=True)][::4]}
    print(
        ", ".join(f"{name}: {len(asked)} questions" for name, asked in sources.items()), flush=True
    )
    folder = bundled_folder(Settings.from_environment())
    below = Below(folder)
    reader, model = Reader(below), Crossing(below)
    if given.start:
        model.load_state_dict(torch.load(given.start))
    for asked in (*sources.values(), *held.values()):
        reader.read(asked)
    train(model, reader, drawn(sources, random.Random(0)), held, given)
    if given.write:
        ship(model, folder, cross_encoder.FILE)


if __name__ == "__main__":
    main()
