"""The claims of our own articles: each line of 说法不一 says who says what, in its marks.

- 国家规定（医保办发〔2021〕43号）：……。{待遇等待期 · 职工 · 全国 · s1}

``supports`` reads the marks; here what the sentence says is made comparable, by the one grammar of lengths, days, sums and
shares. Where pages of others differ is told when somebody asks (``assistant.unlike``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.circumstances import conditions
from corpus.quantities import quantities
from corpus.text import fold
from corpus.time_roles import told_in
from corpus.times import Point, Time
from corpus.types import Article, Claim, Report
from corpus.versions import version_of

CLAIMS_VERSION = version_of(__name__)
"""Part of a store's identity: changes whenever other claims could be drawn."""

_TITLE = re.compile("《[^》]*》")
_SOON = re.compile("(?P<next>次月|下个月)|次日|当月|当[天日]|即时")
_AMOUNTS = ("元", "%")
_OF_BREAK = frozenset({"停待遇时间", "补缴期限"})
"""Matters whose value is itself a length of break, so that none narrows it."""


def claims(article: Article) -> tuple[Claim, ...]:
    """What an article reports of others, in order; ``value`` is the sentence itself, ``normal`` "" where it gives no
    length, day, sum or share."""
    return tuple(_claim(article, report) for report in article.reports)


def _claim(article: Article, report: Report) -> Claim:
    sentence = article.text[report.start : report.end]
    folded = fold(sentence)
    # the length in the title of a page holds where what it says names none: 《断交5个月…》说：超过60天的等3个月
    said = _TITLE.sub("《》", folded)
    named = conditions(said) or conditions(folded)
    told, condition = [*values(said)], named[0][2] if named else ""
    if report.about in _OF_BREAK:
        told, condition = [*told, *(one.lstrip("<>≤≥") for *_, one in named)], ""
    return Claim(
        about=report.about,
        value=sentence.rstrip("。"),
        normal="；".join(dict.fromkeys(told)),
        start=report.start,
        end=report.end,
        scheme=report.scheme,
        region=report.region,
        condition=condition,
        source=report.source,
        locator=report.locator,
        national=report.national,
        note=report.note,
        lead=report.lead,
    )


def values(folded: str) -> Iterator[str]:
    """What a folded sentence gives, equal where it is the same: lengths but those of a break, days, sums and shares.

    >>> [*values("断缴超过三个月的,等6个月,次月起算,缴费400元")]
    ['6个月', '400元', '次月']
    """
    for told in told_in(folded, "page"):
        if told.time.months is not None and told.role != "break":
            yield from _lengths(told.time)
        elif told.time.point is not None:
            yield from _day(told.time.point)
    yield from (q.normals[0] for q in quantities(folded) if q.normals[0].endswith(_AMOUNTS))
    yield from ("次月" if soon["next"] else soon[0] for soon in _SOON.finditer(folded))


def _lengths(time: Time) -> Iterator[str]:
    for months in (time.least, time.months):
        if months is not None:
            yield f"{months * 30:.4g}天" if time.in_days else f"{months:g}个月"


def _day(point: Point) -> Iterator[str]:
    if point.month is not None:
        yield (
            f"{point.month:02d}-{point.day:02d}" if point.day else f"{point.month:02d}{point.part}"
        )
    elif point.day is not None and point.months_off is None:
        yield f"{point.day}日"
