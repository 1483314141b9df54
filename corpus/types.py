"""What the corpus is made of. Read this file first: every later stage speaks in these types.

    file -> Article -> Passage

An article is one source's answer to one question (or one article of a law), its text normalised
once. Every offset anywhere in this project counts characters of ``Article.text``.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, get_args

Scheme = Literal["职工", "居民", "灵活就业"]
Audience = Literal["个人", "单位"]
ArticleKind = Literal["faq", "policy", "statute"]
Tier = Literal["law", "policy", "agency", "web"]
Relation = Literal["quotes", "paraphrases", "combines", "disputes"]
PassageKind = Literal["steps", "materials", "place", "time", "rule", "definition", "legal", "note"]

SCHEMES: tuple[Scheme, ...] = ("职工", "居民", "灵活就业")
AUDIENCES: tuple[Audience, ...] = ("个人", "单位")
NATIONAL = "全国"
_TIERS = get_args(Tier)
EDITORS = "医保问答编写组"
"""Who writes the articles of ``corpus/articles``: no other article can name them as its author."""


@dataclass(frozen=True, slots=True)
class Source:
    """Who wrote it, and when.

    ``name`` is the file name of a saved page or the number of a document (国办发〔2024〕38号),
    ``title`` what the page or document calls itself, "" where only the name is known.
    ``published`` and ``retrieved`` stay None where the source does not say; nothing guesses them.
    ``tier`` comes from where the source was taken in, never from what it says of itself: a statute
    of the database or a document that our own corpus names is ``law`` or ``policy``, what an
    operator names so is ``policy`` or ``agency``, everything else ``web``. ``kept``: its very words
    lie in the store. ``national``: the operator (or our corpus) says that it is a rule of the
    country. ``brought``: through which door others than the operator brought it (后台上传), or "".
    ``effective``: the day from which a rule holds, where it says so.
    """

    publisher: str
    name: str
    url: str | None = None
    published: date | None = None
    retrieved: date | None = None
    title: str = ""
    tier: Tier = "web"
    kept: bool = False
    national: bool = False
    brought: str = ""
    effective: date | None = None

    @property
    def key(self) -> str:
        """What tells one source from another: its address, or the name of its file or document."""
        return self.url or self.name


@dataclass(frozen=True, slots=True)
class Support:
    """A span of one of our own articles rests on a source.

    ``start`` and ``end`` count in ``Article.text``. ``relation``: the span holds the source's very
    words, says the same in other words, says it together with other sources, or the source says
    otherwise. ``locator`` is the place in the source (第十五条, 三（五）, 《an item of a page》), ""
    where none is known. ``since`` and ``until``: the first and the last day on which what the span
    says holds, None where it is not bounded so.
    """

    start: int
    end: int
    source: Source
    relation: Relation = "paraphrases"
    locator: str = ""
    since: date | None = None
    until: date | None = None

    def holds(self, day: date) -> bool:
        """Whether what the span says holds on that day."""
        return (self.since or day) <= day <= (self.until or day)


@dataclass(frozen=True, slots=True)
class Report:
    """What one of our own articles reports of a source on a disputed matter: a line of 说法不一.

    ``text[start:end]`` is the source's own statement in our words; from ``lead`` on the sentence
    also says whose it is. ``note`` is what we remark on it. ``scheme`` is None and ``region`` 全国
    where the source names none. ``national``: it is the rule of the country.
    """

    start: int
    end: int
    lead: int
    about: str
    source: Source
    locator: str = ""
    scheme: Scheme | None = None
    region: str = NATIONAL
    national: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Fixed:
    """A question that one of our own articles answers with these very sentences, whatever a search
    would find: ``spans`` of its text, in the order in which they are said."""

    question: str
    spans: tuple[tuple[int, int], ...]


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
    article's own source; ``national`` marks what the national rule says. ``note`` is what our
    editors remark on it (与法律不符), "" where nothing: it is no part of ``value`` or of the span.
    ``lead`` is where the sentence begins that also says whose claim it is, None where it does not.
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
    locator: str = ""
    national: bool = False
    note: str = ""
    lead: int | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """One source's answer to one question, or one article of a law.

    ``id`` follows from the source's identity (its address, its file and title), never from its
    position. ``questions`` are further ways in which people ask what ``title`` asks. ``source`` is
    the first of ``sources``: the same item found on several pages is one article with several.
    ``region`` is 全国 or one place (沈阳). ``excerpt`` is True when the source itself is cut off.
    ``author`` wrote these very words: ``EDITORS`` for our own articles, the source's publisher for
    what was brought in. ``supports`` say what each sentence of ours rests on, in the order of the
    text; a sentence of ours without one is advice; ``reports`` are what it says of others on
    disputed matters. ``read_by`` is 「OCR」 where a machine read the text off a picture, else "".
    ``audience`` is for whom it is, where the source says so (服务对象：用人单位), else ().
    ``fixed`` are the questions whose answer the operator fixed, with its sentences in this text.
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
    author: str = ""
    supports: tuple[Support, ...] = ()
    reports: tuple[Report, ...] = ()
    read_by: str = ""
    audience: tuple[Audience, ...] = ()
    fixed: tuple[Fixed, ...] = ()
    sha: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sha", hashlib.sha256(self.text.encode("utf-8")).hexdigest())
        if not self.sources:
            object.__setattr__(self, "sources", (self.source,))
        if not self.author:
            object.__setattr__(self, "author", self.source.publisher)

    @property
    def own(self) -> bool:
        """Whether these words are our editors'."""
        return self.author == EDITORS

    @property
    def standing(self) -> int:
        """How far it is believed, 0 the most: ours, a rule of the country, then by the tier of its
        source; last what came through another's door."""
        if self.own:
            return 0
        if self.source.brought:
            return 6
        return 1 if self.source.national else 2 + _TIERS.index(self.source.tier)

    def supports_of(self, start: int, end: int) -> tuple[Support, ...]:
        """What the sentences that ``text[start:end]`` touches rest on, in order."""
        return tuple(s for s in self.supports if s.start < end and start < s.end)

    def holds(self, start: int, end: int, day: date) -> bool:
        """Whether all that ``text[start:end]`` says holds on that day, as far as it is dated."""
        return all(s.holds(day) for s in self.supports_of(start, end))


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
