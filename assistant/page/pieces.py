"""What every block of an answer is made of, as HTML: a section, a date, a publisher, the marks behind a statement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from markupsafe import Markup

from assistant.citing import by_line
from assistant.page import words
from assistant.page.dial import dialled
from assistant.types import Citation, Statement

NOTHING = Markup("")


def join(parts: Iterable[Markup]) -> Markup:
    """Markup after markup, nothing between."""
    return Markup("").join(parts)


def section(kind: str, title: str, body: Markup) -> Markup:
    return Markup('<section class="block {}"><h3>{}</h3>{}</section>').format(kind, title, body)


def day(value: date | None) -> str:
    """A date as the sources write it, or that there is none."""
    return value.isoformat() if value else words.UNDATED


def who(publisher: str) -> str:
    """A publisher, or that none is named."""
    return publisher or words.UNSIGNED


def marks(citations: Sequence[Citation], turn: str) -> Markup:
    """The ``[n]`` after a statement: links that open the source."""
    if not citations:
        return NOTHING
    return Markup('<span class="marks">{}</span>').format(
        join(
            Markup('<a class="cite" href="#p{}-{}" data-n="{}" aria-label="{}">[{}]</a>').format(
                turn, c.number, c.number, _spoken(c), c.number
            )
            for c in citations
        )
    )


def _spoken(citation: Citation) -> str:
    return words.SOURCE_OF.format(
        citation.number, f"{by_line(citation).replace(' · ', '，')}，{citation.title}"
    )


def said(statement: Statement, turn: str) -> Markup:
    return Markup("{}{}").format(dialled(statement.text), marks(statement.citations, turn))
