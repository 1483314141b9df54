"""The claims of our own articles: each line of 说法不一 says who says what, in its marks.

- 国家规定（医保办发〔2021〕43号）：……。{待遇等待期 · 职工 · 全国 · s1}

``supports`` reads the marks; here what the sentence says is made comparable.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from corpus import matters
from corpus.circumstances import conditions
from corpus.text import fold
from corpus.types import Article, Claim, Report

_TITLE = re.compile("《[^》]*》")
Says = Callable[[str, str], list[tuple[int, int, str]]]
"""``(about, folded sentence) -> [(start, end, normal)]``, see ``claims.says``."""


def line_claims(article: Article, says: Says) -> tuple[Claim, ...]:
    """The claims that an article reports, in order; ``value`` is the sentence itself, ``normal`` ""
    where no value is recognised in it."""
    return tuple(_claim(article, report, says) for report in article.reports)


def _claim(article: Article, report: Report, says: Says) -> Claim:
    sentence = article.text[report.start : report.end]
    folded = fold(sentence)
    about = matters.narrower(report.about, folded)
    # the length in the title of a page holds where what it says names none: 《断交5个月…》说：超过60天的等3个月
    named = conditions(_TITLE.sub("《》", folded)) or conditions(folded)
    return Claim(
        about=about,
        value=sentence.rstrip("。"),
        normal="；".join(dict.fromkeys(n for _, _, n in says(about, folded))),
        start=report.start,
        end=report.end,
        scheme=report.scheme,
        region=report.region,
        condition=named[0][2] if named else "",
        source=report.source,
        locator=report.locator,
        national=report.national,
        note=report.note,
        lead=report.lead,
    )
