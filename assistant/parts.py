"""What an answer is made of. Everything in it is either a quote or one of our fixed phrases."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from corpus.statutes import LawState
from corpus.types import NATIONAL, LawRef, Passage, Scheme, Source, Support
from index.types import Hit

Status = Literal["answered", "clarify", "refused"]


@dataclass(frozen=True, slots=True)
class Quote:
    """A span of an article: the only way in which words of a source reach an answer.

    ``start`` and ``end`` count in ``passage.article.text``.
    """

    passage: Passage
    start: int
    end: int

    @property
    def text(self) -> str:
        """``passage.article.text[start:end]``, always."""
        return self.passage.article.text[self.start : self.end]


CitationKind = Literal["quotation", "editorial"]


@dataclass(frozen=True, slots=True)
class Citation:
    """``[number]`` in an answer: the exact words, and what a reader needs to judge them.

    ``kind``: a ``quotation`` stands so in the text of ``publisher``, of ``date``; ``editorial``
    words are those of our editors, ``date`` is the day on which they were checked, and ``supports``
    are the sources that they rest on (none: advice).
    """

    number: int
    quote: Quote

    @property
    def kind(self) -> CitationKind:
        return "editorial" if self.quote.passage.article.own else "quotation"

    @property
    def supports(self) -> tuple[Support, ...]:
        return self.quote.passage.article.supports_of(self.quote.start, self.quote.end)

    @property
    def title(self) -> str:
        return self.quote.passage.article.title

    @property
    def publisher(self) -> str:
        return self.quote.passage.article.author

    @property
    def date(self) -> date | None:
        article = self.quote.passage.article
        return article.checked if article.own else article.source.published

    @property
    def region(self) -> str:
        return self.quote.passage.article.region

    @property
    def excerpt(self) -> bool:
        return self.quote.passage.article.excerpt


@dataclass(frozen=True, slots=True)
class Statement:
    """Words of a source (with its citations) or a phrase of ours (with those it speaks of)."""

    text: str
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a procedure, in the source's words. The steps of one list share a citation, whose
    quote is the list."""

    text: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Procedure:
    """Steps in order, for one channel (支付宝, 窗口 …). Never cut: ``truncated`` says that the
    source itself is cut after the last step shown."""

    channel: str
    steps: tuple[Step, ...]
    scheme: Scheme | None = None
    place: str = NATIONAL
    title: str = ""
    truncated: bool = False


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """An article of a law, verbatim, with its state on the day asked.

    ``law`` is the full name without 中华人民共和国; ``effective`` is the day from which it is in
    force, ``version`` the day of the version quoted; ``relevance`` is in 0..1. ``passage`` is the
    statute passage that ``text`` comes from, None when the database does not hold it.
    """

    law: str
    article_no: str
    text: str
    state: LawState
    effective: date | None = None
    version: date | None = None
    relevance: float = 0.0
    passage: Passage | None = None

    @property
    def ref(self) -> LawRef:
        return LawRef(self.law, self.article_no)


@dataclass(frozen=True, slots=True)
class ClaimCited:
    """What one source says of the thing in dispute. ``publisher`` says it, in ``source`` at
    ``locator``: the page reported where the article quoted reports another, "" where nobody is
    named. ``note`` is what our editors remark on it, "" where nothing."""

    value: str
    citation: Citation
    scheme: Scheme | None = None
    region: str = NATIONAL
    date: date | None = None
    condition: str = ""
    remarks: tuple[str, ...] = ()
    publisher: str = ""
    source: Source | None = None
    locator: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Sources that give different values for the same thing and the same scheme.

    ``national`` is what the national rule says, in the corpus's words, or None where it knows
    none; ``rule`` and ``rule_date`` are the document that says so and its date. ``explained`` names
    what accounts for the difference (地区, 年份, 险种), or "".
    """

    about: str
    claims: tuple[ClaimCited, ...]
    national: Statement | None = None
    explained: str = ""
    rule: str = ""
    rule_date: date | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """What is known of the asker's case, carried from turn to turn. Each part can be dropped."""

    scheme: Scheme | None = None
    region: str | None = None
    months: float | None = None
    online: bool | None = None
    topic: str = ""


Completeness = Literal["complete", "partial", "none"]


@dataclass(frozen=True, slots=True)
class Part:
    """What one ask of a question was answered, or several that the same sentences answer. ``text``: as they were put."""

    text: str
    status: Status
    statements: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class Answered:
    """All that an ``Answer`` holds, without the ways to show it. ``understood`` is the
    question as resolved from the conversation, ``context`` what is known so far; ``options`` are
    the next inputs that settle a ``clarify``, ``nearest`` the questions nearest to a refused one
    that can be answered."""

    question: str
    understood: str
    status: Status
    summary: tuple[Statement, ...] = ()
    procedures: tuple[Procedure, ...] = ()
    materials: tuple[Statement, ...] = ()
    places: tuple[Statement, ...] = ()
    times: tuple[Statement, ...] = ()
    legal_basis: tuple[LegalBasis, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    cautions: tuple[Statement, ...] = ()
    options: tuple[str, ...] = ()
    follow_ups: tuple[str, ...] = ()
    nearest: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()
    hits: tuple[Hit, ...] = ()
    context: Context = field(default_factory=Context)
    today: date | None = None
    parts: tuple[Part, ...] = ()

    @property
    def headings(self) -> dict[int, str]:
        """The asks of the question, by the place in ``summary`` of the first statement under each."""
        firsts = [(part.statements[0], part.text) for part in self.parts if part.statements]
        places = {id(statement): n for n, statement in enumerate(self.summary)}
        return {places[id(first)]: text for first, text in firsts if id(first) in places}

    @property
    def completeness(self) -> Completeness:
        """Whether all that was asked is answered."""
        if self.status == "refused":
            return "none"
        return "partial" if any(part.status == "refused" for part in self.parts) else "complete"
