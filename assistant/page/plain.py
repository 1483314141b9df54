"""An Answer as plain text for the clipboard: the same sections, notes as ``[n]`` with a list."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.citing import (
    Reference,
    references,
    source_line,
    steps_with_marks,
    support_lines,
    words_of,
)
from assistant.page import words
from assistant.page.render import day, spelled
from assistant.render import claim_remarks, rule_line, who_says
from assistant.types import Answer, Citation, Conflict, LegalBasis, Procedure, Statement


def plain(answer: Answer) -> str:
    """Question, sections and footnotes; ends with the page's disclaimer."""
    return "\n\n".join([f"问：{answer.question}", *sections(answer), words.DISCLAIMER])


def sections(answer: Answer) -> list[str]:
    """Each section of the answer, and its footnotes."""
    parts = _part("" if answer.status == "refused" else words.SUMMARY, answer.summary)
    for conflict in answer.conflicts:
        parts.append(_conflict(conflict))
    for procedure in answer.procedures:
        parts.append(_procedure(procedure))
    parts += _part(words.MATERIALS, answer.materials)
    parts += _part(words.PLACES, answer.places)
    parts += _part(words.TIMES, answer.times)
    if answer.legal_basis:
        parts.append(f"{words.LEGAL}\n" + "\n".join(_law(b) for b in answer.legal_basis))
    parts += _part(words.CAUTIONS, answer.cautions)
    if answer.citations:
        notes = map(_footnote, references(answer))
        parts.append(f"{words.SOURCES}\n" + "\n".join(notes))
    return parts


def _marks(citations: Sequence[Citation]) -> str:
    return "".join(f"[{c.number}]" for c in citations)


def _part(title: str, statements: Sequence[Statement]) -> list[str]:
    if not statements:
        return []
    lines = [f"{s.text}{_marks(s.citations)}" for s in statements]
    if title and len(lines) > 1:
        lines = [f"· {line}" for line in lines]
    return ["\n".join([title, *lines] if title else lines)]


def _procedure(procedure: Procedure) -> str:
    scheme = words.SCHEMES.get(procedure.scheme or "", "")
    where = " · ".join(x for x in (procedure.channel, scheme, procedure.place) if x)
    lines = [f"{words.STEPS}（{where}）"]
    lines += [
        f"{n}. {text}{_marks(cited)}"
        for n, (text, cited) in enumerate(steps_with_marks(procedure), 1)
    ]
    if procedure.truncated:
        lines.append(f"（{words.TRUNCATED.format(len(procedure.steps))}）")
    return "\n".join(lines)


def _conflict(conflict: Conflict) -> str:
    lines = [f"{words.CONFLICTS}：{conflict.about}"]
    for claim in conflict.claims:
        scheme = words.SCHEMES.get(claim.scheme or "", words.NO_SCHEME)
        remarks = "".join(f"（{remark}）" for remark in claim_remarks(claim))
        value = f"{spelled(claim.condition)} {claim.value}{remarks}".strip()
        lines.append(
            f"· {value}（{scheme}，{claim.region}，{day(claim.date)}，"
            f"{who_says(claim)}）{_marks((claim.citation,))}"
        )
    if conflict.national:
        lines.append(
            f"{rule_line(conflict)}：{conflict.national.text}{_marks(conflict.national.citations)}"
        )
    if conflict.explained:
        lines.append(words.EXPLAINED.format(conflict.explained))
    return "\n".join(lines)


def _law(basis: LegalBasis) -> str:
    state = words.STATES.get(basis.state, basis.state)
    if basis.state == "not yet in force":
        state = state.format(day(basis.effective)) if basis.effective else words.STATE_SOON
    return f"《{basis.law}》{basis.article_no}（{state}）\n{basis.text}".rstrip()


def _footnote(entry: Reference) -> str:
    """An article, and under it what is cited of it with what words of ours rest on."""
    source = entry.article.source
    where = "" if entry.article.own else f" · {source.url or source.name}"
    lines = [f"{source_line(entry.first)}{where}"]
    for run in entry.runs:
        lines.append(" ".join(f"{_marks((c,))} {words_of(c)}" for c in run))
        lines += [f"    {line}" for line in support_lines(run[0])]
    return "\n".join(lines)
