"""Questions as people ask them, with the sentences of our articles that answer them, judged by hand.

``training/judged/*.jsonl``, a question a line: ``full``, ``part`` and ``none`` hold sentences of the articles
that the search brought, by what they are to the question; who wrote them stands in the README there. The labelled questions of
``tests/quality/people`` say the same by phrases (``must``).
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant import Assistant
from benchmarks.people import bare
from corpus.types import Passage
from index.quotable import quotable
from training.examples import FOUND, Asked, Examples, Reader
from training.pages import Verdict

FOLDER = Path(__file__).resolve().parent / "judged"
PART = 0.4
"""What the judge is to say of a sentence that answers a part."""
NOT_ASKED = ("talk", "other")
"""Notes of questions that are none of ours: nothing is searched for them."""


@dataclass(frozen=True, slots=True)
class Judged:
    """``whole``: every sentence of a passage that stands in none of the lists is known not to answer; else
    only passages with a judged sentence are learned from. Sentences and phrases as ``bare`` leaves them."""

    question: str
    full: tuple[str, ...]
    part: tuple[str, ...]
    none: tuple[str, ...]
    whole: bool = False

    def worth(self, sentence: str) -> float:
        """What a sentence is to the question, NaN where that is not known."""
        said = bare(sentence)
        if any(phrase in said for phrase in self.full):
            return 1.0
        if any(phrase in said for phrase in self.part):
            return PART
        return 0.0 if self.whole or said in self.none else np.nan


def by_sentence(files: Sequence[Path] = ()) -> Iterator[Judged]:
    """The questions of some files, of all in the folder where none is named; not those that are held, in
    a folder of their own."""
    for path in files or sorted(FOLDER.glob("*.jsonl")):
        yield from of_file(path)


def of_file(path: Path) -> Iterator[Judged]:
    """The questions of one file."""
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        full, part, none = (tuple(map(bare, row[kind])) for kind in ("full", "part", "none"))
        yield Judged(row["question"], full, part, none)


def by_phrase(files: Sequence[Path]) -> Iterator[Judged]:
    """The questions of files in the form of ``tests/quality/people``."""
    for path in files:
        for row in map(json.loads, path.read_text("utf-8").splitlines()):
            if row["note"] in NOT_ASKED or (row["answerable"] != "no" and not row["must"]):
                continue
            phrases = tuple(bare(phrase) for any_of in row["must"] for phrase in any_of)
            yield Judged(row["question"], phrases, (), (), whole=True)


def of_judged(judged: Sequence[Judged], root: Path, work: Path, author: str) -> Examples:
    """The questions with the passages of our articles that the search brings, each question a page of its
    own."""
    reader = Reader(Assistant.create(work / "articles.store", root))
    made = Examples()
    for one in judged:
        numbers = reader.found(one.question)[:FOUND]
        page = list(range(len(made.said), len(made.said) + len(numbers)))
        answers = np.full(len(numbers), np.nan, np.float32)
        right: list[int] = []
        for place, number in enumerate(numbers):
            lines = _lines(reader.passages[number], one, right)
            known = [worth for *_, worth in lines if not np.isnan(worth)]
            answers[place] = max(known, default=np.nan)
            made.said.append(reader.said(number, (line[:3] for line in lines)))
        verdict: Verdict = "full" if right else "partly" if np.nanmax(answers, initial=0) else "no"
        asked = Asked(
            reader.asked(one.question), len(made.pages), verdict, answers, (*right,), True
        )
        asked.rivals = [page[n] for n in np.flatnonzero(answers == 0)]
        made.pages.append(page)
        made.authors.append(author)
        made.asked.append(asked)
    return made


def _lines(passage: Passage, one: Judged, right: list[int]) -> list[tuple[int, int, int, float]]:
    """The sentences of a passage: begin, end, a number that no other sentence of the article has, and
    what each is to the question. The numbers of those that answer go into ``right``."""
    found = []
    for piece in passage.pieces:
        for line in quotable(piece):
            worth = one.worth(passage.article.text[line.start : line.end])
            number = zlib.crc32(f"{passage.article.id} {line.start}".encode())
            found.append((line.start, line.end, number, worth))
            if worth == 1.0:
                right.append(number)
    return found
