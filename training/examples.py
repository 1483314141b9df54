"""What the judge learns from: questions, passages as the search keeps them, and who answers whom.

Three kinds. *Labelled pages*: each question with the lines that answer it, in full or in part, or that
come nearest and do not. *Our articles*: ``questions``, which the short answer answers, and
``not_questions``, which nothing in the article does. *Letters*: a subject line and the reply, a weak
label. Pages and articles are read and cut as a refresh does it, so that the judge meets what it will
meet later.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant import Assistant
from corpus.check import not_questions
from corpus.text import normalise
from corpus.types import Passage
from index.encoder import BundledEncoder
from index.features import SHORT_ANSWER
from index.judgement import MOST, TEXT, kinds
from index.late import Matrix, basis
from index.question import by_present_name, read_question
from index.texts import late_text
from training.pages import Page, Verdict
from training.pairs import Letter

WORTH: dict[Verdict, float] = {"full": 1.0, "partly": 0.4, "no": 0.0}
"""What the judge is to say of a passage that holds all the lines."""
NEAR, FAR = 2, 1
"""Passages that do not answer, for each question: of the likeliest ``LIKELY``, and of the rest."""
LIKELY = 4
EASY = 0.6
"""Share of the questions that our articles answer which is drawn each time: they are many, and short."""
STRANGE = 0.4
"""… and how often one of another page."""
RIVALS = slice(1, 12)
"""Of the passages nearest to a letter's subject line, which stand for those that do not answer it; the
nearest may well answer too."""
FOUND = 12
"""Passages of other articles that the search finds for a question to one, which stand for those that do
not answer it."""
REPLY = 420
"""Characters of a reply that are looked at."""


@dataclass(slots=True)
class Said:
    """A passage. ``tokens`` (n, WIDTH) float16; ``kind`` (n,) see ``index.judgement``; ``line`` (n,)
    the line of its page in which each token stands, 0 where none; ``short``: it holds the short
    answer."""

    tokens: NDArray[np.float16]
    kind: NDArray[np.int64]
    line: NDArray[np.int64]
    short: bool = False


@dataclass(slots=True)
class Asked:
    """A question about ``page``. ``answers`` (n,): what is to be said of each passage of the page, NaN
    where that is not known; ``lines``: those that answer; ``lined``: whether they are known;
    ``rivals``: passages that do not answer, the likeliest first."""

    tokens: NDArray[np.float16]
    page: int
    verdict: Verdict
    answers: NDArray[np.float32]
    lines: tuple[int, ...] = ()
    lined: bool = False
    rivals: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Examples:
    """``pages``: of each page its passages, numbers in ``said``; ``authors``: who wrote it."""

    said: list[Said] = field(default_factory=list)
    pages: list[list[int]] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)


Row = tuple[Asked, Said, float]
"""A question, a passage and what is to be said of it."""


def rows(found: Examples, asked: Sequence[Asked], dice: random.Random) -> Iterator[list[Row]]:
    """Some passages for each question; another call draws others."""
    for question in asked:
        if not question.lined and question.verdict == "full" and dice.random() > EASY:
            continue
        page = found.pages[question.page]
        right = np.flatnonzero(question.answers > 0)[:3]
        given = [(question, found.said[page[n]], float(question.answers[n])) for n in right]
        likely, others = question.rivals[:LIKELY], question.rivals[LIKELY:]
        chosen = dice.sample(likely, k=min(NEAR, len(likely)))
        chosen += dice.sample(others, k=min(FAR, len(others)))
        strange = dice.randrange(len(found.said))
        if dice.random() < STRANGE and strange not in page:
            chosen.append(strange)
        yield given + [(question, found.said[number], 0.0) for number in chosen]


def likeness(asked: Asked, said: Said) -> float:
    """Late interaction of a question with a passage."""
    near = said.tokens.astype(np.float32) @ asked.tokens.astype(np.float32).T
    return float(near.max(axis=0).mean())


def of_pages(found: Sequence[Page], work: Path) -> Examples:
    """The labelled pages, read from files below ``work``, where the store is kept too."""
    files = work / "pages"
    files.mkdir(parents=True, exist_ok=True)
    for page in found:
        text = f"# {page.head['title']}\n\n{page.text}\n"
        (files / f"{page.author}-{page.name}.md").write_text(text, encoding="utf-8")
    reader = Reader(Assistant.create(work / "pages.store", files))
    made = Examples()
    for page in found:
        passages = [n for n, p in enumerate(reader.passages) if _is_of(p, page)]
        if not passages:
            continue
        made.authors.append(page.author)
        made.pages.append(list(range(len(made.said), len(made.said) + len(passages))))
        made.said += [
            reader.said(n, _lines(reader.passages[n].article.text, page)) for n in passages
        ]
        here = [made.said[n] for n in made.pages[-1]]
        for a in page.asked:
            lines = a.lines if a.verdict != "no" else ()
            answers = np.array(
                [_share(said, lines) * WORTH[a.verdict] for said in here], np.float32
            )
            asked = Asked(
                reader.asked(a.text), len(made.pages) - 1, a.verdict, answers, lines, lined=True
            )
            wrong = [made.pages[-1][n] for n in np.flatnonzero(answers == 0)]
            asked.rivals = sorted(wrong, key=lambda n: -likeness(asked, made.said[n]))
            made.asked.append(asked)
    return made


def of_articles(root: Path, work: Path) -> Examples:
    """Our articles with their ``questions`` and ``not_questions``. Rivals are what the search finds."""
    reader = Reader(Assistant.create(work / "articles.store", root))
    made = Examples()
    by_article: dict[str, list[int]] = {}
    for number, passage in enumerate(reader.passages):
        by_article.setdefault(passage.article.id, []).append(number)
        made.said.append(reader.said(number))
    for name, numbers in by_article.items():
        article = reader.passages[numbers[0]].article
        made.pages.append(numbers)
        made.authors.append("ours")
        right = np.array([1.0 if made.said[n].short else np.nan for n in numbers], np.float32)
        text = (root / f"{name.removeprefix('corpus/')}.md").read_text("utf-8")
        page = len(made.pages) - 1
        for question in (article.title, *article.questions):
            asked = Asked(reader.asked(question), page, "full", right)
            asked.rivals = [n for n in reader.found(question) if n not in numbers][:FOUND]
            made.asked.append(asked)
        for question in not_questions(text):
            asked = Asked(reader.asked(question), page, "no", np.zeros_like(right))
            asked.rivals = list(numbers)
            made.asked.append(asked)
    return made


def of_letters(letters: Sequence[Letter], encoder: BundledEncoder) -> Examples:
    """Subject lines and the replies to them."""
    made = Examples()
    for letter in letters:
        _, states = encoder.engine.tokens(letter.answer[:REPLY], query=False)
        tokens = _shortened(basis().codes(states))
        text = np.full(len(tokens), 3, np.int64)
        made.pages.append([len(made.said)])
        made.authors.append("letters")
        made.said.append(Said(tokens, text, np.zeros(len(tokens), np.int64)))
        _, asked = encoder.engine.tokens(letter.title, query=True)
        made.asked.append(Asked(_unit(asked), len(made.pages) - 1, "full", np.ones(1, np.float32)))
    _with_rivals(made)
    return made


class Reader:
    """The passages of a store as the judge meets them."""

    def __init__(self, yibao: Assistant) -> None:
        index = yibao.retriever.index
        entries = (entry for block in index.blocks() for entry in block)
        numbers = [seen.number for entry in entries for seen in entry.passages]
        self._place = {number: place for place, number in enumerate(numbers)}
        seen = index.passages(numbers)
        self.passages: list[Passage] = [one.passage for one in seen]
        self._codes = [one.codes for one in seen if one.codes is not None]
        assert len(self._codes) == len(seen)
        self._retriever = yibao.retriever
        encoder = yibao.retriever.encoder
        assert isinstance(encoder, BundledEncoder)
        self._encoder = encoder
        self._words = yibao.retriever.words

    def said(self, number: int, lines: Iterable[tuple[int, int, int]] = ()) -> Said:
        """``lines``: begin and end in the article's text, and the number, of each line that is told apart."""
        passage = self.passages[number]
        text = late_text(passage)
        spans = self._encoder.token_spans(text)
        kind = kinds(passage, text, spans)
        line = np.zeros(len(spans), np.int64)
        at = spans[:, 0] - (len(text) - len(passage.text)) + passage.start
        for start, end, row in lines:
            line[(kind == TEXT) & (at >= start) & (at < end)] = row
        tokens = _shortened(self._codes[number])
        short = SHORT_ANSWER in passage.heading
        return Said(tokens, kind[:MOST], line[:MOST], short)

    def found(self, text: str) -> list[int]:
        """The places among ``passages`` of those that the search finds, best first."""
        rows = self._retriever.rows(text)
        ranked = sorted(rows, key=lambda one: (-one[1]["score"], one[0].number))
        return [self._place[seen.number] for seen, _ in ranked]

    def asked(self, text: str) -> NDArray[np.float16]:
        text = by_present_name(read_question(text, self._words))
        return _unit(self._encoder.engine.tokens(text, query=True)[1])


def _shortened(codes: NDArray[np.int8]) -> NDArray[np.float16]:
    return (codes[:MOST] * basis().step).astype(np.float16)


def _unit(states: Matrix) -> NDArray[np.float16]:
    return (basis().asked(states) / basis().step).astype(np.float16)[:MOST]


def _is_of(passage: Passage, page: Page) -> bool:
    """Whether a passage was read off a labelled page: its file's name stands in the article's id, or
    most of the page's lines in the article."""
    if f"{page.author}-{page.name}.md" in passage.article.id:
        return True
    return passage.article.title == normalise(page.head["title"]).strip()


def _lines(text: str, page: Page) -> Iterator[tuple[int, int, int]]:
    """Where the lines of a page stand in the text read off it: begin, end, number."""
    at = 0
    for number, line in enumerate(page.lines, 1):
        said = normalise(line.text).strip()
        start = text.find(said, at)
        start = start if start >= 0 else text.find(said)
        if start >= 0:
            at = start + len(said)
            yield start, at, number


def _share(said: Said, lines: Sequence[int]) -> float:
    """Of the lines that answer, the share that a passage holds."""
    return float(np.isin(lines, said.line).mean()) if lines else 0.0


def _with_rivals(found: Examples) -> None:
    """Gives each question the passages of other pages that lie nearest to it."""
    means = np.stack([said.tokens.astype(np.float32).mean(axis=0) for said in found.said])
    means /= np.linalg.norm(means, axis=1, keepdims=True)
    for asked in found.asked:
        if asked.rivals:
            continue
        near = means @ asked.tokens.astype(np.float32).mean(axis=0)
        own = set(found.pages[asked.page])
        order = [n for n in np.argsort(-near)[: len(own) + RIVALS.stop].tolist() if n not in own]
        asked.rivals = order[RIVALS.start : RIVALS.stop]
