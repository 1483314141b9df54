"""Trains the tagger of ``index/names.py`` on made sentences and writes ``index/data/names.npz``.

    python -m training.names --letters LETTERS.jsonl.gz [--sentences 50000] [--to index/data/names.npz]
    python -m training.names --errors                      # names that it sees where none is

Logistic regression over the features of each character, with what follows what counted in the same
sentences. A quarter of the features is left out at each step: none may decide alone.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from corpus.settings import ROOT
from corpus.text import fold
from index.arrays import pack
from index.names import BUCKETS, FILE, Knowledge, Names, bits, features
from training.named import (
    Sentence,
    SentenceMaker,
    letters,
    lines,
    listed,
    longer_than,
    ordinary_words,
    places,
    questions,
)

_FILTER = 1 << 21  # bits: nine for each of some 230,000 words, 2% of other strings pass
_LONGEST = 120
_DROPPED = 0.1
_BATCH = 4096
BAR = 0.0
"""Nats that speak against a name beside its features: chosen on the first two thirds of
``tests/quality/private.jsonl``."""


def knowledge(maker: SentenceMaker, ordinary: list[str]) -> Knowledge:
    """What the features look up: jieba's dictionary without its names of people, our own terms,
    places, and the words that are like names and are none."""
    words = np.zeros(_FILTER // 8, dtype=np.uint8)
    for word in ordinary:
        if re.fullmatch(r"[\u4e00-\u9fff]{2,4}", word):
            for bit in bits(word, _FILTER):
                words[bit >> 3] |= 1 << (bit & 7)
    names = maker.names
    return Knowledge(words, names.families, frozenset(names.doubles), frozenset(names.given))


def sentences(maker: SentenceMaker, count: int, chance: random.Random) -> list[Sentence]:
    """Four of ten named, as many like them, the rest as it stands on pages."""
    pages = list(lines(ROOT))
    found = [maker.named() for _ in range(count * 4 // 10)]
    found += [maker.nameless() for _ in range(count * 4 // 10)]
    found += [chance.choice(pages) for _ in range(count * 2 // 10)]
    return list(longer_than(found, _LONGEST))


def examples(made: list[Sentence], known: Knowledge) -> tuple[NDArray[Any], NDArray[Any]]:
    """(characters, features) rows of the weights, and the label of each character."""
    rows: list[NDArray[np.int32]] = []
    labels: list[int] = []
    for one in made:
        rows.append(np.array(features(fold(one.text), known), dtype=np.int32))
        tags = [0] * len(one.text)
        for start, end in one.spans:
            tags[start:end] = [1] + [2] * (end - start - 1)
        labels += tags
    return np.concatenate(rows), np.array(labels)


def learn(rows: NDArray[Any], labels: NDArray[Any], rounds: int) -> NDArray[np.float32]:
    """Weights (BUCKETS, 3) by Adam."""
    torch.manual_seed(1)
    table = torch.nn.EmbeddingBag(BUCKETS, 3, mode="sum")
    torch.nn.init.zeros_(table.weight)
    steps = rounds * (len(rows) // _BATCH + 1)
    adam = torch.optim.Adam(table.parameters(), lr=0.02)
    slower = torch.optim.lr_scheduler.LinearLR(adam, 1.0, 0.02, total_iters=steps)
    x, y = torch.from_numpy(rows.astype(np.int64)), torch.from_numpy(labels)
    for n in range(rounds):
        total = 0.0
        for batch in torch.randperm(len(rows)).split(_BATCH):
            kept = (torch.rand(len(batch), x.shape[1]) >= _DROPPED).float() / (1 - _DROPPED)
            scores = table(x[batch], per_sample_weights=kept)
            loss = torch.nn.functional.cross_entropy(scores, y[batch])
            loss = loss + 1e-7 * table.weight.square().sum()
            adam.zero_grad()
            loss.backward()
            adam.step()
            slower.step()
            total += loss.item() * len(batch)
        print(f"round {n + 1}: {total / len(rows):.4f} nats a character", flush=True)
    return table.weight.detach().numpy()


def ship(to: Path, known: Knowledge, weights: NDArray[np.float32]) -> None:
    """Eight bits a weight. Only that nothing goes on where nothing began is laid down as to what
    may follow what: the features see both neighbours."""
    scale = float(np.abs(weights).max()) / 127
    follows = np.zeros((3, 3), dtype=np.float32)
    follows[0, 2] = -np.inf
    to.write_bytes(
        pack(
            {
                "weights": np.round(weights / scale).astype(np.int8),
                "scale": np.array([scale]),
                "bar": np.array([BAR]),
                "follows": follows,
                "words": known.words,
                "families": _bytes(known.families),
                "doubles": _bytes(" ".join(sorted(known.doubles))),
                "given": _bytes("".join(sorted(known.given))),
            }
        )
    )


def _bytes(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode("utf-8"), dtype=np.uint8)


def errors(tagger: Names) -> None:
    """Print what is taken for a name on pages and in questions, the most frequent first."""
    seen: Counter[str] = Counter()
    for one in [*lines(ROOT), *map(Sentence, questions(ROOT))]:
        for start, end in tagger.find(one.text):
            seen[one.text[max(0, start - 4) : start] + f"[{one.text[start:end]}]"] += 1
    print(f"{sum(seen.values())} names on pages and in questions")
    for text, count in seen.most_common(60):
        print(count, text)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sentences", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--to", type=Path, default=FILE)
    parser.add_argument("--letters", type=Path, help="*.jsonl.gz, for sentences without names")
    parser.add_argument("--errors", action="store_true")
    given = parser.parse_args()
    if given.errors:
        errors(Names.open(given.to))
        return
    torch.set_num_threads(1)
    chance = random.Random(1)
    where, words = places(), ordinary_words()
    asked = questions(ROOT)
    others = letters(given.letters) if given.letters else asked
    maker = SentenceMaker(chance, asked, where, words, others)
    unlike = [word for line in listed("neither.txt") for word in line.split()]
    known = knowledge(maker, words + where + unlike)
    made = sentences(maker, given.sentences, chance)
    print(f"{np.unpackbits(known.words).mean():.2f} of the filter set; {made[0]}", flush=True)
    rows, labels = examples(made, known)
    print(f"{len(rows)} characters, {rows.shape[1]} features each", flush=True)
    ship(given.to, known, learn(rows, labels, given.rounds))


if __name__ == "__main__":
    main()
