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

from assistant.at_odds import holds_after
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
TOKENS = 0.35
"""What the judgement of its tokens, by which a sentence was chosen to be read, is worth beside the log odds of its reading. Of 381 answered
questions of ten people (``benchmarks.people``, each by what the others taught) .753 are told in the first three sentences with it, .735 without, and what
misleads is among them for .058 and .068."""
BEHIND = 4.0
"""A further sentence is shown unless it lies further than this behind the likeliest."""
REPEATED, ALIKE = 4.0, 0.8
"""What a sentence loses, in log odds, that says in the same words what is told before it, by the share that is the same; and the
share from which it is the same. Of 551 questions of eighteen people that are answered as one .815 are told so in the first three, .800
where a sentence that shares three fifths with one before is left out and no other loses; what misleads is among them for .065 either way."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One that may be quoted; ``score``: how likely it answers, in log odds that are moved by what it is read out of."""

    passage: Passage
    start: int
    end: int
    score: float
    places: frozenset[str] = frozenset()

    @property
    def text(self) -> str:
        return self.passage.article.text[self.start : self.end]


def likeliest(
    asked: Question,
    sections: Sequence[Sequence[Passage]],
    evidence: Evidence,
    *,
    place: str | None,
    today: date,
    select: Select,
) -> tuple[Sentence, ...]:
    """One to ``MOST``, the likeliest first; none that names another place than the asker's, where others are to be had.

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
    near = _varied(_distinct([c for c in found if c.score >= found[0].score - BEHIND]))
    places = select(asked.text, [c.text for c in found], [found.index(c) for c in near])
    return tuple(_distinct([found[place] for place in places])[:MOST])


def quoted(sentences: Sequence[Sentence], book: CitationBook) -> tuple[Statement, ...]:
    """Those of one article beside each other, in its order; articles by their first."""
    articles = list(dict.fromkeys(one.passage.article.id for one in sentences))
    ordered = sorted(sentences, key=lambda s: (articles.index(s.passage.article.id), s.start))
    return tuple(Statement(s.text, (book.cite(s.passage, s.start, s.end),)) for s in ordered)


def _candidates(
    asked: Question, passage: Passage, evidence: Evidence, today: date, *, first: bool
) -> Iterator[Sentence]:
    gap = asked.lapse(today)
    for line in quotable(passage):
        fits = (
            gap is None
            or not line.lengths
            or any(holds_after(c, gap.compared) for c in line.lengths)
        )
        if fits and passage.article.holds(line.start, line.end, today):
            score = evidence.odds(passage, line.start, line.end) + beside(passage, first=first)
            yield Sentence(passage, line.start, line.end, score, line.places)


def _read(found: Sequence[Sentence], evidence: Evidence) -> list[Sentence]:
    """The candidates by what they say when they are read beside the question, and their tokens; the likeliest first."""
    odds = evidence.read([(c.passage, c.start, c.end) for c in found])
    read = [replace(c, score=said + TOKENS * c.score) for c, said in zip(found, odds, strict=True)]
    return sorted(read, key=lambda c: -c.score)


def _varied(found: Sequence[Sentence]) -> list[Sentence]:
    """The first ``MOST``, each the likeliest less what it repeats of those before (maximal marginal relevance)."""
    left, chosen = list(found), list[Sentence]()
    while left and len(chosen) < MOST:
        best = max(
            left,
            key=lambda c: c.score - REPEATED * max((_shared(c, one) for one in chosen), default=0),
        )
        left.remove(best)
        chosen.append(best)
    return chosen


def _distinct(found: Sequence[Sentence]) -> list[Sentence]:
    """Those of which none before says the same."""
    chosen: list[Sentence] = []
    for candidate in found:
        if not any(_shared(candidate, one) > ALIKE for one in chosen):
            chosen.append(candidate)
    return chosen


def _shared(a: Sentence, b: Sentence) -> float:
    """The share of the shorter's pairs of characters that the other has too."""
    grams_a, grams_b = ({t[i : i + 2] for i in range(len(t) - 1)} for t in (a.text, b.text))
    return len(grams_a & grams_b) / max(1, min(len(grams_a), len(grams_b)))
