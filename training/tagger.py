"""What the head of ``index/tagger.py`` learns from (``training.lower`` trains it), and how it does.

Sentences written by hand (``training/names/sentences*.jsonl``, a file an author), the same with other names,
homes and numbers in them (``training.labelled``), and made ones (``training.named``, ``training.homing``).
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from corpus.settings import ROOT
from index.chain import Head
from index.forms import FORMS, forms
from index.masking import joined
from index.tagger import KINDS, LABELS, spans_of
from training.chain import Example, Learning
from training.homing import HomeMaker
from training.labelled import Swapper, files, labelled
from training.named import (
    Sentence,
    SentenceMaker,
    letters,
    lines,
    longer_than,
    ordinary_words,
    places,
    questions,
)
from training.states import States

WIDTH = 192
_LONGEST = 150
_MADE, _HAND, _SWAPPED = 6, 26, 8
"""Sentences a step, in the mean."""
_TIMES = 2
"""Each sentence with so many other pieces."""
BAR = 0.0
"""In nats a piece: chosen on the two held files whose figures the card has."""


class Labelled(Example):
    """A sentence as the head sees it, with its labels."""

    def __init__(self, sentence: Sentence, states: States) -> None:
        self.sentence = sentence
        spans = [(start, end, KINDS.index(kind)) for start, end, kind in sentence.spans]
        super().__init__(states.of(sentence.text, forms), spans)


def groups(states: States, given: Path, count: int) -> list[tuple[list[Example], int]]:
    """What a step is made of. ``given``: letters, ground for the ``count`` made ones."""
    maker, sentences = made(given, count)
    hand = [one for path in files() for one in labelled(path)]
    some = ((sentences, _MADE), (hand, _HAND), (swaps(hand, maker, _TIMES), _SWAPPED))
    return [(list[Example](seen(states, of)), each) for of, each in some]


def seen(states: States, sentences: Sequence[Sentence]) -> list[Labelled]:
    states.read(one.text for one in sentences)
    return [Labelled(one, states) for one in sentences if one.text.strip()]


def learning(dim: int) -> Learning:
    return Learning(dim, WIDTH, LABELS, FORMS)


def report(head: Head, examples: Sequence[Labelled]) -> str:
    """How many pieces go whole, by kind, and how many clean sentences are touched."""
    whole: dict[str, list[bool]] = defaultdict(list)
    touched = []
    for example in examples:
        text = example.sentence.text
        gone = np.zeros(len(text), bool)
        for start, end, _ in joined(
            text, spans_of(head.labels_of(head.hidden(example.seen)), text)
        ):
            gone[start:end] = True
        for start, end, kind in example.sentence.spans:
            inner = [n for n in range(start, end) if text[n].strip()]
            whole[kind].append(bool(gone[inner].all()))
        if not example.sentence.spans:
            touched.append(bool(gone.any()))
    every = [one for found in whole.values() for one in found]
    shown = ", ".join(
        f"{kind} {np.mean(found):.3f} of {len(found)}" for kind, found in sorted(whole.items())
    )
    return f"{np.mean(every):.3f} whole ({shown}); {np.mean(touched):.3f} of {len(touched)} touched"


def made(given: Path, count: int) -> tuple[HomeMaker, list[Sentence]]:
    """Two of five with names, one of seven with homes or accounts; the rest like them, or as it stands on
    pages."""
    chance = random.Random(1)
    asked, towns = questions(ROOT), places()
    maker = SentenceMaker(chance, asked, towns, ordinary_words(), letters(given))
    homes = HomeMaker(chance, maker.names, towns, [q for q in asked if len(q) < 45], maker.kin)
    pages = list(lines(ROOT))
    found = [maker.named() for _ in range(count * 38 // 100)]
    found += [maker.nameless() for _ in range(count * 27 // 100)]
    found += [homes.private() for _ in range(count * 15 // 100)]
    found += [homes.clean() for _ in range(count * 8 // 100)]
    found += [chance.choice(pages) for _ in range(count * 12 // 100)]
    found += [homes.numbered() for _ in range(count // 10)]
    return homes, list(longer_than(found, _LONGEST))


def swaps(hand: Sequence[Sentence], maker: HomeMaker, times: int) -> list[Sentence]:
    """The sentences with something private, ``times`` over, with other pieces of the same kinds."""
    swapper = Swapper(random.Random(2), maker, hand)
    return [swapper.swapped(one) for _ in range(times) for one in hand if one.spans]
