"""The one to three sentences that answer the very question, out of the article that answers it.

The judgement of the passages' tokens (``index.judgement``) says which sentences are worth reading; these are read
beside the question (``index.line_odds``), and the likeliest are shown. What a source only reports of others
(说法不一), and what does not hold on the day or for the break asked about, is never chosen here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import inf

from assistant.at_odds import break_in, holds_after
from assistant.book import CitationBook
from assistant.evidence import Evidence
from assistant.judges import Select
from assistant.types import Statement
from corpus.types import Passage
from index.line_odds import beside
from index.question import Question
from index.quotable import quotable

MOST = 3
READ = 8
"""Sentences that are read beside the question."""
BEHIND = 4.0
"""A further sentence is shown unless it lies further than this behind the likeliest, in log odds. Of 225 questions of ten
people whom no model met, answered in one piece (``benchmarks.people``), .81 are told in the first three sentences so, .78 to .81 with 3
to 5; by the tokens alone .75."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    passage: Passage
    start: int
    end: int
    score: float
    places: frozenset[str]

    @property
    def text(self) -> str:
        return self.passage.article.text[self.start : self.end]


def summarise(
    asked: Question,
    sections: Sequence[Sequence[Passage]],
    evidence: Evidence,
    book: CitationBook,
    *,
    place: str | None,
    today: date,
    select: Select,
    most: int = MOST,
) -> tuple[Statement, ...]:
    """One to ``most`` quotes, the likeliest first, those of one article in its order; none that names
    another place than the asker's, where others are to be had.

    ``sections``: the passages of each hit, the best hit first. Empty only where nothing of the
    sections may be quoted. ``select``: has the last word on which of them.
    """
    lead = sections[0][0].article.id if sections else ""
    found = [
        candidate
        for passages in sections
        for passage in passages
        for candidate in _candidates(
            asked, passage, evidence, today, first=passage.article.id == lead
        )
    ]
    found = [c for c in found if not c.places or place in c.places] or found
    found.sort(key=lambda c: (-c.score, c.passage.article.id != lead, c.start))
    found = [*_read(found[:READ], evidence), *(replace(c, score=-inf) for c in found[READ:])]
    likeliest = _distinct([c for c in found if c.score >= found[0].score - BEHIND])
    places = select(asked.text, [c.text for c in found], [found.index(c) for c in likeliest])
    chosen = _distinct([found[place] for place in places])[:most]
    return tuple(
        Statement(c.text, (book.cite(c.passage, c.start, c.end),)) for c in _in_order(chosen)
    )


def _candidates(
    asked: Question, passage: Passage, evidence: Evidence, today: date, *, first: bool
) -> Iterator[_Candidate]:
    gap = break_in(asked.folded, asked.months)
    for line in quotable(passage):
        fits = gap is None or not line.lengths or any(holds_after(c, gap) for c in line.lengths)
        if fits and passage.article.holds(line.start, line.end, today):
            score = evidence.odds(passage, line.start, line.end) + beside(passage, first=first)
            yield _Candidate(passage, line.start, line.end, score, line.places)


def _read(found: Sequence[_Candidate], evidence: Evidence) -> list[_Candidate]:
    """The candidates by what they say when they are read beside the question, the likeliest first."""
    odds = evidence.read([(c.passage, c.start, c.end) for c in found])
    read = [replace(c, score=said) for c, said in zip(found, odds, strict=True)]
    return sorted(read, key=lambda c: -c.score)


def _distinct(found: Sequence[_Candidate]) -> list[_Candidate]:
    """The first ``MOST`` of which none before says the same."""
    chosen: list[_Candidate] = []
    for candidate in found:
        if len(chosen) == MOST:
            break
        if not any(_alike(candidate.text, c.text) for c in chosen):
            chosen.append(candidate)
    return chosen


def _in_order(chosen: Sequence[_Candidate]) -> list[_Candidate]:
    """Those of one article beside each other, in its order; articles by their likeliest."""
    articles = list(dict.fromkeys(c.passage.article.id for c in chosen))
    return sorted(chosen, key=lambda c: (articles.index(c.passage.article.id), c.start))


def _alike(a: str, b: str) -> bool:
    """Whether two sentences say nearly the same in the same words."""
    grams_a, grams_b = ({t[i : i + 2] for i in range(len(t) - 1)} for t in (a, b))
    return len(grams_a & grams_b) > 0.6 * min(len(grams_a), len(grams_b), 10**6)
