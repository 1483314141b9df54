"""For whom, where and after how long a break a sentence holds.

A claim is only at odds with another where these agree, so what a sentence does not say stays open:
it is taken from its headings or its article, or left None.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from corpus.names import schemes_in
from corpus.quantities import quantities
from corpus.reading.places import region_of
from corpus.time_roles import Told, told_in
from corpus.times import Bound, Time
from corpus.types import NATIONAL, Article, Scheme

# Residents pay by the year: a rule on months of interruption is not theirs, whatever the title.
_MONTHLY = re.compile("(?:连续|累计)(?:中断|断缴)?[^,。;]{0,6}个月|连续(?:缴|交)费满|按月")
# a card that somebody brings does not say whose rule it is
_PAPERS = re.compile(
    "(?:城镇)?职工(?:基本)?医(?:疗保险|保)(?:卡|手册|证|参保登记表)|用人单位(?:签订|出具|开具)的"
)
_SIGNS: Mapping[Bound, str] = {"": "≥", "more": ">", "at least": "≥", "at most": "≤", "less": "<"}
_IN_ALL = re.compile(r"累计[^,。;:]{0,8}$")
_ALSO = ("(含", "(包含", "(包括")
"""Before a length that only says once more what the one before it says: 3个月内(含3个月)."""
# an example counts here (例如广州最低15年: the 15 is 广州's); what is named in passing does not
_ASIDE = re.compile(r"例如|比如|譬如|诸如|\(含[^)]*\)")


def conditions(folded: str) -> list[tuple[int, int, str]]:
    """``(start, end, condition)`` of each length of break that a folded sentence names.

    >>> conditions("中断缴费3个月以内:补缴后不设等待期")
    [(4, 9, '≤3个月')]
    >>> [condition for *_, condition in conditions("断缴不满3个月的,可以补缴")]
    ['<3个月']
    """
    return conditions_of(told_in(folded, "page"), folded)


def conditions_of(times: Sequence[Told], folded: str) -> list[tuple[int, int, str]]:
    """… where it is known what each of its times is of."""
    found: list[tuple[int, int, str]] = []
    for told in times:
        time = told.time
        if told.role != "break" or time.months is None or folded[: time.start].endswith(_ALSO):
            continue
        sign = "累计" if _IN_ALL.search(folded[: time.whole[0]]) else _SIGNS[time.bound]
        if time.least is not None:
            found.append((*time.whole, "≥" + _normal(time.least, time)))
            sign = "≤"
        found.append((*time.whole, sign + _normal(time.months, time)))
    return found


def normal_length(text: str) -> str:
    """``三个月`` as 3个月, ``1年`` as 12个月, ``半年`` as 6个月; days stay days (90天)."""
    amounts = quantities(text.replace("(含)", "").replace(" ", ""))
    normals = amounts[0].normals if amounts else ()
    return re.sub("(?<!工作)日", "天", normals[-1] if normals else text)


def _normal(months: float, time: Time) -> str:
    return f"{months * 30:.4g}天" if time.in_days else f"{months:g}个月"


def scheme_of(
    folded: str, headings: Sequence[str], article: Article, before: Scheme | None = None
) -> Scheme | None:
    """For whom: the sentence's own word, what an earlier one of its paragraph said, the nearest
    heading's, the article's only one; None where it stays open."""
    first = _PAPERS.sub("", folded)
    for text in (first, *reversed(headings)):
        named = schemes_in(text)
        if named == ("居民",) and _MONTHLY.search(folded):
            return None
        if len(named) == 1 or named[:1] == ("灵活就业",):
            return named[0]
        if named:
            return None
        if text is first and before:
            return before
    if len(article.schemes) != 1 or (article.schemes == ("居民",) and _MONTHLY.search(folded)):
        return None
    return article.schemes[0]


def region_in(folded: str, article: Article) -> str:
    """Where: the one place that the sentence names, else the article's."""
    found = region_of(_ASIDE.sub("", folded), "")
    return found if found != NATIONAL else article.region
