"""The answer to a question that must never go wrong: the sentences that an own article fixed for it.

Nothing is searched and nothing judged, and yet it is an answer like any other: each sentence is a
quote of the article with its citation, checked by offset before it leaves, the laws are those that
the article names, with their state on the day, and one of our phrases says that it was fixed. Where
a sentence does not hold on the day, or the article is not for the asker's scheme or place, there is
no fixed answer, and the question is asked as any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant import phrases
from assistant.book import CitationBook
from assistant.cautions import cautions
from assistant.ground import Asked
from assistant.laws import Laws
from assistant.legal import SHOWN, rested_on
from assistant.types import Answer, Statement
from corpus.fixed import question_key
from corpus.types import NATIONAL, Article, Fixed, Passage
from index.types import Entry, Hit


def pinned(asked: Asked, entry: Entry, laws: Laws) -> Answer | None:
    """The fixed answer to the very question that was asked, or None. ``entry``: the article that
    fixes it."""
    article = entry.article
    fixed = fixed_for(asked, article)
    if fixed is None:
        return None
    book = CitationBook()
    rested = rested_on(article.basis, (), laws, asked.today)[:SHOWN]
    basis = tuple(replace(one, relevance=1.0) for one in rested)
    passages = [seen.passage for seen in entry.passages]
    said = tuple(
        Statement(
            article.text[start:end], (book.cite(_around(article, passages, start), start, end),)
        )
        for start, end in fixed.spans
    )
    warned = cautions(
        book.citations, (), region=asked.region, note="", today=asked.today, basis=basis
    )
    return Answer(
        question=asked.text,
        understood=asked.text,
        status="answered",
        summary=said,
        legal_basis=basis,
        cautions=(Statement(phrases.FIXED), *warned),
        citations=book.citations,
        hits=tuple(Hit(p, 1.0) for p in passages[:1]),
        context=asked.context,
        today=asked.today,
    )


def fixed_for(asked: Asked, article: Article) -> Fixed | None:
    """What an article fixes for this question, for this asker and day."""
    key = question_key(asked.text)
    fixed = next((f for f in article.fixed if question_key(f.question) == key), None)
    fits = (
        fixed is not None
        and article.own
        and all(article.holds(*span, asked.today) for span in fixed.spans)
        and (asked.scheme is None or not article.schemes or asked.scheme in article.schemes)
        and (asked.region is None or article.region in (NATIONAL, asked.region))
    )
    return fixed if fits else None


def _around(article: Article, passages: Sequence[Passage], start: int) -> Passage:
    """The passage that a sentence lies in."""
    whole = Passage(article, 0, len(article.text))
    return next((p for p in passages if p.start <= start < p.end), whole)
