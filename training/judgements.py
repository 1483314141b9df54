"""Judgements to learn from: a question, a passage, and how far the one answers the other.

Of the labelled pages (``training.pages``) alone. A passage is a stretch of a page's lines under its
title: those that answer, with more or fewer around them; those that were named as near and do not
answer; and those of the same page that share most pairs of characters with the question, as a search
would bring them.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from benchmarks.labels import bare
from training.pages import Asked, Page, Verdict

ANSWERS: dict[Verdict, float] = {"full": 1.0, "partly": 0.4, "no": 0.0}
"""What a model is to say."""
AROUND = 3
"""Lines that a stretch holds at most on either side of those that it is about."""
LONGEST = 400
"""Characters of a stretch."""
RIVALS = 2
"""Stretches that do not answer, for each question, beside those that do."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """``answer``: see ``ANSWERS``. ``verdict`` is that of the question on the page's whole."""

    question: str
    passage: str
    answer: float
    verdict: Verdict
    page: str


def judgements(found: Iterable[Page], dice: random.Random) -> list[Judgement]:
    """Of every question, in a new order; another call draws other stretches."""
    made = [j for page in found for asked in page.asked for j in _of(page, asked, dice)]
    dice.shuffle(made)
    return made


def stretch(page: Page, lines: Sequence[int], before: int, behind: int) -> str:
    """The title, the heading above, and the lines with some around them."""
    first = max(1, min(lines) - before)
    last = min(len(page.lines), max(lines) + behind)
    heading = next(
        (page.line(n) for n in range(first, 0, -1) if page.line(n).role == "heading"), None
    )
    inside = [page.line(n).text for n in range(first, last + 1)]
    above = [] if heading is None or heading.text in inside else [heading.text]
    return "\n".join((page.head["title"], *above, *inside))[:LONGEST]


def rivals(page: Page, asked: Asked) -> list[int]:
    """Lines that do not answer, the likest to the question first."""
    taken = set(asked.lines) if asked.verdict != "no" else set()
    wanted = Counter(_pairs(asked.text))
    shared = {
        n: sum((Counter(_pairs(line.text)) & wanted).values())
        for n, line in enumerate(page.lines, 1)
        if n not in taken and line.role not in ("title", "noise", "issuer")
    }
    return sorted(shared, key=lambda n: (-shared[n], n))


def _of(page: Page, asked: Asked, dice: random.Random) -> Iterator[Judgement]:
    name = f"{page.author}/{page.name}"

    def judged(text: str, answer: float) -> Judgement:
        return Judgement(asked.text, text, answer, asked.verdict, name)

    def side() -> int:
        return dice.randint(0, AROUND)

    if asked.lines:
        near = stretch(page, asked.lines, side(), side())
        yield judged(near, ANSWERS[asked.verdict])
    right = set(asked.lines) if asked.verdict != "no" else set()
    count = RIVALS if asked.verdict == "full" else RIVALS - 1
    chosen = dice.sample(rivals(page, asked)[: 3 * RIVALS], k=min(count, len(rivals(page, asked))))
    for line in chosen:
        before, behind = side(), side()
        while any(n in right for n in range(line - before, line + behind + 1)) and before + behind:
            before, behind = max(0, before - 1), max(0, behind - 1)
        yield judged(stretch(page, (line,), before, behind), 0.0)


def _pairs(text: str) -> list[str]:
    plain = bare(text)
    return [plain[i : i + 2] for i in range(len(plain) - 1)]
