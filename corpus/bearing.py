"""Whether what a sentence of ours rests on can bear it: by its day, and word for word where it
quotes.

    names_later("2027-01-01起施行的医疗保障法…", supports)    # "" or the year or law that is too new

A page of 2021 bears no rule of 2024. Whether the source really says so no check can tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache

from corpus.statutes import article_text, law, law_names, versions
from corpus.types import Article, Source, Support

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?=年|[-〕\]]|\d{4}号)")
_IN_NAME = re.compile(r"[〔（](\d{4})[〕年]")
_QUOTED = re.compile("「([^「」\n]+)」")
_ARTICLE_NO = re.compile(r"第[零一二三四五六七八九十百千]+条(?:之[一二三四五六七八九])?")


def names_later(text: str, supports: Sequence[Support]) -> str:
    """A year (that of a document's number too) or a law that the text names though all that it
    rests on is older, or "" where there is none; without supports whatever it names."""
    known = [s.source for s in supports if s.relation != "disputes"]
    until = [last_year(source) for source in known]
    if known and None in until:
        return ""  # undated: it may say so
    latest = max((year for year in until if year is not None), default=0)
    for match in _YEAR.finditer(text):
        if int(match[1]) > latest:
            return match[1]
    others = {match[0] for match in _known_laws().finditer(text)} - {s.name for s in known}
    for name in sorted(others):
        passed = [v.publish_date for v in versions(name) if v.publish_date]
        days = [source.published for source in known if source.published]
        if passed and min(passed) > max(days, default=date.min):
            return name
    return ""


def last_year(source: Source) -> int | None:
    """The last year that a source can speak of as known: of its day, of the day from which a law
    holds, or of its number; None where it has none of them."""
    years = [source.published.year] if source.published else []
    if source.tier == "law":
        years += [v.begins.year for v in versions(source.name) if v.begins]
    years += [int(year) for year in _IN_NAME.findall(source.name)]
    return max(years, default=None)


def misquoted(article: Article, start: int, end: int) -> Iterator[str]:
    """Words in 「」 of a sentence that stand in none of the statutes that it quotes."""
    quoted = [s for s in article.supports_of(start, end) if s.relation == "quotes"]
    texts = [words for support in quoted for words in statute_words(support)]
    for words in _QUOTED.findall(article.text[start:end]):
        if not any(words in text for text in texts):
            yield words


def article_numbers(locator: str) -> list[str]:
    """第二十七条、第三十二条 as [第二十七条, 第三十二条]."""
    return _ARTICLE_NO.findall(locator)


def statute_words(support: Support) -> Iterator[str]:
    """The words of the articles of a law that a support names."""
    this = law(support.source.name)
    for number in article_numbers(support.locator) if this else ():
        text = article_text(this, number) if this else None
        if text is not None:
            yield text


@lru_cache(maxsize=1)
def _known_laws() -> re.Pattern[str]:
    """The names of all laws of the database, the longest first: a law is never found by a part of
    another's name."""
    names = sorted(law_names(), key=lambda name: (-len(name), name))
    return re.compile(f"(?:{'|'.join(map(re.escape, names))})(?!实施)")
