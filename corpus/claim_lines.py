"""The 说法不一 lines of our own articles: who says what, in one fixed form each.

- 待遇等待期 · 国家规定 医保办发〔2021〕43号 · 2021-11-01 · 职工 · 全国：……
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from corpus import matters
from corpus.circumstances import conditions
from corpus.text import fold
from corpus.types import NATIONAL, SCHEMES, Article, Claim, Scheme, Source

Says = Callable[[str, str], list[tuple[int, int, str]]]
"""``(about, folded sentence) -> [(start, end, normal)]``, see ``claims.says``."""

NATIONAL_RULE = "国家规定"
_LINE = re.compile(
    r"^- (?P<about>[^·\n]+) · (?P<source>[^·\n]+) · (?P<date>\d{4}-\d{2}-\d{2}|日期未注明)"
    r" · (?P<scheme>[^·\n]+) · (?P<region>[^·：\n]+)：(?P<says>.+)$",
    re.M,
)
_TITLED = re.compile(r"^(?P<publisher>[^《]+)《(?P<title>[^》]+)》")


def is_own(article: Article) -> bool:
    """Whether an article is one of ours: it has been checked."""
    return article.checked is not None


def line_claims(article: Article, says: Says) -> tuple[Claim, ...]:
    """The claims of an article's 说法不一 lines, in order; ``value`` is the sentence itself,
    ``normal`` "" where no value is recognised in it."""
    return tuple(_claim(match, says) for match in _LINE.finditer(article.text))


def _claim(match: re.Match[str], says: Says) -> Claim:
    sentence = match["says"]
    folded = fold(sentence)
    about = matters.narrower(match["about"], folded)
    values = says(about, folded)
    named = conditions(folded)
    scheme: Scheme | None = next((s for s in SCHEMES if s == match["scheme"]), None)
    region = NATIONAL if match["region"] == "地区未注明" else match["region"]
    return Claim(
        about=about,
        value=sentence.rstrip("。"),
        normal="；".join(dict.fromkeys(n for _, _, n in values)),
        start=match.start("says"),
        end=match.end("says"),
        scheme=scheme,
        region=region,
        condition=named[0][2] if named else "",
        source=_source(match["source"], match["date"]),
        national=match["source"].startswith(NATIONAL_RULE),
    )


def _source(named: str, day: str) -> Source:
    published = None if day == "日期未注明" else date.fromisoformat(day)
    if named.startswith(NATIONAL_RULE):
        number = named.removeprefix(NATIONAL_RULE).strip()
        return Source(NATIONAL_RULE, number, published=published)
    titled = _TITLED.match(named)
    if titled is None:
        return Source(named, "", published=published)
    return Source(titled["publisher"], titled["title"], published=published)
