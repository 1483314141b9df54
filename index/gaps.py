"""Which articles are missing: unanswered and badly rated questions, grouped by what they ask.

Two questions belong together when their content words share rare characters and pairs of them:
种牙医保报销多少 and 种植牙可以用医保吗 share 牙 and 种. No model is needed, so the list can be made on
any machine that has the feedback file.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from corpus.text import fold
from index.feedback import Entry
from index.postings import Segmenter

ALIKE = 0.1
"""Mean cosine with the questions of a gap from which another belongs to it. Of the 53 pairs of
questions on one matter in ``tests/quality/gaps.txt`` 40 come together then, and one pair on two."""

RARE = 1.5
"""Power of the idf: what all ask of (医保, 办理) says little about what one asks."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Questions that ask the same. ``questions``: each wording once, the most frequent first."""

    questions: tuple[str, ...]
    count: int
    refused: int
    down: int
    last: date
    reasons: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "questions": list(self.questions),
            "count": self.count,
            "refused": self.refused,
            "down": self.down,
            "last": self.last.isoformat(),
            "reasons": list(self.reasons),
        }

    def to_text(self) -> str:
        """A line for the gap and one for each other wording."""
        counts = f"{self.count} 次：未答 {self.refused}，差评 {self.down}，最近 {self.last}"
        lines = [f"{self.questions[0]}（{counts}）"]
        lines += [f"    {question}" for question in self.questions[1:6]]
        lines += [f"    原因：{'；'.join(self.reasons[:5])}"] if self.reasons else []
        return "\n".join(lines)


def gaps(entries: Sequence[Entry], words: Segmenter) -> tuple[Gap, ...]:
    """The gaps, most asked first. The same entries in any order give the same groups."""
    by_wording: dict[str, list[Entry]] = {}
    for entry in sorted((e for e in entries if e.is_gap), key=lambda e: (e.question, e.day)):
        by_wording.setdefault(_bare(entry.question), []).append(entry)
    # the most asked wordings first: the others gather round them
    order = sorted(by_wording, key=lambda w: (-len(by_wording[w]), w))
    groups: defaultdict[int, list[str]] = defaultdict(list)
    for wording, group in zip(order, _grouped(_vectors(order, words)), strict=True):
        groups[group].append(wording)
    found = [_gap([by_wording[w] for w in members]) for members in groups.values()]
    return tuple(sorted(found, key=lambda g: (-g.count, g.questions)))


def _bare(question: str) -> str:
    return "".join(c for c in fold(question) if c.isalnum())


def _vectors(wordings: Sequence[str], words: Segmenter) -> list[dict[str, float]]:
    """Unit vectors over content words, their pairs of characters, and their characters."""
    bags = [
        Counter(
            part
            for word in words.keywords(wording)
            for part in (word, *map("".join, pairwise(word)), *word)
        )
        for wording in wordings
    ]
    df = Counter(term for bag in bags for term in bag)
    vectors = []
    for bag in bags:
        vector = {t: n * math.log(1 + len(bags) / df[t]) ** RARE for t, n in bag.items()}
        norm = math.sqrt(sum(w * w for w in vector.values())) or 1.0
        vectors.append({t: w / norm for t, w in vector.items()})
    return vectors


def _grouped(vectors: Sequence[Mapping[str, float]]) -> list[int]:
    """A group for each: the one with the greatest mean cosine, or a new one. Each chooses twice:
    the first had few to choose from."""
    sums: defaultdict[str, defaultdict[int, float]] = defaultdict(lambda: defaultdict(float))
    sizes: list[int] = []
    chosen = [-1] * len(vectors)

    def move(number: int, sign: int) -> None:
        sizes[chosen[number]] += sign
        for term, weight in vectors[number].items():
            sums[term][chosen[number]] += sign * weight

    for number in [*range(len(vectors)), *range(len(vectors))]:
        if chosen[number] >= 0:
            move(number, -1)
        near: defaultdict[int, float] = defaultdict(float)
        for term, weight in vectors[number].items():
            for group, total in sums[term].items():
                near[group] += weight * total
        means = ((round(near[g] / sizes[g], 9), -g) for g in near if sizes[g])
        mean, nearest = max(means, default=(0.0, 0))
        chosen[number] = -nearest if mean >= ALIKE else len(sizes)
        sizes += [0] * (chosen[number] == len(sizes))
        move(number, 1)
    return chosen


def _gap(members: Sequence[Sequence[Entry]]) -> Gap:
    entries = [entry for same in members for entry in same]
    reasons = Counter(r for e in entries for r in (e.reason, e.comment) if r)
    return Gap(
        questions=tuple(same[0].question for same in members),
        count=len(entries),
        refused=sum(e.status == "refused" for e in entries),
        down=sum(e.rating == "down" for e in entries),
        last=max(e.day for e in entries),
        reasons=tuple(reason for reason, _ in reasons.most_common()),
    )
