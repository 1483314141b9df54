"""What the head of ``index/segments.py`` learns from (``training.lower`` trains it), and how it does.

    python -m training.segmenting FILE      # the shipped one on a file of marked questions

Questions whose segments authors marked (``training/asks``), the same with other punctuation or none, questions put
together of their asks and cases, and what the questions of the labelled pages want (``training/pages``).
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from index.bert_folder import Matrix
from index.chain import Head, Seen, as_read
from index.encoder import lower_layers
from index.question import kinds_of
from index.segments import FILE, FORMS, KINDS, LABELS, WANTS, forms, taken_apart, wants_of
from training.asked import FOLDER, Marked, core, is_ask, joined, marked, of_pages, otherwise
from training.chain import Example, Learning
from training.pages import by_author, pages
from training.states import States

BAR = 0.0
HELD_AUTHORS = ("a7",)
WIDTH = 128
_TIMES = 2
"""Each question with so many other punctuations."""
_JOINED, _OF_PAGES = 1500, 2500
_HAND, _OTHERWISE, _MADE, _PAGES = 10, 8, 6, 6
"""Questions a step, in the mean."""


class Labelled(Example):
    """A question as the head sees it, with its labels and what each ask wants: ``wants`` (asks,
    ``WANTS``)."""

    def __init__(self, question: Marked, states: States | Shipped) -> None:
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

    def loss(self, batch: Sequence[Example], states: torch.Tensor) -> torch.Tensor:
        """Nats a question, of labels and wants."""
        given = [e for e in batch if isinstance(e, Labelled)]
        hidden = self.hidden(given, states).split([len(e.labels) for e in given])
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


def groups(states: States) -> list[tuple[list[Example], int]]:
    """What a step is made of."""
    chance = random.Random(3)
    hand = [one for path in sorted(FOLDER.glob("*.jsonl")) for one in marked(path)]
    other = [otherwise(one.pieces, chance) for one in hand for _ in range(_TIMES)]
    learned, _ = by_author(pages(), HELD_AUTHORS)
    asked = of_pages(learned)
    put_together = joined(hand, asked, _JOINED, chance)
    wanted = evenly(asked, random.Random(2))[:_OF_PAGES]
    some = ((hand, _HAND), (other, _OTHERWISE), (put_together, _MADE), (wanted, _PAGES))
    return [(list[Example](seen(states, of)), each) for of, each in some]


def seen(states: States, questions: Sequence[Marked]) -> list[Labelled]:
    states.read(one.text for one in questions)
    return [Labelled(one, states) for one in questions if one.text.strip()]


class Shipped:
    """In the place of ``States``: what the shipped layers make of a text."""

    def of(self, text: str, forms: Callable[[str], Matrix]) -> Seen:
        plain = as_read(text)
        return Seen.of(*lower_layers().states(plain), forms(plain))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    questions = marked(parser.parse_args().file)
    print(report(Head.open(FILE), [Labelled(one, Shipped()) for one in questions]))


if __name__ == "__main__":
    main()
