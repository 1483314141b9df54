"""A slip for the counter: what somebody asks, their case as understood, what the page showed and
from which sources, which papers to bring, and room for what the clerk says.

One ``Slip`` is set twice: as HTML, to be looked at and printed, and as a Word file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from assistant.citing import references, source_line, support_lines
from assistant.page import words
from assistant.page.known import case
from assistant.page.pieces import join
from assistant.page.plain import Section, law_line, marked, titled
from assistant.page.talks import Turn
from assistant.page.word import Paragraph, document
from assistant.talk import is_talk
from assistant.types import Answer

_EARLIER = 5
"""Earlier questions of the talk on a slip: what came before is seldom what brings one there."""
_BLANK = "＿" * 24


@dataclass(frozen=True, slots=True)
class Slip:
    """``facts``: label and value; ``papers``: each gets a box to tick."""

    facts: tuple[tuple[str, str], ...]
    papers: tuple[str, ...]
    shown: tuple[Section, ...]
    made: date


def slip_of(turns: Sequence[Turn], today: date) -> Slip | None:
    """The slip of the last of these turns that asked something; None where none did."""
    asked = [turn for turn in turns if not is_talk(turn.answer)]
    if not asked:
        return None
    answer = asked[-1].answer
    return Slip(
        facts=tuple(_facts(asked)),
        papers=tuple(marked(statement) for statement in answer.materials),
        shown=(*_shown(answer), *_sources(answer)),
        made=today,
    )


def _facts(asked: Sequence[Turn]) -> Iterator[tuple[str, str]]:
    answer = asked[-1].answer
    yield words.SLIP_QUESTION, answer.question
    if answer.understood.strip() not in ("", answer.question.strip()):
        yield words.UNDERSTOOD_AS, answer.understood
    known = [label for _, label in case(answer)]
    yield words.SLIP_CASE, "，".join(known) or words.SLIP_NO_CASE
    earlier = [turn.answer.question for turn in asked[:-1]][-_EARLIER:]
    if earlier:
        yield words.SLIP_EARLIER, "；".join(earlier)


def _shown(answer: Answer) -> Iterator[Section]:
    """What the page showed; of a law its name, for the clerk has its words."""
    for section in titled(answer):
        if section.title == words.LEGAL:
            yield Section(section.title, tuple(map(law_line, answer.legal_basis)))
        elif section.title != words.MATERIALS:
            yield Section(section.title or words.SUMMARY, section.lines)


def _sources(answer: Answer) -> Iterator[Section]:
    lines: list[str] = []
    for entry in references(answer):
        numbers = "".join(f"[{c.number}]" for c in entry.citations)
        lines.append(f"{numbers} {source_line(entry.first)}")
        rests = (line for c in entry.citations for line in support_lines(c))
        lines += [f"　{line}" for line in dict.fromkeys(rests)]
    if lines:
        yield Section(words.SOURCES, tuple(lines))


# --- set on paper --------------------------------------------------------------------------------


def slip_html(slip: Slip) -> Markup:
    """The slip as it is shown and printed."""
    facts = join(Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(*fact) for fact in slip.facts)
    papers = (
        Markup('<ul class="papers">{}</ul>').format(
            join(Markup("<li>{}</li>").format(paper) for paper in slip.papers)
        )
        if slip.papers
        else Markup("<p>{}</p>").format(words.SLIP_NO_PAPERS)
    )
    blanks = join(Markup('<p class="blank">{}：</p>').format(label) for label in words.SLIP_BLANKS)
    return Markup(
        '<article class="slip"><h3>{}</h3><dl class="facts">{}</dl><h4>{}</h4>{}{}<h4>{}</h4>{}'
        '<p class="note">{} {}</p></article>'
    ).format(
        words.SLIP, facts, words.SLIP_PAPERS, papers, join(map(_section, slip.shown)),
        words.SLIP_ANSWER, blanks, words.SLIP_MADE.format(slip.made.isoformat()), words.DISCLAIMER,
    )  # fmt: skip


def _section(section: Section) -> Markup:
    lines = join(Markup("<p>{}</p>").format(line) for line in section.lines)
    return Markup("<h4>{}</h4>{}").format(section.title, lines)


def slip_word(slip: Slip) -> bytes:
    """The slip as a Word file, to be filled in and sent on."""
    return document(_paragraphs(slip))


def _paragraphs(slip: Slip) -> Iterator[Paragraph]:
    yield Paragraph(words.SLIP, "Title")
    yield from (Paragraph(f"{label}：{value}") for label, value in slip.facts)
    yield Paragraph(words.SLIP_PAPERS, "Heading1")
    papers = [f"□ {paper}" for paper in slip.papers] or [words.SLIP_NO_PAPERS]
    yield from map(Paragraph, papers)
    for section in slip.shown:
        yield Paragraph(section.title, "Heading1")
        yield from map(Paragraph, section.lines)
    yield Paragraph(words.SLIP_ANSWER, "Heading1")
    yield from (Paragraph(f"{label}：{_BLANK}") for label in words.SLIP_BLANKS)
    yield Paragraph(f"{words.SLIP_MADE.format(slip.made.isoformat())} {words.DISCLAIMER}")
