"""What a careful reader is warned of: old, undated, local and cut-off sources."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from assistant import phrases
from assistant.kept import kept
from assistant.legal import is_silent
from assistant.types import Citation, LegalBasis, Procedure, Statement
from assistant.wrong_citations import WrongCitation, wrong_citations
from corpus.types import NATIONAL, Article, Passage, Source

TWO_YEARS = 731  # days
MOST_OF_A_KIND = 2
DAYS = 8  # as many days as are kept of an article's wrong citations


def cautions(
    citations: Sequence[Citation],
    procedures: Sequence[Procedure],
    *,
    region: str | None,
    note: str,
    today: date,
    basis: Sequence[LegalBasis],
) -> tuple[Statement, ...]:
    """Warnings about the sources that the answer uses; each names its citation. ``basis``: the
    statutes that the answer shows; without any it says that no statute speaks.

    Raises nothing; an answer without citations gets none.
    """
    found: list[Statement] = [Statement(note)] if note else []
    old, undated, local, excerpt = [], [], [], []
    seen: set[str] = set()
    aged: set[str] = set()
    for citation in citations:
        article = citation.quote.passage.article
        if article.kind == "statute":
            continue
        sources = _dating(citation)
        day = max((s.published for s in sources if s.published), default=None)
        if day and (today - day).days > TWO_YEARS and article.id not in aged:
            aged.add(article.id)
            phrase = phrases.BASED_ON_OLD if article.own else phrases.SOURCE_OLD
            text = phrase.format(title=article.title, date=day.isoformat())
            old.append(Statement(text, (citation,)))
        elif sources and day is None and article.id not in aged:
            aged.add(article.id)
            phrase = phrases.BASED_ON_UNDATED if article.own else phrases.SOURCE_UNDATED
            undated.append(Statement(phrase.format(title=article.title), (citation,)))
        if article.id in seen:
            continue
        seen.add(article.id)
        if article.region != NATIONAL and region is None:
            text = phrases.SOURCE_LOCAL.format(title=article.title, region=article.region)
            local.append(Statement(text, (citation,)))
        if article.excerpt:
            excerpt.append(citation)
    for kind in (old, undated, local):
        found += kind[:MOST_OF_A_KIND]
    if excerpt:
        found.append(Statement(phrases.SOURCE_EXCERPT, tuple(excerpt[:MOST_OF_A_KIND])))
    found += [
        Statement(phrases.SOURCE_LISTS_FIRST.format(n=len(p.steps)), p.steps[-1].citations)
        for p in procedures
        if p.truncated
    ]
    if not basis:
        found.append(Statement(phrases.NO_STATUTE))
    elif is_silent(basis):
        first = basis[0]
        text = phrases.NOT_YET.format(
            law=first.law, article_no=first.article_no, date=first.effective
        )
        found.append(Statement(text))
    found += _wrong_basis(citations, today)
    found.append(Statement(phrases.ASK_LOCALLY))
    return tuple(found)


def _dating(citation: Citation) -> tuple[Source, ...]:
    """The sources whose age a reader of the words should mind: pages. A rule stays in force however
    old it is, also where a page says it too; advice of ours rests on nothing that ages."""
    article = citation.quote.passage.article
    if not article.own:
        return article.sources if article.kind == "faq" else ()
    bearing = tuple(s.source for s in citation.supports if s.relation != "disputes")
    return () if any(s.tier in ("law", "policy") for s in bearing) else bearing


@kept
def _by_day(article: Article) -> dict[date, tuple[WrongCitation, ...]]:
    """What an article cites wrongly on the days that were asked for so far."""
    return {}


def wrong_in(article: Article, today: date) -> tuple[WrongCitation, ...]:
    """What an article cites wrongly, wherever in its text, as of a day; kept for some days."""
    known = _by_day(article)
    if today not in known:
        if len(known) > DAYS:
            known.clear()
        known[today] = wrong_citations([Passage(article, 0, len(article.text))], today=today)
    return known[today]


def _wrong_basis(citations: Sequence[Citation], today: date) -> list[Statement]:
    """Laws that the sources used cite wrongly, wherever in the article."""
    found: dict[str, Statement] = {}
    for citation in citations:
        article = citation.quote.passage.article
        for wrong in wrong_in(article, today):
            law, no = wrong.ref.law, wrong.ref.article_no
            text = phrases.WRONG_BASIS.format(law=law, article_no=no, reason=wrong.reason)
            found.setdefault(text, Statement(text, (citation,)))
    return list(found.values())
