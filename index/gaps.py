"""Which articles are missing: unanswered and badly rated questions, grouped by what they ask.

Two questions belong together when they share rare words and pairs of characters. No model is
needed, so the list can be made on any machine that has the feedback file.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from corpus.text import fold
from index.feedback import Entry
from index.postings import Segmenter

ALIKE = 0.34
"""Cosine of two questions' weighted words from which they are one gap: of 16 questions tried, two
on one matter reached .36 and more, two on different ones .40 once and otherwise less than .2."""


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
    # the most asked wordings first; each of the others joins the one before that it is most like
    order = sorted(by_wording, key=lambda w: (-len(by_wording[w]), w))
    groups: dict[int, list[str]] = {}
    group_of: dict[int, int] = {}
    likest = zip(order, _likest(order, words), strict=True)
    for number, (wording, (like, cosine)) in enumerate(likest):
        group_of[number] = group_of[like] if cosine >= ALIKE else number
        groups.setdefault(group_of[number], []).append(wording)
    found = [_gap([by_wording[w] for w in members]) for members in groups.values()]
    return tuple(sorted(found, key=lambda g: (-g.count, g.questions)))


def _bare(question: str) -> str:
    return "".join(c for c in fold(question) if c.isalnum())


def _likest(wordings: Sequence[str], words: Segmenter) -> Iterator[tuple[int, float]]:
    """For each wording the one before it that it shares most rare words with, and their cosine."""
    bags = [Counter([*words.keywords(w), *words.bigrams(w)]) for w in wordings]
    df = Counter(term for bag in bags for term in bag)
    seen: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
    for number, bag in enumerate(bags):
        weights = {t: n * math.log(1 + len(bags) / df[t]) for t, n in bag.items()}
        norm = math.sqrt(sum(w * w for w in weights.values())) or 1.0
        cosines: defaultdict[int, float] = defaultdict(float)
        for term, weight in weights.items():
            for earlier, other in seen[term]:
                cosines[earlier] += weight / norm * other
            seen[term].append((number, weight / norm))
        yield max(cosines.items(), key=lambda found: (found[1], -found[0]), default=(-1, 0.0))


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
