"""How sources are named, everywhere alike: a citation, what a sentence of ours rests on, and the
references of an answer, one entry an article.

A quotation stands under its publisher's name. Our own words stand under ours, with the day on which
they were checked, and beneath them the sources that they rest on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from assistant import phrases
from assistant.parts import Answered, Citation, Procedure
from corpus.bearing import statute_words
from corpus.types import Article, Source, Support

_NUMBER = re.compile(r"^(?:\d{1,2}[.、)]|[-•·])\s*")


@dataclass(frozen=True, slots=True)
class Reference:
    """One article that an answer cites, with its citations in order."""

    article: Article
    citations: tuple[Citation, ...]

    @property
    def first(self) -> Citation:
        return self.citations[0]

    @property
    def runs(self) -> tuple[tuple[Citation, ...], ...]:
        """The citations that follow each other and rest on the same, together; each quotation by
        itself."""
        same = groupby(self.citations, lambda c: support_lines(c) or c.number)
        return tuple(tuple(run) for _, run in same)


def references(answer: Answered) -> tuple[Reference, ...]:
    """The articles that an answer cites, in the order of their first use."""
    groups: dict[str, list[Citation]] = {}
    for citation in answer.citations:
        groups.setdefault(citation.quote.passage.article.id, []).append(citation)
    return tuple(Reference(c[0].quote.passage.article, tuple(c)) for c in groups.values())


def source_line(citation: Citation) -> str:
    """What a reader needs to judge a citation: title, whose words, day, region, tier, excerpt,
    and whether a machine read it off a picture."""
    parts = [f"《{citation.title}》", by_line(citation), citation.region]
    if citation.kind == "quotation":
        parts.append(tier_of(citation))
    read_by = citation.quote.passage.article.read_by
    if read_by:
        parts.append(phrases.READ_OFF.format(how=read_by))
    if citation.excerpt:
        parts.append(phrases.EXCERPT)
    return " · ".join(part for part in parts if part)


def titles_of(cited: Iterable[Citation]) -> str:
    """The articles that a list is drawn from, each once: 《职工医保停缴以后怎么补缴》; "" where nothing is cited."""
    return "、".join(dict.fromkeys(f"《{citation.title}》" for citation in cited))


def tier_of(citation: Citation) -> str:
    """What kind of source is quoted, and through which door it came where not the operator's."""
    source = citation.quote.passage.article.source
    tier = phrases.TIERS[source.tier]
    return f"{tier}（{phrases.BROUGHT.format(door=source.brought)}）" if source.brought else tier


def by_line(citation: Citation) -> str:
    """Whose words they are and of which day: 医保问答整理 · 2026-11-28 核对, 找法网 · 2021-07-17."""
    day = citation.date.isoformat() if citation.date else phrases.UNDATED
    if citation.kind == "editorial":
        return f"{phrases.EDITORIAL} · {phrases.CHECKED.format(date=day)}"
    return f"{citation.publisher or phrases.UNSIGNED} · {day}"


def support_lines(citation: Citation) -> list[str]:
    """What a citation of ours rests on, a line a source; that it is advice where it rests on none;
    nothing for a quotation, which is the source."""
    if citation.kind == "quotation":
        return []
    lines = [support_line(support) for support in citation.supports]
    return list(dict.fromkeys(lines)) or [phrases.ADVICE]


def support_line(support: Support) -> str:
    """One source of a sentence of ours: who, what, where in it, of which day, of which kind."""
    source = support.source
    parts = [
        named(source, support.locator),
        source.published.isoformat() if source.published else phrases.UNDATED,
        phrases.TIERS[source.tier],
    ]
    if not source.kept:
        parts.append(phrases.NOT_KEPT)
    said = phrases.DISPUTED_BY if support.relation == "disputes" else phrases.RESTS_ON
    return said.format(source=" · ".join(parts))


def kept_words(support: Support) -> tuple[str, ...]:
    """The words of a statute that a sentence rests on, where the store holds them."""
    kept = support.source.tier == "law" and support.source.kept
    return tuple(statute_words(support)) if kept else ()


def named(source: Source, locator: str = "") -> str:
    """A source and the place in it: 全国人民代表大会常务委员会《社会保险法》第三十二条. The item of a
    page stands for its title; a document's number behind its title."""
    if locator.startswith("《"):
        return f"{source.publisher}{locator}"
    if source.tier == "web":
        return f"{source.publisher}《{source.title or source.name}》{locator}"
    if source.title and source.title != source.name:
        return f"{source.publisher}《{source.title}》（{source.name}）{locator}"
    name = source.name if source.name.endswith("号") else f"《{source.name}》"
    return f"{source.publisher}{name}{locator}"


def quoted_lines(citation: Citation) -> list[str]:
    """The words of a citation, a line each as they stand in its article, without the numbers of a
    list."""
    lines = (_NUMBER.sub("", line.strip()) for line in citation.quote.text.split("\n"))
    return [line for line in lines if line]


def words_of(citation: Citation) -> str:
    """The words of a citation in one line: in 「」 where they stand so in its publisher's text."""
    quoted = citation.kind == "quotation"
    return " ".join(f"「{line}」" if quoted else line for line in quoted_lines(citation))


def steps_with_marks(procedure: Procedure) -> Iterator[tuple[str, tuple[Citation, ...]]]:
    """Each step with the citations to be marked behind it: those that the next one shares are
    marked once, behind the last."""
    following: Sequence[tuple[Citation, ...]] = [s.citations for s in procedure.steps[1:]]
    for step, after in zip(procedure.steps, (*following, ()), strict=True):
        yield step.text, () if step.citations == after else step.citations
