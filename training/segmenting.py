"""Trains the head of ``index/segments.py`` and writes ``index/data/asks.npz``.

    python -m training.segmenting [--states FILE] [--apart] [--steps N]
    python -m training.segmenting --report FILE

On questions whose segments two authors marked (``training/asks``), on the same with other punctuation or none, on
questions put together of their asks and cases, and on what the questions of the labelled pages want
(``training/pages``). ``--apart`` trains once for each author without that author's questions and says how the head
does on these; ``--report`` says how the shipped one does on a file.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from index.arrays import unpack
from index.bert_folder import Matrix
from index.chain import Head, pack_head
from index.lower_layers import lower_layers
from index.question import kinds_of
from index.segments import FILE, FORMS, KINDS, LABELS, WANTS, forms, taken_apart, wants_of
from training.asked import FOLDER, Marked, core, is_ask, joined, marked, of_pages, otherwise
from training.chain import Example, Learning, learn
from training.pages import by_author, pages
from training.states import States

BAR = 0.0
BARS = (0.0, -0.5, -1.0, -2.0)
"""What ``--apart`` tries: below 0, a piece is rather begun than not."""
HELD_AUTHORS = ("a7",)
WIDTH = 128
_TIMES = 3
"""Each question with so many other punctuations."""
_JOINED = 2500
_HAND, _OTHERWISE, _MADE, _PAGES = 8, 8, 7, 7
"""Questions a step, in the mean."""


class Labelled(Example):
    """A question as the head sees it, with its labels and what each ask wants: ``wants`` (asks,
    ``WANTS``)."""

    def __init__(self, question: Marked, states: States) -> None:
        self.question = question
        self.asks = [(start, end, label) for start, end, label in question.spans if is_ask(label)]
        kinds = [
            (start, end, KINDS.index("ask") if is_ask(label) else KINDS.index("talk"))
            for start, end, label in question.spans
            if label != "case"
        ]
        super().__init__(states.of(question.text, forms), kinds)
        self.wants = np.zeros((len(self.asks), len(WANTS)), np.float32)
        for row, (_, _, label) in zip(self.wants, self.asks, strict=True):
            row[[n for n, want in enumerate(WANTS) if want in label.split("+")]] = 1


class SegmentLearning(Learning):
    """… with what each piece wants."""

    def __init__(self, dim: int) -> None:
        super().__init__(dim, WIDTH, LABELS, FORMS)
        self.wants = torch.nn.Linear(WIDTH, len(WANTS))
        torch.nn.init.constant_(self.wants.bias, -2.0)

    def loss(self, batch: Sequence[Example]) -> torch.Tensor:
        """Nats a question, of labels and wants."""
        given = [e for e in batch if isinstance(e, Labelled)]
        hidden = self.hidden(given).split([len(e.labels) for e in given])
        cut = [n for n, e in enumerate(given) if e.question.cut]
        loss = self.of_labels(torch.cat([hidden[n] for n in cut]), [given[n] for n in cut])
        odds = [
            torch.logsumexp(x[start:end] @ self.wants.weight.T, dim=0) + self.wants.bias
            for x, e in zip(hidden, given, strict=True)
            for start, end, _ in e.asks
        ]
        wanted = torch.from_numpy(np.concatenate([e.wants for e in given]))
        missed = functional.binary_cross_entropy_with_logits(
            torch.stack(odds), wanted, reduction="sum"
        )
        return loss * (len(cut) / len(given)) + missed / len(given)

    def arrays(self) -> dict[str, Matrix]:
        wants = {
            "wants": self.wants.weight.detach().numpy().T,
            "want_bias": self.wants.bias.detach().numpy(),
        }
        return super().arrays() | wants


def report(head: Head, examples: Sequence[Labelled]) -> str:
    """Of the asks that were marked, those found from end to end, punctuation apart, and of those found the
    ones that were marked, in all questions and in those with several; questions with as many asks as
    marked; what marked asks want, and the kinds of passage that a question wants by what was found."""
    every, several = Found(), Found()
    counts = kinds = exact = first = 0
    for one in examples:
        text, segments = one.question.text, taken_apart(head, one.seen)
        got = {core(text, s.start, s.end) for s in segments if s.kind == "ask"}
        right = {core(text, start, end) for start, end, _ in one.asks}
        for found in (every, several) if len(right) > 1 else (every,):
            found.add(got, right)
        counts += len(got) == len(right)
        wanted = [want for _, _, label in one.asks for want in WANTS if want in label.split("+")]
        kinds += set(kinds_of(w for s in segments for w in s.wants)) == set(kinds_of(wanted))
        hidden = head.hidden(one.seen)
        for start, end, label in one.asks:
            wants = wants_of(head, hidden[start:end])
            exact += set(wants) == set(label.split("+"))
            first += bool(wants) and wants[0] in label.split("+")
    return (
        f"{len(examples)} questions: {every}; with several: {several}; as many "
        f"{counts / len(examples):.3f}; kinds {kinds / len(examples):.3f}; wants of an ask "
        f"{exact / every.told:.3f}, the first right {first / every.told:.3f}"
    )


@dataclass
class Found:
    """Asks ``told`` by an author, ``found`` by a head, and by both."""

    told: int = 0
    found: int = 0
    both: int = 0

    def add(self, got: set[tuple[int, int]], right: set[tuple[int, int]]) -> None:
        self.told += len(right)
        self.found += len(got)
        self.both += len(got & right)

    def __str__(self) -> str:
        return (
            f"{self.both / max(1, self.told):.3f} of {self.told} asks found, "
            f"{self.both / max(1, self.found):.3f} of those found right"
        )


def evenly(questions: Sequence[Marked], chance: random.Random) -> list[Marked]:
    """As many, drawn so that what is seldom wanted comes oftener: by one over the root of how often."""
    often = Counter(one.pieces[0][1] for one in questions)
    weights = [often[one.pieces[0][1]] ** -0.5 for one in questions]
    return chance.choices(questions, weights, k=len(questions))


class Data:
    """All that is learned from, each text read once. ``held``: what the pages' held authors ask."""

    def __init__(self, kept: Path | None) -> None:
        self.files = sorted(FOLDER.glob("*.jsonl"))
        self.by_file = {path: marked(path) for path in self.files}
        learned, held = by_author(pages(), HELD_AUTHORS)
        self.pages, self.held = of_pages(learned), of_pages(held)
        self.evenly = evenly(self.pages, random.Random(2))
        self.states = States(lower_layers(), kept)

    def groups(self, out: Path | None) -> list[tuple[list[Labelled], int]]:
        """What a step is made of, without one author's questions."""
        chance = random.Random(3)
        hand = [one for path, some in self.by_file.items() if path != out for one in some]
        other = [otherwise(one.pieces, chance) for one in hand for _ in range(_TIMES)]
        made = joined(hand, self.pages, _JOINED, chance)
        shares = ((hand, _HAND), (other, _OTHERWISE), (made, _MADE), (self.evenly, _PAGES))
        return [(self.seen(some), count) for some, count in shares]

    def seen(self, some: Sequence[Marked]) -> list[Labelled]:
        self.states.read(one.text for one in some)
        return [Labelled(one, self.states) for one in some if one.text.strip()]

    def learned(self, steps: int, out: Path | None = None) -> bytes:
        """The file of a head."""
        torch.manual_seed(1)
        groups = self.groups(out)
        model = SegmentLearning(groups[0][0][0].seen.states.shape[1])
        learn(model, groups, steps)
        return pack_head(model.arrays(), BAR)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=900)
    parser.add_argument("--states", type=Path, help="*.npz, made where there is none")
    parser.add_argument("--apart", action="store_true", help="leave each author out once")
    parser.add_argument("--report", type=Path, help="a file of marked questions; trains nothing")
    given = parser.parse_args()
    torch.set_num_threads(1)
    data = Data(given.states)
    if given.report:
        print(report(Head.open(FILE), data.seen(marked(given.report))))
        return
    for out in data.files if given.apart else ():
        head = Head.of(unpack(data.learned(given.steps, out)))
        for bar in BARS:
            said = report(head.with_bar(bar), data.seen(data.by_file[out]))
            print(out.name, bar, said, flush=True)
    FILE.write_bytes(data.learned(given.steps))
    print("pages held", report(Head.open(FILE), data.seen(data.held)))


if __name__ == "__main__":
    main()
