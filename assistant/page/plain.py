"""An Answer as plain text for the clipboard: the same sections, notes as ``[n]`` with a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.citing import (
    Reference,
    references,
    source_line,
    steps_with_marks,
    support_lines,
    titles_of,
    words_of,
)
from assistant.page import words
from assistant.page.differing import spelled
from assistant.page.pieces import day
from assistant.types import Answer, Citation, Conflict, LegalBasis, Procedure, Statement
from assistant.wording import claim_remarks, rule_line, who_says


@dataclass(frozen=True, slots=True)
class Section:
    """A part of an answer: its title, "" where it has none, and its lines."""

    title: str
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join((self.title, *self.lines) if self.title else self.lines)


def plain(answer: Answer) -> str:
    """Question, sections and footnotes; ends with the page's disclaimer."""
    return "\n\n".join([f"问：{answer.question}", *sections(answer), words.DISCLAIMER])


def sections(answer: Answer) -> list[str]:
    """Each section of the answer, and its footnotes."""
    told = [section.text for section in titled(answer)]
    if answer.citations:
        notes = map(_footnote, references(answer))
        told.append(f"{words.SOURCES}\n" + "\n".join(notes))
    return told


def titled(answer: Answer) -> tuple[Section, ...]:
    """The sections in reading order, empty ones left out, without the footnotes."""
    found = (
        _summary(answer),
        *map(_conflict, answer.conflicts),
        *map(_procedure, answer.procedures),
        _list(words.MATERIALS, answer.materials),
        _list(words.PLACES, answer.places),
        _list(words.TIMES, answer.times),
        Section(words.LEGAL, tuple(map(_law, answer.legal_basis))),
        _part(words.CAUTIONS, answer.cautions),
    )
    return tuple(section for section in found if section.lines)


def marked(statement: Statement) -> str:
    """Its words with the ``[n]`` behind them."""
    return f"{statement.text}{_marks(statement.citations)}"


def _marks(citations: Sequence[Citation]) -> str:
    return "".join(f"[{c.number}]" for c in citations)


def _summary(answer: Answer) -> Section:
    """What is answered; under each ask where there are several."""
    heads = answer.headings
    if not heads:
        return _part("" if answer.status == "refused" else words.SUMMARY, answer.summary)
    lines = [
        line
        for place, statement in enumerate(answer.summary)
        for line in (
            [f"{heads[place]}：", marked(statement)] if place in heads else [marked(statement)]
        )
    ]
    return Section(words.SUMMARY, tuple(lines))


def _part(title: str, statements: Sequence[Statement]) -> Section:
    bullet = "· " if title and len(statements) > 1 else ""
    return Section(title, tuple(bullet + marked(s) for s in statements))


def _list(title: str, statements: Sequence[Statement]) -> Section:
    """A part that is drawn from one article, under its title."""
    part = _part(title, statements)
    titles = titles_of(c for s in statements for c in s.citations)
    return Section(title, (titles, *part.lines)) if titles else part


def _procedure(procedure: Procedure) -> Section:
    scheme = words.SCHEMES.get(procedure.scheme or "", "")
    where = " · ".join(x for x in (procedure.channel, scheme, procedure.place) if x)
    lines = [
        f"{n}. {text}{_marks(cited)}"
        for n, (text, cited) in enumerate(steps_with_marks(procedure), 1)
    ]
    if titles := titles_of(c for step in procedure.steps for c in step.citations):
        lines.insert(0, titles)
    if procedure.truncated:
        lines.append(f"（{words.TRUNCATED.format(len(procedure.steps))}）")
    return Section(f"{words.STEPS}（{where}）", tuple(lines))


def _conflict(conflict: Conflict) -> Section:
    lines = []
    if conflict.national:
        lines.append(f"{rule_line(conflict)}：{marked(conflict.national)}")
    if conflict.explained:
        lines.append(words.EXPLAINED.format(conflict.explained))
    for claim in conflict.claims:
        scheme = words.SCHEMES.get(claim.scheme or "", words.NO_SCHEME)
        remarks = "".join(f"（{remark}）" for remark in claim_remarks(claim))
        value = f"{spelled(claim.condition)} {claim.value}{remarks}".strip()
        lines.append(
            f"· {value}（{scheme}，{claim.region}，{day(claim.date)}，"
            f"{who_says(claim)}）{_marks((claim.citation,))}"
        )
    return Section(f"{words.CONFLICTS}：{conflict.about}", tuple(lines))


def _law(basis: LegalBasis) -> str:
    return f"{law_line(basis)}\n{basis.text}".rstrip()


def law_line(basis: LegalBasis) -> str:
    """An article of a law by its name, with its state on the day asked."""
    state = words.STATES.get(basis.state, basis.state)
    if basis.state == "not yet in force":
        state = state.format(day(basis.effective)) if basis.effective else words.STATE_SOON
    return f"《{basis.law}》{basis.article_no}（{state}）"


def _footnote(entry: Reference) -> str:
    """An article, and under it what is cited of it with what words of ours rest on."""
    source = entry.article.source
    where = "" if entry.article.own else f" · {source.url or source.name}"
    lines = [f"{source_line(entry.first)}{where}"]
    for run in entry.runs:
        lines.append(" ".join(f"{_marks((c,))} {words_of(c)}" for c in run))
        lines += [f"    {line}" for line in support_lines(run[0])]
    return "\n".join(lines)
