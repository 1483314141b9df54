"""Pairs to learn from: a question as people ask it, and the passage that answers it.

Four kinds of source: labelled pages (``training.pages``); articles in our own form with their
``questions``; labelled questions (``benchmarks/questions``: ``question`` and ``gold`` phrases) over a
folder of articles; and, by a path on the command line and never copied into the repo, letters with
their replies (JSON lines, plain or gzipped: ``title``, ``question``, ``answer``; the lines of one
office stand together).
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.labels import bare, read_labels
from corpus.passages import split
from corpus.reading import read
from index.texts import passage_text, question_texts
from training.pages import Page

QUESTION, PASSAGE = 220, 300
"""Characters kept of each side: some 150 and 200 tokens, past which few letters go on."""
SHORT_SHARE, LED_SHARE, TITLED_SHARE = 0.25, 0.1, 0.4
"""Shares of the letters that are asked by their subject line alone, by both, and of the passages
that stand under their title."""
SHORTEST = 15
"""Characters of a reply; shorter ones (已回复) answer anything."""
MOST_ALIKE = 3
"""Times that a reply may stand in a file, word for word; a form letter answers anything."""
_HELD_BACK = re.compile("社保|医保|社会保险|医疗保险|社会保障|新农合")
"""Letters that speak of our own field stay out: it is measured with letters of that kind."""


@dataclass(frozen=True, slots=True)
class Pair:
    """``question`` and ``passage`` as they are encoded; ``gold`` are phrases by which another
    passage is seen to answer it too (none where that is not known), ``article`` where the passage
    stands: other passages of it are no wrong answers. ``source`` names the set."""

    question: str
    passage: str
    source: str
    gold: tuple[str, ...] = ()
    article: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to an office and its reply."""

    title: str
    question: str
    answer: str

    def pair(self, source: str, dice: random.Random) -> Pair:
        """The subject line as a short question, the letter as a long one: its beginning or its
        end, because the ask often comes last."""
        draw, body = dice.random(), self.question.strip()
        if len(body) > QUESTION:
            body = body[:QUESTION] if dice.random() < 0.5 else body[-QUESTION:]
        if draw < SHORT_SHARE and len(self.title) >= 4:
            question = self.title
        elif draw < SHORT_SHARE + LED_SHARE:
            question = f"{self.title}。{body}"
        else:
            question = body or self.title
        head = self.title + "\n" if dice.random() < TITLED_SHARE else ""
        return Pair(question[: QUESTION + 40], (head + self.answer.strip())[:PASSAGE], source)


def letters(path: Path) -> list[Letter]:
    """Those of a file that answer something and are not of our own field, in their order."""
    raw = path.read_bytes()
    lines = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8").splitlines()
    found = [Letter(**{k: json.loads(x)[k] for k in Letter.__slots__}) for x in lines]
    often = Counter(letter.answer for letter in found)
    return [
        x
        for x in found
        if len(x.answer.strip()) >= SHORTEST
        and often[x.answer] <= MOST_ALIKE
        and not _HELD_BACK.search(x.title + x.question + x.answer)
    ]


def of_articles(folder: Path, dice: random.Random) -> list[Pair]:
    """The title and the ``questions`` of each article, answered by its first passage."""
    found = []
    for article in read([folder]).articles:
        first = passage_text(split(article)[0])
        for question in question_texts(article):
            head = article.title + "\n" if dice.random() < TITLED_SHARE else ""
            found.append(Pair(question, (head + first)[:PASSAGE], "articles", (), article.id))
    return found


def of_labels(labels: Path, folder: Path, dice: random.Random, most: int) -> list[Pair]:
    """Labelled questions with a passage of ``folder`` that holds one of their phrases: ``most`` of
    them, chosen by ``dice``."""
    passages = [p for article in read([folder]).articles for p in split(article)]
    bodies = [bare(p.text) for p in passages]
    found = []
    for label in read_labels(labels):
        phrases = tuple(bare(g) for g in label.gold)
        right = [n for n, body in enumerate(bodies) if any(g in body for g in phrases)]
        if not right:
            continue
        passage = passages[dice.choice(right)]
        head = passage.article.title + "\n" if dice.random() < TITLED_SHARE else ""
        text = (head + passage_text(passage))[:PASSAGE]
        found.append(Pair(label.question, text, labels.stem, phrases, passage.article.id))
    dice.shuffle(found)
    return found[:most]


def of_pages(found: Iterable[Page], dice: random.Random) -> list[Pair]:
    """Each question that a labelled page answers, with the lines that answer it and those around
    them. Other lines of the page are rivals: what answers is known."""
    made = []
    for page in found:
        title = page.head["title"]
        for asked in page.asked:
            if asked.verdict != "full" or not asked.lines:
                continue
            gold = tuple(bare(page.line(n).text) for n in asked.lines)
            head = title + "\n" if dice.random() < TITLED_SHARE else ""
            text = (head + around(page, asked.lines))[:PASSAGE]
            made.append(Pair(asked.text[: QUESTION + 40], text, "pages", gold))
    return made


def around(page: Page, lines: Sequence[int]) -> str:
    """The lines from the first to the last of some, and the heading or line above them."""
    first, last = min(lines), max(lines)
    return "\n".join(page.line(n).text for n in range(max(1, first - 1), last + 1))


def counted(pairs: Iterable[Pair]) -> str:
    """What was used, for people: ``letters 6,000, articles 900``."""
    counts = Counter(p.source for p in pairs)
    return ", ".join(f"{name} {n:,}" for name, n in counts.items())


def held_out(found: Sequence[Letter], count: int) -> tuple[Sequence[Letter], Sequence[Letter]]:
    """To learn from, and the last ``count``: of other offices, because a file goes by office."""
    return found[: len(found) - count], found[len(found) - count :]
