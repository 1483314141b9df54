"""Puts pairs into batches in which each passage is a hard wrong answer to the other questions.

With in-batch negatives a batch at random teaches little: a reply on school places is no rival to one
on trademarks. So a batch is grown from groups: a pair, and the pairs whose passages look most like
an answer to its question by their words (TF-IDF over pairs of characters, what keyword search
would wrongly bring) without being one. A batch holds letters or pairs of our own field, of like
length, so that nothing is padded far and length gives nothing away.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

from benchmarks.labels import bare
from training.pairs import Pair

GROUP = 6
"""A pair and its five nearest rivals."""
ALIKE = 0.6
"""Cosine of two passages' words from which they say the same: neither is wrong for the other."""
LENGTHS = 3
"""Groups by length within a set."""
NEAREST = 40
"""Rivals looked at for each pair."""


def batches(pairs: Sequence[Pair], size: int, dice: random.Random) -> list[list[int]]:
    """Numbers of pairs, ``size`` a batch, in the order in which they are to be met. Pairs that fit
    into no whole batch are left out."""
    made: list[list[int]] = []
    for ours in (False, True):  # letters, of which nothing more is known, and what is about ours
        mine = [n for n, p in enumerate(pairs) if bool(p.article or p.gold) is ours]
        if len(mine) < size:
            continue
        mine.sort(key=lambda n: len(pairs[n].passage))
        parts = max(1, min(LENGTHS, len(mine) // (4 * size)))
        for part in np.array_split(np.array(mine), parts):
            chosen = part.tolist()
            rivals = _Rivals([pairs[n] for n in chosen])
            made += [[chosen[i] for i in batch] for batch in rivals.batches(size, dice)]
    dice.shuffle(made)
    return made


class _Rivals:
    """Which pairs of a set are hard for each other, and which must not meet."""

    def __init__(self, pairs: Sequence[Pair]) -> None:
        self._pairs = pairs
        self._bare = [bare(p.passage) for p in pairs]
        words = TfidfVectorizer(analyzer="char", ngram_range=(2, 2), min_df=2, sublinear_tf=True)
        self._passages: csr_matrix = words.fit_transform([p.passage for p in pairs])
        asked = words.transform([p.question for p in pairs])
        scores = (asked @ self._passages.T).toarray()
        self._nearest = np.argsort(-scores, axis=1)[:, :NEAREST]
        self._alike = (self._passages @ self._passages.T).toarray() > ALIKE

    def batches(self, size: int, dice: random.Random) -> list[list[int]]:
        left = list(range(len(self._pairs)))
        dice.shuffle(left)
        free, made = dict.fromkeys(left), []
        while len(free) >= size:
            batch: list[int] = []
            for seed in list(free):
                if len(batch) >= size:
                    break
                group = [seed, *(n for n in self._nearest[seed].tolist() if n in free)]
                for n in group[: GROUP + NEAREST]:
                    joined = sum(m in batch for m in group)
                    if len(batch) < size and joined < GROUP and n in free and self._fits(n, batch):
                        batch.append(n)
            if len(batch) < size:
                break
            made.append(batch)
            for n in batch:
                del free[n]
        return made

    def _fits(self, new: int, batch: Sequence[int]) -> bool:
        return all(
            n != new
            and not self._alike[n, new]
            and not self._answers(n, new)
            and not self._answers(new, n)
            for n in batch
        )

    def _answers(self, question: int, passage: int) -> bool:
        """Whether a passage is known to answer another pair's question."""
        one, other = self._pairs[question], self._pairs[passage]
        same = bool(one.article) and one.article == other.article
        return same or any(g in self._bare[passage] or g in other.gold for g in one.gold)
