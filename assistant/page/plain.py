"""An Answer as plain text for the clipboard: the same sections, notes as ``[n]`` with a list."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.page import words
from assistant.page.render import by_source, day, spelled, who
from assistant.render import rule_line
from assistant.types import Answer, Citation, Conflict, LegalBasis, Procedure, Statement


def plain(answer: Answer) -> str:
    """Question, sections and footnotes; ends with the page's disclaimer."""
    parts = [f"问：{answer.question}"]
    parts += _part("" if answer.status == "refused" else words.SUMMARY, answer.summary)
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
        notes = (_footnote(cited) for cited in by_source(answer.citations))
        parts.append(f"{words.SOURCES}\n" + "\n".join(notes))
    parts.append(words.DISCLAIMER)
    return "\n\n".join(parts)


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
        f"{n}. {step.text}{_marks(step.citations)}" for n, step in enumerate(procedure.steps, 1)
    ]
    if procedure.truncated:
        lines.append(f"（{words.TRUNCATED.format(len(procedure.steps))}）")
    return "\n".join(lines)


def _conflict(conflict: Conflict) -> str:
    lines = [f"{words.CONFLICTS}：{conflict.about}"]
    for claim in conflict.claims:
        scheme = words.SCHEMES.get(claim.scheme or "", words.NO_SCHEME)
        value = f"{spelled(claim.condition)} {claim.value}".strip()
        lines.append(
            f"· {value}（{scheme}，{claim.region}，{day(claim.date)}，"
            f"{who(claim.publisher)}）{_marks((claim.citation,))}"
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


def _footnote(cited: Sequence[Citation]) -> str:
    citation = cited[0]
    source = citation.quote.passage.article.source
    cut = f"（{words.EXCERPT}）" if citation.excerpt else ""
    if citation.quote.passage.article.read_by:
        cut += f"（{words.READ_OFF}）"
    where = source.url or source.name
    return (
        f"{_marks(cited)} {citation.title}，{who(citation.publisher)}，{day(citation.date)}，"
        f"{citation.region}{cut}，{where}"
    )
