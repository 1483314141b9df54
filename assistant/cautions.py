"""What a careful reader is warned of: old, undated, local and cut-off sources."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from assistant import phrases
from assistant.types import Citation, LegalBasis, Procedure, Statement
from assistant.wrong_citations import WrongCitation, wrong_citations
from corpus.types import NATIONAL, Article, Passage, Source
from index.kept import kept

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
    statutes that the answer shows. Where there are none it says that no statute speaks only if the article of ours
    that answers rests on none.

    Raises nothing; an answer without citations gets none.
    """
    found = [Statement(note)] if note else []
    found += _of_sources(citations, region=region, today=today)
    found += [
        Statement(phrases.SOURCE_LISTS_FIRST.format(n=len(p.steps)), p.steps[-1].citations)
        for p in procedures
        if p.truncated
    ]
    if not basis:
        found += [Statement(phrases.NO_STATUTE)] if _rests_on_none(citations) else []
    elif not any(one.state == "in force" for one in basis):
        first = basis[0]
        text = phrases.NOT_YET.format(
            law=first.law, article_no=first.article_no, date=first.effective
        )
        found.append(Statement(text))
    found += _wrong_basis(citations, today)
    found.append(Statement(phrases.ASK_LOCALLY))
    return tuple(found)


def _rests_on_none(citations: Sequence[Citation]) -> bool:
    """Whether what answers is an article of ours that names no law."""
    article = citations[0].quote.passage.article if citations else None
    return article is not None and article.own and not article.basis


def _of_sources(
    citations: Sequence[Citation], *, region: str | None, today: date
) -> Iterator[Statement]:
    """What is old, of no date, of one place while none was named, or cut off: of each kind some."""
    cited: dict[str, list[Citation]] = {}
    for citation in citations:
        article = citation.quote.passage.article
        if article.kind != "statute":
            cited.setdefault(article.id, []).append(citation)
    firsts = [of[0] for of in cited.values()]
    aged = [_aged(of, today) for of in cited.values()]
    yield from [old for old, _ in aged if old][:MOST_OF_A_KIND]
    yield from [undated for _, undated in aged if undated][:MOST_OF_A_KIND]
    if region is None:
        local = [c for c in firsts if c.quote.passage.article.region != NATIONAL]
        for citation in local[:MOST_OF_A_KIND]:
            article = citation.quote.passage.article
            text = phrases.SOURCE_LOCAL.format(title=article.title, region=article.region)
            yield Statement(text, (citation,))
    cut_off = [c for c in firsts if c.quote.passage.article.excerpt]
    if cut_off:
        yield Statement(phrases.SOURCE_EXCERPT, tuple(cut_off[:MOST_OF_A_KIND]))


def _aged(citations: Sequence[Citation], today: date) -> tuple[Statement | None, Statement | None]:
    """Of an article's citations the first that rests on what is old, or on what has no date."""
    for citation in citations:
        article = citation.quote.passage.article
        sources = _dating(citation)
        day = max((s.published for s in sources if s.published), default=None)
        if day and (today - day).days > TWO_YEARS:
            phrase = phrases.BASED_ON_OLD if article.own else phrases.SOURCE_OLD
            text = phrase.format(title=article.title, date=day.isoformat())
            return Statement(text, (citation,)), None
        if sources and day is None:
            phrase = phrases.BASED_ON_UNDATED if article.own else phrases.SOURCE_UNDATED
            return None, Statement(phrase.format(title=article.title), (citation,))
    return None, None


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
