"""Citations of laws that a source got wrong. They are never repeated as a basis; a caution says so.

What the database does not hold (条例, 实施细则, local rules) cannot be checked and is not wrong.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from assistant.legal import cited, is_pension
from corpus import statutes
from corpus.citations import LawCitation
from corpus.types import LawRef, Passage

PENSION = "该条讲的是基本养老保险，与医保无关"
NO_SUCH_ARTICLE = "该法没有这一条"
REPEALED = "该法已经废止"
AMENDED = "该法已经修改"
OTHER_ARTICLE = "所引文字出自该法{article_no}"
QUOTED = 16
"""Characters of a quotation that are compared with the law: enough to tell its articles apart."""
_NOT_HAN = re.compile(r"[^\u4e00-\u9fff]+")


@dataclass(frozen=True, slots=True)
class WrongCitation:
    """``passage.article.text[start:end]`` cites ``ref``, which is no basis for ``reason``."""

    ref: LawRef
    reason: str
    passage: Passage
    start: int
    end: int


def wrong_citations(passages: Sequence[Passage], *, today: date) -> tuple[WrongCitation, ...]:
    """What the passages cite wrongly, each law and article once, in their order."""
    found: dict[LawRef, WrongCitation] = {}
    for passage in passages:
        for citation in cited(passage):
            reason = _reason(citation, passage, today)
            if reason:
                start, end = passage.start + citation.start, passage.start + citation.end
                wrong = WrongCitation(citation.ref, reason, passage, start, end)
                found.setdefault(citation.ref, wrong)
    return tuple(found.values())


def _reason(citation: LawCitation, passage: Passage, today: date) -> str:
    """One of our phrases, or "" where nothing is wrong with the citation."""
    if not citation.known:
        return ""
    if is_pension(citation.ref):
        return "" if "养老" in passage.article.title else PENSION
    state = statutes.state(citation.ref.law, citation.ref.article_no, today)
    if state == "no such article":
        return NO_SUCH_ARTICLE
    if state == "repealed":
        return REPEALED
    if state == "amended":
        return AMENDED
    return _misquoted(citation, passage.text, today)


@lru_cache(maxsize=32)
def _characters(law: statutes.Law) -> tuple[tuple[str, str], ...]:
    """Each article of a law with its Chinese characters alone."""
    return tuple((no, _NOT_HAN.sub("", said)) for no, said in statutes.articles(law).items())


def _misquoted(citation: LawCitation, text: str, today: date) -> str:
    """Whether the words that follow the citation are those of another article of the law."""
    words = _NOT_HAN.sub("", text[citation.end : citation.end + 4 * QUOTED])[:QUOTED]
    law = statutes.law(citation.ref.law, today=today)
    if law is None or len(words) < QUOTED:
        return ""
    holding = [number for number, said in _characters(law) if words in said]
    if holding and citation.ref.article_no not in holding:
        return OTHER_ARTICLE.format(article_no=holding[0])
    return ""
