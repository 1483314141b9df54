"""What the corpus is made of. Read this file first: every later stage speaks in these types.

    file -> Article -> Passage

An article is one source's answer to one question (or one article of a law), its text normalised
once. Every offset anywhere in this project counts characters of ``Article.text``.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Scheme = Literal["职工", "居民", "灵活就业"]
ArticleKind = Literal["faq", "policy", "statute"]
PassageKind = Literal["steps", "materials", "place", "time", "rule", "definition", "legal", "note"]

SCHEMES: tuple[Scheme, ...] = ("职工", "居民", "灵活就业")
NATIONAL = "全国"


@dataclass(frozen=True, slots=True)
class Source:
    """Who wrote it, and when.

    ``name`` is the file name of a saved page or the number of a document (国办发〔2024〕38号).
    ``published`` and ``retrieved`` stay None where the source does not say; nothing guesses them.
    """

    publisher: str
    name: str
    url: str | None = None
    published: date | None = None
    retrieved: date | None = None


@dataclass(frozen=True, slots=True)
class LawRef:
    """An article of a law, as somebody cites it: ``LawRef("社会保险法", "第三十二条")``.

    ``law`` is the full name without 中华人民共和国 and without 《》.
    """

    law: str
    article_no: str


@dataclass(frozen=True, slots=True)
class Claim:
    """One value that an article states about one thing: ``about`` 待遇等待期, ``value`` 3个月.

    ``article.text[start:end]`` is the sentence that states it; ``value`` stands in that span as
    written. ``normal`` is the value for comparison (``"3个月"``, ``"90天"``, ``"12-25"``): equal
    strings mean equal values. ``scheme`` is None where the source does not say for whom.
    ``condition`` narrows it (``">3个月"``: said of breaks longer than three months) or is "".
    ``source`` is who says it where the article reports somebody else, None where it is the
    article's own source; ``national`` marks what the national rule says.
    """

    about: str
    value: str
    normal: str
    start: int
    end: int
    scheme: Scheme | None = None
    region: str = NATIONAL
    condition: str = ""
    source: Source | None = None
    national: bool = False


@dataclass(frozen=True, slots=True)
class Article:
    """One source's answer to one question, or one article of a law.

    ``id`` follows from the source's identity (its address, its file and title), never from its
    position. ``questions`` are further ways in which people ask what ``title`` asks. ``source`` is
    the first of ``sources``: the same item found on several pages is one article with several.
    ``region`` is 全国 or one place (沈阳). ``excerpt`` is True when the source itself is cut off.
    ``sha`` is the SHA-256 of ``text``.
    """

    id: str
    title: str
    text: str
    source: Source
    kind: ArticleKind = "faq"
    schemes: tuple[Scheme, ...] = ()
    region: str = NATIONAL
    excerpt: bool = False
    questions: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    basis: tuple[LawRef, ...] = ()
    checked: date | None = None
    sha: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sha", hashlib.sha256(self.text.encode("utf-8")).hexdigest())
        if not self.sources:
            object.__setattr__(self, "sources", (self.source,))


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a passage that is of one kind: offsets in the article, as in ``Passage``."""

    start: int
    end: int
    kind: PassageKind
    heading: tuple[str, ...] = ()
    items: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A span of one article that can answer by itself, with the headings that lead to it.

    A passage in the index may be a section of several pieces (papers, place and steps of one
    procedure): ``parts`` are these, in order, and empty where it is of one piece. ``items`` are the ``(start, end)`` offsets, in the article, of the steps, papers or conditions
    that the passage lists, in order and without their numbers; empty when it is not a list.
    """

    article: Article
    start: int
    end: int
    kind: PassageKind = "rule"
    heading: tuple[str, ...] = ()
    items: tuple[tuple[int, int], ...] = ()
    parts: tuple[Part, ...] = ()

    @property
    def pieces(self) -> tuple[Passage, ...]:
        """The passages that this one is made of; itself where it is of one piece."""
        if not self.parts:
            return (self,)
        return tuple(
            Passage(self.article, p.start, p.end, p.kind, p.heading, p.items) for p in self.parts
        )

    @property
    def text(self) -> str:
        """``article.text[start:end]``, always."""
        return self.article.text[self.start : self.end]

    @property
    def id(self) -> str:
        """Stable as long as the article's text is: ``<article id>@<start>-<end>``."""
        return f"{self.article.id}@{self.start}-{self.end}"
