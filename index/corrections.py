"""What a person corrected of a file's facts: title, publisher, date, place, schemes, kind.

A correction belongs to the place of a file, not to its content: a newer version of the file is
corrected alike. The store keeps it beside what it knows of the file (``index.sources``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import get_args

from corpus.errors import InputError
from corpus.reading.dates import read_date
from corpus.reading.trust import claims_to_be_ours
from corpus.types import NATIONAL, SCHEMES, Article, ArticleKind, Scheme

_LONGEST = 200
_KINDS: dict[str, ArticleKind] = {"问答": "faq", "政策文件": "policy"}
KIND_NAMES = {"faq": "问答", "policy": "政策文件", "statute": "法条"}
FACTS = ("标题", "发布者", "日期", "地区", "险种", "类型")
NONE = "无"
"""What a person writes for a fact that there is not."""


@dataclass(frozen=True, slots=True)
class Correction:
    """The facts that a person set; None for those that stay as they were read.

    ``publisher`` "" and ``published`` "" say that the source names none. ``title`` is that of the
    file's first article, all others hold for each article of the file.
    """

    title: str | None = None
    publisher: str | None = None
    published: str | None = None
    region: str | None = None
    schemes: tuple[Scheme, ...] | None = None
    kind: ArticleKind | None = None

    def __bool__(self) -> bool:
        return self is not NOTHING and self != NOTHING

    @property
    def names(self) -> tuple[str, ...]:
        """The facts that are set, as people call them."""
        return tuple(
            said
            for name, said in zip(Correction.__slots__, FACTS, strict=True)
            if getattr(self, name) is not None
        )

    def over(self, before: Correction) -> Correction:
        """Both, this one where they set the same."""
        return Correction(
            *(
                mine if (mine := getattr(self, name)) is not None else getattr(before, name)
                for name in Correction.__slots__
            )
        )

    def applied(self, articles: Sequence[Article]) -> tuple[Article, ...]:
        """The articles of the file with these facts. Their ids stay."""
        if not self:
            return tuple(articles)
        return tuple(self._of(article, first=n == 0) for n, article in enumerate(articles))

    def _of(self, article: Article, *, first: bool) -> Article:
        if article.own:
            return article
        title = self.title if self.title is not None and first else article.title
        source = article.source
        if source.title == article.title:  # else a list that the article stands in
            source = replace(source, title=title)
        if self.publisher is not None:
            source = replace(source, publisher=self.publisher)
        if self.published is not None:
            day = date.fromisoformat(self.published) if self.published else None
            source = replace(source, published=day)
        return replace(
            article,
            title=title,
            source=source,
            sources=tuple(source if s == article.source else s for s in article.sources),
            author=source.publisher,
            region=self.region if self.region is not None else article.region,
            schemes=self.schemes if self.schemes is not None else article.schemes,
            kind=self.kind if self.kind is not None else article.kind,
        )


NOTHING = Correction()


def correction(
    *, title: str = "", publisher: str = "", published: str = "", region: str = "",
    schemes: str = "", kind: str = "",
) -> Correction:  # fmt: skip
    """A correction as a person writes it: empty fields stay as they were read, 「无」 takes a fact
    away. Raises InputError for what cannot be.

    >>> correction(published="2024年3月1日", schemes="职工、居民").published
    '2024-03-01'
    """
    name = _line(publisher)
    if name and claims_to_be_ours(name):
        raise InputError(f"发布者不能写作「{name}」：这是本系统自己的名称；请写实际的发布单位")
    place = re.sub(r"(?<=..)(?:市|省)$", "", _line(region))
    return Correction(
        title=_line(title) or None,
        publisher="" if name == NONE else name or None,
        published=_day(_line(published)),
        region=NATIONAL if place == NONE else place or None,
        schemes=_schemes(_line(schemes)),
        kind=_kind(_line(kind)),
    )


def _line(text: str) -> str:
    return " ".join(str(text).split())[:_LONGEST]


def _day(text: str) -> str | None:
    if not text:
        return None
    if text == NONE:
        return ""
    day = read_date(text)
    if day is None:
        raise InputError(f"日期「{text}」认不出；请写成 2024-03-01 这样的年月日，没有则写「无」")
    return day.isoformat()


def _schemes(text: str) -> tuple[Scheme, ...] | None:
    if not text:
        return None
    if text in (NONE, "不限"):
        return ()
    found = tuple(scheme for scheme in SCHEMES if scheme in text)
    rest = re.sub(r"医保|医疗保险|人员|[、，,;；/\s和]|" + "|".join(SCHEMES), "", text)
    if not found or rest:
        raise InputError(f"险种「{text}」认不出；请从 {'、'.join(SCHEMES)} 中选，不限则写「无」")
    return found


def _kind(text: str) -> ArticleKind | None:
    if not text:
        return None
    found = _KINDS.get(text) or next((k for k in get_args(ArticleKind) if k == text), None)
    if found is None or found == "statute":
        raise InputError(f"类型「{text}」认不出；请写 {' 或 '.join(_KINDS)}")
    return found
