"""Trains the head of ``index/tagger.py`` and writes ``index/data/tagger.npz``.

    python -m training.tagger --letters LETTERS.jsonl.gz [--states FILE] [--apart]

On sentences written by hand (``training/names/sentences*.jsonl``, a file an author), on the same with other names,
homes and numbers in them (``training.labelled``), and on made ones (``training.named``, ``training.homing``). The
layers below stay as they are, so that each sentence is read through them once; ``--states`` keeps what they made of
it. ``--apart`` trains once for each author without that author's sentences and says how the head does on these.
"""

from __future__ import annotations

import argparse
import random
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from corpus.settings import ROOT
from index.arrays import unpack
from index.chain import Head, pack_head
from index.forms import FORMS, forms
from index.lower_layers import lower_layers
from index.masking import joined
from index.tagger import FILE, KINDS, LABELS, spans_of
from training.chain import Example, Learning, learn
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
_MADE, _HAND, _SWAPPED = 12, 16, 12
"""Sentences a step, in the mean."""
BAR = 0.5
"""Chosen on sentences of authors that were left out."""


BARS = (0.0, 0.5, 1.0, 2.0)
"""What ``--apart`` tries."""


class Labelled(Example):
    """A sentence as the head sees it, with its labels."""

    def __init__(self, sentence: Sentence, states: States) -> None:
        self.sentence = sentence
        spans = [(start, end, KINDS.index(kind)) for start, end, kind in sentence.spans]
        super().__init__(states.of(sentence.text, forms), spans)


def learned_on(
    made: Sequence[Example], hand: Sequence[Example], swapped: Sequence[Example], steps: int
) -> Learning:
    torch.manual_seed(1)
    model = Learning(made[0].seen.states.shape[1], WIDTH, LABELS, FORMS)
    return learn(model, ((made, _MADE), (hand, _HAND), (swapped, _SWAPPED)), steps)


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=Path, required=True, help="*.jsonl.gz")
    parser.add_argument("--made", type=int, default=12_000)
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--states", type=Path, help="*.npz, made where there is none")
    parser.add_argument("--apart", action="store_true", help="leave each author out once")
    parser.add_argument("--to", type=Path, default=FILE)
    given = parser.parse_args()
    torch.set_num_threads(1)
    states = States(lower_layers(), given.states)
    maker, sentences = made(given.letters, given.made)
    by_hand = {path: labelled(path) for path in files()}
    swapped_of = {path: swaps(some, maker, 3) for path, some in by_hand.items()}
    said = [sentences, *by_hand.values(), *swapped_of.values()]
    states.read(one.text for some in said for one in some)
    plain = [Labelled(one, states) for one in sentences]
    hand, swapped = (
        {path: [Labelled(one, states) for one in some] for path, some in of.items()}
        for of in (by_hand, swapped_of)
    )

    def learned(out: Path | None = None) -> Learning:
        known, other = (
            [e for path, some in of.items() if path != out for e in some] for of in (hand, swapped)
        )
        return learned_on(plain, known, other, given.steps)

    given.to.write_bytes(pack_head(learned().arrays(), BAR))
    for out in files() if given.apart else ():
        head = Head.of(unpack(pack_head(learned(out).arrays(), BAR)))
        for bar in BARS:
            print(out.name, bar, report(head.with_bar(bar), hand[out]), flush=True)


if __name__ == "__main__":
    main()
