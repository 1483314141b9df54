"""The one to three sentences that answer the very question, out of the article that answers it.

The learned judgement (``index.judgement``) says of each sentence how likely it answers. What a source
only reports of others (说法不一), and what does not hold on the day or for the break asked about, is never
chosen here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.at_odds import break_in, holds_after
from assistant.book import CitationBook
from assistant.evidence import Odds
from assistant.judges import Select
from assistant.kept import kept
from assistant.types import Statement
from corpus.circumstances import conditions
from corpus.reading.places import places_in
from corpus.text import fold, sentences, strip_span
from corpus.types import Passage
from index.features import REPORTED, SHORT_ANSWER
from index.question import Question

MOST = 3
SHORT = 4.0
"""What a sentence of an article's own short answer is worth beside the log odds that it answers."""
ELSEWHERE = -3.0
"""… and one of another article than the first."""
BEHIND = 5.0
"""A further sentence is shown unless it lies further than this behind the best. Of 212 questions of six people
(``benchmarks.people``, development data) .63 are answered by the first three sentences; with 1, -1.5 and 2.5, as the
three stood before, .51."""

_BULLET = re.compile(r"(?:[-•·*]\s*)?")
_LEADS_ON = (":", "?")


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


@dataclass(frozen=True, slots=True)
class _Line:
    """A sentence of a passage. ``lengths``: the lengths of break that it speaks of; ``places``: those
    that it names."""

    start: int
    end: int
    lengths: tuple[str, ...]
    places: frozenset[str]


def summarise(
    asked: Question,
    sections: Sequence[Sequence[Passage]],
    odds: Odds,
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
        for candidate in _candidates(asked, passage, odds, today, first=passage.article.id == lead)
    ]
    found = [c for c in found if not c.places or place in c.places] or found
    found.sort(key=lambda c: (-c.score, c.passage.article.id != lead, c.start))
    likeliest = _distinct([c for c in found if c.score >= found[0].score - BEHIND])
    places = select(asked.text, [c.text for c in found], [found.index(c) for c in likeliest])
    chosen = _distinct([found[place] for place in places])[:most]
    return tuple(
        Statement(c.text, (book.cite(c.passage, c.start, c.end),)) for c in _in_order(chosen)
    )


def _candidates(
    asked: Question, passage: Passage, odds: Odds, today: date, *, first: bool
) -> Iterator[_Candidate]:
    gap = break_in(asked.folded, asked.months)
    beside = (SHORT if SHORT_ANSWER in passage.heading else 0.0) + (0.0 if first else ELSEWHERE)
    for line in quotable(passage):
        fits = gap is None or not line.lengths or any(holds_after(c, gap) for c in line.lengths)
        if fits and passage.article.holds(line.start, line.end, today):
            score = odds(passage, line.start, line.end) + beside
            yield _Candidate(passage, line.start, line.end, score, line.places)


@kept
def quotable(passage: Passage) -> tuple[_Line, ...]:
    """The sentences of a passage that may be quoted: none that only leads on to what follows."""
    words = passage.article.text
    if any(REPORTED in part for part in passage.heading):
        return ()
    found = []
    spans = list(passage.items) if passage.kind in ("steps", "materials") and passage.items else []
    for start, end in spans or sentences(words, passage.start, passage.end):
        start, end = strip_span(words, start, end)
        start += len(_BULLET.match(words[start:end])[0])  # type: ignore[index]  # may be empty
        text = fold(words[start:end]).lstrip("#- ")
        if len(text) < 4 or words[start:end].startswith("#") or text.endswith(_LEADS_ON):
            continue
        lengths = tuple(length for _, _, length in conditions(text))
        found.append(_Line(start, end, lengths, places_in(text)))
    return tuple(found)


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
