"""The one to three sentences that answer the very question, out of the best passages.

Sentences are weighed by how near they are to the question, and by how well their passage was found.
What a source only reports of others (说法不一) is never chosen here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.at_odds import break_in, holds_after
from assistant.book import CitationBook
from assistant.kept import kept
from assistant.phrases import DEPENDS, NO, YES
from assistant.types import Statement
from corpus.circumstances import conditions
from corpus.text import fold, sentences, strip_span
from corpus.types import Passage
from index.features import REPORTED, SHORT_ANSWER, WordGroups, held
from index.question import Question

MOST = 3
NEARNESS = 2.5
"""Of a sentence's cosine with the question, beside what is added below."""

Near = Callable[[Sequence[tuple[str, str]]], NDArray[np.float32]]

_NO = re.compile(r"不可以|不能|不得|无法|不允许|不予|不会|不再|不受|不用|不必|无需|没有限定|并非")
_MAY = re.compile(r"能|可以|可不可以|行不行|允许|准不准")
_MAY_DO = re.compile(r"(?<!不)(?:可以|能够|允许)|(?<!不)可(?=[^能以])|(?<!不)能(?!够|否)")
_REACH = 10  # characters between 可以 and what one may do (可以在当地窗口补缴)
_HEDGE = re.compile(
    r"取决于|视.{0,12}而定|各地|部分地区|有的地方|一般|可能|以.{0,8}为准|具体|原则上"
)
_BULLET = re.compile(r"(?:[-•·*]\s*)?")
_MONTHLY = re.compile(
    r"(?:连续|累计)(?:中断|断缴|欠缴)[^,。;]{0,10}(?:\d+|[一二三四五六])个月|按月[缴交]|职工医(?:保|疗保险)一般"
)
"""Residents pay by the year: what is said of months of unpaid premiums is not meant for them."""
_OPENING = re.compile(r"以下是|如下|具体说明|综合|下面|本文|小编|欢迎|希望")


@dataclass(frozen=True, slots=True)
class _Candidate:
    passage: Passage
    start: int
    end: int
    score: float
    covered: frozenset[int]

    @property
    def text(self) -> str:
        return self.passage.article.text[self.start : self.end]


def summarise(
    asked: Question,
    sections: Sequence[Sequence[Passage]],
    groups: WordGroups,
    book: CitationBook,
    near: Near,
    *,
    disputed: bool = False,
) -> tuple[Statement, ...]:
    """One to three quotes, the best first; before them 可以/不可以/看情况 where one of them says so
    and the matter is not ``disputed``.

    ``sections``: the passages of each hit, the best hit first. ``near`` gives the cosine of each of
    some sentences (title, sentence) with the question. Empty only when the sections are.
    """
    candidates = sorted(
        (
            candidate
            for rank, passages in enumerate(sections)
            for passage in passages
            for candidate in _candidates(asked, passage, rank, groups, near)
        ),
        key=lambda c: (-c.score, c.passage.article.id, c.start),
    )
    if not candidates:
        return ()
    chosen = [candidates[0]]
    for candidate in candidates[1:]:
        if len(chosen) == MOST or candidate.score < 0.55 * candidates[0].score:
            break
        # a further sentence has to say more, or to stand beside the first in the same short answer
        beside = (
            candidate.passage == chosen[0].passage and SHORT_ANSWER in candidate.passage.heading
        )
        says_more = not candidate.covered <= frozenset().union(*(c.covered for c in chosen))
        if (beside or says_more) and not any(_alike(candidate.text, c.text) for c in chosen):
            chosen.append(candidate)
    statements = tuple(Statement(c.text, (book.cite(c.passage, c.start, c.end),)) for c in chosen)
    verdict = () if disputed else _verdict(asked, chosen, statements)
    return (*verdict, *statements)


@dataclass(frozen=True, slots=True)
class _Line:
    """A sentence of a passage and what no question changes of its weight. ``lengths``: the lengths
    of break that it speaks of; ``monthly``: whether it is a rule for those who pay by the month."""

    start: int
    end: int
    text: str
    malus: float
    lengths: tuple[str, ...]
    monthly: bool


@kept
def quotable(passage: Passage) -> tuple[tuple[_Line, ...], str]:
    """The sentences of a passage that may be quoted, and these together."""
    words = passage.article.text
    if any(REPORTED in part for part in passage.heading):
        return (), ""
    found = []
    spans = list(passage.items) if passage.kind in ("steps", "materials") and passage.items else []
    for start, end in spans or sentences(words, passage.start, passage.end):
        start, end = strip_span(words, start, end)
        start += len(_BULLET.match(words[start:end])[0])  # type: ignore[index]  # may be empty
        text = fold(words[start:end]).lstrip("#- ")
        if len(text) < 4 or words[start:end].startswith("#"):
            continue
        malus = max(0.0, (len(text) - 120) / 400) + (0.3 if _OPENING.search(text) else 0.0)
        malus += 0.2 if spans and passage.kind == "steps" else 0.0  # shown as a step anyway
        lengths = tuple(condition for _, _, condition in conditions(text))
        found.append(_Line(start, end, text, malus, lengths, bool(_MONTHLY.search(text))))
    return tuple(found), "\n".join(line.text for line in found)


def _candidates(
    asked: Question, passage: Passage, rank: int, groups: WordGroups, near: Near
) -> list[_Candidate]:
    found = []
    lines, whole = quotable(passage)
    title = " ".join((passage.article.title, *passage.heading))
    words = passage.article.text
    cosines = near([(title, words[line.start : line.end]) for line in lines]).tolist()
    gap = break_in(asked.folded, asked.months)
    numbered = {i: same for i, (_, same) in enumerate(groups)}
    somewhere = {i: numbered[i] for i in held(numbered, whole)}
    for line, cosine in zip(lines, cosines, strict=True):
        text = line.text
        inside = held(somewhere, text)
        score = NEARNESS * cosine + (0.35 if SHORT_ANSWER in passage.heading else 0.0)
        score -= 0.12 * rank + line.malus
        score -= 0.3 if text.endswith((":", "?")) else 0.0
        if gap is not None and line.lengths and not any(holds_after(c, gap) for c in line.lengths):
            score -= 1.0  # said of longer or of shorter breaks than the one asked about
        if line.monthly and asked.schemes == ("居民",):
            score -= 1.0
        found.append(_Candidate(passage, line.start, line.end, score, frozenset(inside)))
    return found


def _verdict(
    asked: Question, chosen: Sequence[_Candidate], statements: Sequence[Statement]
) -> tuple[Statement, ...]:
    """可以, 不可以 or 看情况 with the quote that says so; nothing where none does."""
    if not asked.yes_no or not _MAY.search(asked.folded):
        return ()
    verbs = [w for w in asked.words if len(w) >= 2 and not re.search(r"医保|居民|职工|保险", w)]
    for candidate, statement in zip(chosen[:2], statements, strict=False):
        text = fold(candidate.text)
        for clause in re.split(r"[,，;；。]", text):
            negative, positive = (
                next((m for m in pattern.finditer(clause) if _near(clause, m.end(), verbs)), None)
                for pattern in (_NO, _MAY_DO)
            )
            if not (negative or positive):
                continue
            phrase = DEPENDS if _HEDGE.search(text) else NO if negative else YES
            return (Statement(phrase, statement.citations),)
    return ()


def _near(clause: str, end: int, verbs: Sequence[str]) -> bool:
    """Whether what is allowed or denied is what was asked about: its word follows at once."""
    return any(verb in clause[end : end + len(verb) + _REACH] for verb in verbs)


def _alike(a: str, b: str) -> bool:
    """Whether two sentences say nearly the same in the same words."""
    grams_a, grams_b = ({t[i : i + 2] for i in range(len(t) - 1)} for t in (a, b))
    return len(grams_a & grams_b) > 0.6 * min(len(grams_a), len(grams_b), 10**6)
